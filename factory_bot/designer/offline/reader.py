"""Reads a plain English description of a bot: the offline designer's mind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot_runtime.dna import FieldKind, cleaned
from factory_bot.designer.offline.clauses import About, clauses
from factory_bot.designer.offline.closing import closing_alone, parted
from factory_bot.designer.offline.edit_words import asks_a_change
from factory_bot.designer.offline.edits import edited
from factory_bot.designer.offline.forms import form_of, listed_fields, looks_like_fields, question_field
from factory_bot.designer.offline.leftovers import left_out, without_room
from factory_bot.designer.offline.manner import foreign, manner
from factory_bot.designer.offline.names import named
from factory_bot.designer.offline.polls import answered_options, options_of, plain_list, poll_of, several_in
from factory_bot.designer.offline.prepare import prepared, sentences
from factory_bot.designer.offline.wishes import cities, formulas, wishes
from factory_bot.model.draft import Draft
from factory_bot.model.reading import ReadField, ReadForm, Reading, ReadPoll
from factory_bot.model.steps import Place, Step
from factory_bot.model.words.fields import is_usual
from factory_bot.model.words.lists import items_of

FEATURES_AT_MOST = 6
_ASIDE = 14  # words


@dataclass
class _Found:
    """What was understood so far, in order; the last feature may still grow."""

    features: list[ReadForm | ReadPoll] = field(default_factory=list)
    asked: ReadPoll | None = None  # a question (and its options) before anybody spoke of a vote

    @property
    def last(self) -> ReadForm | ReadPoll | None:
        return self.features[-1] if self.features else None

    def grow(self, **update: object) -> None:
        self.features[-1] = self.features[-1].model_copy(update=update)

    def close(self, words: str, *, every: bool) -> None:
        """The last poll closes then, or every one."""
        for place, feature in enumerate(self.features):
            if isinstance(feature, ReadPoll) and (every or feature is self.last):
                self.features[place] = feature.model_copy(update={"closes": words})


def read(words: str, draft: Draft | None = None, asked: Place | None = None) -> Reading:
    """What the words say; on the review card, and where a form's questions are asked again, what they change."""
    text = prepared(words)
    if draft is not None and asked is not None:
        changed = _changes(words, text, draft, asked)
        if changed is not None:
            return changed
    first = draft is None or draft.purpose is None
    name = named(text)
    how = manner(name.rest)
    spoken = foreign(text)
    understood = spoken is None
    found = _features(how.rest) if understood else []
    return Reading(
        name=name.name,
        purpose=_purpose(words) if first else None,
        tone=how.tone,
        traits=how.traits,
        language=how.language or (spoken if first else None),
        forms=tuple(feature for feature in found if isinstance(feature, ReadForm)),
        polls=tuple(feature for feature in found if isinstance(feature, ReadPoll)),
        cities=cities(text) if understood else (),
        formulas=formulas(text) if understood else (),
        unavailable=wishes(how.rest) if understood else (),
        left_out=left_out(how.rest, found) if found or (understood and not first) else (),
    )


def _changes(words: str, text: str, draft: Draft, asked: Place) -> Reading | None:
    """What the words want where something is there already or options are asked; None where they describe."""
    if asked.step in {Step.REVIEW, Step.FEATURE}:
        return edited(text, draft, _described, about=asked.feature)
    if asked.step in {Step.PERSONALITY, Step.NAME}:
        reading = edited(text, draft, _described) if asks_a_change(text) else Reading()
        return reading if reading.forms or reading.polls or reading.removes else Reading()
    if asked.step not in {Step.FORM_FIELDS, Step.FIELD_OPTIONS, Step.POLL_OPTIONS} or not asks_a_change(text):
        return Reading(polls=(answered_options(words),)) if asked.step is Step.POLL_OPTIONS else None
    reading = edited(_completed(text, draft, asked), draft, _described, about=asked.feature)
    if reading.forms or reading.polls:
        return reading
    return Reading(polls=(answered_options(words),)) if asked.step is Step.POLL_OPTIONS else None


def _completed(text: str, draft: Draft, asked: Place) -> str:
    """`add XL`, said where the choices of the size are asked: to them it is to be added."""
    if asked.step is not Step.FIELD_OPTIONS:
        return text
    label = draft.form(asked.feature).fields[asked.field].label
    found = re.match(r"(?:also )?(add|remove|delete|drop)\b (.+?)[.!]?$", text, re.I)
    if found is None:
        return text
    return f"{found[0].rstrip('.!')} {'to' if found[1].casefold() == 'add' else 'from'} {label}"


