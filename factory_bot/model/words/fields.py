"""Fields in words: "name, phone, size (small or large), e-mail (optional)" become the questions of a form."""

from __future__ import annotations

import re

from bot_runtime.dna import FieldKind, one_line
from factory_bot.model.draft import FIELD_OPTIONS_LIMIT, LABEL_LIMIT, FieldDraft, distinct
from factory_bot.model.words.lists import items_of

KIND_WORDS: tuple[tuple[FieldKind, str], ...] = (
    (FieldKind.EMAIL, r"e-?mails?(?: addresse?s?)?|mail address|correo|courriel"),
    (
        FieldKind.PHONE,
        r"(?:tele|mobile |cell ?)?phones?(?: numbers?)?|mobile(?: number)?|cell(?: number)?"
        r"|telefon\w*|téléphone|whats?app number|tel",
    ),
    (FieldKind.PHOTO, r"photo(?:graph)?s?|pictures?|selfie|image|screenshots?|snapshot"),
    (FieldKind.RATING, r"ratings?|stars?|star rating|score out of 5"),
    (FieldKind.DATE, r"dates?|birthdays?|birth ?date|day of birth|deadline|due date|datum|fecha"),
    (
        FieldKind.NUMBER,
        r"how many|how much|how old|number of|amount|quantity|qty|age|count|price|budget|party size|headcount"
        r"|guests?|weight|height|distance|kilomet(?:er|re)s|year|reps|sets|laps|calories|minutes|hours",
    ),
)
_MULTIPLE = re.compile(
    r"\b(?:multiple[ -]choice|multi[ -]?select|several|select all|choose (?:any|all|many|several)|tick all|check all"
    r"|any of|one or more|checkbox(?:es)?)\b",
    re.I,
)
_CHOICE = re.compile(r"\b(?:single[ -]choice|choice|choose one|pick one|one of|select one|drop-?down|options?)\b", re.I)
_OPTIONAL = re.compile(
    r"\b(?:optional(?:ly)?|not required|not mandatory|if (?:you|they) (?:want|like|wish)|voluntary)\b", re.I
)
_REQUIRED = re.compile(r"\b(?:required|mandatory|compulsory|must)\b", re.I)
_RANGE = re.compile(
    r"\b(?:from |between )?(-?\d{1,9}(?:\.\d+)?)\s*(?:-|–|—|to|and|\.\.+)\s*(-?\d{1,9}(?:\.\d+)?)\b", re.I
)
_AT_LEAST = re.compile(r"\b(?:at least|min(?:imum)?(?: of)?|from|over)\s+(-?\d{1,9}(?:\.\d+)?)\b", re.I)
_AT_MOST = re.compile(r"\b(?:at most|max(?:imum)?(?: of)?|up to|no more than|under)\s+(-?\d{1,9}(?:\.\d+)?)\b", re.I)
_LEAD = re.compile(
    r"^(?:(?:please|just|then|also|finally|maybe|perhaps|plus|as well as|and|including)\s+)*"
    r"(?:(?:i|we)(?:'d| would)? (?:need|want|like)(?: to know)?\s+)?"
    r"(?:(?:let (?:them|people|users) )?(?:attach|upload)s?\s+)?"
    r"(?:(?:leave|say|state|provide|pick|choose|select|tell us|fill in)s?\s+"
    r"(?=(?:an?|the|their|your|his|how|what|which|when|whether)\b))?"
    r"(?:(?:ask|asks|asking)\s+(?:for\s+|about\s+|them\s+|people\s+)?|(?:collect|record|take|get|enter|give|need|want"
    r"|add|include)s?\s+)?"
    r"(?:(?:a|an|the|their|your|his|her|its|my|our|some|any|people'?s|everyone'?s|customers?'?s?|guests?'?s?)\s+)*",
    re.I,
)
_QUESTION = re.compile(r"[^?\n]+\?(?:\s*\([^)]*\))?")
_QUESTION_WORD = re.compile(
    r"^(?:what|which|how|when|where|who|why|do|does|did|is|are|can|could|would|will|should|have|has|any)\b", re.I
)
_SYMBOL = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")  # emoji: decoration in a label
_ASIDE = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_WRAPPED_KIND = re.compile(
    r"^(?:text|string|free text|short text|long text|number|date|phone|photo|e-?mail|rating)$", re.I
)
_YES_NO = re.compile(r"\byes\s*(?:/|or)\s*no\b", re.I)
_STARS = re.compile(
    r"\b(?:1|one)\s*(?:-|–|to)\s*(?:5|five)\b(?:\s*stars?)?|\b(?:out of|of) (?:5|five)\b|\b(?:5|five)[ -]stars?\b", re.I
)


