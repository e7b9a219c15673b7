"""A poll in a maker's words: its question, its options, and whether several may be chosen."""

from __future__ import annotations

import re

from factory_bot.designer.offline.closing import parted
from factory_bot.model.draft import LABEL_LIMIT, POLL_OPTIONS_LIMIT, distinct
from factory_bot.model.reading import ReadPoll
from factory_bot.model.words.lists import items_of

_TRIGGER = re.compile(
    r"\b(?:can |to |could )?(?:vot(?:e|es|ing)|choose|choosing|pick|picking|decide|deciding|elect|elections?|ballots?"
    r"|(?:straw |multiple[- ]choice |single[- ]choice |quick |simple |weekly |daily )*polls?)\b",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:several|more than one|multiple(?: (?:options|answers|choices|votes|selections))?(?:[- ]choice)?|as many as"
    r"|any number|up to (?:two|three|four|[2-9])|all that apply|(?:pick|choose|select) (?:two|three|four)|(?:two"
    r"|three|both) votes)\b",
    re.I,
)
_ONE = re.compile(
    r"\b(?:only one|just one|one (?:vote|answer|option|choice)(?: each| per)?|votes? (?:only )?once|single[- ]choice"
    r"|pick one|choose one)\b",
    re.I,
)
_SEVERAL_PHRASE = re.compile(
    r"[,;.(]?\s*(?:\b(?:and|where|with)\b\s*)?(?:\b(?:people|they|everyone|you|one|each person|voters|members"
    r"|it)\b\s+)?(?:(?:can|may|could|should|is|are)\s+)?(?:(?:be )?(?:allow(?:ed|ing)?(?: to)?|able to|possible"
    r"|choose|pick|select|tick|vote for|have)\s+)*(?:several|more than one|multiple[- ]choice|multiple (?:options"
    r"|answers|choices|votes|selections)|as many as (?:they|you) (?:like|want)|any number(?: of options)?"
    r"|up to (?:two|three|four|[2-9])(?: options| answers)?|all that apply|only one|just one|single[- ]choice"
    r"|one (?:vote|answer|option|choice)(?: each| per \w+)?)(?:\s+vote)?(?: each| per \w+)?(?:\s+(?:is"
    r"|are) (?:allowed|possible|ok|okay"
    r"|fine))?(?:\s+(?:options?|answers?|choices?))?(?: (?:allowed|possible|ok|okay))?\)?",
    re.I,
)
_ANONYMOUS = re.compile(
    r"[,\s]*(?:\band\b )?(?:\b(?:it|they|votes?|voting)\b )?(?:\b(?:should|must|will)\b )?\b(?:be|is|are|stays?)"
    r" (?:completely |fully )?anonymous(?:ly)?\b",
    re.IGNORECASE,
)
_INTRO = re.compile(
    r"\s*[:;,(-]?\s*\b(?:between|(?:from )?among|out of|(?:the )?(?:options?|choices?|candidates|answers"
    r"|possibilities)(?: (?:are|will be|should be|is|being))?\b\s*:?|with (?:the )?(?:options?|choices?|answers"
    r"|candidates)(?: of)?\s*:?|choose from|either)\s*:?\s*"
    r"|\s*[;,]\s*(?:the )?(?:\w+ )?\w+s (?:are|will be)\s*:?\s+"
    r"|\s*:\s+(?=\S)|\s+-\s+|\s*\((?=[^)]*(?:,|/| or ))|\?\s+(?=\S)",
    re.I,
)
_TOPIC_LEAD = re.compile(
    r"^(?:\s*(?:where (?:people|they|everyone|you|members) can (?:select|choose|pick|vote for)(?: multiple| several)?"
    r"|for|on|about|over|regarding|asking(?: people)?|to (?:choose|pick|decide|find(?: out)?|see|know"
    r"|determine|select)(?: on)?|in|as|that asks?(?: people)?|which asks|of|called|titled|named|whether or not|upon"
    r"|the question|question|is|please|only|time|so we can (?:decide|choose|pick)|every week|each week|weekly"
    r"|daily)\b\s*)+[:,]?\s*",
    re.I,
)
_TOPIC_TAIL = re.compile(
    r"[\s,;:(-]*(?:\b(?:and|so|then|please|thanks|thank you|too|as well|also|every week|each week|weekly|with|from"
    r"|in the (?:app|chat|group)|in it|each (?:week|month|day|friday))\b[\s,.!]*)*$",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:\b(?:please|thanks|thank you|as well|as options|every (?:week|month|day|friday|year)|each (?:week|month"
    r"|day)|so (?:that|we|i)|because|in the (?:app|chat|group)|for (?:the|our|my|next|this)|and (?:show"
    r"|tell|send|let|see|keep|it (?:should|must|is)|the (?:bot|results?)|that|i|we)|to (?:see|find|decide))\b.*"
    r"|[?!.]+)$",
    re.I | re.S,
)
_OR_LIST = re.compile(
    r"^(?:[^,;]{1,48},\s*){1,11}(?:or|and)?\s*[^,;]{1,48}$|^[^,;]{1,40}\s+or\s+[^,;]{1,40}$"
    r"|^(?:[^/]{1,40}/\s*){1,11}[^/]{1,40}$|^(?:[^;]{1,48};\s*){1,11}[^;]{1,48}$|^(?:[^|]{1,48}[|]\s*){1,11}[^|]{1,48}$",
    re.I,
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,300})[\"”“»]")
_QUESTION_WORDS = re.compile(
    r"^(?:which|what|where|when|who|whom|whose|how|why|do|does|did|is|are|should|shall|can|could|will|would|have"
    r"|has)\b",
    re.I,
)
_ASKS = re.compile(
    r"[,:;]\s+(?=(?:which|what|where|when|who|how|should|shall|do|does|did|is|are|can|could|will|would)\b)",
    re.IGNORECASE,
)
_EMPTY_TOPIC = re.compile(
    r"^(?:\b(?:it|that|this|them|something|things?|stuff|one|a|the|in|on|people|everyone|members|also|here|options?|too"
    r"|well|weekly|daily|us|me|each|other|different|bot|with|these|those|following|once|now|together|two|three|some)\b"
    r"|\W)*$",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^\W*(yes or no|yes\s*/\s*no)\s+(?:on|about|for|to|whether|if)\s+(.+)$", re.IGNORECASE | re.DOTALL
)


def poll_of(clause: str) -> ReadPoll:
    """The poll that a clause describes."""
    closes, clause = parted(clause)
    several, clause = _several(clause)
    return _described(_ANONYMOUS.sub("", clause), several).model_copy(update={"closes": closes or None})


def _described(clause: str, several: bool | None) -> ReadPoll:
    quoted = _QUOTED.search(clause)
    trigger = _TRIGGER.search(clause)
    before = clause[: trigger.start()] if trigger else ""
    body = clause[trigger.end() :] if trigger else clause
    if (
        quoted
        and trigger
        and (quoted[1].rstrip().endswith("?") or quoted.start() < trigger.end() + 24)
        and not _list_of_quotes(clause)
    ):
        rest = re.sub(r"^\W*(?:with|between|from)\b", ": ", clause[quoted.end() :])
        return ReadPoll(question=quoted[1].strip(), options=_listed(rest), multiple=several)
    yes_no = _YES_NO.match(body)
    if yes_no:
        return ReadPoll(question=_question(yes_no[2]), options=("yes", "no"), multiple=several)
    topic, options = _parted(body)
    question = _question(topic) or _question_before(before)
    shared = re.fullmatch(r"(.+) (?:on|at|in) ([A-Z]\w+)", options[0]) if len(options) == 2 else None
    if shared and re.fullmatch(r"[A-Z]\w+", options[1]):  # "pizza day on Monday or Friday"
        question, options = shared[1][:1].upper() + shared[1][1:], (shared[2], options[1])
    return ReadPoll(question=question, options=options, multiple=several)


def options_of(sentence: str) -> tuple[str, ...]:
    """The options that a sentence after the poll lists; empty where it lists none."""
    sentence = _several(parted(sentence)[1])[1]
    bare = re.match(
        r"^(?:people|they|you|everyone)?\W*(?:can|may)?\W*(?:choose|pick|vote|decide)?\W*:\s*(?=\S)", sentence, re.I
    )
    if bare:
        return _listed(f": {sentence[bare.end() :]}")
    lead = re.match(
        r"^(?:the |possible |their |with )?(?:options?|choices?|answers?|candidates?|possibilities)\b(?: (?:are|is"
        r"|should be|will be|being))?\s*[:-]?\s*|^(?:people |they |you |everyone )?(?:can |may |could )?(?:choose"
        r"|pick|vote|decide) (?:between|from|among|for|either)\s*:?\s*|^(?:between|either|from)\s+",
        sentence,
        re.I,
    )
    return _listed(f": {sentence[lead.end() :]}") if lead else ()


def answered_options(text: str) -> ReadPoll:
    """What there is to choose, as an answer to that question; everything listed is an option, however long."""
    closes, rest = parted(text)
    several, rest = _several(rest)
    items = [item.strip(" ?!.") for item in items_of(rest)]
    short = all(len(item) <= LABEL_LIMIT for item in items)
    return ReadPoll(options=distinct(items) if short else (), multiple=several, closes=closes or None)


def plain_list(sentence: str) -> tuple[str, ...]:
    """The items of a sentence that is a bare list of short things."""
    bare = _several(parted(sentence)[1])[1].strip().rstrip(".!?")
    if not _OR_LIST.match(bare):
        return ()
    return _sound(items_of(bare))


def several_in(sentence: str) -> bool | None:
    """Whether the sentence says that several (or only one) may be chosen."""
    if _ONE.search(sentence):
        return False
    return True if _SEVERAL.search(sentence) else None


def _several(clause: str) -> tuple[bool | None, str]:
    said = several_in(clause)
    if said is None:
        return None, clause
    stripped = re.sub(r"\b(?:multiple|single)[- ]choice (?=poll|vote|question)", "", clause, flags=re.I)
    return said, _SEVERAL_PHRASE.sub(" ", stripped)


def _list_of_quotes(clause: str) -> bool:
    return len(_QUOTED.findall(clause)) > 1


def _parted(body: str) -> tuple[str, tuple[str, ...]]:
    """Topic and options of what follows the trigger."""
    intros = list(_INTRO.finditer(body))
    for place, found in enumerate(intros):
        following = intros[place + 1] if place + 1 < len(intros) else None
        if following is not None and not re.search(r"[,;/]|\bor\b", body[found.end() : following.start()]):
            continue
        options = _listed(body[found.start() :])
        if len(options) >= 2:
            return body[: found.start()], options
        if options and re.search(r"option|choice|between", found[0], re.I):
            return body[: found.start()], options
    topic = _TOPIC_LEAD.sub("", body).strip()
    whether = re.match(r"^whether (?:we |to |we should |or not )*(.*)$", topic, re.I)
    listed = _TAIL.sub("", whether[1] if whether else re.sub(r"^with (?:the )?", "", topic, flags=re.I))
    if whether and " or " in listed:
        return f"{listed}?", _sound(_alike(items_of(listed)))
    if _OR_LIST.match(listed) and re.search(r"\bor\b|,", listed) and not _QUESTION_WORDS.match(listed):
        topic, options = _without_topic(_sound(items_of(listed)))
        if len(options) >= 2:
            return topic, options
    with_list = re.search(
        r"\s+with\s+((?:[^,;]{1,40},\s*)+(?:and|or)?\s*[^,;]{1,40}|[^,;]{1,40} (?:and|or) [^,;]{1,40})$", body, re.I
    )
    if with_list:
        options = _sound(items_of(_TAIL.sub("", with_list[1])))
        if len(options) >= 2:
            return body[: with_list.start()], options
    return body, ()


def _without_topic(items: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """`the party date, 12 May, 13 May`: where only the first has an article, it is what the others are about."""
    articles = [re.match(r"(?:the|our|my|a|an)\s", item, re.I) is not None for item in items]
    if len(items) >= 3 and articles[0] and not any(articles[1:]):
        return items[0], items[1:]
    return "", items


def _alike(items: list[str]) -> list[str]:
    """`go to the beach` beside `the mountains` is `the beach`: the first item cut to begin like the second."""
    first, *others = items
    lead = others[0].split()[0].casefold() if others else ""
    words = first.split()
    starts = [place for place, word in enumerate(words) if word.casefold() == lead]
    if lead in {"the", "a", "an", "on", "in", "at", "to", "by", "for", "our"} and starts:
        return [" ".join(words[starts[-1] :]), *others]
    return items


def _listed(text: str) -> tuple[str, ...]:
    """The list behind an introduction ("between …", ": …", "options …")."""
    bare = _INTRO.sub("", text, count=1).strip()
    while (again := _INTRO.match(bare)) and again.end():
        bare = bare[again.end() :].strip()
    if bare.count(")") > bare.count("("):
        bare = bare[: bare.index(")")]
    return _sound(items_of(_TAIL.sub("", bare)))


def _sound(items: list[str]) -> tuple[str, ...]:
    items = [item[:-1] if item.count(")") > item.count("(") and item.endswith(")") else item for item in items]
    tidy = [_TAIL.sub("", item).strip(" ?!.") if len(item) > 24 else item.strip(" ?!.") for item in items]
    short = [item for item in tidy if item and len(item) <= LABEL_LIMIT and len(item.split()) <= 9]
    return distinct(short)[:POLL_OPTIONS_LIMIT] if len(short) == len(items) else ()


def _question(topic: str) -> str | None:
    asks = list(_ASKS.finditer(topic)) if topic.strip().endswith("?") else []
    topic = topic[asks[-1].end() :] if asks else topic
    bare = _TOPIC_TAIL.sub("", _TAIL.sub("", _TOPIC_LEAD.sub("", topic.strip(" ,;:-(")))).strip(" ,;:-(\"'“”")
    if topic.strip().endswith("?"):
        bare = bare.rstrip("?") + "?"
    _, colon, asked = bare.partition(": ")
    bare = asked if colon and _QUESTION_WORDS.match(asked) else bare
    if _EMPTY_TOPIC.match(bare):
        return None
    if not _QUESTION_WORDS.match(bare):
        bare = re.sub(r"^(?:the|a|an|our|my|their|his|her|your)\s+", "", bare, flags=re.I)
    return bare[:1].upper() + bare[1:300] if len(bare) > 1 else None


_LEAD_IN = re.compile(
    r"^.*?\b(?:let|let's|lets|be able to|be able|able to|way to|letting|allow|allows|allowing|have|has|want|wants"
    r"|need|needs|like|make|makes|create"
    r"|build|add|include|run|runs|do|get|hold|would|could|should|can|for|to|also|please|me|us|we|i|bot|that|which|it"
    r"|a|an|the|people|customers|guests|members|everyone|everybody|students|parents|visitors|users|clients|friends"
    r"|colleagues|simple|little|quick|small|short|daily|weekly|monthly|group|team|family|class|anonymous|online"
    r"|telegram|new|multiple-choice|single-choice|some|our|my|their|another|second|one|them|then|and)\b\s*",
    re.I,
)


def _question_before(before: str) -> str | None:
    """The topic in front of the trigger: "a lunch poll", "pizza of the week vote"."""
    bare = before.strip()
    while (found := _LEAD_IN.match(bare)) and found.end():
        bare = bare[found.end() :]
    bare = bare.strip(" ,;:-'\"")
    if not bare or len(bare.split()) > 6 or _EMPTY_TOPIC.match(bare):
        return None
    return bare[:1].upper() + bare[1:]
