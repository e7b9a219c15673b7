"""The bot's name in a maker's words: "call it X", "for my pizzeria Bella Napoli", "named X"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot_runtime.dna import one_line
from factory_bot.model.draft import LABEL_LIMIT

VENUES = (
    r"(?:[\w'&-]+ )?(?:pizzeria|restaurant|trattoria|caf[eé]|coffee ?shop|bistro|diner|bar|pub|brewery|winery|bakery|"
    r"patisserie|confectionery|deli|kitchen|food ?truck|catering|shop|store|boutique|bookshop|bookstore|florist|salon|"
    r"barber ?shop|hairdresser'?s?|spa|studio|gym|club|team|league|band|choir|orchestra|school|academy|kindergarten|"
    r"nursery|university|college|library|museum|gallery|theat(?:re|er)|cinema|hotel|hostel|inn|guest ?house|b&b|clinic|"
    r"practice|surgery|pharmacy|dentist|vet|garage|workshop|company|business|firm|agency|startup|start-up|brand|"
    r"office|farm|vineyard|market|truck|stand|stall|van|house|place|kiosk|cottage|villa|apartment|chalet|lodge|bnb"
    r"|festival|conference|meetup|community"
    r"|association|society|charity|church|parish|"
    r"foundation|blog|podcast|channel|newsletter|group|guild|clan|server|camp|campsite|marina|airline|bank|project)"
)
_CAPITALISED = (
    r"(?:(?:The |the |La |El |Le |Da |De |St\. |Dr\. )?[^\W\d_a-z](?:[\w'’&-]|\.(?=\w))*(?: (?:[^\W\d_a-z](?:[\w'’&-]"
    r"|\.(?=\w))*"
    r"|&|of|the|and|n'|de|del|della|di|da|la|le|und|y|van|von|\d{1,4}))*)"
)
_QUOTED = r"[\"“„«]([^\"“”„«»]{1,80})[\"”“»]|(?<!\w)'([^']{1,80})'(?!\w)"
_EXPLICIT = re.compile(
    r"(?:,\s*)?(?:\b(?:and|also|please|then|so)\s+){0,3}"
    r"\b(?:(?:please |just |let'?s )?(?:call|name) (?:it|this|the bot|my bot|this bot)"
    r"|(?:it|he|she|the bot|this bot|which|that)(?: should be| will be| is|'s|'ll be| shall be| must be| would be)?"
    r" (?:called|named)"
    r"|(?:its|his|her|the|the bot's|bot's|bot) name\b(?: is| should be| will be| shall be|:| =)"
    r"|name of the bot(?: is| should be|:)?|(?<=bot )(?:called|named)|bot name\b:?"
    r"|(?:make|change|set) (?:the|its|the bot's) name(?: to(?: be)?)?|rename (?:it|the bot)(?: to)?"
    r"|name:(?=\s*\w+[^,;]*$)|(?:^|(?<=[\n.] )|(?<=\n))name\s*[:=](?=\s*[^,;.\n]{1,40}(?:[.\n]|$)))"
    r"\s*:?\s*",
    re.I,
)
_VENUE_BEFORE = re.compile(
    rf"\b(?:for|of|at|from|[Ww]e are|[Ii] run|[Ii] own|[Ww]e run|[Ii] have|[Ww]e have|For)\s+(?:(?:my|our|the|a|an"
    rf"|this|his|her|their|small|little"
    rf"|local|family|new)\s+)+{VENUES}"
    rf"(?: in [A-Z]\w+)?,?\s+(?:(?:is )?called |(?:is )?named )?(?={_CAPITALISED}|[\"“„«'])",
)
_VENUE_CALLED = re.compile(rf"\b{VENUES}\s*,?\s+(?:is |that is |which is )?(?:called|named)\s+", re.I)
_NAME_THEN_VENUE = re.compile(
    rf"\b(?:for|at|of)\s+({_CAPITALISED})\s*(?:,|-|\()\s*(?:my|our|a|an|the)\s+(?:\w+ ){{0,2}}?{VENUES}"
)
_NAME_VENUE_BOT = re.compile(rf"^(?:[Aa] |[Tt]he )?({_CAPITALISED}) {VENUES} bot\b")
_LOWER_VENUE = re.compile(
    rf"\b(?:for|of)\s+(?:my|our|the)\s+{VENUES}\s+((?:[a-z'’&]+ ){{1,2}}[a-z'’&]+)\s*(?=[:;,.\n]|$)"
)
_BOT_IN_QUOTES = re.compile(r"\b[Bb]ot\s+[\"“„«]([^\"“”„«»?]{1,60})[\"”“»]")
_QUOTED_PLACE = re.compile(r"\b(?:for|of|at)\s+[\"“„«]([^\"“”„«»]{1,60})[\"”“»]")
_PROPER = (
    r"Hotel|Hostel|Caf[eé]|Coffee|Restaurant|Pizzeria|Trattoria|Bistro|Bar|Bakery|Salon|Studio|Club|Gym|School|Academy|"
    r"Museum|Theatre|Theater|Cinema|Clinic|Camping|Church|Library|Shop|Store|Market|Garage|Brewery|Choir|Team|Festival"
)
_PROPER_PLACE = re.compile(
    rf"\b(?:for|of|at)\s+(?:(?:the|our|my)\s+)?"
    rf"((?:[^\W\d_a-z][\w'’&-]* ){{1,3}}(?:{_PROPER})\b|(?:{_PROPER}) (?:{_CAPITALISED}))"
)
_STOP = re.compile(
    r"\s*(?:[,;.!?\n]|\s-\s|\(|:(?=\s)|\b(?:and|which|that|who|to|for|with|it|so|where|please|in|should|i|we)\b)"
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "to that which who where for and or with so it can could should will would we i they people customers guests "
        "members please from in on at by is are has have needs wants taking collecting asking letting",
    )
)


@dataclass(frozen=True)
class Named:
    """A name that was found, and the words without it."""

    name: str | None
    rest: str


def named(text: str) -> Named:
    """The name the words give the bot, else the name of the place it is for."""
    return _explicit(text) or _of_the_place(text) or Named(None, text)


def _explicit(text: str) -> Named | None:
    for found in _EXPLICIT.finditer(text):
        after = text[found.end() :]
        quoted = re.match(_QUOTED, after)
        if quoted:
            return _found(text, found.start(), found.end() + quoted.end(), quoted[1] or quoted[2])
        capitalised = re.match(_CAPITALISED, after)
        name = capitalised[0] if capitalised else _until_stop(after)
        if capitalised and re.match(
            r" (?!(?:to|that|which|who|where|for|with|it|so|please|in|should|as|from)\b)[a-z]", after[len(name) :]
        ):
            name = _until_stop(after) or name  # "Leo turns five": a name goes on in lower case
        name = re.sub(r" (?:of|the|and|de|di|la|le|&|y)$", "", name)
        if name:
            return _found(text, found.start(), found.end() + len(name), name)
    return None


def _until_stop(after: str) -> str:
    stop = _STOP.search(after)
    words = after[: stop.start()] if stop else after
    return words.strip() if 0 < len(words.split()) <= 5 else ""


def _of_the_place(text: str) -> Named | None:
    after_bot = _BOT_IN_QUOTES.search(text)
    if after_bot:
        return _found(text, after_bot.start(1) - 1, after_bot.end(), after_bot[1])
    for pattern in (_VENUE_BEFORE, _VENUE_CALLED):
        for found in pattern.finditer(text):
            after = text[found.end() :]
            quoted = re.match(_QUOTED, after)
            if quoted:
                return _found(text, found.end(), found.end() + quoted.end(), quoted[1] or quoted[2])
            name = re.match(_CAPITALISED, after)
            if name:
                bare = re.sub(r"(?: (?:of|the|and|de|di|la|le|&|y))+$", "", name[0])
                if re.match(r" [a-z]", after[name.end() :]):  # "for my club Rovers's training": a possessive
                    bare = re.sub(r"['’]s$", "", bare)
                return _found(text, found.end(), found.end() + len(bare), bare)
    in_quotes = _QUOTED_PLACE.search(text)
    if in_quotes:
        return _found(text, in_quotes.start(1) - 1, in_quotes.end(), in_quotes[1])
    proper = _PROPER_PLACE.search(text) if text != text.upper() else None
    if proper:
        return _found(text, proper.start(1), proper.end(1), proper[1])
    titled = _NAME_VENUE_BOT.search(text)
    if titled and " " in titled[1]:
        return _found(text, titled.start(1), titled.end(1), titled[1])
    reverse = _NAME_THEN_VENUE.search(text)
    if reverse:
        return _found(text, reverse.start(1), reverse.end(1), reverse[1])
    lower = _LOWER_VENUE.search(text) if text == text.lower() else None
    if lower and not _COMMON & set(lower[1].split()) and not re.search(r"(?:ing|s)\b", lower[1]):
        return _found(text, lower.start(1), lower.end(1), lower[1].title())
    return None


def _found(text: str, start: int, end: int, name: str) -> Named | None:
    bare = one_line(name).strip(' "“”„«».,;:!-')
    if not bare or len(bare) > LABEL_LIMIT or not any(character.isalnum() for character in bare):
        return None
    if bare == bare.lower() and re.fullmatch(r"[a-z][a-z' -]*", bare):
        bare = bare.title().replace("'S", "'s")
    return Named(bare, f"{text[:start]} {text[end:]}")
