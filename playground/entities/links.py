"""Addresses inside formatting: which are kept, how they are spelled, which name a user, an emoji or a time."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

_OWN_SCHEMES = {"tg:": "tg", "ton:": "ton", "tonsite:": "tonsite"}
_SPLIT = re.compile(r"(?P<authority>[^/?#]*)(?P<query>.*)", re.DOTALL)
_PORT = re.compile(r"(?P<host>.+):(?P<port>[^:\]@]*)", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=\x80-\U0010ffff]|%[0-9A-Fa-f]{2})*")
_USER = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=:\x80-\U0010ffff]|%[0-9A-Fa-f]{2})*")
_INT64 = range(-(2**63), 2**63)
_DATE_FORMAT = re.compile(r"[rR]|[tTdDwW]*")


class BadLink(Exception):
    """Why an address is refused, in Telegram's words."""


def check_link(link: str, *, http_only: bool = False, https_only: bool = False) -> str:
    """The address as Telegram stores it: scheme and host in lower case, a path, blanks encoded."""
    scheme = next((name for start, name in _OWN_SCHEMES.items() if link[: len(start)].lower() == start), None)
    if scheme is None:
        return _checked_http(link, https_only=https_only)
    rest = link[len(scheme) + 1 :].removeprefix("//")
    protocol, userinfo, host, port, query = _split_http(rest)
    if https_only:
        raise BadLink("Only HTTPS links are allowed")
    if http_only:
        raise BadLink("Only HTTP links are allowed")
    if protocol == "https" or rest[:7].lower() == "http://" or userinfo or port or host.startswith("["):
        raise BadLink("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    allowed = r"[A-Za-z0-9_.-]*" if scheme == "tonsite" else r"[A-Za-z0-9_-]*"
    if not re.fullmatch(allowed, host):
        raise BadLink("Unallowed characters in URL host")
    return f"{scheme}://{host}{query[1:] if query.startswith('/?') else query}"


def link_or_none(link: str) -> str | None:
    try:
        return check_link(link)
    except BadLink:
        return None


def _checked_http(link: str, *, https_only: bool) -> str:
    protocol, userinfo, host, port, query = _split_http(link)
    if https_only and protocol != "https":
        raise BadLink("Only HTTPS links are allowed")
    if "." not in host and not host.startswith("["):
        raise BadLink("Wrong HTTP URL")
    user = f"{userinfo}@" if userinfo else ""
    return f"{protocol}://{user}{host}{f':{port}' if port else ''}{query}"


def _split_http(link: str) -> tuple[str, str, str, int, str]:
    """Protocol, user, host, port (0 if not given) and the rest of a web address; `http` where none is named."""
    protocol, rest = "http", link
    named, separator, after = link.partition("://")
    if separator and not re.search(r"[/?#:@\[]", named):
        protocol, rest = named.lower(), after
        if protocol not in {"http", "https"}:
            raise BadLink("Unsupported URL protocol")
    parts = _SPLIT.fullmatch(rest)
    assert parts is not None  # the pattern matches every text
    authority, port = _split_port(parts["authority"])
    userinfo, _, host = authority.rpartition("@")
    if not host:
        raise BadLink("URL host is empty")
    if host == ".":
        raise BadLink("Host is invalid")
    _check_host(host, userinfo)
    query = parts["query"].rstrip(" \t\r\n\0\v") or "/"
    query = query if query.startswith("/") else f"/{query}"
    query = "".join(f"%{ord(char):02X}" if char <= " " else char for char in query)
    return protocol, userinfo, lower(host), port, query


def _split_port(authority: str) -> tuple[str, int]:
    found = _PORT.fullmatch(authority)
    if found is None:
        return authority, 0
    digits = found["port"].lstrip("0")
    if not re.fullmatch(r"[0-9]{1,5}", digits) or int(digits) > 65535:
        raise BadLink("Wrong port number specified in the URL")
    return found["host"], int(digits)


def _check_host(host: str, userinfo: str) -> None:
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError as exc:
            raise BadLink("Wrong IPv6 address specified in the URL") from exc
    elif not _HOST.fullmatch(host):
        raise BadLink("Disallowed character in URL host")
    if not _USER.fullmatch(userinfo):
        raise BadLink("Disallowed character in URL userinfo")


def mentioned_user(link: str) -> int | None:
    """The user a `tg://user?id=…` address names."""
    try:
        value = _tg_parameters(lower(link), "user").get("id", "")
        number = _int64(value)
    except BadLink:
        return None
    return number if number > 0 else None


def named_emoji_or_time(link: str) -> tuple[str, dict[str, Any]]:
    """What a `tg://emoji` or `tg://time` address stands for: an entity type and its fields."""
    try:
        return "custom_emoji", {"custom_emoji_id": custom_emoji_id(_tg_parameters(link, "emoji").get("id", ""))}
    except BadLink:
        pass
    try:
        parameters = _tg_parameters(link, "time")
        moment = _int64(parameters.get("unix", ""))
        if not 0 < moment < 2**31:
            raise BadLink("Invalid Unix time specified")
        return "date_time", date_time(moment, parameters.get("format", ""))
    except BadLink as exc:
        raise BadLink("Invalid tg://emoji or tg://time URL specified") from exc


def custom_emoji_id(value: str) -> str:
    try:
        number = _int64(value)
    except BadLink:
        number = 0
    if number == 0:
        raise BadLink("Invalid custom emoji identifier specified")
    return str(number)


def date_time(moment: int, form: str) -> dict[str, Any]:
    """The fields of a date_time entity, its format spelled the way Telegram gives it back."""
    if not _DATE_FORMAT.fullmatch(form):
        raise BadLink("Invalid date format used")
    if form in {"r", "R"}:
        spelled = "r"
    else:
        spelled = "w" * ("w" in form.lower())
        spelled += "d" if "d" in form else "D" * ("D" in form)
        spelled += "t" if "t" in form else "T" * ("T" in form)
    return {"unix_time": moment, "date_time_format": spelled}


def _tg_parameters(link: str, host: str) -> dict[str, str]:
    """The parameters of `tg://<host>?…`, the first of each name."""
    if link[:3].lower() != "tg:":
        raise BadLink("URL must have scheme tg")
    rest = link[3:].removeprefix("//")
    if rest[: len(host)].lower() != host or rest[len(host) : len(host) + 1] not in {"", "/", "?", "#"}:
        raise BadLink(f'URL must have host "{host}"')
    rest = rest[len(host) :].removeprefix("/")
    if not rest.startswith("?"):
        raise BadLink("URL must have parameters")
    parameters: dict[str, str] = {}
    for pair in rest[1:].partition("#")[0].split("&"):
        key, _, value = pair.partition("=")
        parameters.setdefault(key, value)
    return parameters


def _int64(value: str) -> int:
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", value) or int(value) not in _INT64:
        raise BadLink("not a number")
    return int(value)


def lower(text: str) -> str:
    """Lower case of the Latin letters only, as Telegram does it."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
