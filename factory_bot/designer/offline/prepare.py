"""A maker's words made ready for reading: odd punctuation and common typos mended, bullets joined, sentences split."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from bot_runtime.dna import cleaned

READ_LIMIT = 4000  # characters; Telegram's longest message has 4096

_TYPOS = {
    "oders": "orders",
    "ordes": "orders",
    "feeback": "feedback",
    "fedback": "feedback",
    "emial": "email",
    "emal": "email",
    "adress": "address",
    "fone": "phone",
    "phne": "phone",
    "phoen": "phone",
    "nmae": "name",
    "peple": "people",
    "poeple": "people",
    "ppl": "people",
    "voet": "vote",
    "vtoe": "vote",
    "opions": "options",
    "wich": "which",
    "betwen": "between",
    "beetween": "between",
    "btw": "by the way",
    "freindly": "friendly",
    "numer": "number",
    "nubmer": "number",
    "pls": "please",
    "plz": "please",
    "wanna": "want to",
    "gonna": "going to",
    "raiting": "rating",
    "coment": "comment",
    "coments": "comments",
    "singup": "sign-up",
    "sing-up": "sign-up",
}
_VOCABULARY = (
    "appointment",
    "between",
    "booking",
    "collect",
    "feedback",
    "friendly",
    "options",
    "orders",
    "people",
    "playful",
    "pizzeria",
    "questionnaire",
    "register",
    "registration",
    "reservation",
    "restaurant",
    "survey",
    "application",
    "optional",
    "required",
)
_LONG_WORD = re.compile(r"\b[a-z]{6,14}\b")
_SHORT_WORD = re.compile(r"\b[a-z-]{3,9}\b")
_BULLET = re.compile(r"^\s*(?:[-*•·–—▪◦●➤►→✔✅☑👉🔹🔸▫]️?\s*|\(?\d{1,2}[.):]\s+|\(?[a-zA-Z]\)\s+)(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|mr|mrs|ms|dr|st|vs|no|approx|incl|max|min|tel)|^\s*\(?\d{1,2})$", re.I
)
_KEPT = re.compile(r"([.!?])\s+")  # an end mark within a bulleted item ends no sentence
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
_SENTENCE_END = re.compile(r"([.!?]+)(?=\s|$)(?!\s*\()|\n+")


def prepared(words: str) -> str:
    """The words with typos and odd punctuation mended and bulleted lines joined to their heading."""
    text = cleaned(words)[:READ_LIMIT]
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"\b(\w+)(?: \1\b){2,}", r"\1", text)
    text = text.replace("’", "'").replace("‘", "'").replace("…", "... ").replace("\t", " ")
    text = re.sub(r"\.{2,}|!{2,}|\?{2,}|[!?]{2,}", lambda found: _one_mark(found[0]), text)
    text = re.sub(r"\s+([,;:!?])(?=\s)", r"\1", text)
    text = re.sub(r"([,;])(?=[^\W\d_])", r"\1 ", text)
    text = re.sub(r"\b(poll|vote|form|question) \d{1,2}\s*:", r"\1:", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\s)w/\s*", "with ", text)
    text = re.sub(r"\s+[–—]\s*|[–—]\s+", " - ", text)
    return _joined_bullets(_lines_as_bullets(_numbered_lines(_one_by_one(_mended(text)))))


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its own end mark; a dot after a number or an abbreviation ends none."""
    parts: list[str] = []
    start = 0
    for found in _SENTENCE_END.finditer(text):
        before = text[start : found.start()]
        if found[1] == "." and (_ABBREVIATION.search(before) or _in_a_date(before, text[found.end() :])):
            continue
        parts.append(text[start : found.end()])
        start = found.end()
    parts.append(text[start:])
    return [part.replace("\ue000", " ").strip() for part in parts if any(letter.isalnum() for letter in part)]


