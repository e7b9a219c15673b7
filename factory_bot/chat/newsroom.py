"""News of the workshop as messages to the person they concern."""

from __future__ import annotations

from collections.abc import Sequence

from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Call
from factory_bot.chat import bots, creation, reports
from factory_bot.chat.speaking import Speech
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import Person
from factory_bot.workshop.news import (
    BotIsLive,
    BotTrouble,
    CreationExpired,
    CreationMoved,
    CreationStuck,
    DailyReport,
    News,
    SpareBotMade,
    TokenRefused,
    TokenRenewed,
    TokenTried,
)


def concerned(news: News) -> PersonId:
    """Whom it concerns."""
    match news:
        case CreationMoved() | TokenTried() | TokenRefused() | CreationStuck() | CreationExpired() | BotIsLive():
            return news.creation.user_id
        case BotTrouble() | TokenRenewed():
            return news.record.owner_id
        case SpareBotMade():
            return news.bot.user_id
        case DailyReport():
            return news.report.person_id


def messages(news: News, person: Person, catalogue: Catalogue) -> Sequence[Call]:
    """What that person is told."""
    speech = Speech(catalogue=catalogue, chat_id=person.id, language=person.language)
    match news:
        case CreationMoved():
            return [creation.moved(speech, news)]
        case TokenTried():
            return [creation.token_tried(speech, news)]
        case TokenRefused():
            return creation.token_refused(speech, news)
        case CreationStuck():
            return [creation.stuck(speech, news)]
        case CreationExpired():
            return creation.expired(speech, news)
        case BotIsLive():
            return creation.live(speech, news)
        case SpareBotMade():
            return [creation.spare_made(speech, news)]
        case BotTrouble():
            return [bots.trouble(speech, news)]
        case TokenRenewed():
            return [bots.token_renewed(speech, news)]
        case DailyReport():
            return [reports.told(speech, news.report, person)]
