"""Details in a maker's words that no form and no poll can have: found, so that it is said that they are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factory_bot.designer.offline.clauses import clauses
from factory_bot.designer.offline.closing import closings, tidy
from factory_bot.designer.offline.prepare import sentences
from factory_bot.designer.offline.wishes import places
from factory_bot.model.reading import ReadForm, ReadPoll
from factory_bot.model.words.moments import MOMENT

_COUNT = r"(?:\d{1,5}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|a hundred)"
_PLACES = (
    r"(?:places?|seats?|spots?|slots?|tickets?|people|persons|participants?|guests?|attendees|children|kids|players"
    r"|members|students|teams?|orders?|bookings?|registrations?|sign-?ups?|submissions?|entries|answers|votes|voters)"
)
_LIMIT = r"(?:only|just|max(?:imum|\.)?(?: of)?|at most|up to|no more than|not more than|limited to|the first)"
_ROOM = (
    rf"{_LIMIT} {_COUNT} (?:free |available )?{_PLACES}\b(?: (?:only|in total|available|left|per \w+))?"
    rf"|{_COUNT} (?:free |available )?(?:places?|seats?|spots?|slots?|tickets?)(?: (?:only|in total|available|left"
    r"|max(?:imum)?|per \w+))?(?=\s*(?:[.,;!)]|$))"
    r"|(?:only )?(?:one|1|two|2) (?:submission|entry|answer|order|booking|registration|sign-?up)s? (?:per|for each) \w+"
    r"|first[- ]come,?(?: |-)first[- ]served?"
)
_ROOM_AS_AN_ITEM = re.compile(
    rf"\s*[,;-]\s*(?:and |but |with |for )*(?:{_ROOM})(?=\s*(?:[.,;!]|$|and\b))", re.IGNORECASE
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{_ROOM})",
        r"\banonymous(?:ly)?\b",
        r"\b(?:hide|don't show|do not show|hidden) (?:the )?results(?: (?:until|till) [^.,;!?]{2,30})?",
        rf"\b(?:starts?|starting|opens|begins?|beginning) (?:(?:on|at|from) )?(?:{MOMENT})",
        r"(?<=, )(?:weekly|daily|monthly)(?=\s*(?:[.;!]|$))",
        r"\b(?:weekly|daily|monthly)(?= (?:[\w'-]+ ){0,2}?(?:polls?|votes?|voting|forms?|surveys?|questionnaires?)\b)",
    )
)
_AGAIN = re.compile(
    r"\b(?:every|each) (?:single )?(?:(?:other|second) )?(?:day|week|month|year|morning|evening|(?:mon|tues|wednes"
    r"|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)


def left_out(text: str, features: Sequence[ReadForm | ReadPoll]) -> tuple[str, ...]:
    """The details in the words that are in none of the features, in the order they were said."""
    taken = " \n ".join(_texts(features)).casefold()
    found: list[str] = []
    for sentence in sentences(text):
        said = [
            (sentence.find(words), words) for part in clauses(sentence) for words in closings(part.text, of_a_form=True)
        ]
        # "The weather every morning" is one wish, and answered as such.
        patterns = _PATTERNS if places(sentence) else (*_PATTERNS, _AGAIN)
        said += [(match.start(), tidy(match[0])) for pattern in patterns for match in pattern.finditer(sentence)]
        found += [words for _, words in sorted(said) if not _is_taken(words, taken, features)]
    return tuple(words for place, words in enumerate(found) if not any(words in other for other in found[:place]))


def without_room(clause: str) -> str:
    """A form's clause without how many may send it, where that stands like an item of its list."""
    return _ROOM_AS_AN_ITEM.sub("", clause)


def _texts(features: Sequence[ReadForm | ReadPoll]) -> list[str]:
    """Everything that the features were made of."""
    texts: list[str] = []
    for feature in features:
        if isinstance(feature, ReadPoll):
            texts += [feature.question or "", *feature.options, feature.closes or ""]
        else:
            texts.append(feature.title or "")
            for field in feature.fields:
                texts += [field.label, *field.options]
    return texts


def _is_taken(words: str, taken: str, features: Sequence[ReadForm | ReadPoll]) -> bool:
    closes = [one.closes.casefold() for one in features if isinstance(one, ReadPoll) and one.closes]
    if words.casefold() in taken or any(closing in words.casefold() for closing in closes):
        return True
    numbers = {float(number) for number in re.findall(r"\d+", words)}
    bounds = {bound for form in features if isinstance(form, ReadForm) for one in form.fields
              for bound in (one.minimum, one.maximum) if bound is not None}  # fmt: skip
    return bool(numbers) and numbers <= bounds
