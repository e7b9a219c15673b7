"""Wishes for features that do not exist yet: recognised, so that they can be answered honestly."""

from __future__ import annotations

import re

from factory_bot.model.merging import joined
from factory_bot.model.words.lists import items_of

WEATHER, CALCULATOR = "a weather report", "a calculator"
_WISHES: tuple[tuple[str, str], ...] = (
    (WEATHER, r"\bweather\b|\bforecasts?\b"),
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
        CALCULATOR,
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
    ("a shop", r"\b(?:bot|it|that|which|to|can|should|people) (?:help me )?sells?\b|\bselling bot\b"),
    ("jokes", r"\b(?:tells?|telling|with|makes?|knows?) (?:\w+ )?jokes\b|\bjoke bot\b"),
    (
        "a lottery",
        (r"\blotter(?:y|ies)\b|\braffles?\b|\broll(?:s|ing)? (?:a |the )?dice\b|\bdraws? (?:a |the )?winners?\b"),
    ),
    ("horoscopes", r"\bhoroscopes?\b"),
    ("voice messages", r"\bvoice (?:messages?|notes?)\b|\bspeech\b"),
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


_CAPITAL = r"[^\W\d_a-z][\w'’.-]*(?:[ -][^\W\d_a-z][\w'’-]*){0,2}"
_CITY = re.compile(
    rf"\b(?:[Ww]eather|[Ff]orecasts?)\b(?: \w+){{0,3}}? (?:for|in|of|at|from) ({_CAPITAL}(?:(?:, | and | or "
    rf"|, and ){_CAPITAL})*)"
)
_LOWER_CITY = re.compile(
    r"\b(?:weather|forecasts?)\b(?: \w+){0,3}? (?:for|in|of) "
    r"(?!the\b|my\b|our\b|today\b|tomorrow\b|people\b|every|each\b|a\b|this\b|next\b)"
    r"([a-z]{3,}(?: (?!and\b|with\b|plus\b|or\b|so\b|please\b|every|each\b|today\b|tomorrow\b|in\b|to\b)[a-z]{3,})?)"
)
_FORMULA = re.compile(
    r"\b([a-z]\w*(?: \w+){0,2}) ?= ?((?:[\w.()]+(?: ?[-+*/×÷] ?| x ))+[\w.()]+(?: ?%)?)", re.IGNORECASE
)


_TO_A_FORMULA = re.compile(
    r"^(?:(?:that|which|to|the|a|an|formula|calculates?|computes?|calculating|computing|works? out|with|where|is|and"
    r"|for)\s+)+",
    re.IGNORECASE,
)


def cities(text: str) -> tuple[str, ...]:
    """The cities whose weather the words ask for."""
    found = _CITY.search(text)
    if found:
        return tuple(items_of(found[1]))
    lower = _LOWER_CITY.search(text) if text == text.lower() else None
    return (lower[1].title(),) if lower else ()


def formulas(text: str) -> tuple[str, ...]:
    """The formulas that the words give ("price = metres * 12 + 50")."""
    return tuple(
        f"{_TO_A_FORMULA.sub('', found[1]).strip()} = {' '.join(found[2].split())}" for found in _FORMULA.finditer(text)
    )


def wishes(text: str) -> tuple[str, ...]:
    """The wishes in the words that cannot be built yet, in the order they appear."""
    found = [(match.start(), wish) for wish, pattern in WISHES if (match := pattern.search(text))]
    given = formulas(text)
    if given and not any(wish == CALCULATOR for _, wish in found):
        found.append((text.find(given[0].partition(" = ")[0]), CALCULATOR))
    details = {WEATHER: cities(text), CALCULATOR: given}
    return tuple(f"{wish} for {joined(details[wish])}" if details.get(wish) else wish for _, wish in sorted(found))


def places(text: str) -> list[tuple[int, int]]:
    """Where such wishes stand in the text."""
    return sorted(match.span() for _, pattern in WISHES for match in pattern.finditer(text))