_TAIL = re.compile(
    r"[\s,]*(?:"
    r"\b(?:so that|so (?:we|i|they|people)|because|in order to|to (?:make|help|let|be|get|keep|see|find|plan|call"
    r"|contact|know|ensure|sign|join|register|book|order|apply|reserve)|"
    r"whenever (?:they|people|someone|a|an|customers|guests)|when (?:people|someone|customers|guests)"
    r"|(?<!number )(?<!amount )of (?:people"
    r"|everyone|those|anyone|customers|guests) |(?:after|before|during|at) (?:each|every|the|our|my"
    r"|class|a)\b|from (?:my|our|the|each|every|all|customers|people|guests|parents|visitors|members|students|anyone"
    r"|everyone)|"
    r"(?<!reason )(?<!budget )(?<!wishes )(?<!date )(?<!time )(?<!needs )(?<!preferences )(?<!size )(?<!idea )"
    r"(?<!plans )for (?:my|our|the|each|every|a|an|all|next|this|pizza|us|me)\b|"
    r"in (?:the|my|our|one|a) (?:app|chat|bot|form|telegram|list|place)|via telegram|thanks|thank you|thx|cheers"
    r"|please|and (?:then )?(?:send|sends|store|save|email (?:me|us|them|it|the)|tell|notify|let(?! \w+ (?:attach"
    r"|upload))|lets|show|give|make"
    r"|it|that|that's|i|we|the bot|thank|keep|be|get|nothing else|so on|such)|etc|nothing (?:else|more)|that's (?:all"
    r"|it)|as (?:a|an) (?:form|list))\b.*"
    r"|[.!]+)$",
    re.I | re.S,
)
_KNOWN = frozenset(
    re.findall(
        r"[\w-]+",
        "name names surname firstname lastname address street city town postcode zip country company department class "
        "grade team size colour color quantity amount message comment comments notes note remarks description title "
        "subject allergies diet time day topic question opinion reason department position experience skills level "
        "gender nickname username plate model brand serial location room table seat website link url age breed weight "
        "height budget menu dish drink dessert starter pickup delivery toppings extras flavour flavor rating stars "
        "e-mail email phone mobile date birthday photo picture guests number school teacher child song artist",
    )
)
_EACH_HAS = re.compile(
    r"^(?:each|every|an?|the|one|all) \w+ (?:has|have|needs?|contains?|includes?|consists? of|comes? with)\s+",
    re.IGNORECASE,
)


def fields_of(text: str) -> list[FieldDraft]:
    """The fields that the words list, in order; each at most once."""
    fields: dict[str, FieldDraft] = {}
    for item in field_items(text):
        field = field_of(item)
        if field is not None:
            fields.setdefault(field.label.casefold(), field)
    return list(fields.values())


def field_items(text: str) -> list[str]:
    """The items of a list of fields, tails like "so that we can call" left out; a question is one item."""
    text = _EACH_HAS.sub("", text.strip())
    questions = _QUESTION.findall(text)
    if len(questions) > 1 and not re.search(r"\w", _QUESTION.sub("", text)):
        return [question.strip(" ,;") for question in questions]
    items = items_of(_with_options_of_the_last(without_tail(text)))
    within = [items_of(item) if "," in item and not re.search(r"[:(\[]", item) else [item] for item in items]
    return _parted([part for parts in within for part in parts])


