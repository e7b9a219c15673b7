"""What operators are told of the factory's own bot."""

from __future__ import annotations

from datetime import datetime

from bot_runtime.polling import Call
from factory_bot.chat.speaking import Speech
from factory_bot.model.persons import Person
from factory_bot.model.reports import FactoryState
from factory_bot.model.saying import shortened
from factory_bot.model.schedules import zone_of
from factory_bot.model.zones import zone_title
from factory_bot.workshop import ASIDE_KEPT
from factory_bot.workshop.news import MessagesAside, TokenOurs

REASON_LIMIT = 300  # characters


def token_shared(speech: Speech) -> Call:
    """Another program polls with the factory's token."""
    return speech.say("operator.token_shared", [[speech.key("creation.button_botfather", "https://t.me/BotFather")]])


def token_ours(speech: Speech, news: TokenOurs, person: Person) -> Call:
    """That is over."""
    return speech.say("operator.token_ours", since=_moment(news.since, person))


def messages_aside(speech: Speech, news: MessagesAside, person: Person) -> Call:
    """Messages to the factory were set aside: a message for the first one, edited for those that follow soon."""
    reason = shortened(news.reason, REASON_LIMIT)
    kept = ASIDE_KEPT.days
    if news.count == 1:
        text = speech.text("operator.aside_one", days=kept, reason=reason)
    else:
        since = _moment(news.since, person)
        text = speech.text("operator.aside_other", count=news.count, since=since, days=kept, reason=reason)
    return speech.message(text, edits=f"aside {news.since.isoformat()}")


def state(speech: Speech, now: FactoryState, person: Person) -> list[str]:
    """What a report says of it; nothing where all is well."""
    lines: list[str] = []
    if now.shared_since is not None:
        lines.append(speech.text("operator.state_shared", since=_moment(now.shared_since, person)))
    if now.aside:
        lines.append(speech.text("operator.state_aside", count=now.aside))
    return ["\n".join([speech.text("operator.state_title"), *lines])] if lines else []


def _moment(moment: datetime, person: Person) -> str:
    zone = person.time_zone or "UTC"
    return f"{moment.astimezone(zone_of(zone)):%d.%m. %H:%M} ({zone_title(zone)})"
