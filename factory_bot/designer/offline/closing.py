"""When a poll closes: the words that say so in a maker's description.  What they mean is for `words.closing` to say."""

from __future__ import annotations

import re

from factory_bot.model.words.closing import names_closing
from factory_bot.model.words.moments import MOMENT
from factory_bot.model.words.spans import SPAN

_VOTING = r"(?:voting|the (?:poll|vote))"
_DEADLINE = (
    rf"(?:(?:with |has )?(?:a |an |the |its )?(?:{_VOTING} )?(?:deadline|(?:closing|end) (?:date|time|day))"
    rf"(?: (?:for|of) {_VOTING})?(?: (?:is|of|will be|should be))?:?)"
)
_CLOSES = rf"(?:clos(?:es?|ing)|ends?|ending|finish(?:es|ing)?|stops?|{_DEADLINE})"
_UNTIL = r"(?:(?:open|runs?|running|lasts?)\s+)?(?:until|till|not? later than)"
_SUBJECT = (
    r"(?:(?:it|which|that|voting|votes?|polls?|the (?:poll|vote|voting))\s+"
    rf"(?={_CLOSES}|(?:is|will|should|must|can|be|stays?)\b))?(?:(?:is|will|should|must|can|be|stays?|automatically)\s+)*"
)
# Before a comma it may be an option among others: "weekdays until 8pm, Saturdays".
_NO_OPTION = (
    r"(?:between|with|from|among|please|for|on|about|which|what|who|where|whether|to (?:vote|choose|decide|pick|see)"
    r"|and (?:let|ask|take|collect|show|tell|then|also|be)"
)
_END = (
    rf"\s*(?:\)(?=\s*(?:[,.;:!?]|$))|(?=[.;:!]|$|\b{_NO_OPTION})\b)|(?=,\s*{_NO_OPTION}|let|lets|people|they|it|the"
    r" (?:poll|bot|options)|choosing|options?|one|each|several|multiple|only|so|and|then)\b))"
)
_WHEN = rf"(?i:{MOMENT})"
_FROM = rf"(?:(?:(?:open|runs?|running)\s+)?from\s+{_WHEN}\s+)?"
_AT_A_TIME = (
    rf"(?:{_CLOSES}\s+(?:(?:on|at|by|before|after)\s+)?|{_FROM}{_UNTIL}\s+(?:on\s+)?|by\s+"
    rf"|(?<=vote )before\s+|(?<=voting )before\s+){_WHEN}{_END}"
)
_AT_AN_EVENT = (
    rf"(?:{_CLOSES}\s+(?:on|at|by|before|after|once|when|as soon as)|{_UNTIL})"
    rf"\s+(?:the|we|I|our|my|everyone|everybody|all|further)\b(?:(?! and | or )[^,;/:.?!)])*{_END}"
    rf"|{_CLOSES}\s+(?:in\s+)?(?i:{SPAN})\s+(?:before|after|from)\b(?:(?! and | or )[^,;/:.?!)])*{_END}"
)
_CLOSING = rf"{_SUBJECT}(?:{_AT_A_TIME}|{_AT_AN_EVENT})"
# A title such as "Until Dawn" has its capital; a clause behind other words has none.
_CLAUSE = re.compile(
    rf"(?<=[\w\"”'’)?])(?<!\band)(?<!\bor)(?<!\bwho)(?<!\bbetween)[\s,;(–-]+(?:and\s+)?(?P<words>{_CLOSING})"
)
_BEGINNING = re.compile(
    rf"^\s*(?P<words>(?:until|till|by|before)\s+{_WHEN}),?\s+(?=(?:people|everyone|everybody|they|you|we|my|our|the|let"
    r"|customers|guests|members|students|users)\b)",
    re.IGNORECASE,
)
_NO_OTHER = r"(?!['’]|\s+(?:before|after|prior|of|in|to)\b|\s+from (?!now|today))"
_OPEN_FOR = re.compile(
    r"[\s,;(]{0,4}(?:\band\b\s*)?(?:\b(?:it|which|that|voting|the (?:poll|vote)|they)\b\s*)?(?:\b(?:should|can|will"
    r"|must|is|be|stays?)\b\s*)*"
    r"(?P<words>\b(?:clos(?:es?|ing)|ends?|ending|runs?|running|open|lasts?|lasting|for only|only for)\b"
    rf"(?: (?:the poll|voting|it|automatically))?\s*(?:in|after|for|within)?\s+(?:(?:only|the next) )?(?:{SPAN}"
    rf"|the (?:day|week|month|year)\b){_NO_OTHER}(?: (?:long|later|only|from (?:now|today)))?)\)?",
    re.IGNORECASE,
)
_FORM_OPEN_FOR = re.compile(
    rf"(?P<words>\b(?:clos(?:es?|ing)|open)\s+(?:in|after|for)\s+(?:only )?{SPAN}){_NO_OTHER}", re.IGNORECASE
)
_SEVERAL = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNITS = r"(?:hours|days|weeks|months)"
_VOTING_FOR = re.compile(
    rf"\b(?:votes?|voting|polls?)(?P<words> for (?:(?:only|just|the next|the following) )?{_SEVERAL} {_UNITS}\b)"
    rf"{_NO_OTHER}",
    re.IGNORECASE,
)
_AND_FOR = re.compile(
    r"\b(?:between|vot(?:e|es|ing) (?:for|on)) (?:(?!\bfor\b)[^.?!;:]){1,160}?"
    rf"(?P<words>,? for (?:(?:only|just|the next|the following) )?(?:{_SEVERAL} {_UNITS}"
    r"|(?:a|an|one)(?: whole| full)? (?:hour|day|week|month)))\s*\)?(?=[.!]|$)",
    re.IGNORECASE,
)
_LASTING = re.compile(
    rf"\b(?P<words>(?:one|{_SEVERAL})[- ](?:hour|day|week|month))(?:[- ]long)? (?=(?:[\w'-]+ )?(?:polls?|votes?)\b)",
    re.IGNORECASE,
)
_PATTERNS = (_CLAUSE, _BEGINNING, _OPEN_FOR, _VOTING_FOR, _AND_FOR, _LASTING)
_ALONE = re.compile(rf"\s*(?:and\s+)?(?P<words>{_CLOSING})\W*", re.IGNORECASE)


