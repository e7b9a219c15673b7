"""The making of a Telegram bot in the chat: button, link, token, and one message that shows how far it is."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import segno

from bot_runtime.polling import Call
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.speaking import NO_KEYBOARD, Key, Speech
from factory_bot.chat.visits import MadeBot, Pressed, Wrote
from factory_bot.errors import PersonError, TelegramError
from factory_bot.model.creation import STEPS, Creation, CreationStep, Way
from factory_bot.storage.database import Transaction
from factory_bot.workshop.creating import Requested
from factory_bot.workshop.news import (
    BotIsLive,
    CreationExpired,
    CreationMoved,
    CreationStuck,
    Problem,
    SpareBotMade,
    TokenRefused,
    TokenTried,
)

BAR = 8  # characters of the progress bar
REQUEST_IDS = 2**31 - 1  # the largest request_id of a keyboard button, Bot API


def label(creation: Creation) -> str:
    """The name under which the message with the progress is remembered."""
    return f"creation:{creation.id}"


def asked(desk: Desk, speech: Speech, requested: Requested) -> list[Call]:
    """Ask the maker for a bot: by a tap where that works, else by a token."""
    creation = requested.creation
    if creation.way is Way.PASTED:
        return [_ask_token(desk, speech, creation)]
    spares = [
        [speech.key("creation.button_spare", f"c:spare:{creation.id}:{spare.bot_id}", username=spare.username)]
        for spare in requested.spares[:3]
    ]
    rows = [*spares, *_ways(desk, speech, creation)]
    text = speech.text("creation.waiting", bar=_bar(CreationStep.REQUESTED), name=creation.dna.name)
    # The message with the progress comes last, so that it is the last one when it says that the bot is live.
    return [
        speech.message(speech.text("creation.tap"), markup=_keyboard(speech, creation)),
        speech.message(text, rows, label=label(creation)),
    ]


def _ways(desk: Desk, speech: Speech, creation: Creation) -> list[list[Key]]:
    """The ways besides the button of the keyboard."""
    form = f"https://t.me/newbot/{desk.face.me.username}/{creation.suggested_username}?name={quote(creation.dna.name)}"
    return [
        [speech.key("creation.button_link", form)],
        [
            speech.key("creation.button_token", f"c:token:{creation.id}"),
            speech.key("creation.button_cancel", f"c:cancel:{creation.id}"),
        ],
    ]


def _keyboard(speech: Speech, creation: Creation) -> dict[str, Any]:
    button = {
        "text": speech.plain("creation.button_create"),
        "request_managed_bot": {
            "request_id": creation.id % REQUEST_IDS,
            "suggested_name": creation.dna.name[:64],
            "suggested_username": creation.suggested_username,
        },
    }
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def _ask_token(desk: Desk, speech: Speech, creation: Creation) -> Call:
    rows: list[list[Key]] = [[speech.key("creation.button_botfather", "https://t.me/BotFather")]]
    last = [speech.key("creation.button_cancel", f"c:cancel:{creation.id}")]
    if desk.face.me.can_manage_bots:
        last.insert(0, speech.key("creation.button_tap_instead", f"c:again:{creation.id}"))
    text = speech.text("creation.paste", name=creation.dna.name)
    return speech.message(text, [*rows, last], edits=label(creation))


def cancelled(speech: Speech, creation: Creation) -> list[Call]:
    """The maker gave up."""
    rows = [[speech.key("creation.button_again", f"c:again:{creation.id}")]]
    text = speech.text("creation.cancelled", name=creation.dna.name)
    return [
        speech.message(text, rows, edits=label(creation)),
        speech.message(speech.text("creation.cancelled_note"), markup=NO_KEYBOARD),
    ]


# -------------------------------------------------------------------- what makers do


async def tapped(desk: Desk, visit: Pressed, words: list[str]) -> Answer:
    """A button of a creation."""
    speech = desk.speech(visit)
    creation_id = int(words[1])
    deeds: dict[str, Callable[[Transaction], Awaitable[Sequence[Call]]]] = {
        "token": lambda tx: _paste_instead(desk, visit, creation_id, tx),
        "again": lambda tx: _again(desk, visit, creation_id, tx),
        "cancel": lambda tx: _cancel(desk, visit, creation_id, tx),
        "spare": lambda tx: _use_spare(desk, visit, creation_id, int(words[2]), tx),
        "retry": lambda tx: _retry(desk, visit, creation_id, tx),
    }
    return Answer(
        calls=[speech.toast(visit.tap_id)],
        within=deeds.get(words[0], _nothing),
        after=lambda: _go_on(desk, creation_id),
    )


async def _nothing(_tx: Transaction) -> Sequence[Call]:
    return []


async def _go_on(desk: Desk, creation_id: int) -> None:
    desk.workshop.making.go_on(creation_id)


async def _paste_instead(desk: Desk, visit: Pressed, creation_id: int, tx: Transaction) -> Sequence[Call]:
    creation = await desk.workshop.creating.paste_instead(visit.person.id, creation_id, tx)
    return [_ask_token(desk, desk.speech(visit), creation)]


async def _again(desk: Desk, visit: Pressed, creation_id: int, tx: Transaction) -> Sequence[Call]:
    managed = desk.face.me.can_manage_bots
    requested = await desk.workshop.creating.again(visit.person.id, creation_id, managed=managed, tx=tx)
    return asked(desk, desk.speech(visit), requested)


async def _cancel(desk: Desk, visit: Pressed, creation_id: int, tx: Transaction) -> Sequence[Call]:
    creation = await desk.workshop.creating.cancel(visit.person.id, creation_id, tx)
    if creation is None:
        raise PersonError("creation.over")
    return cancelled(desk.speech(visit), creation)


async def _use_spare(desk: Desk, visit: Pressed, creation_id: int, bot_id: int, tx: Transaction) -> Sequence[Call]:
    creation = await desk.workshop.creating.use_spare(visit.person.id, creation_id, bot_id, tx)
    return [moved(desk.speech(visit), CreationMoved(creation=creation, step=creation.step))]


async def _retry(desk: Desk, visit: Pressed, creation_id: int, tx: Transaction) -> Sequence[Call]:
    creation = await desk.workshop.creating.retry(visit.person.id, creation_id, tx)
    return [moved(desk.speech(visit), CreationMoved(creation=creation, step=creation.step))]


async def pasted(desk: Desk, visit: Wrote) -> Answer:
    """A token in a message: the message goes, the token is sealed and judged, if one was wanted."""
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        try:
            await desk.workshop.creating.paste(visit.person.id, visit.text, tx)
        except PersonError as exc:
            return [speech.message(speech.text(exc.key, **exc.values))]
        return []

    async def after() -> None:
        creation = await desk.workshop.creating.open_of(visit.person.id)
        if creation is not None:
            desk.workshop.making.go_on(creation.id)

    return Answer(calls=[speech.delete(visit.message_id)], within=within, after=after)


async def wrote(desk: Desk, visit: Wrote) -> Answer | None:
    """Words where a bot or a token is awaited; None where none is."""
    creation = await desk.workshop.creating.open_of(visit.person.id)
    if creation is None or not creation.waits_for_maker:
        return None
    speech = desk.speech(visit)
    if creation.way is Way.MANAGED:
        # Also what a client sends that cannot open the form: the words of the button.
        text = speech.text("creation.no_form", name=creation.dna.name)
        return Answer(calls=[speech.message(text, _ways(desk, speech, creation))])
    rows = [[speech.key("creation.button_cancel", f"c:cancel:{creation.id}")]]
    return Answer(calls=[speech.say("creation.token_malformed", rows)])


async def bot_made(desk: Desk, visit: MadeBot) -> Answer:
    """Telegram tells of a bot that a person made for us, or of a change of one."""
    record = await desk.workshop.agents.by_bot_id(visit.bot_id)
    if record is not None:
        try:
            await desk.workshop.bots.token_may_have_changed(record, desk.face)
        except TelegramError as exc:
            if exc.code in {0, 429} or exc.code >= 500:
                raise
        return Answer()
    speech = desk.speech(visit)
    found: list[int] = []

    async def within(tx: Transaction) -> Sequence[Call]:
        made = await desk.workshop.creating.bot_made(visit.person.id, visit.bot_id, visit.username, tx)
        if isinstance(made, SpareBotMade):
            return [spare_made(speech, made)]
        if made is None:
            return []
        found.append(made.id)
        return [moved(speech, CreationMoved(creation=made, step=made.step))]

    async def after() -> None:
        for creation_id in found:
            desk.workshop.making.go_on(creation_id)

    return Answer(within=within, after=after)


# -------------------------------------------------------------------- what is told


def moved(speech: Speech, news: CreationMoved) -> Call:
    """The progress, in the message that shows it."""
    creation = news.creation
    text = speech.text(
        f"creation.step_{news.step}",
        bar=_bar(news.step),
        username=creation.username or creation.suggested_username,
        name=creation.dna.name,
    )
    return speech.message(text, edits=label(creation))


def token_tried(speech: Speech, news: TokenTried) -> Call:
    """A token is being checked; it is said before another program is disturbed."""
    text = speech.text("creation.token_tried", bar=_bar(CreationStep.REQUESTED))
    return speech.message(text, edits=label(news.creation))


def token_refused(speech: Speech, news: TokenRefused) -> list[Call]:
    """Why a token cannot be used, and what helps."""
    rows = [
        [
            speech.key("creation.button_botfather", "https://t.me/BotFather"),
            speech.key("creation.button_cancel", f"c:cancel:{news.creation.id}"),
        ]
    ]
    return [
        speech.message(speech.text("creation.token_not_taken"), edits=label(news.creation)),
        speech.message(speech.text(news.key, **news.values), rows),
    ]


def stuck(speech: Speech, news: CreationStuck) -> Call:
    """Why it does not go on, and the buttons that help."""
    key = {
        Problem.UNREACHABLE: "creation.stuck_unreachable",
        Problem.REFUSED: "creation.stuck_refused",
        Problem.BROKEN: "creation.stuck_broken",
    }[news.problem]
    creation = news.creation
    rows = [
        [
            speech.key("creation.button_retry", f"c:retry:{creation.id}"),
            speech.key("creation.button_cancel", f"c:cancel:{creation.id}"),
        ]
    ]
    return speech.message(speech.text(key, name=creation.dna.name, reason=news.reason), rows, edits=label(creation))


def expired(speech: Speech, news: CreationExpired) -> list[Call]:
    """It waited too long."""
    rows = [[speech.key("creation.button_again", f"c:again:{news.creation.id}")]]
    text = speech.text("creation.expired", name=news.creation.dna.name)
    return [
        speech.message(text, rows, edits=label(news.creation)),
        speech.message(speech.text("creation.expired_note", name=news.creation.dna.name), markup=NO_KEYBOARD),
    ]


def live(speech: Speech, news: BotIsLive) -> list[Call]:
    """The bot is live: its link, its picture code, and what is not perfect."""
    record = news.record
    address = f"https://t.me/{record.username}"
    notes = [] if news.has_app else [speech.text("creation.no_app")]
    notes += [] if news.profile_complete else [speech.text("creation.profile_incomplete")]
    notes += [] if news.running else [speech.text("creation.still_starting")]
    text = speech.text("creation.live", bar=_bar(CreationStep.LAUNCHED), username=record.username, name=record.dna.name)
    rows = [
        [speech.key("creation.button_open", address, username=record.username)],
        [speech.key("creation.button_card", f"b:card:{record.id}")],
    ]
    return [
        speech.message("\n\n".join([text, *notes]), rows, edits=label(news.creation)),
        speech.photo(
            qr_code(address),
            f"{record.username}.png",
            speech.text("creation.share", username=record.username),
            NO_KEYBOARD,
        ),
    ]


def spare_made(speech: Speech, news: SpareBotMade) -> Call:
    """Somebody made a bot for us, and nobody knows what for."""
    if news.unfinished is not None:
        rows = [[speech.key("creation.button_again", f"c:again:{news.unfinished.id}")]]
        text = speech.text("creation.spare_for", username=news.bot.username, name=news.unfinished.dna.name)
        return speech.message(text, rows)
    rows = [[speech.key("chat.button_make", "m:new")]]
    return speech.message(speech.text("creation.spare", username=news.bot.username), rows)


def qr_code(address: str) -> bytes:
    """A picture that a phone's camera opens the address from."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=12, border=3)
    return picture.getvalue()


def _bar(step: CreationStep) -> str:
    done = BAR * STEPS.index(step) // (len(STEPS) - 1)
    return "▰" * done + "▱" * (BAR - done)