def without_tail(text: str) -> str:
    """The list without the clause behind it; what goes on after a comma or on another line is no such clause."""
    found = _TAIL.search(text.strip())
    if found and re.search(r"[,;\n]", found[0].strip(" ,")):
        return text.strip()
    return text.strip()[: found.start()] if found else text.strip()


def field_of(phrase: str) -> FieldDraft | None:
    """One field from one phrase: its label, kind, range, options and whether it must be filled in."""
    phrase = one_line(phrase).strip(" .,;:")
    asides = _ASIDE.findall(phrase)
    main = re.sub(r"\s+(?=[?.!,])", "", one_line(_ASIDE.sub(" ", phrase)))
    if not re.search(r"\w", main):
        return None
    head, _, tail = _split_head(main)
    details = [tail, *asides] if tail else list(asides)
    hints = " ".join([head, *details])
    options, bounds = _options(details), _bounds(hints)
    label = _label(head)
    if not label:
        return None
    kind = _kind(label, hints, details, options)
    if kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        bounds = (None, None)
    elif kind is not FieldKind.NUMBER:
        bounds, options = (None, None), []
    return FieldDraft(
        label=label,
        kind=kind,
        required=not _OPTIONAL.search(hints),
        options=tuple(options[:FIELD_OPTIONS_LIMIT]),
        minimum=bounds[0],
        maximum=bounds[1],
    )


def is_usual(item: str) -> bool:
    """Whether forms often ask this."""
    bare = re.sub(r"[(\[:].*$", "", item).strip().casefold()
    return kind_of(bare) is not FieldKind.TEXT or bool(_KNOWN & set(re.findall(r"[\w-]+", bare)))


def kind_of(label: str) -> FieldKind:
    """What a field takes, judged by its label alone."""
    lowered = label.casefold()
    for kind, words in KIND_WORDS:
        if re.search(rf"(?<![\w-])(?:{words})(?![\w-])", lowered):
            return FieldKind.TEXT if kind is FieldKind.NUMBER and "name" in lowered else kind
    return FieldKind.TEXT


def _split_head(text: str) -> tuple[str, str, str]:
    """`size: small or large` and `size - small or large` in label and details; a question keeps its words."""
    for mark in (":", " - ", " – ", " — ", "="):
        head, found, tail = text.partition(mark)
        if found and head.strip() and tail.strip():
            return head.strip(), found, tail.strip()
    sizes = re.match(r"(.*?\w)\s+((?:X{0,3}[SL]|M)(?:\s+(?:X{0,3}[SL]|M)){1,7})$", text)
    if sizes:
        return sizes[1], " ", ", ".join(sizes[2].split())
    slashed = re.match(r"(.*\w)\s+((?:[^\W\d_][\w-]*\s*/\s*)+[^\W\d_][\w-]*)\s*$", text)
    if slashed and not re.search(r"\band/or\b", text, re.I):
        return slashed[1], " ", slashed[2]
    found_range = re.search(r"\s(?:from|between)\s+-?\d|\s-?\d+\s*(?:-|–|to)\s*-?\d+\s*(?:stars?)?$", text)
    if found_range:
        return text[: found_range.start()].strip(), " ", text[found_range.start() :].strip()
    return text, "", ""


def _label(head: str) -> str:
    bare = one_line(_SYMBOL.sub(" ", head)).strip(" .,;:-–\"'")
    bare = re.sub(rf"(?:,\s*|\s+)?(?:{_OPTIONAL.pattern}|{_REQUIRED.pattern})\s*$", "", bare, flags=re.I).strip()
    bare = re.sub(rf"^(?:{_OPTIONAL.pattern}|{_REQUIRED.pattern})\s+", "", bare, flags=re.I).strip()
    if not _QUESTION_WORD.match(bare):
        bare = _LEAD.sub("", bare).strip() or bare
        bare = re.sub(rf"^(?:{_OPTIONAL.pattern})\s+", "", bare, flags=re.I).strip()  # "an optional comment"
    bare = re.sub(r"\s+(?:as|with)\s+(?:a\s+)?(?:choice|option|multiple[ -]choice)s?$", "", bare, flags=re.I)
    bare = re.sub(r"\s+only$", "", bare, flags=re.I)
    bare = bare.rstrip("?") if len(bare.split()) < 3 and not _QUESTION_WORD.match(bare) else bare
    return bare[:1].upper() + bare[1:LABEL_LIMIT] if bare else ""