def parted(clause: str, *, of_a_form: bool = False) -> tuple[str, str]:
    """The words that say when the poll closes (none: empty), and the clause without them.

    Of a form only what is said of its closing: what lasts three days there is what people sign up for.
    """
    said, rest = _cut(clause, of_a_form=of_a_form)
    return " ".join(said), rest


def closings(sentence: str, *, of_a_form: bool = False) -> list[str]:
    """Every such words of a sentence."""
    alone = closing_alone(sentence)
    return [alone] if alone else _cut(sentence, of_a_form=of_a_form)[0]


def _cut(clause: str, *, of_a_form: bool) -> tuple[list[str], str]:
    if len(re.findall(r"\b(?:until|till)\b", clause)) > 1:  # "stay until Friday or until Sunday" are options
        return [], clause
    said: list[str] = []
    for pattern in (_CLAUSE, _BEGINNING, _FORM_OPEN_FOR) if of_a_form else _PATTERNS:
        while found := pattern.search(clause):
            said.append(tidy(found["words"]))
            whole = pattern not in (_VOTING_FOR, _AND_FOR)
            start, end = found.span() if whole else found.span("words")
            clause = f"{clause[:start]} {clause[end:]}".strip()
    return said, clause


def tidy(words: str) -> str:
    """The words without the marks of the sentence they stood in."""
    return re.sub(r"(?<![\dm])[.!?]+$", "", words.strip(" ,;()"))  # the dot of "24.12." and of "p.m." belongs to it


def closing_alone(sentence: str) -> str:
    """The words of a sentence that says nothing but when the poll closes; empty for any other."""
    for pattern in (_ALONE, _OPEN_FOR):
        found = pattern.fullmatch(sentence.rstrip(" .!"))
        if found:
            return tidy(found["words"])
    return ""


_SPEAKS_OF_IT = re.compile(
    r"\b(?:clos|end|open|run|last|deadline|until|till|extend|stop|vote|voting|poll)", re.IGNORECASE
)


_OF_A_FORM = re.compile(r"\b(?:forms?|sign-?ups?|registrations?|bookings?|orders?|surveys?)\b", re.IGNORECASE)
_NAMED_POLL = re.compile(
    r"\b(?:(?:the|our|my) (?:[\w'-]+ ){1,4}?|both |all (?:the )?)(poll|vote|voting)s?\b", re.IGNORECASE
)
_AT_SOME_EVENT = re.compile(
    r"(?:close|end|stop|finish) (?:it|voting|the (?:poll|vote|voting)) (?:when|once|after|before|as soon as|if)\b",
    re.IGNORECASE,
)


def closing_wished(wish: str) -> str:
    """The words of a wish to change when the poll closes; empty where it is no such wish."""
    if _OF_A_FORM.search(wish):
        return ""
    wish = _NAMED_POLL.sub(r"the \1", wish)
    if (names_closing(wish) and _SPEAKS_OF_IT.search(wish)) or _AT_SOME_EVENT.match(wish):
        return wish
    closes, rest = parted(wish)
    return closes if closes and len(rest.split()) <= 3 else ""
