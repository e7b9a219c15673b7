"""Wishes about the bot, its features' titles and its polls' rules: "rename the bot to Bella", "only one vote each"."""

from __future__ import annotations

import re

from bot_runtime.dna import CHOICE_KINDS, Tone
from factory_bot.designer.offline.closing import closing_wished
from factory_bot.designer.offline.edit_details import forms_of, name_of, polls_of
from factory_bot.designer.offline.edit_words import ADD, CHANGE, unquoted
from factory_bot.designer.offline.manner import manner
from factory_bot.model.draft import LABEL_LIMIT, QUESTION_LIMIT, TRAITS_LIMIT, Draft, FormDraft, PollDraft
from factory_bot.model.merging import shortened_purpose
from factory_bot.model.parts import Ambiguous, core, features_called, fields_called, the_one
from factory_bot.model.questions.person import traits_in
from factory_bot.model.words.answers import tone_of, traits_of

_BOT = r"(?:it|the bot|my bot|this bot|the thing)"
_NAMES = (
    re.compile(
        r"^(?:change|set|make|update|edit) (?:the |its |my )?(?:bot['’]?s? )?name(?: of (?:the|my) bot)?"
        r"(?! (?:field|question|line|option))(?: (?:to be|to|into|be|as))?[: ]+(?P<name>.+)$",
        re.I,
    ),
    re.compile(rf"^rename (?:{_BOT}|bot)(?: (?:to|as|into))?[: ]+(?P<name>.+)$", re.I),
    re.compile(rf"^(?:call|name) {_BOT}[: ]+(?P<name>.+)$", re.I),
    re.compile(
        r"^(?:its|the|the bot['’]?s|my bot['’]?s|bot|the bot) name (?:is|should be|shall be|will be|must be)[: ]+"
        r"(?P<name>.+)$",
        re.I,
    ),
    re.compile(rf"^{_BOT} (?:is|should be|shall be|must be|will be|be) (?:called|named)[: ]+(?P<name>.+)$", re.I),
    re.compile(r"^(?:bot )?name\s*[:=]\s*(?P<name>.+)$", re.I),
    re.compile(r"^(?:the )?name of the bot (?:is|should be|shall be|:)[: ]*(?P<name>.+)$", re.I),
)
_NO_NAME = re.compile(
    r"^(?:an? )?(?:not )?(?:optional|required|mandatory|needed|necessary|shorter|longer|different|better|wrong"
    r"|first|last"
    r"|(?:free )?text|number|choice|date)(?: field| question)?$",
    re.I,
)
_PURPOSE = re.compile(
    rf"^(?:{CHANGE} )?(?:the |its )?(?:purpose|description)(?: of the bot| of it)?"
    r"(?:\s*:|(?: (?:to be|to|into|is|should be|shall be|be))+:?)? (?P<new>.+)$",
    re.I | re.S,
)
_TITLE = (
    re.compile(
        rf"^(?:{CHANGE} |rename |call )?(?P<which>(?:the |its )?(?:[\w' -]+ )?form['’]?s?(?= (?:title|name))"
        rf"|)(?:the |its )?"
        r" ?(?:title|name of the form|form title)(?P<of> of (?:the )?[\w' -]*form)?"
        r"(?:\s*:|(?: (?:to be|to|into|is|should be|be|as))+:?)? (?P<new>.+)$",
        re.I,
    ),
    re.compile(
        r"^(?:rename|call) (?P<which>(?:the |its )?(?:[\w' -]+ )?form)(?: (?:to|into|as))?:? (?P<new>.+)$", re.I
    ),
    re.compile(
        rf"^{CHANGE} (?P<which>(?:the |its )?(?:[\w' -]+ )?form['’]?s?(?: name)?) (?:to|into)(?: be)?:? (?P<new>.+)$",
        re.I,
    ),
    re.compile(
        r"^(?P<which>(?:the |its )?(?:[\w' -]+ )?form)(?:['’]s name)? (?:is|(?:should|shall|must) be)"
        r" (?:called|named):? (?P<new>.+)$",
        re.I,
    ),
)
_QUESTION = (
    re.compile(
        rf"^(?:(?:{CHANGE}|rename|reword) )?(?P<which>(?:the |its )?(?:[\w' -]+ )?(?:poll|vote)(?:['’]?s)? "
        rf"|)(?:the |its )?"
        r"question(?P<of> (?:of|in|for) the (?:[\w' -]+ )?(?:poll|vote))?"
        r"(?:\s*:|(?: (?:to be|to|into|is|should be|shall be|must be|be))+:?|(?= [\"“„«]|.*\?$)) (?P<new>.+)$",
        re.I,
    ),
    re.compile(
        rf"^(?:{CHANGE}|rename|call) (?P<which>(?:the |its )?(?:[\w' -]+ )?(?:poll|vote)(?:['’]s)?(?: (?:title|name))?)"
        r"(?: (?:to ask|to be|to|into)|:|(?= [\"“„«])):? (?P<new>.+)$",
        re.I,
    ),
    re.compile(
        r"^(?P<which>(?:the |its )?(?:[\w' -]+ )?(?:poll|vote)) (?:(?:should|must|shall) )?(?:asks?|be called"
        r"|is called|be"
        r" about|is about):? (?P<new>.+)$",
        re.I,
    ),
    re.compile(r"^ask (?P<new>.+?) in (?P<which>the (?:[\w' -]+ )?(?:poll|vote))$", re.I),
)
_NO_TITLE = re.compile(r"^(?:to |field|question|option|optional|required|shorter|longer|open|close)", re.I)
_SEVERAL = re.compile(r"\b(?:several|more than one|multiple|as many as|any number|up to (?:two|three|\d))\b", re.I)
_ONE = re.compile(r"\b(?:only|just|exactly) one\b|\bsingle[- ]choice\b|\bone (?:vote|choice|answer)\b|\bonce\b", re.I)
_VOTING = re.compile(
    r"\b(?:vot(?:e|es|ing|ers?)|polls?|choose|choices?|pick|select|options?|answers?|allow|people|everyone"
    r"|per person)\b",
    re.I,
)
_COMPARED = {
    "shorter": "short", "briefer": "brief", "friendlier": "friendly", "warmer": "warm", "funnier": "funny",
    "politer": "polite", "nicer": "nice", "cheekier": "cheeky", "wittier": "witty",
}  # fmt: skip
_PERSONALITY = re.compile(
    rf"^(?:{CHANGE} )?(?:the |its )?(?:personality|tone(?: of voice)?|style|voice|manner)"
    r"(?:\s*:|(?: (?:to be|to|into|is|should be|be|more|a bit|a little))+:?)? (?P<new>.+)$",
    re.I,
)


