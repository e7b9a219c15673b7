"""Titles and names made from a maker's words."""

from __future__ import annotations

import re

from bot_runtime.dna import one_line
from factory_bot.model.draft import LABEL_LIMIT, Draft, FormDraft

TITLES: tuple[tuple[str, str], ...] = (
    (r"orders?|ordering|take[- ]?aways?|deliver\w*", "Order"),
    (r"rsvp", "RSVP"),
    (r"appointments?", "Appointment"),
    (r"bookings?|book (?:an?|their|your)|reserv\w+", "Booking"),
    (r"job|applications?|applicants?|candidates?|apply", "Application"),
    (r"sign[- ]?ups?|sign up|register\w*|registrations?|enrol\w*|join\w*|memberships?", "Sign-up"),
    (r"feedback|reviews?|complaints?|suggestions?", "Feedback"),
    (r"bugs?|issues?|problems?|faults?|incidents?|defects?|damages?|reports?", "Report"),
    (r"surveys?|questionnaires?", "Survey"),
)
NO_TITLE = "Form"
WEAK_TITLES: tuple[tuple[str, str], ...] = (
    (r"contact (?:form|us|me)|enquir\w+|inquir\w+", "Contact"),
    (r"requests?|tickets?|support", "Request"),
)

_PLACE = re.compile(
    r"\b(?:for|of) (?:my|our|the|a|an) ([\w'’-]+(?: [\w'’-]+){0,2}?)"
    r"(?=\s*(?:[:.,;!?(]|$|\b(?:that|which|to|where|so|and|with|in|at|on|called|named|can|who)\b))",
    re.IGNORECASE,
)
_FILLER = frozenset(
    re.findall(
        r"\w+",
        "a an the my our your their for of to in on at bot that which who and or with it so some make me i we want "
        "need please create build would like can could is are be this new small little local",
    )
)


def title_of(words: str) -> str:
    """A title for a form, from what it is about."""
    lowered = words.casefold()
    for titles in (TITLES, WEAK_TITLES):
        found = [(match.start(), title) for pattern, title in titles if (match := _word(pattern, lowered))]
        if found:
            return min(found)[1]
    return NO_TITLE


def _word(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b(?:{pattern})\b", text)


def suggested_name(draft: Draft) -> str:
    """A name for a bot that has none."""
    purpose = one_line(draft.purpose or "")
    place = _PLACE.search(purpose)
    topic = place[1].strip() if place else ""
    if not topic:
        first = draft.features[0] if draft.features else None
        topic = (first.title or "") if isinstance(first, FormDraft) else ""
    if not topic:
        words = [word for word in re.findall(r"[^\W_][\w'’-]*", purpose) if word.casefold() not in _FILLER]
        topic = " ".join(words[:2])
    topic = " ".join(word[:1].upper() + word[1:] for word in topic.split())[: LABEL_LIMIT - 4].strip()
    return f"{topic} Bot" if topic and not topic.casefold().endswith("bot") else topic or "My Bot"