def _described(text: str) -> list[ReadForm | ReadPoll]:
    """The features of one wish."""
    return _features(manner(named(text).rest).rest) if foreign(text) is None else []


_TO_THE_FACTORY = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hey there|hi there|dear \w+(?: \w+)?|good (?:morning|evening|afternoon))\b[\s,.!]*)?"
    r"(?:please[\s,]*)?(?:(?:can|could|would) (?:you|u) (?:please )?)?"
    r"(?:(?:i|we)(?:'d| would)? (?:want|need|like|love)(?: to (?:have|make|build|create))?|(?:make|build|create"
    r"|do)(?: me| us)?)?"
    r"\s*(?:you to (?:make|build|create) )?(?:a|an|my|some)?\s*(?:(?:simple|little|small|telegram|new) )*bot\b"
    r"\s*(?:,?\s*(?:that|which|to|where|so that)\b)?\s*(?=\w)",
    re.IGNORECASE,
)


def _purpose(words: str) -> str:
    """The maker's words without "I want a bot that": what is left is what the bot is for."""
    text = cleaned(words)[:4000]
    bare = _TO_THE_FACTORY.sub("", text, count=1)
    return bare[:1].upper() + bare[1:] if len(bare) > 3 else text


def _features(text: str) -> list[ReadForm | ReadPoll]:
    found = _Found()
    for sentence in sentences(text):
        _take(found, sentence)
    if not found.features:
        lone = found.asked if found.asked is not None and len(found.asked.options) >= 2 else _lone_list(text)
        if lone is not None:
            found.features.append(lone)
    return found.features[:FEATURES_AT_MOST]


def _take(found: _Found, sentence: str) -> None:
    if _continues(found, sentence):
        return
    parts = clauses(sentence)
    if all(part.about is About.OTHER for part in parts) and _asks_before_a_vote(found, sentence):
        return
    for clause in parts:
        if clause.about is About.POLL:
            _take_poll(found, poll_of(clause.text))
        elif clause.about in {About.FORM, About.ASKING}:
            text = without_room(parted(clause.text[clause.at :], of_a_form=True)[1])
            form = form_of(f"{clause.text[: clause.at]}{text}", clause.at)
            _take_form(found, form, weak=clause.about is About.ASKING)


def _asks_before_a_vote(found: _Found, sentence: str) -> bool:
    """Whether it is a question, or the options of one, that a vote may follow."""
    if sentence.endswith("?"):
        found.asked = ReadPoll(question=sentence)
        return True
    if found.asked is not None and not found.asked.options:
        found.asked = found.asked.model_copy(update={"options": options_of(sentence)})
        return bool(found.asked.options)
    return False


def _continues(found: _Found, sentence: str) -> bool:
    """Whether the sentence only says more about the feature before it."""
    last = found.last
    if last is None:
        return False
    if isinstance(last, ReadPoll):
        return _continues_poll(found, last, sentence)
    return _continues_form(found, last, sentence)


def _continues_poll(found: _Found, poll: ReadPoll, sentence: str) -> bool:
    if poll.question is None and sentence.endswith("?"):
        if re.search(r"\b(?:vote|poll)\b", sentence, re.I) is None:
            found.grow(question=sentence.strip())
            return True
        return False
    topic = re.match(r"(?:it is |it's )?(?:about|on|for) (.+)$", sentence, re.I)
    if poll.question is None and topic:
        found.grow(question=poll_of(f"poll {sentence}").question)
        return True
    said = parted(sentence)[0]
    closes = said or poll.closes
    alone = closing_alone(sentence) or (said if _is_aside(sentence) else "")
    if alone:
        found.close(alone, every=re.search(r"\b(?:both|all|each)\b", sentence, re.I) is not None)
        return True
    if len(poll.options) < 2:
        options = options_of(sentence) or plain_list(sentence)
        if len(options) >= 2 or (options and options_of(sentence)):
            several = several_in(sentence)
            found.grow(options=options, multiple=poll.multiple if several is None else several, closes=closes)
            return True
    several = several_in(sentence)
    if several is not None and len(sentence.split()) <= 14 and not re.search(r"\bform|ask|collect", sentence, re.I):
        found.grow(multiple=several, closes=closes)
        return True
    return False


