"""Which methods are played, and that every other one of Bot API 10.0 says so."""

from __future__ import annotations

from playground.parameters import METHODS
from tests.playground.calling import CallingBot

_WORDS = """
getMe getUpdates setWebhook deleteWebhook getWebhookInfo
sendMessage sendPhoto sendAudio sendVideo sendAnimation sendVoice sendVideoNote sendSticker sendDocument
sendMediaGroup sendLocation sendVenue sendContact sendPoll stopPoll sendDice sendChatAction sendMessageDraft
forwardMessage forwardMessages copyMessage copyMessages
editMessageText editMessageCaption editMessageReplyMarkup editMessageMedia deleteMessage deleteMessages
answerCallbackQuery answerInlineQuery answerWebAppQuery getFile getUserProfilePhotos
pinChatMessage unpinChatMessage unpinAllChatMessages setMessageReaction
getMyCommands setMyCommands deleteMyCommands getMyName setMyName getMyDescription setMyDescription
getMyShortDescription setMyShortDescription getChatMenuButton setChatMenuButton
getChat getChatMember getChatAdministrators getChatMemberCount
banChatMember unbanChatMember restrictChatMember promoteChatMember setChatTitle setChatDescription leaveChat
getManagedBotToken replaceManagedBotToken getManagedBotAccessSettings setManagedBotAccessSettings
savePreparedKeyboardButton logOut close
"""
PLAYED = set(_WORDS.split())
LAST = ("close", "logOut")  # nothing can be asked after these


async def test_every_method_is_played_or_says_that_it_is_not(silent: CallingBot) -> None:
    assert set(METHODS) >= PLAYED
    for method in sorted(METHODS, key=lambda name: (name in LAST, name)):
        answer = await silent.http.post(f"{silent.url}/bot{silent.token}/{method}")
        body = answer.json()
        assert answer.status_code < 500 or answer.status_code == 501, body
        assert (answer.status_code == 501) is (method not in PLAYED), (method, body)
        if method not in PLAYED:
            assert method in body["description"]


async def test_old_names_of_methods_are_understood(silent: CallingBot) -> None:
    for old in ("kickChatMember", "getChatMembersCount"):
        answer = await silent.http.post(f"{silent.url}/bot{silent.token}/{old}")
        assert answer.json()["description"] == "Bad Request: chat_id is empty"
