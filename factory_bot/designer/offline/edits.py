"""Wishes to change a bot that is complete, as a reading: only what is clear, and what is not, said.

Each message is cut into its wishes, and each wish tried on the draft: what it changes is what it means.  A wish that
could mean several parts, or none, changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from factory_bot.designer.offline.edit_bot import asking, called, closing, mannered, meant_for, ruled, titled
from factory_bot.designer.offline.edit_details import forms_of, moved, name_of, needed, of_kind, renamed, with_options
from factory_bot.designer.offline.edit_lists import added, asking_only, first_fields, removed
from factory_bot.designer.offline.edit_words import ADD, plain, wishes_of
from factory_bot.designer.offline.leftovers import left_out
from factory_bot.designer.offline.manner import LANGUAGES
from factory_bot.designer.offline.wishes import wishes
from factory_bot.model.draft import LABEL_LIMIT, Draft, FeatureKind, FormDraft, PollDraft
from factory_bot.model.parts import Ambiguous, fields_called
from factory_bot.model.reading import ReadField, ReadForm, Reading, ReadPoll
from factory_bot.model.saying import shortened

Describing = Callable[[str], Sequence[ReadForm | ReadPoll]]

SHORT = 2  # words that are rather the rest of a name than a wish ("Cut and Drop")
LONGEST = 1000  # characters of one wish
_CHANGES: tuple[Callable[[str, Draft], Draft | None], ...] = (
    called, asking_only, needed, with_options, of_kind, ruled, titled, asking, meant_for, moved, renamed,
    added, mannered,
)  # fmt: skip
_NAMING = (called, meant_for)
_IT = re.compile(r"(?<=^make )it\b|(?<=^set )it\b|^it(?= (?:is|should|must|can)\b)", re.I)
_TWO_AT_ONCE = re.compile(
    r"^(?P<verb>change|set|rename|make|switch|update) (?P<one>.+? to .+?)(?:,? and|,)"
    r" (?P<what>(?:(?!and\b)[\w'-]+ ){0,6}?(?!and\b)[\w'-]+) to (?P<rest>.+)$",
    re.I,
)
_DETAIL = re.compile(
    r"(?:the |its )?(?:bot's )?(?:name|title|question|purpose|description|personality|tone"
    r"|(?:[\w' -]+ )?(?:options|choices))",
    re.I,
)
_IMPOSSIBLE = re.compile(
    r"^(?:add|include) (?:an? |some |the )?(payments?|reminders?|quiz|games?|shop|calendar|chat|faq|map"
    r"|opening hours)$",
    re.I,
)
_OWN = re.compile(
    r"^(?:add|include|show)\b.*?\b(?:(?=pictures? of (?:our|my)|photos? of (?:our|my))|our |my )(logo|menu"
    r"|pictures?|photos?"
    r"|prices?|address|website|phone number|opening hours)\b",
    re.I,
)
_LANGUAGE = re.compile(r"\b(?:in|into|speaks?|language (?:to|is|should be)|language:) (\w+)$", re.I)
_BESIDE = re.compile(r"\b(?:another|second|third|additional|new|also|as well)\b", re.I)
_FEATURE = re.compile(
    r"\b(?:forms?|polls?|vot\w+|surveys?|questionnaires?|sign-?ups?|registrations?|bookings?)\b", re.I
)


@dataclass(frozen=True, kw_only=True)
class _Understood:
    """What the wishes so far come to."""

    draft: Draft
    new: tuple[ReadForm | ReadPoll, ...] = ()
    closings: tuple[ReadPoll, ...] = ()
    needed: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


def edited(words: str, draft: Draft, describing: Describing, *, about: str = "") -> Reading:
    """What the words want changed in the draft; `about` is the feature they were asked about."""
    focused = _focused(draft, about)
    understood = before = _Understood(draft=focused)
    opened = ""  # the words of a new feature, which the next sentence may complete
    for parts in wishes_of(words):
        after = _sentence(parts, understood, describing)
        whole = f"{opened} {_joined(parts)}"
        completed = (
            _new_features(plain(whole), before.draft, describing) if opened and _vague(after, understood) else ()
        )
        if completed:
            understood = replace(before, new=(*before.new, *completed))
            opened = whole
            continue
        opened = _joined(parts) if after.new != understood.new else ""
        before, understood = understood, after
    return _reading(focused, understood)


def _vague(after: _Understood, before: _Understood) -> bool:
    """Whether a wish was not clear."""
    return len(after.unclear) + len(after.either) > len(before.unclear) + len(before.either)


def _focused(draft: Draft, about: str) -> Draft:
    """The draft at one feature's question: that feature alone, so that "the options" are its own."""
    feature = draft.feature(about) if about else None
    return draft.model_copy(update={"features": (feature,)}) if feature is not None else draft


