"""What every wish to change a bot is made of: verbs, politeness, and one message cut into its wishes."""

from __future__ import annotations

import re

from factory_bot.designer.offline.prepare import sentences
from factory_bot.model.draft import Draft
from factory_bot.model.parts import FieldPart, fields_called, the_one

CHANGE = r"(?:make|change|set|turn|switch|update|edit|mark|have|let)"
BE = r"(?:is|are|be|should be|shall be|must be|can be|could be|may be|will be|has to be|have to be|needs? to be|to be)"
MANY = r"(?:(?:an?|another|one more|\d+ more|two more|three more|more|some|the|these|this|new|also|one|two) )*"
ADD = re.compile(
    r"^(?:(?:(?:i|we)(?: also)? (?:want|need)|(?:i|we)(?:'d| would)(?: also)? (?:want|need"
    r"|like))(?: to have)?(?: also)?"
    r"|put(?= .+ (?:in|into|on|to) )"
    r"|it should also (?:ask(?: for)?|have)|also ask(?: for)?|ask also(?: for)?|ask(?: for)?(?= )"
    r"|also(?= (?:the|an?|their)\b)|(?:also )?collect|(?:i|you|we) forgot(?: about)?|(?:also )?(?:add|include"
    r"|append|put in|insert))\b(?: also)?(?! between)\s*:?\s*",
    re.I,
)
REMOVE = re.compile(
    r"^(?:remove|delete|drop|leave out|take out|take away|get rid of|without|no(?! )|no|skip|don't ask(?: for)?|do not "
    r"ask(?: for)?|(?:i|we) (?:don't|do not) (?:want|need)|cut|erase|throw out|cancel)\b\s*",
    re.I,
)
_POLITE = re.compile(
    r"^(?:(?:please|ok|okay|hmm|um|yes|no(?=[,.!])|and|but|also(?! (?:ask|the|an?|their)\b)|then|now|actually"
    r"|(?:can|could"
    r"|would) (?:you|we)"
    r"(?: please)?|i'd like(?: you)? to|i would like(?: you)? to|(?:i|we) want(?: you)? to(?! have)|let's|just|maybe|oh"
    r"|hey|sorry|well|it would be (?:nice|good|better) (?:to|if you)|(?:is it"
    r"|would it be) possible to)\b[\s,.!-]*)+(?=\w)",
    re.I,
)
_REWORDED = (
    (re.compile(r"^take (.+?) out(?: of (.+))$", re.I), r"remove \1 from \2"),
    (
        re.compile(r"^(.+?) (?:should|can|must|may) (?:be (?:removed|deleted|dropped|left out)|go)$", re.I),
        r"remove \1",
    ),
    (re.compile(r"^(?:could|can|should|would) (?:we make )?(.+?) be ([^?]+)\?$", re.I), r"\1 should be \2"),
    (re.compile(r"^change (.+?) so that (?:it|they) (?:is|are) ", re.I), r"make \1 "),
    (re.compile(r"^(?:what|how) about (?:adding )?(.+?)\??$|^\+ ?(?=\w)(.+)$", re.I), r"add \1\2"),
)
_ASKED = re.compile(r"\b(?:can|could|would) (?:you|we)\b|possible", re.I)
_TAIL = re.compile(r"(?:[\s,]*\b(?:please|too|as well|thanks|thank you|thx|again)|[\s.!]+)+$", re.I)
_VERB = (
    r"add|include|insert|append|also ask|ask for|remove|delete|drop|leave out|take out|get rid of|don't ask|do not ask"
    r"|make|change|set|turn|switch|update|edit|rename|call (?:it|the|this|my)|name it|replace|swap|move|put|mark|let "
    r"(?:people|them|everyone)|close|keep|allow|use|close|end|require|speak|be (?:more|less|friendly|formal"
    r"|brief|funny)"
    r"|(?:the|its) (?!rest\b)[\w' -]{2,40}? (?:should|must|shall|is|are|can)\b"
    r"|(?:name|title|question|purpose|tone|personality)(?=\s*:)"
)
_PARTING = re.compile(
    rf"\s*(?:;|,)\s*(?:(?:and|but|then|also|please)\s+)*(?=(?:{_VERB})\b)"
    rf"|\s+(?:and|but|then|plus)\s+(?:(?:also|then|please|to)\s+)*(?=(?:{_VERB})\b)",
    re.I,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|\([^()]*\)")


def asks_a_change(text: str) -> bool:
    """Whether the words begin like a change of what is there, not like a list of it."""
    return re.match(rf"(?:{_VERB}|no |also |put )\b", _POLITE.sub("", text.strip()), re.I) is not None


def wishes_of(text: str) -> list[list[str]]:
    """The wishes of a message: its sentences, each with its parts where "and change …" may begin another wish."""
    lines = text.split("\n")
    if len(lines) > 1 and lines[0].rstrip().endswith(":"):
        text = f"{lines[0]} {', '.join(lines[1:])}"  # a list below its heading
    return [_parts(sentence) for sentence in sentences(text)]


def plain(wish: str) -> str:
    """The wish without politeness and end marks."""
    bare = _POLITE.sub("", wish.strip())
    asked = _ASKED.search(wish[: len(wish) - len(bare)]) is not None
    bare = _TAIL.sub("", bare.rstrip(" ?") if asked else bare).strip(" ,;")
    for pattern, worded in _REWORDED:
        bare = pattern.sub(worded, bare)
    return bare


def unquoted(text: str) -> str:
    """The words without the quotes around them."""
    return text.strip().strip("\"“”„«»'‘’").strip()


def the_field(draft: Draft, words: str) -> FieldPart | None:
    """The field that the words name; None where none is called so.  Raises `Ambiguous`."""
    return the_one(fields_called(draft, words), lambda part: part.field.label)


def with_field(draft: Draft, part: FieldPart, update: dict[str, object]) -> Draft:
    """The draft with that field changed."""
    form = draft.form(part.form.id)
    fields = tuple(field.changed(update) if field.label == part.field.label else field for field in form.fields)
    return draft.replacing(form.changed({"fields": fields}))


def _parts(sentence: str) -> list[str]:
    masked = _QUOTED.sub(lambda found: "\0" * len(found[0]), sentence)
    parts, start = [], 0
    for found in _PARTING.finditer(masked):
        if sentence[start : found.start()].strip():
            parts.append(sentence[start : found.start()].strip())
            start = found.end()
    return [*parts, sentence[start:].strip()]