def called(wish: str, draft: Draft) -> Draft | None:
    """Another name for the bot."""
    found = next((found for pattern in _NAMES if (found := pattern.match(wish))), None)
    name = unquoted(re.split(r",? (?:(?:and|but) )?(?:not|instead of|rather than) ", found["name"])[0]) if found else ""
    if re.search(r"\bnames?\b", name, re.I) and fields_called(draft, "name"):
        return None  # "change name to first and last name": the field's
    if not name or len(name) > LABEL_LIMIT or _NO_NAME.match(name) or not re.search(r"\w", name):
        return None
    return draft.changed({"name": name.title().replace("'S", "'s") if re.fullmatch(r"[a-z][a-z' -]*", name) else name})


def meant_for(wish: str, draft: Draft) -> Draft | None:
    """Another purpose."""
    found = _PURPOSE.match(wish)
    return draft.changed({"purpose": shortened_purpose(unquoted(found["new"]))}) if found else None


def titled(wish: str, draft: Draft) -> Draft | None:
    """Another title for a form."""
    for pattern in _TITLE:
        found = pattern.match(wish)
        new = unquoted(found["new"]) if found else ""
        if found is None or not new or len(new) > LABEL_LIMIT or _NO_TITLE.match(new):
            continue
        which = found["which"] or found.groupdict().get("of") or ""
        form = the_one(_meant(draft, which, forms_of(draft)), name_of)
        return draft.replacing(form.changed({"title": new[:1].upper() + new[1:]})) if form is not None else None
    return None


def asking(wish: str, draft: Draft) -> Draft | None:
    """Another question for a poll."""
    for pattern in _QUESTION:
        found = pattern.match(wish)
        new = unquoted(found["new"]) if found else ""
        if found is None or not re.search(r"\w", new) or len(new) > QUESTION_LIMIT or _NO_TITLE.match(new):
            continue
        which = found["which"] or found.groupdict().get("of") or ""
        poll = the_one(_meant(draft, which, polls_of(draft)), name_of)
        return draft.replacing(poll.changed({"question": new[:1].upper() + new[1:]})) if poll is not None else None
    return None


