"""A form in a maker's words: its title and its fields."""

from __future__ import annotations

import re

from bot_runtime.dna import FieldKind
from factory_bot.model.draft import FIELDS_LIMIT, FieldDraft
from factory_bot.model.naming import title_of
from factory_bot.model.reading import ReadField, ReadForm
from factory_bot.model.words.answers import TONE_WORDS
from factory_bot.model.words.fields import field_items, field_of, is_usual, without_tail
from factory_bot.model.words.lists import items_of

_WHO = (
    r"(?:(?:the |my |our |every |each )?(?:people|them|everyone|everybody|customers?|guests?|members?|students?"
    r"|parents?|visitors?|users?|clients?|patients?|players?|employees?|colleagues?|participants?|attendees?|readers?"
    r"|friends?|person|us|me|you|candidates?|applicants?|couples?|families|kids|children|teams?|volunteers?)(?:\s+"
    r"|(?=:)))?"
)
_INTRO = re.compile(
    rf"\b(?:asks?|asking)\s+{_WHO}(?:for|about|these questions|the following(?: questions)?|questions(?: like"
    rf"| such as)?|following)?\s*:?\s*"
    r"|\b(?:with|including|includes?|containing|contains|consisting of|asking for|having)\s+(?:the |these |following "
    r"|some |such )*(?:fields?|questions?|details|information|things|info|data)?(?: (?:like|such as|for"
    r"|about))?\s*:?\s*"
    r"|\b(?:fields?|questions?|details|information|info|data)\s*(?:are|should be|will be|like|such as|needed|required"
    r"|it needs)?\s*:\s*"
    r"|\b(?:fields|questions) (?:are|should be|like|such as|for|about)\s+"
    rf"|\b(?:collect|collects|collecting|gather|gathers|gathering|record|records|recording|note down|take|takes|enter"
    rf"|enters|entering|leave|leaves|leaving|give|gives|giving|put|puts|putting|submit|submits|send|sends|provide"
    rf"|provides|fill in"
    rf"|fill out|write down|track|tracks|tracking|log|logs|logging|tell|tells|telling|need|needs|want|wants|know"
    rf"|knows|get"
    rf"|gets|share|state|name)\s+{_WHO}(?:down )?(?=(?:the|their|his|her|your|a|an|my|its|names?|e-?mails?"
    rf"|phones?|dates?|ages?|first|last|full|(?:child|student|guest|customer|owner|pet|parent|company|team|user"
    rf"|emergency|contact)(?:'s|s)?\b)\b)"
    r"|\b(?:says?|tells?(?: us| me)?|states?|know(?: from (?:my |our |the )?\w+)?) (?=(?:what|how|which|whether|if"
    r"|who|when|where)\b)"
    r"|\s*:\s+|\s+-\s+|\s*\((?=[^)]*(?:,|/| and ))",
    re.I,
)
_NO_FIELD = re.compile(
    r"^(?:a |an |the |my |our |some |your |its )*(?:(?:\w+ ){0,2}(?:form|poll|vote|survey|bot|tone|style|voice"
    r"|features?"
    r"|orders?|feedback|sign-?ups?|registrations?|bookings?|app|telegram)"
    r"|list|information|info|data|details|things|stuff|way|buttons?|emojis?|following|questions|answers|replies"
    r"|people|them|everyone|customers|it|this|that|us|me)$"
    r"|^(?:stores?|saves?|keeps?|sends?|shows?|gives|notif(?:y|ies)|thanks|answers|replies|greets?|forwards?|lets?)\b"
    r"|^(?:you know|basically|i guess|i think|like|so)$",
    re.IGNORECASE,
)
_VERBAL = re.compile(r"\b(?:let|lets|vote|votes|voting|poll|should be|must be|i want|we want|bot)\b", re.I)
_ORDER_OF = re.compile(r"\border (?:an? |some |the )?((?:\w+ )?\w+) \(([^()]{3,200})\)", re.IGNORECASE)
_RATE = re.compile(
    r"\brates? (?:the|our|my|their|your|each) ([\w'-]+(?: [\w'-]+){0,2}?)"
    r"(?=\s*(?:[(,.;:]|$|\b(?:and|from|with|out|on|in|by|after|as|using)\b))",
    re.IGNORECASE,
)
_WORDS_LIMIT = 9
_QUESTION_WORDS_LIMIT = 16
_CLAUSE_LIMIT = 2000  # characters
_INTROS_LIMIT = 12


