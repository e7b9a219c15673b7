"""/report, and the daily report."""

from __future__ import annotations

from collections.abc import Sequence

from bot_runtime.polling import Call
from factory_bot.chat import operator
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.bots import COLOURS, COUNTED, counted
from factory_bot.chat.hours import asked_once, when
from factory_bot.chat.speaking import Speech
from factory_bot.chat.visits import Visit
from factory_bot.model.funnel import Funnel
from factory_bot.model.persons import Person
from factory_bot.model.reports import AgentReport, DayCounters, Report
from factory_bot.storage.database import Transaction


async def report(desk: Desk, visit: Visit) -> Answer:
    """/report: the day so far; the first time with the question when the daily one should come."""
    speech = desk.speech(visit)
    made = await desk.workshop.reporting.today(visit.person)

    async def within(tx: Transaction) -> Sequence[Call]:
        asked = await asked_once(desk, visit, tx)
        return [told(speech, made, visit.person, asks_next=bool(asked)), *asked]

    return Answer(within=within)


def told(speech: Speech, report: Report, person: Person, *, asks_next: bool = False) -> Call:
    """A report as one message for all bots; it need not say when it comes if that is asked next."""
    funnel = [_funnel(speech, report.funnel)] if report.funnel is not None and report.funnel.started else []
    factory = operator.state(speech, report.factory, person) if report.factory is not None else []
    if not report.agents:
        make = [speech.key("chat.button_make", "m:new")]
        return speech.message("\n\n".join([speech.text("report.no_bots"), *factory, *funnel]), [make])
    key = "report.title_day" if report.whole_day else "report.title_now"
    parts: list[str] = [speech.text(key, day=f"{report.day:%d.%m.%Y}"), _totals(speech, report)]
    parts += [_agent(speech, agent) for agent in report.agents[:20]]
    if len(report.agents) > 20:
        parts.append(speech.text("report.more", count=len(report.agents) - 20))
    parts += [*factory, *funnel]
    if asks_next:
        return speech.message("\n\n".join(parts))
    hour = [speech.key("report.button_hour", "r:ask")]
    return speech.message("\n\n".join([*parts, when(speech, person)]), [hour])


def _totals(speech: Speech, report: Report) -> str:
    return "\n".join(
        speech.text(f"report.total_{name}", now=getattr(report.now, name), change=_change(report, name))
        for name in COUNTED
        if getattr(report.now, name) or getattr(report.before, name) or name in {"people", "messages"}
    )


def _change(report: Report, name: str) -> str:
    difference = getattr(report.now, name) - getattr(report.before, name)
    return f"{difference:+d}" if difference else "±0"


def _agent(speech: Speech, agent: AgentReport) -> str:
    record, up = agent.record, _percent(agent.now)
    text = speech.text(
        "report.agent", colour=COLOURS[record.state], name=record.dna.name, username=record.username,
        counted=counted(speech, agent.now),
    )  # fmt: skip
    if up is None:
        return text
    before = _percent(agent.before)
    key = "report.up" if before is None else "report.up_against"
    return f"{text}\n{speech.text(key, uptime=up, before=before)}"


def _percent(counters: DayCounters) -> str | None:
    return None if counters.uptime is None else f"{100 * counters.uptime:.0f} %"


def _funnel(speech: Speech, funnel: Funnel) -> str:
    lines = [
        speech.text("report.funnel", started=funnel.started, confirmed=funnel.confirmed, created=funnel.created,
                    open=funnel.open)
    ]  # fmt: skip
    lines += [
        speech.text("report.left_at", step=speech.text(f"report.step_{step}"), count=count)
        for step, count in sorted(funnel.left.items(), key=lambda item: -item[1])
    ]
    return "\n".join(lines)
