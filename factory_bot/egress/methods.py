"""What a child may ask of Telegram: everything a bot needs to serve people, and nothing that takes the bot away.

Not a child's: webhooks (they would send its updates elsewhere), logOut and close, the managed-bot methods, and what
spends the owner's stars or touches a business account.  A method that is not named here is refused, however new it is.
"""

from __future__ import annotations

_UPDATES = "getMe getUpdates"

_MESSAGES = """
sendMessage sendPhoto sendAudio sendVideo sendAnimation sendVoice sendVideoNote sendSticker sendDocument sendMediaGroup
sendLocation sendVenue sendContact sendPoll stopPoll sendDice sendGame sendChecklist sendLivePhoto sendChatAction
sendMessageDraft forwardMessage forwardMessages copyMessage copyMessages editMessageText editMessageCaption
editMessageReplyMarkup editMessageMedia editMessageLiveLocation editMessageChecklist stopMessageLiveLocation
deleteMessage deleteMessages setMessageReaction deleteMessageReaction deleteAllMessageReactions pinChatMessage
unpinChatMessage unpinAllChatMessages
"""

_ANSWERS = """
answerCallbackQuery answerInlineQuery answerWebAppQuery answerGuestQuery answerShippingQuery answerPreCheckoutQuery
savePreparedInlineMessage setGameScore getGameHighScores sendInvoice createInvoiceLink setPassportDataErrors
"""

_FILES = """
getFile getUserProfilePhotos getUserProfileAudios getStickerSet getCustomEmojiStickers getForumTopicIconStickers
uploadStickerFile createNewStickerSet addStickerToSet setStickerPositionInSet deleteStickerFromSet replaceStickerInSet
setStickerEmojiList setStickerKeywords setStickerMaskPosition setStickerSetTitle setStickerSetThumbnail
setCustomEmojiStickerSetThumbnail deleteStickerSet
"""

_CHATS = """
getChat getChatMember getChatAdministrators getChatMemberCount getUserChatBoosts getUserPersonalChatMessages leaveChat
banChatMember unbanChatMember restrictChatMember promoteChatMember setChatAdministratorCustomTitle setChatMemberTag
banChatSenderChat unbanChatSenderChat setChatPermissions setChatTitle setChatDescription setChatPhoto deleteChatPhoto
setChatStickerSet deleteChatStickerSet exportChatInviteLink createChatInviteLink editChatInviteLink
createChatSubscriptionInviteLink editChatSubscriptionInviteLink revokeChatInviteLink approveChatJoinRequest
declineChatJoinRequest approveSuggestedPost declineSuggestedPost createForumTopic editForumTopic closeForumTopic
reopenForumTopic deleteForumTopic unpinAllForumTopicMessages editGeneralForumTopic closeGeneralForumTopic
reopenGeneralForumTopic hideGeneralForumTopic unhideGeneralForumTopic unpinAllGeneralForumTopicMessages
"""

_ITSELF = """
getMyCommands setMyCommands deleteMyCommands getMyName setMyName getMyDescription setMyDescription
getMyShortDescription setMyShortDescription getChatMenuButton setChatMenuButton getMyDefaultAdministratorRights
setMyDefaultAdministratorRights setMyProfilePhoto removeMyProfilePhoto
"""

ALLOWED = frozenset(f"{_UPDATES} {_MESSAGES} {_ANSWERS} {_FILES} {_CHATS} {_ITSELF}".split())

_LOWER = frozenset(method.lower() for method in ALLOWED)


def allowed(method: str) -> bool:
    """Whether a child may call it; the Bot API takes names in any case, so case does not matter here either."""
    return method.lower() in _LOWER