def form_of(clause: str, trigger: int) -> ReadForm:
    """The form that a clause describes; `trigger` is where its form word stands."""
    fields = _fields(clause, trigger)
    ordered = _ORDER_OF.search(clause)
    if ordered and not any(is_usual(item) for item in items_of(ordered[2])):
        fields = (*_unlike(listed_fields(f"{ordered[1]} ({ordered[2]})"), fields), *fields)
    rated = _RATE.search(clause)
    if rated and not any(field.kind is FieldKind.RATING for field in fields):
        label = rated[1].strip()
        rating = ReadField(label=label[:1].upper() + label[1:], kind=FieldKind.RATING)
        later = bool(fields) and 0 <= clause.casefold().find(fields[0].label.casefold()) < rated.start()
        fields = (*fields, rating) if later else (rating, *fields)
    return ReadForm(title=_title(clause), fields=fields)


def _unlike(fields: tuple[ReadField, ...], others: tuple[ReadField, ...]) -> tuple[ReadField, ...]:
    known = {other.label.casefold() for other in others}
    return tuple(field for field in fields if field.label.casefold() not in known)


def listed_fields(text: str) -> tuple[ReadField, ...]:
    """The fields of a bare list, tails like "so that we can call" left out."""
    fields = [field for item in field_items(text) if (field := _field(item)) is not None]
    unique: dict[str, FieldDraft] = {}
    for field in fields:
        unique.setdefault(field.label.casefold(), field)
    return tuple(ReadField(**field.model_dump()) for field in list(unique.values())[:FIELDS_LIMIT])


def question_field(sentence: str) -> ReadField | None:
    """A field from a question in full: "How was the class?"."""
    text = re.sub(r"^(?:and|also|then)\s+", "", sentence.strip(), flags=re.I)
    text = re.sub(r"^[^:?]*\b(?:ask|questions?|answer)\b[^:?]*:\s*", "", text, flags=re.I)
    if "?" not in text or len(text.split()) > _QUESTION_WORDS_LIMIT:
        return None
    field = field_of(text)
    return ReadField(**field.model_dump()) if field else None


def looks_like_fields(text: str) -> bool:
    """Whether a bare list names things that forms ask: two items at least, one of them a usual field."""
    items = items_of(without_tail(text))
    return (
        len(items) >= 2
        and any(is_usual(item) for item in items)
        and all(len(item.split()) <= _WORDS_LIMIT for item in items)
    )


def _title(clause: str) -> str | None:
    quoted = re.search(
        r"\b(?:form|survey|questionnaire)\s+(?:called|titled|named|with the title)\s+[\"“'«]?([^\"”'»,.;:]{2,40})",
        clause,
        re.I,
    )
    if quoted:
        return re.split(r"\s+(?:with|that|which|asking|where|for)\s", quoted[1], maxsplit=1)[0].strip()
    title = title_of(clause)
    if title != "Form":
        return title
    before = re.search(
        r"\b((?:[a-z][\w-]+ ){1,2})(?:form|sheet|(?:log|diary|tracker|journal)(?=\s*(?:[:,.;-]|$|bot\b|for\b|with\b"
        r"|to\b)))",
        clause,
        re.I,
    )
    if before:
        words = [word for word in before[1].split() if word.casefold() not in _NOT_IN_TITLE]
        if words:
            title = " ".join(words)
            return title[:1].upper() + title[1:]
    return None


_NOT_IN_TITLE = frozenset(
    re.findall(
        r"\w+",
        "a an the my our your some simple little short quick small with need want make create build another second one "
        "add and or of for bot telegram please me us using via in on is it this that web online have includes order "
        "entry which has asks get give two three several forms",
    )
)