def _sentence(parts: list[str], before: _Understood, describing: Describing) -> _Understood:
    """Each part as a wish of its own; a name that goes on like a wish ("Cut and Drop") is a name all the same."""
    apart, fresh = before, ""
    for wish in (wish for part in parts for wish in _spelled_out(part, before.draft)):
        of_it = _IT.search(wish)
        named = f"{wish[: of_it.start()]}{fresh}{wish[of_it.end() :]}" if fresh and of_it else wish
        after = _wish(named, apart, describing)
        if named != wish and _vague(after, apart):  # "add a photo and make it formal" is not about the photo
            after = _wish(wish, apart, describing)
        apart, fresh = after, _added(after.draft, apart.draft)
    unclear = apart.unclear[len(before.unclear) :]
    if len(parts) == 1 or not unclear or any(len(words.split()) > SHORT for words in unclear):
        return apart
    draft = next(filter(None, (change(plain(_joined(parts)), before.draft) for change in _NAMING)), None)
    return replace(before, draft=draft) if draft is not None else apart


def _spelled_out(part: str, draft: Draft) -> list[str]:
    """`change A to X and B to Y` as two wishes."""
    found = _TWO_AT_ONCE.match(part)
    if found is None or not (_DETAIL.fullmatch(found["what"]) or fields_called(draft, found["what"])):
        return [part]
    rest = f"{found['verb']} {found['what']} to {found['rest']}"
    return [f"{found['verb']} {found['one']}", *_spelled_out(rest, draft)]


def _added(now: Draft, before: Draft) -> str:
    """The label of the one field that is new, for "make it optional"; else empty."""
    known = {field.label for form in forms_of(before) for field in form.fields}
    new = [field.label for form in forms_of(now) for field in form.fields if field.label not in known]
    return new[0] if len(new) == 1 else ""


def _joined(parts: list[str]) -> str:
    return " and ".join(parts)


def _wish(words: str, before: _Understood, describing: Describing) -> _Understood:
    wish = plain(words)
    if re.fullmatch(r"(?:remove |add |change )?nothing(?: else)?", wish, re.I):
        return before
    unclear = replace(before, unclear=(*before.unclear, shortened(words, LABEL_LIMIT)))
    if len(wish) > LONGEST or not re.search(r"\w", wish):
        return unclear
    details = left_out(wish, ())
    try:
        meant = _meant(wish, before, describing)
        return meant or (replace(before, left_out=(*before.left_out, *details)) if details else unclear)
    except Ambiguous as found:
        return replace(before, either=(*before.either, *found.names))


def _meant(wish: str, before: _Understood, describing: Describing) -> _Understood | None:
    """What one wish changes; None where it is not clear."""
    draft = before.draft
    features = _new_features(wish, draft, describing)
    if features:
        details = left_out(wish, features)
        return replace(before, new=(*before.new, *features), left_out=(*before.left_out, *details))
    fields = first_fields(wish, draft)
    if fields:
        form = ReadForm(new=True, fields=tuple(ReadField(**field.model_dump()) for field in fields))
        return replace(before, new=(*before.new, form))
    impossible = wishes(wish) or _no_feature(wish)
    if impossible:
        return replace(before, unavailable=(*before.unavailable, *impossible))
    closed = closing(wish, draft)
    if closed is not None:
        one = ReadPoll(of=closed[0], closes=closed[1])
        return replace(before, closings=(*before.closings, one))
    out = removed(wish, draft)
    if out is not None:
        return replace(before, draft=out[0], needed=(*before.needed, *out[1]))
    for change in _CHANGES:
        after = change(wish, draft)
        if after is not None:
            return replace(before, draft=after)
    return None


