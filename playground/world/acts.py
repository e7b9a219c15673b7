"""Everything a person can do, under one name."""

from playground.world.blocking import blocks, clears, unblocks
from playground.world.forwarding import forwards
from playground.world.inline import chooses_inline, inline_query
from playground.world.keys import presses_key
from playground.world.making import cancels_managed_bot, confirms_managed_bot, follows_newbot_link, managed_bot_form
from playground.world.polls import sends_poll
from playground.world.pressing import presses
from playground.world.sends import sends, sends_album, sends_contact, sends_dice, sends_location
from playground.world.touching import deletes, edits, reacts
from playground.world.voting import votes
from playground.world.writing import says, starts

__all__ = [
    "blocks",
    "cancels_managed_bot",
    "chooses_inline",
    "clears",
    "confirms_managed_bot",
    "deletes",
    "edits",
    "follows_newbot_link",
    "forwards",
    "inline_query",
    "managed_bot_form",
    "presses",
    "presses_key",
    "reacts",
    "says",
    "sends",
    "sends_album",
    "sends_contact",
    "sends_dice",
    "sends_location",
    "sends_poll",
    "starts",
    "unblocks",
    "votes",
]