def _options(details: list[str]) -> list[str]:
    for detail in details:
        plain = _OPTIONAL.sub("", _REQUIRED.sub("", detail)).strip(" ,;:")
        plain = re.sub(
            rf"^(?:{_MULTIPLE.pattern}|{_CHOICE.pattern})\s*(?::|of|from|between)?\s*", "", plain, flags=re.I
        )
        if not plain or _WRAPPED_KIND.match(plain) or _is_range(plain):
            continue
        items = [item for item in items_of(plain) if item]
        if len(items) >= 2 and all(len(item) <= LABEL_LIMIT for item in items):
            return list(distinct(items))
    return []


def _is_range(text: str) -> bool:
    return bool(
        _RANGE.fullmatch(text.strip())
        or _STARS.fullmatch(text.strip())
        or _AT_LEAST.search(text)
        or _AT_MOST.search(text)
    )


def _bounds(text: str) -> tuple[float | None, float | None]:
    found = _RANGE.search(text)
    if found:
        low, high = float(found[1]), float(found[2])
        return (low, high) if low <= high else (high, low)
    least, most = _AT_LEAST.search(text), _AT_MOST.search(text)
    low_only, high_only = (float(least[1]) if least else None), (float(most[1]) if most else None)
    if low_only is not None and high_only is not None and low_only > high_only:
        return None, None
    return low_only, high_only


def _kind(label: str, hints: str, details: list[str], options: list[str]) -> FieldKind:
    if _MULTIPLE.search(hints):
        return FieldKind.CHOICES
    if len(options) >= 2:
        return FieldKind.CHOICE
    by_label = kind_of(label)
    if re.search(r"\bnumbers?\b", " ".join(details), re.I):
        return FieldKind.NUMBER
    starred = re.search(r"\bstars?\b", " ".join(details), re.I) is not None
    if by_label is FieldKind.RATING or starred or (_STARS.search(hints) and by_label is not FieldKind.NUMBER):
        return FieldKind.RATING
    for kind in (FieldKind.NUMBER, FieldKind.DATE, FieldKind.PHONE, FieldKind.EMAIL, FieldKind.PHOTO):
        if re.search(rf"\b{kind.value if kind is not FieldKind.EMAIL else 'e-?mail'}\b", " ".join(details), re.I):
            return kind
    if by_label is FieldKind.TEXT and _CHOICE.search(hints):
        return FieldKind.CHOICE
    if by_label is FieldKind.TEXT and _bounds(hints) != (None, None):
        return FieldKind.NUMBER
    return by_label


def _parted(items: list[str]) -> list[str]:
    """`phone and size` in the middle of a list is two fields, where the first is a usual one."""
    parts: list[str] = []
    for item in items:
        first, joint, second = item.partition(" and ")
        parts += (
            [first, second] if joint and is_usual(first) and len(first.split()) <= 2 and "?" not in item else [item]
        )
    return parts


def _with_options_of_the_last(text: str) -> str:
    """`name and size: small, medium or large`: what stands behind the colon are the choices of the last field."""
    head, found, tail = text.rpartition(": ")
    if not found or "(" in head or ";" in head or not re.search(r",|\band\b", head) or ":" in head:
        return text
    choices = distinct(items_of(tail))
    if len(choices) < 2 or any(is_usual(choice) for choice in choices):
        return text
    return f"{head} ({', '.join(choices)})"
