"""Web and mail addresses in plain text, recognised as Telegram recognises them: by their dots."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from playground.entities.tlds import is_top_level

_BAD_ENDS = ".:;,('?!`"
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_EMAIL_USER = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_.+-]*[A-Za-z0-9_-]")
_EMAIL_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_PORT = re.compile(r":0*([0-9]{1,5})(?![0-9])")
_SCHEME = re.compile(r"(?:https?|ftp|tonsite)://", re.IGNORECASE)
_TG = re.compile(r"(?:tg|tonsite|ton)://[A-Za-z0-9_-]{1,253}", re.IGNORECASE)
_FOUR_NUMBERS = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.|$)){4}")


def find_addresses(text: str) -> Iterator[tuple[str, int, int]]:
    """Every address as (`url` or `email`, start, end)."""
    for found in _TG.finditer(text):
        yield "url", found.start(), _path_end(text, found.end())
    for start, end in _candidates(text):
        candidate = text[start:end]
        if is_email(candidate):
            yield "email", start, end
        elif candidate.startswith("mailto:") and is_email(candidate[7:]):
            yield "email", start + 7, end
        elif kept := _trimmed_url(candidate):
            yield "url", start, start + kept


def is_email(candidate: str) -> bool:
    user, separator, domain = candidate.partition("@")
    return bool(separator and _EMAIL_USER.fullmatch(user) and _EMAIL_DOMAIN.fullmatch(domain))


def _is_url_character(char: str) -> bool:
    if "\u2000" <= char <= "\u206f":
        return char in "\u200c\u200d" or "\u2010" <= char <= "\u2015"
    return unicodedata.category(char)[0] != "Z"


def _is_path_character(char: str) -> bool:
    return char not in '\n<>"«»' and _is_url_character(char)


def _is_user_character(char: str) -> bool:
    return char not in "\n/[]{}()'`<>\"@«»" and _is_url_character(char)


def _is_domain_character(char: str) -> bool:
    if char < "\u00c0":
        return char.isascii() and (char.isalnum() or char in "._-~")
    return _is_url_character(char)


def _is_protocol_character(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "+-"
    return unicodedata.category(char)[0] != "Z"


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Spans around dots that look like addresses; which of them are is decided later."""
    begin = 0  # nothing before it belongs to the next candidate
    while True:
        dot = text.find(".", begin)
        if dot < 0 or dot + 1 == len(text):
            return
        if text[dot + 1] == " ":
            begin = dot + 2
            continue
        start, end, good = _around(text, begin, dot)
        if good:
            if end > dot + 1:
                yield start, end
            while text[end : end + 1] == ".":
                end += 1
        else:
            end = max(text.rfind(".", begin, end) + 1, begin)
        begin = max(end, dot + 1)


def _around(text: str, begin: int, dot: int) -> tuple[int, int, bool]:
    """The span about a dot: user, domain, port and path; and whether what stands before it lets it be an address."""
    start = _back(text, begin, dot, _is_domain_character)
    end, last_at = dot, -1
    while end < len(text) and (text[end] == "@" or _is_domain_character(text[end])):
        last_at = end if text[end] == "@" else last_at
        end += 1
    if last_at >= 0:
        start = _back(text, begin, start, _is_user_character)
    end = _path_end(text, _port_end(text, end))
    while end > dot + 1 and text[end - 1] == ".":
        end -= 1
    good = True
    if start > begin and text[start - 1] == "@":
        user = _back(text, begin, start - 1, _is_user_character)
        good = last_at < 0 and user < start - 1
        start = user
    if start > begin:
        start, allowed = _protocol(text, begin, start)
        good = good and allowed
    return start, end, good


def _back(text: str, begin: int, position: int, belongs: Callable[[str], bool]) -> int:
    while position > begin and belongs(text[position - 1]):
        position -= 1
    return position


def _port_end(text: str, end: int) -> int:
    found = _PORT.match(text, end)
    if found and 0 < int(found[1]) <= 65535:
        return found.end()
    return end


def _path_end(text: str, end: int) -> int:
    if text[end : end + 1] not in {"/", "?", "#"}:
        return end
    path = end + 1
    while path < len(text) and _is_path_character(text[path]):
        path += 1
    while path > end + 1 and text[path - 1] in _BAD_ENDS:
        path -= 1
    return path if text[end] == "/" or path > end + 1 else end


def _protocol(text: str, begin: int, start: int) -> tuple[int, bool]:
    """Where an address begins when a protocol stands before it, and whether such a beginning is allowed."""
    if not (start - begin >= 6 and text.startswith("://", start - 3)):
        before = text[start - 1]
        word = before == "_" or unicodedata.category(before)[0] in {"L", "N"}
        return start, not (word or before in "/#@")
    protocol = text[_back(text, begin, start - 3, _is_protocol_character) : start - 3].lower()
    for name, refused in (("http", {"shttp"}), ("https", set()), ("ftp", {"tftp", "sftp"}), ("tonsite", set())):
        if protocol.endswith(name) and protocol not in refused:
            return start - 3 - len(name), True
    return start, False


def _trimmed_url(candidate: str) -> int:
    """How much of a candidate is a real address: closing brackets and points belong to the sentence; 0 if none is."""
    scheme = _SCHEME.match(candidate)
    rest = candidate[scheme.end() :] if scheme else candidate
    cut = re.search(r"[/?#]", rest)
    domain, path = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    domain = domain.partition("@")[2] if "@" in domain else domain
    domain = domain[: domain.rfind(":")] if ":" in domain else domain
    if domain.lower() == "teiegram.org" or not _is_domain(domain, named_protocol=scheme is not None):
        return 0
    return len(candidate) - len(path) + _balanced(path)


def _balanced(path: str) -> int:
    open_brackets = {"(": 0, "[": 0, "{": 0}
    length = len(path)
    for position, char in enumerate(path):
        if char in open_brackets:
            open_brackets[char] += 1
        elif char in _CLOSERS:
            open_brackets[_CLOSERS[char]] -= 1
            if open_brackets[_CLOSERS[char]] < 0:
                length = position
                break
    while length > 0 and path[length - 1] in _BAD_ENDS:
        length -= 1
    return length


def _is_domain(domain: str, *, named_protocol: bool) -> bool:
    parts = domain.split(".")
    if len(parts) < 2 or any(not part or len(part.encode()) >= 64 or part.endswith("-") for part in parts):
        return False
    if len(parts) == 4 and _FOUR_NUMBERS.fullmatch(domain):
        return True
    if re.fullmatch(r"[0-9.]*", domain) or "_" in parts[-2]:
        return False
    top = parts[-1]
    if top.startswith("xn--"):
        return len(top) > 5 and top[4:].isalnum() and top.isascii()
    if len(top) <= 1 or "_" in top or "-" in top:
        return False
    return named_protocol or _is_common(top)


def _is_common(top: str) -> bool:
    lowered = top.lower()
    if lowered != top and lowered[1:] == top[1:]:
        return False  # "Hello.World": a new sentence, not an address
    return is_top_level(lowered)