def _is_aside(sentence: str) -> bool:
    """Whether a short sentence is about no feature of its own."""
    return len(sentence.split()) <= _ASIDE and all(part.about is About.OTHER for part in clauses(sentence))


def _continues_form(found: _Found, form: ReadForm, sentence: str) -> bool:
    if sentence.endswith("?") and not re.search(r"\b(?:vote|poll)\b", sentence, re.I):
        asked = question_field(sentence)
        if asked is not None:
            found.grow(fields=(*form.fields, asked))
            return True
    parted = re.match(r"^(required|mandatory|optional)(?: fields| questions)?\s*:\s*(.+)$", sentence, re.I | re.S)
    if parted:
        required = parted[1].casefold() != "optional"
        more = tuple(one.model_copy(update={"required": required}) for one in listed_fields(parted[2]))
        found.grow(fields=(*form.fields, *more))
        return True
    options = re.match(
        r"^(?:the )?([\w' -]{2,30}?)(?:s)? (?:can be|are|is|should be|may be|options(?: are)?|choices(?: are)?"
        r"|comes? in)\s*:?\s+(.+)$",
        sentence,
        re.I,
    )
    if options:
        grown = _with_options(form.fields, options[1], options[2])
        if grown is not None:
            found.grow(fields=grown)
            return True
    if not form.fields and looks_like_fields(sentence) and all(c.about is About.OTHER for c in clauses(sentence)):
        found.grow(fields=listed_fields(sentence))
        return True
    return False


def _with_options(fields: tuple[ReadField, ...], label: str, listed: str) -> tuple[ReadField, ...] | None:
    wanted = label.casefold().strip().rstrip("s")
    choices = tuple(items_of(listed.rstrip(".!")))
    if len(choices) < 2 or not any(one.label.casefold().rstrip("s") == wanted for one in fields):
        return None
    if all(re.fullmatch(r"optional|required", choice, re.I) for choice in choices):
        return None
    return tuple(
        one.model_copy(update={"kind": FieldKind.CHOICE, "options": choices})
        if one.label.casefold().rstrip("s") == wanted
        else one
        for one in fields
    )


def _take_poll(found: _Found, poll: ReadPoll) -> None:
    last = found.last
    asked, found.asked = found.asked, None
    if asked is not None and poll.question is None:
        poll = poll.model_copy(update={"question": asked.question, "options": poll.options or asked.options})
    if isinstance(last, ReadPoll) and _unfinished(last, poll):
        found.grow(
            question=last.question or poll.question,
            options=last.options if len(last.options) >= 2 else poll.options,
            multiple=last.multiple if last.multiple is not None else poll.multiple,
            closes=last.closes or poll.closes,
        )
        return
    found.features.append(poll)


def _unfinished(last: ReadPoll, new: ReadPoll) -> bool:
    """Whether the new words about a poll only complete the one before."""
    if last.question and new.question and last.question.casefold() != new.question.casefold():
        return len(last.options) < 2 and len(new.options) >= 2 and len(last.question.split()) <= 2
    return len(last.options) < 2 or not (new.question or new.options)


def _take_form(found: _Found, form: ReadForm, *, weak: bool) -> None:
    forms = [feature for feature in found.features if isinstance(feature, ReadForm)]
    before = forms[-1] if forms else None
    if before is not None and (weak or not before.fields or not form.fields or form.title in {None, before.title}):
        known = {one.label.casefold() for one in before.fields}
        more = tuple(one for one in form.fields if one.label.casefold() not in known)
        grown = before.model_copy(update={"fields": (*before.fields, *more), "title": before.title or form.title})
        found.features[found.features.index(before)] = grown
        return
    if weak and not form.fields and found.features:
        return
    found.features.append(form)


def _lone_list(text: str) -> ReadForm | None:
    """A form from a bare list of usual fields, where nothing else was understood."""
    _, introduced, tail = next(
        (parts for parts in (text.partition(mark) for mark in (": ", " - ", "\n")) if parts[1]), ("", "", text)
    )
    usual = sum(is_usual(item) for item in items_of(tail))
    if not looks_like_fields(tail) or (not introduced and usual < 2):
        return None
    return ReadForm(fields=listed_fields(tail))