def _in_a_date(before: str, after: str) -> bool:
    """Whether a dot stands within "24. December" or "24.12. at 8 pm"."""
    if re.search(r"(?<![\d.])\d{1,2}$", before):
        return re.match(rf" {_MONTH}", after, re.IGNORECASE) is not None
    return re.search(r"\b\d{1,2}\. ?\d{1,2}$", before) is not None and re.match(r" (?:at )?\d", after) is not None


def _one_mark(marks: str) -> str:
    if set(marks) == {"."}:
        return ", " if len(marks) == 2 else ". "
    return "?" if "?" in marks else "!"


def _mended(text: str) -> str:
    text = _SHORT_WORD.sub(lambda found: _TYPOS.get(found[0], found[0]), text)
    return _LONG_WORD.sub(lambda found: _nearest(found[0]), text)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    if word in _VOCABULARY:
        return word
    for known in _VOCABULARY:
        near = known[0] == word[0] and abs(len(known) - len(word)) <= 1 and word not in {f"{known}s", known[:-1]}
        if near and difflib.SequenceMatcher(None, known, word).ratio() >= 0.87:
            return known
    return word


_SEVERAL = re.compile(r"\b(?:two|2|three|3|several) (poll|vote|form)s\s*:\s*([^;\n]+(?:;[^;\n]+)+)", re.IGNORECASE)


def _one_by_one(text: str) -> str:
    """`two polls: …; …` as a sentence for each."""
    return _SEVERAL.sub(lambda found: ". ".join(f"{found[1]}: {part.strip()}" for part in found[2].split(";")), text)


def _numbered_lines(text: str) -> str:
    """`1. … 2. … 3. …` within a line, each on a line of its own."""
    for mark in (")", "."):
        numbers = [re.search(rf"(?:^|\s)\(?{number}\{mark}\s+", text, re.M) for number in (1, 2)]
        if numbers[0] and numbers[1] and numbers[0].start() < numbers[1].start():
            return re.sub(rf"[ \t]+\(?([1-9])\{mark}\s+", rf"\n\1{mark} ", text)
    return text


def _lines_as_bullets(text: str) -> str:
    """Short lines below a question are its options, those below a colon what it announces, bullets or not."""
    lines = [line for line in text.splitlines() if line.strip()]
    for place, line in enumerate(lines):
        below = lines[place + 1 :]
        options = line.rstrip().endswith("?") and 2 <= len(below) <= 12 and all(_is_short(one) for one in below)
        listed = line.rstrip().endswith(":") and 2 <= len(below) <= 30 and all(_is_item(one) for one in below)
        if options or listed:
            return "\n".join([*lines[: place + 1], *(f"- {option.strip()}" for option in below)])
    return text


def _is_short(line: str) -> bool:
    return len(line.split()) <= 5 and not re.search(r"[:?,]|\.\s", line) and _BULLET.match(line) is None


def _is_item(line: str) -> bool:
    return len(line) <= 60 and not re.search(r"[.!] \w", line) and _BULLET.match(line) is None


def _joined_bullets(text: str) -> str:
    """Each run of bulleted lines put behind the line before it, its items parted by semicolons."""
    joined: list[str] = []
    items: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = _BULLET.match(line)
        if found and not _opens_a_section(line[found.end() :]):
            items.append(line[found.end() :].strip().rstrip(".,;"))
            continue
        if items:
            joined.append(_attached(joined, items))
            items = []
        bare = line[found.end() :] if found else line
        if bare.strip():
            joined.append(bare.strip())
    return "\n".join(joined)


def _opens_a_section(line: str) -> bool:
    return bool(re.match(r".{0,60}\b(?:form|poll|vote|survey|orders?|sign-?up)\b.*:", line, re.I))


def _attached(lines: list[str], items: list[str]) -> str:
    listed = "; ".join(_KEPT.sub("\\1\ue000", item) for item in items) + (";" if len(items) == 1 else "")
    if not lines:
        return listed
    heading = lines.pop().rstrip()
    if heading.endswith("?"):
        return f"{heading}\nOptions: {listed}"
    return f"{heading.rstrip(':.,')}: {listed}"
