"""Sentences cut into clauses: each about a form, a poll, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from factory_bot.designer.offline.wishes import places


class About(StrEnum):
    """What a clause is about."""

    POLL = "poll"
    FORM = "form"  # names a form or what one is for: orders, sign-ups, feedback
    ASKING = "asking"  # asks or collects something: a form, unless it stands beside a poll
    OTHER = "other"  # a wish that cannot be built, or nothing known


@dataclass(frozen=True)
class Clause:
    """A piece of a sentence and what it is about; `at` is where its trigger stands in `text`."""

    about: About
    text: str
    at: int


_PEOPLE = (
    r"(?:people|them|everyone|everybody|customers|guests|members|students|parents|visitors|users|clients|players|us"
    r"|players|employees|colleagues|participants|attendees|readers|friends|someone)"
)
_THINGS = (
    r"(?:bugs?|problems?|issues?|damages?|faults?|defects?|incidents?|hazards?|potholes?|outages?|breakdowns?|lost"
    r"|broken|absences?|sightings?|suspicious|crimes?|graffiti|noise|litter|anything)"
)
_TRIGGERS: tuple[tuple[About, re.Pattern[str]], ...] = (
    (
        About.POLL,
        re.compile(
            r"\bvot(?:e|es|ing|ed|ers?)\b|\b(?:straw )?polls?\b|\bballots?\b|\belections?\b|\belect\b"
            r"|\bquestion of the (?:day|week)\b"
            rf"|\b(?:choose|choosing|chooses|pick|picking|decide|deciding)(?: (?:the|our|a|which"
            rf"|what) [\w' -]{{1,40}}?)? (?:between|among|from among)\b"
            rf"|\b(?:let|lets|letting|have|help|helps) (?:\w+ ){{0,3}}?(?:choose|pick|decide)\b|\b{_PEOPLE} (?:can "
            rf"|to |should |will )?(?:choose|pick|decide) (?:which|what|where|when|who|the|our|a|on)\b",
            re.I,
        ),
    ),
    (
        About.FORM,
        re.compile(
            r"\bforms?\b(?! of\b)|\bsign[- ]?ups?\b|\bsign(?:s|ing)? up\b|\bsigning[- ]up\b|\bregister(?:s|ing)?\b"
            r"|\bregistrations?\b|\benrol\w*|\brsvps?\b"
            r"|\bbookings?\b|\b(?:can|to|could|who|people|customers|clients|guests|patients|students|members) book\b"
            r"|\bbook(?:s|ing)? (?:an?|their|your|the|my|our|in|appointments?|tables?|lessons?|rooms?|classes|courts?"
            r"|seats?|tickets?|sessions?|slots?|tours?|trips?|visits?|for)\b"
            r"|\breserv(?:e|es|ing|ation|ations)\b|\bappointments?\b"
            r"|\b(?:pre-?)?orders\b|\b(?:pre-?)?order (?:forms?|with|from|via|by)\b|\b(?:can|to|could|people"
            r"|customers|guests|clients) (?:pre-?)?order\b|\bordering\b|\border-?taking\b|\border bot\b"
            r"|\bpre-?orders?\b"
            r"|\border (?:lunch|food|drinks?|pizzas?|meals?|coffee|cakes?|bread|flowers|books?)\b"
            r"|\b(?<!weather )reports\b|\breport (?:form|bot)\b|\btakes? an order\b"
            r"|\bplace (?:an|their) order\b"
            r"|\bfeedback\b|\breviews\b|\bcomplaints?\b|\bsuggestions?\b|\bsurveys?\b|\bquestionnaires?\b"
            r"|\bapplications?\b(?! (?:that|which|on my))|\b(?:to|can|could|people|candidates|applicants|students"
            r"|who) apply\b|\bapplicants\b"
            rf"|\breport(?:s|ing)? (?:(?:a|an|any|the|some) )?{_THINGS}|\b(?:bug|damage|incident|problem|fault|issue"
            rf"|expense|lost)[- ]reports?\b"
            r"|\bcontact (?:form|us|me|requests?)\b|\bget in touch\b|\benquir\w+|\binquir\w+|\b(?:quote|repair"
            r"|support|leave|holiday|song|access|call-?back|vacation|material|service|maintenance) requests?\b"
            r"|\brequests? for\b|\b(?:to|can|could) (?:request|suggest|propose|recommend)\b|\brequest (?:an?|their)\b"
            r"|\b(?:support )?tickets?\b(?= (?:with|for|form))"
            r"|\bwho(?: is|'s| are)? coming\b|\bwho (?:comes|will come|attends)\b|\bguest ?list\b"
            r"|\bwait(?:ing )?list\b|\bcheck[- ]?in\b|\bcheckin\b|\bvolunteers? (?:to|for|can)\b|\bjoin (?:us|the|our"
            r"|as|my)\b|\bmembership\b|\bnominat\w+",
            re.I,
        ),
    ),
    (
        About.ASKING,
        re.compile(
            r"\bask(?:s|ing|ed)?\b(?! me\b)|\bcollect(?:s|ing)?\b|\bgather(?:s|ing)?\b|\brecord(?:s|ing)?\b"
            r"|\bsubmit(?:s|ting)?\b|\bsend(?:s)? (?:me|us) (?:their|an?)\b|\bfill(?:s|ing)?(?: it)? (?:in|out)\b"
            r"|\benter(?:s|ing)?\b|\bput (?:down |in )?(?:their|your)\b|\bleave (?:their|an?|your|his|me|us)\b"
            r"|\bgive (?:me |us )?(?:their|your)\b"
            r"|\btrack(?:s|ing|er)?\b|\blog(?:s|ging|book)?\b|\bsays? (?:what|how|which|whether|if)\b|\bdiary\b"
            r"|\bjournal\b|\bnote(?:s)? down\b"
            r"|\bwrite down\b|\bfields?\b|\bquestions?\b(?= ?:| are| about| like)|\bwe need (?:their|to know)\b"
            r"|\bi need (?:their|to know)\b|\b(?:i|we) need (?=(?:\w+ ){0,2}(?:name|e-?mail|phone|date)\b)"
            r"|\bwant to know\b|\bneeds? (?:their|the|an?)\b|(?<!you )\brates? (?:the"
            r"|our|my"
            r"|their|your|each)\b|\b(?:telling|giving) (?:us|me)\b|\btell (?:us|me) (?:their"
            r"|your)\b",
            re.I,
        ),
    ),
)
_BOUNDARY = re.compile(
    r"\s*(?:[,;:.!]|\s-\s|(?<=\s)\()?\s*\b(?:and then|and also|as well as|and|plus|then|also|but|with)\b|[;:,.!?\n(]"
    r"|\s-\s",
    re.I,
)
_LEADING = re.compile(
    r"^[\s,;:.!?-]*(?:(?:and then|and also|as well as|and|plus|then|also|but)\b[\s,]*)*", re.IGNORECASE
)
_TRAILING = re.compile(r"[\s,;-]*(?:\b(?:and|plus|then|also|or|but|with)\b[\s,;]*)*$", re.IGNORECASE)
_POLL_NEAR = 60  # characters between an asking verb and a poll in one clause ("ask people to vote")


def clauses(sentence: str) -> list[Clause]:
    """The clauses of a sentence, in order; one about OTHER where nothing is recognised."""
    triggers = _triggers(sentence)
    if not triggers:
        return [Clause(About.OTHER, sentence, 0)]
    cuts = [0]
    kept = [triggers[0]]
    for trigger in triggers[1:]:
        cut = _cut(sentence, kept[-1], trigger)
        if cut is None:
            if _stronger(trigger, kept[-1], sentence):
                kept[-1] = (trigger[0], kept[-1][1] if trigger[0] is not About.POLL else trigger[1], trigger[2])
            continue
        cuts.append(cut)
        kept.append(trigger)
    ends = [*cuts[1:], len(sentence)]
    return [
        _clause(about, sentence[start:end], at - start)
        for (about, at, _), start, end in zip(kept, cuts, ends, strict=True)
    ]


def _clause(about: About, text: str, at: int) -> Clause:
    bare = _LEADING.sub("", text)
    return Clause(about, _TRAILING.sub("", bare).strip(), max(at - (len(text) - len(bare)), 0))


def _triggers(sentence: str) -> list[tuple[About, int, int]]:
    others = places(sentence)
    found = [(About.OTHER, start, end) for start, end in others]
    for about, pattern in _TRIGGERS:
        for match in pattern.finditer(sentence):
            if not any(start <= match.start() < end or match.start() <= start < match.end() for start, end in others):
                found.append((about, match.start(), match.end()))
    return sorted(found, key=lambda trigger: trigger[1])


def _stronger(new: tuple[About, int, int], old: tuple[About, int, int], sentence: str) -> bool:
    """Whether the later of two triggers in one clause says what it is about."""
    if old[0] is About.ASKING:
        near = new[0] is not About.POLL or new[1] - old[2] <= _POLL_NEAR
        return new[0] in {About.FORM, About.POLL} and near
    return old[0] is About.FORM and new[0] is About.POLL and bool(re.match(r"\W*$", sentence[old[2] : new[1]]))


def _cut(sentence: str, old: tuple[About, int, int], new: tuple[About, int, int]) -> int | None:
    """Where the clause of `new` begins; None while nothing parts it from `old`."""
    between = sentence[old[2] : new[1]]
    found = [match for match in _BOUNDARY.finditer(between) if not _in_brackets(between, match.start())]
    if not found:
        return None
    if (
        old[0] is About.POLL
        and new[0] in {About.ASKING, About.FORM}
        and not re.search(r"\b(?:and|plus|also|then)\b|[;.!?\n]", between)
    ):
        return None
    if old[0] in {About.FORM, About.ASKING} and new[0] is About.FORM and _is_an_item(sentence, old, new):
        return None
    same = old[0] in {About.FORM, About.ASKING} and new[0] is About.ASKING
    if same and not re.search(r"\b(?:also|then|plus)\b|[;.!?\n]", between):
        return None  # "a form with …, asking for …": one form, its list continues
    last = found[-1]
    return old[2] + last.start()


def _is_an_item(sentence: str, old: tuple[About, int, int], new: tuple[About, int, int]) -> bool:
    """Whether a form word only names a field in a list ("…: rating, comments and suggestions")."""
    between, after = sentence[old[2] : new[1]], sentence[new[2] :]
    listing = re.search(r":\s|\b(?:with|asks?|asking|including)\b|\(|[^,]+,", between, re.I)
    alone = re.search(r"(?:,|\band)\s*(?:any |your |their |other )?$", between, re.I)
    return bool(listing and alone and re.match(r"\s*(?:[,.;!?()]|$|and\b)", after))


def _in_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)
