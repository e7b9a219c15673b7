"""/mybots: the list, a card for each bot, and what its owner can do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot_runtime.polling import Call
from factory_bot.chat import pasting
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.hours import asked_once
from factory_bot.chat.speaking import Key, Speech
from factory_bot.chat.visits import Pressed, Visit, Wrote
from factory_bot.model.agents import ALIVE, AgentId, RunState
from factory_bot.model.reports import DayCounters
from factory_bot.storage.database import Transaction
from factory_bot.workshop.bots import Card
from factory_bot.workshop.news import BotTrouble, TokenRenewed, Trouble

PAGE = 8  # bots per page of the list
LOG_LIMIT = 3000  # characters of a log in one message
COUNTED = ("people", "messages", "submissions", "votes", "errors", "restarts")
COLOURS = {
    RunState.RUNNING: "🟢",
    RunState.STARTING: "🟡",
    RunState.STOPPING: "🟡",
    RunState.BACKOFF: "🟡",
    RunState.SICK: "🟠",
    RunState.FAILED: "🔴",
    RunState.UNAUTHORIZED: "🔴",
    RunState.STOPPED: "⚪",
}


async def mybots(desk: Desk, visit: Wrote) -> Answer:
    """/mybots: all of them."""
    text, rows = await _list(desk, visit, 0)
    return Answer(calls=[desk.speech(visit).message(text, rows)], within=lambda tx: asked_once(desk, visit, tx))


async def tapped(desk: Desk, visit: Pressed, words: list[str]) -> Answer:
    """A button of the list or of a card."""
    verb, subject = words[0], words[1]
    if verb == "list":
        text, rows = await _list(desk, visit, int(subject))
        shown = _shown(desk, visit, text, rows)
        return replace(shown, within=lambda tx: asked_once(desk, visit, tx))
    return await DEEDS[verb](desk, visit, AgentId(subject))


async def _list(desk: Desk, visit: Visit, page: int) -> tuple[str, list[list[Key]]]:
    speech = desk.speech(visit)
    records = await desk.workshop.bots.of(visit.person.id)
    make = [speech.key("chat.button_make", "m:new")]
    if not records:
        return speech.text("bots.none"), [make]
    pages = (len(records) + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    shown = records[page * PAGE : (page + 1) * PAGE]
    lines = [
        speech.text("bots.line", colour=COLOURS[record.state], name=record.dna.name, username=record.username,
                    state=speech.text(f"bots.state_{record.state}"))
        for record in shown
    ]  # fmt: skip
    rows = [[(f"{COLOURS[record.state]} {record.dna.name}"[:60], f"b:card:{record.id}")] for record in shown]
    turns = [speech.key("bots.button_before", f"b:list:{page - 1}")] if page else []
    turns += [speech.key("bots.button_next", f"b:list:{page + 1}")] if page < pages - 1 else []
    return "\n".join([speech.text("bots.title", count=len(records)), "", *lines]), [*rows, turns, make]


# -------------------------------------------------------------------- a card


async def _card(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    card = await desk.workshop.bots.card(visit.person, agent_id)
    speech = desk.speech(visit)
    return _shown(desk, visit, _card_text(speech, card, desk.workshop.clock.now()), _card_rows(speech, card))


def _card_text(speech: Speech, card: Card, now: datetime) -> str:
    record = card.record
    state = speech.text(f"bots.state_{record.state}")
    lines: list[str] = [
        speech.text("bots.card", colour=COLOURS[record.state], name=record.dna.name, username=record.username,
                    purpose=record.dna.purpose, state=state)
    ]  # fmt: skip
    if reason := reason_text(speech, record.reason):
        lines.append(reason)
    if card.running_since is not None:
        lines.append(speech.text("bots.uptime", time=_span(speech, (now - card.running_since).total_seconds())))
    if card.memory_bytes:
        lines.append(speech.text("bots.memory", megabytes=round(card.memory_bytes / 2**20)))
    lines.append(speech.text("bots.app", url=card.app_url) if card.app_url else speech.text("bots.no_app"))
    lines.append(speech.text("bots.today", counted=counted(speech, card.today)))
    return "\n".join(lines)


def _card_rows(speech: Speech, card: Card) -> list[list[Key]]:
    record = card.record
    work = [
        speech.key("bots.button_stop", f"b:stop:{record.id}")
        if record.wanted and record.state in {*ALIVE, RunState.BACKOFF}
        else speech.key("bots.button_start", f"b:start:{record.id}")
    ]
    if record.wanted:
        work.append(speech.key("bots.button_restart", f"b:restart:{record.id}"))
    if record.state is RunState.UNAUTHORIZED:
        work = [_new_token(speech, record.id, can_renew=card.can_renew)]
    return [
        [speech.key("creation.button_open", f"https://t.me/{record.username}", username=record.username)],
        work,
        [
            speech.key("bots.button_refresh", f"b:card:{record.id}"),
            speech.key("bots.button_logs", f"b:logs:{record.id}"),
        ],
        [
            speech.key("bots.button_delete", f"b:delete:{record.id}"),
            speech.key("bots.button_list", "b:list:0"),
        ],
    ]


def _new_token(speech: Speech, agent_id: AgentId, *, can_renew: bool) -> Key:
    """The button that gives a locked-out bot a token that works."""
    if can_renew:
        return speech.key("bots.button_renew", f"b:renew:{agent_id}")
    return speech.key("bots.button_paste", f"b:paste:{agent_id}")


async def _logs(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    record = await desk.workshop.bots.own(visit.person.id, agent_id)
    lines = await desk.workshop.bots.logs(visit.person.id, agent_id)
    speech = desk.speech(visit)
    back = [[speech.key("bots.button_back", f"b:card:{agent_id}")]]
    if not lines:
        return _shown(desk, visit, speech.text("bots.no_logs", name=record.dna.name), back)
    return _shown(desk, visit, speech.text("bots.logs", name=record.dna.name, lines=_end(lines)), back)


# -------------------------------------------------------------------- deeds that take a while


async def _start(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    await desk.answer_now(visit.tap_id, desk.speech(visit).plain("bots.starting"))
    await desk.workshop.bots.start(visit.person.id, agent_id)
    return _answered(await _card(desk, visit, agent_id))


async def _stop(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    await desk.answer_now(visit.tap_id, desk.speech(visit).plain("bots.stopping"))
    await desk.workshop.bots.stop(visit.person.id, agent_id)
    return _answered(await _card(desk, visit, agent_id))


async def _restart(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    await desk.answer_now(visit.tap_id, desk.speech(visit).plain("bots.restarting"))
    await desk.workshop.bots.restart(visit.person.id, agent_id)
    return _answered(await _card(desk, visit, agent_id))


async def _renew(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    await desk.answer_now(visit.tap_id, desk.speech(visit).plain("bots.renewing"))
    await desk.workshop.bots.renew_token(visit.person.id, agent_id, desk.face)
    return _answered(await _card(desk, visit, agent_id))


async def _unpaste(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    card = await _card(desk, visit, agent_id)

    async def within(tx: Transaction) -> Sequence[Call]:
        await pasting.forget(desk, visit, tx)
        return []

    return Answer(calls=card.calls, within=within)


async def _delete(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    record = await desk.workshop.bots.own(visit.person.id, agent_id)
    speech = desk.speech(visit)
    rows = [
        [speech.key("bots.button_delete_yes", f"b:sure:{agent_id}")],
        [speech.key("bots.button_keep", f"b:card:{agent_id}")],
    ]
    return _shown(desk, visit, speech.text("bots.delete", name=record.dna.name, username=record.username), rows)


async def _sure(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    record = await desk.workshop.bots.own(visit.person.id, agent_id)
    speech = desk.speech(visit)
    rows = [
        [speech.key("bots.button_keep", f"b:card:{agent_id}")],
        [speech.key("bots.button_delete_really", f"b:gone:{agent_id}", name=record.dna.name)],
    ]
    return _shown(desk, visit, speech.text("bots.delete_sure", name=record.dna.name), rows)


async def _gone(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    await desk.answer_now(visit.tap_id, desk.speech(visit).plain("bots.deleting"))
    record = await desk.workshop.bots.delete(visit.person.id, agent_id)
    speech = desk.speech(visit)
    text = speech.text("bots.deleted", name=record.dna.name, username=record.username)
    return _answered(_shown(desk, visit, text, [[speech.key("bots.button_list", "b:list:0")]]))


def _answered(answer: Answer) -> Answer:
    """Without the answer to the tap, which was given at once."""
    return Answer(calls=[call for call in answer.calls if call.method != "answerCallbackQuery"])


DEEDS: dict[str, Callable[[Desk, Pressed, AgentId], Awaitable[Answer]]] = {
    "card": _card,
    "logs": _logs,
    "start": _start,
    "stop": _stop,
    "restart": _restart,
    "renew": _renew,
    "paste": pasting.asked,
    "unpaste": _unpaste,
    "delete": _delete,
    "sure": _sure,
    "gone": _gone,
}


# -------------------------------------------------------------------- what is told


def trouble(speech: Speech, news: BotTrouble) -> Call:
    """Something happened to a bot: what, why, and the button that helps."""
    record = news.record
    card = [speech.key("creation.button_card", f"b:card:{record.id}")]
    helps = {
        Trouble.GAVE_UP: [speech.key("bots.button_start", f"b:start:{record.id}")],
        Trouble.UNAUTHORIZED: [_new_token(speech, record.id, can_renew=news.can_renew)],
        Trouble.SICK: [speech.key("bots.button_restart", f"b:restart:{record.id}")],
        Trouble.POISONED: [speech.key("bots.button_logs", f"b:logs:{record.id}")],
    }.get(news.trouble, [])
    parts: list[str] = [speech.text(f"bots.trouble_{news.trouble}", name=record.dna.name, username=record.username)]
    if news.trouble is not Trouble.RECOVERED and (reason := reason_text(speech, news.reason)):
        parts.append(reason)
    if news.trouble is Trouble.UNAUTHORIZED and not news.can_renew:
        parts.append(speech.text("bots.unauthorized_pasted"))
    if news.trouble is Trouble.GAVE_UP and news.lines:
        parts.append(speech.text("bots.last_lines", lines=_end(news.lines, 1500)))
    return speech.message("\n".join(parts), [helps, card])


def token_renewed(speech: Speech, news: TokenRenewed) -> Call:
    """A new token was taken over."""
    return speech.say("bots.token_renewed", name=news.record.dna.name, username=news.record.username)


def counted(speech: Speech, counters: DayCounters) -> str:
    """What was counted in a day, in words; what did not happen is left out."""
    parts = [
        speech.text(f"report.count_{name}_{'one' if number == 1 else 'other'}", count=number)
        for name in COUNTED
        if (number := getattr(counters, name))
    ]
    return ", ".join(parts) or speech.text("report.nothing")


def reason_text(speech: Speech, reason: str | None) -> str:
    """The sentence of a state's reason; empty where there is none."""
    if not reason:
        return ""
    try:
        return speech.text(f"supervision.{reason}")
    except KeyError:
        return ""


def _shown(desk: Desk, visit: Pressed, text: str, rows: list[list[Key]]) -> Answer:
    speech = desk.speech(visit)
    shown = speech.message(text, rows) if visit.message_id is None else speech.replace(visit.message_id, text, rows)
    return Answer(calls=[speech.toast(visit.tap_id), shown])


def _end(lines: Sequence[str], limit: int = LOG_LIMIT) -> str:
    return "\n".join(lines)[-limit:]


def _span(speech: Speech, seconds: float) -> str:
    minutes = int(seconds) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return speech.plain("bots.span_days", days=days, hours=hours)
    if hours:
        return speech.plain("bots.span_hours", hours=hours, minutes=minutes)
    return speech.plain("bots.span_minutes", minutes=minutes) if minutes else speech.plain("bots.span_seconds")