def ruled(wish: str, draft: Draft) -> Draft | None:
    """Whether a person may choose several."""
    several = (
        None if not _VOTING.search(wish) else True if _SEVERAL.search(wish) else False if _ONE.search(wish) else None
    )
    if several is None or re.match(r"(?:also )?(?:add|include|ask)\b", wish, re.I):
        return None
    named = re.search(
        r"\b(?:in|of|for) (the (?:[\w'-]+ ){0,4}(?:poll|vote))\b|^(?:make )?(the (?:[\w'-]+ ){0,4}(?:poll|vote))\b",
        wish,
        re.I,
    )
    poll = the_one(_meant(draft, (named[1] or named[2]) if named else "", polls_of(draft)), name_of)
    thing = re.search(r"\b(?:several|more than one|multiple|only one|just one) ([\w'-]+)$", wish, re.I)
    if poll is not None and thing and core(thing[1]) in core(name_of(poll)).split():
        return draft.replacing(poll.changed({"multiple": several}))
    choices = [field.label for form in forms_of(draft) for field in form.fields if field.kind in CHOICE_KINDS]
    if poll is not None and choices and not re.search(r"\bvot|\bpoll", wish, re.I):
        raise Ambiguous([*choices, name_of(poll)])
    return draft.replacing(poll.changed({"multiple": several})) if poll is not None else None


_WANTING_IT = re.compile(
    r"^(?:i|we)(?:'d| would)? (?:want|need|like) (?=(?:the|our|my) (?:[\w'-]+ ){0,4}(?:poll|vote|voting)\b"
    r"|(?:it|voting|people)\b)",
    re.IGNORECASE,
)


def closing(wish: str, draft: Draft) -> tuple[str, str] | None:
    """The question of the poll that the wish is about, and the words that say when it shall close."""
    wish = _WANTING_IT.sub("", wish)
    words = closing_wished(wish) if polls_of(draft) and not ADD.match(wish) else ""
    if not words:
        return None
    named = re.search(r"\b(the (?:[\w'-]+ ){0,4}(?:poll|vote|voting))\b", wish, re.I)
    poll = the_one(_meant(draft, named[1] if named else "", polls_of(draft)), name_of)
    return (name_of(poll), words) if poll is not None else None


def mannered(wish: str, draft: Draft) -> Draft | None:
    """Another way of speaking."""
    wish = re.sub(r"\b\w+er\b", lambda found: _COMPARED.get(found[0].casefold(), found[0]), wish, flags=re.I)
    said = _PERSONALITY.match(wish)
    if said:
        traits = traits_in(unquoted(said["new"]))
        tone = tone_of(said["new"])
        return draft.changed({"tone": tone or draft.tone or Tone.FRIENDLY, "traits": traits}) if traits else None
    if re.match(r"(?:don't|do not|not|never|less)\b", wish, re.I):
        return None
    if re.search(r"\b(?:forms?|polls?|fields?|questions?|options?|names?|lists?)\b", wish, re.I):
        return None
    addressed = re.match(rf"^(?:{CHANGE}|be|speak|talk|sound|write|answer|more|less|keep|it|the bot)\b", wish, re.I)
    if not addressed and len(wish.split()) > 4:
        return None
    how = manner(wish)
    tone = how.tone or tone_of(wish)
    if tone is None and not how.traits:
        return None
    traits = how.traits or tuple(traits_of(wish))
    return draft.changed({"tone": tone or draft.tone or Tone.FRIENDLY, "traits": traits[:TRAITS_LIMIT]})


def _meant(draft: Draft, which: str, features: list[FormDraft] | list[PollDraft]) -> list[FormDraft | PollDraft]:
    """Those of the features that the words name; all of them where they name none."""
    which = re.sub(r"['’]s?$", "", re.sub(r"^ ?(?:of|in|for) ", "", which.strip()))
    if not which or which.casefold() in {"the", "its"}:
        return list(features)
    named = features_called(draft, which)
    return [feature for feature in features if any(feature.id == one.id for one in named)]
