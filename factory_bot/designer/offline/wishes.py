"""Wishes for features that do not exist yet: recognised, so that they can be answered honestly."""

from __future__ import annotations

import re

_WISHES: tuple[tuple[str, str], ...] = (
    ("a weather report", r"\bweather\b|\bforecasts?\b"),
    (
        "a quiz",
        r"\b(?:a|the|quick|fun|little|short|trivia|play|daily|weekly|pub|run|math|run a"
        r"|do a) (?:\w+ )?quiz\b(?! night)|\bquizzes\b|\btrivia\b(?! night)",
    ),
    (
        "a game",
        r"\b(?<!board )(?<!video )(?:play|plays|playing) (?:\w+ ){0,2}games?\b|\b(?:a|some|mini|little|small|fun"
        r"|simple|snake|memory|arcade|the)[ -]?games?\b(?! (?:night|club|evening|day|shop|store|group|jam))|\b2048\b"
        r"|\bsnake game\b|\bleader ?board\b|\bhangman\b|\btic[- ]tac[- ]toe\b|\bplays? chess\b",
    ),
    (
        "a calculator",
        r"\bcalculators?\b|\bcalculat(?:e|es|ing|ion|ions)\b|\bcomputes?\b|\bwork(?:s|ing)? out (?:the )?(?:price"
        r"|cost|total)s?\b",
    ),
    (
        "free conversation",
        r"\bchats? (?:with|to|about)\b|\bchatgpt\b|\bgpt\b|\bsmall ?talk\b|\b(?:have|hold"
        r"|make) (?:a )?conversations?\b|\banswer(?:s|ing)? (?:all |any |their |people'?s? |customers?'? |common "
        r"|frequent |general |simple )*questions\b|\bfaqs?\b|\b(?:use|using|with|powered by) (?:ai|an ai"
        r"|artificial intelligence)\b|\bai (?:chat|assistant|answers)\b",
    ),
    ("reminders", r"\bremind(?:s|er|ers|ing)?\b|\balarms?\b"),
    (
        "payments",
        r"\b(?:take|accept|collect|handle|process|receive|online|card)s? payments?\b|\bpay(?:s|ing)? (?:online|by"
        r"|with|for|in|directly)\b|\bonline checkout\b|\bpaypal\b|\bstripe\b",
    ),
    ("translations", r"\btranslat(?:e|es|ing|ion|ions|or)\b"),
    ("news", r"\b(?:the |latest |daily |show |send |local )+news\b"),
    (
        "mailings",
        r"\b(?:send|sends|sending) (?:out )?(?:a |our |my |the |daily |weekly |monthly )*(?:newsletters?|broadcasts?"
        r"|announcements?|notifications|messages to (?:all|every)\w*)\b|\bbroadcasts?\b",
    ),
    (
        "a shop with a basket",
        r"\b(?:shopping )?(?:basket|cart)\b|\b(?:online|web) ?shop\b(?=.*\b(?:buy|sell)\b)|\bsells? (?:products|items"
        r"|things)\b",
    ),
    (
        "a page with opening hours",
        r"\b(?:show|shows|tell|tells|display|displays|with|list|lists|know|see) (?:\w+ ){0,3}opening (?:hours|times)\b",
    ),
    (
        "a page with a menu or prices",
        r"\b(?:show|shows|display|displays|list|lists|see|with|browse) (?:\w+ ){0,2}(?:menu|price list|prices"
        r"|catalogue|catalog)\b",
    ),
    ("a map", r"\b(?:show|shows|with|display|displays|a) (?:\w+ )?maps?\b|\bdirections to\b"),
    ("a countdown", r"\bcountdowns?\b"),
    (
        "pictures made to order",
        r"\b(?:generat(?:e|es|ing)|draws?|creates?|makes?) (?:\w+ ){0,2}(?:images?|pictures?|memes?|logos?|art)\b",
    ),
    ("music", r"\bplays? (?:\w+ )?(?:music|songs?)\b|\bmusic player\b"),
    (
        "answers from documents",
        r"\b(?:answers?|search(?:es)?|reads?|questions) (?:\w+ ){0,4}(?:documents?|pdfs?|manuals?|files)\b",
    ),
    (
        "watching websites",
        r"\b(?:monitor|monitors|watch|watches|check|checks|monitoring) (?:\w+ ){0,3}(?:websites?|urls?|servers?"
        r"|uptime|prices?)\b|\bprice alerts?\b",
    ),
    ("exchange rates", r"\b(?:currency|exchange rates?|bitcoin|crypto|stock prices?|stocks)\b"),
    (
        "group statistics",
        r"\b(?:group|channel|chat) (?:statistics|stats|moderation|activity)\b|\bmoderat(?:e|es"
        r"|ing) (?:\w+ ){0,2}(?:group|chat|channel)\b",
    ),
    (
        "a connection to other services",
        r"\bgoogle (?:sheets?|calendar|drive|forms?)\b|\bcalendar (?:sync|integration)\b|\bzapier\b|\bcrm\b"
        r"|\bnotion\b|\bslack\b",
    ),
)
WISHES = tuple((wish, re.compile(pattern, re.I)) for wish, pattern in _WISHES)


def wishes(text: str) -> tuple[str, ...]:
    """The wishes in the words that cannot be built yet, in the order they appear."""
    found = [(match.start(), wish) for wish, pattern in WISHES if (match := pattern.search(text))]
    return tuple(wish for _, wish in sorted(found))


def places(text: str) -> list[tuple[int, int]]:
    """Where such wishes stand in the text."""
    return sorted(match.span() for _, pattern in WISHES for match in pattern.finditer(text))