def _new_features(wish: str, draft: Draft, describing: Describing) -> tuple[ReadForm | ReadPoll, ...]:
    """Forms and polls that the wish wants beside those that are there."""
    if not _FEATURE.search(wish) or re.search(
        r"\b(?:to|in|into|from|of) (?:the|our|my) (?:[\w'-]+ )?(?:poll|vote|form)", wish
    ):
        return ()
    wanting = r"(?:(?:i|we) (?:want|need) |i'd like )?"
    if re.match(
        rf"{wanting}(?:rename|change|make (?:the|it)|set|the|call|remove|delete|drop|close|keep|move|put)\b", wish, re.I
    ):
        return ()
    lead = ADD.match(wish)
    if lead and re.match(r"(?:an? |the )?(?:[\w-]+ )?(?:field|question|line|option)s?\b", wish[lead.end() :], re.I):
        return ()
    found = describing(wish)
    beside = lead is not None or _BESIDE.search(wish) is not None
    fresh = [one for one in found if beside or not draft.has(_kind(one))]
    return tuple(one.model_copy(update={"new": True}) for one in fresh) if len(fresh) == len(found) else ()


def _kind(feature: ReadForm | ReadPoll) -> FeatureKind:
    return FeatureKind.FORM if isinstance(feature, ReadForm) else FeatureKind.POLL


def _no_feature(wish: str) -> tuple[str, ...]:
    """`add payments`: a wish that has a name, without the words around it that a description has."""
    found = _IMPOSSIBLE.match(wish)
    if found:
        return (found[1].casefold(),)
    if re.search(r"\b(?:greeting|welcome (?:message|text)|start (?:message|text))\b", wish, re.I):
        return ("a greeting of your own",)
    own = _OWN.match(wish)
    if own:
        return (f"your own {own[1].casefold()}",)
    language = _LANGUAGE.search(wish)
    spoken = language[1].casefold() if language else ""
    return (f"texts in {spoken.capitalize()}",) if LANGUAGES.get(spoken, "en") != "en" else ()


def _reading(before: Draft, found: _Understood) -> Reading:
    """The difference that the wishes make."""
    after = found.draft
    changes = [change for old in before.features if (change := _difference(old, after.feature(old.id)))]
    features = [*found.closings, *found.new, *changes]
    gone = tuple(name_of(one) for one in before.features if after.feature(one.id) is None)
    manner_changed = (after.tone, after.traits) != (before.tone, before.traits)
    return Reading(
        name=after.name if after.name != before.name else None,
        purpose=after.purpose if after.purpose != before.purpose else None,
        tone=after.tone if manner_changed else None,
        traits=after.traits if manner_changed else (),
        forms=tuple(one for one in features if isinstance(one, ReadForm)),
        polls=tuple(one for one in features if isinstance(one, ReadPoll)),
        removes=(*gone, *found.needed),
        unavailable=tuple(dict.fromkeys(found.unavailable)),
        left_out=tuple(dict.fromkeys(found.left_out)),
        unclear=found.unclear,
        either=found.either,
    )


def _difference(old: FormDraft | PollDraft, now: FormDraft | PollDraft | None) -> ReadForm | ReadPoll | None:
    """A feature as it shall be; None where it stays as it is, or goes."""
    if now is None or now == old:
        return None
    if isinstance(now, FormDraft):
        fields = tuple(ReadField(**one.model_dump()) for one in now.fields)
        return ReadForm(of=name_of(old), whole=True, title=now.title, fields=fields)
    return ReadPoll(of=name_of(old), whole=True, question=now.question, options=now.options, multiple=now.multiple)