def _fields(clause: str, trigger: int) -> tuple[ReadField, ...]:
    """The fields behind the words that introduce them: the last such words before the list begins."""
    lone: tuple[ReadField, ...] = ()
    clause = clause[:_CLAUSE_LIMIT]
    intros = [found for found in _INTRO.finditer(clause) if found.start() >= trigger - 1][:_INTROS_LIMIT]
    for place, found in enumerate(intros):
        following = intros[place + 1] if place + 1 < len(intros) else None
        brackets = following is not None and following[0].rstrip().endswith("(") and ":" in found[0]
        if following is not None and not brackets and _only_leads_on(clause[found.end() : following.start()]):
            continue
        fields = listed_fields(_inside(clause[found.end() :], found[0]))
        chosen = _choice_of_things(clause[: found.end()], fields)
        if chosen is not None:
            return (chosen,)
        if found[0].rstrip().endswith("(") and (lone or not any(is_usual(field.label) for field in fields)):
            continue  # the choices of one field, or an aside
        if len(fields) >= 2:
            return fields
        if fields and not lone and _plausible(fields[0], found[0]):
            lone = fields
    return lone


def _choice_of_things(introduction: str, fields: tuple[ReadField, ...]) -> ReadField | None:
    """`sign up for time slots: 10am, 11am`: what is listed are the choices of one field, not fields."""
    things = re.search(
        r"\bfor (?:an? |the |one of |these |the following |our )*([\w' -]{3,30}):\s*$", introduction, re.I
    )
    plain = all(field.kind in {FieldKind.TEXT, FieldKind.NUMBER} and not field.options for field in fields)
    if things is None or len(fields) < 2 or not plain or any(is_usual(field.label) for field in fields):
        return None
    if any(len(field.label.split()) > 4 for field in fields) or title_of(things[1]) != "Form":
        return None
    label = things[1].strip()
    options = tuple(field.label for field in fields)
    return ReadField(label=label[:1].upper() + label[1:], kind=FieldKind.CHOICE, options=options)


def _only_leads_on(between: str) -> bool:
    """Whether what stands between two introductions is no list yet ("asks for [a booking] with name and phone")."""
    between = re.sub(r"\b(?:every|each) \w+", "", between)
    return not re.search(r"[,;(]", between) and not any(is_usual(item) for item in items_of(between))


def _inside(text: str, intro: str) -> str:
    """The list itself: up to the bracket that closes it."""
    depth = 1 if intro.rstrip().endswith("(") else 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and character == ")" and intro.rstrip().endswith("("):
            return text[:place]
        if depth < 0:
            return text[:place]
    return text


def _plausible(field: ReadField, intro: str) -> bool:
    """Whether a single thing behind an introduction is a field."""
    explicit = re.search(r"ask|field|question|collect|their|:", intro, re.I) is not None
    return explicit or is_usual(field.label)


def _field(item: str) -> FieldDraft | None:
    item = re.sub(r"^(?:let (?:them|people|users) )?(?:attach|upload) (?=\w)", "", item.strip(), flags=re.I)
    item = item if "(" in item else without_tail(item)
    bare = re.sub(r"\([^)]*\)", "", item).strip(" .!,;")
    asked = bool(
        re.match(r"(?:what|which|how|when|where|who|why|do|does|did|is|are|would|will|can|have)\b", bare, re.I)
    )
    if not bare or _NO_FIELD.match(bare) or (_VERBAL.search(bare) and not asked) or _is_manner(bare):
        return None
    head = re.split(r":| - ", bare, maxsplit=1)[0]
    if len(head.split()) > (_QUESTION_WORDS_LIMIT if asked else _WORDS_LIMIT):
        return None
    return field_of(item)


def _is_manner(text: str) -> bool:
    words = re.findall(r"[\w-]+", text.casefold())
    return bool(words) and all(word in TONE_WORDS or word in {"a", "very", "and", "tone", "be"} for word in words)
