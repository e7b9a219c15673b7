"""Simple values: numbers, truth values, identifiers, files, lists; forgiving where Telegram is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from playground.parameters.reading import ParameterFault, Request, Upload, as_text
from playground.parameters.table import Parameter

_TRUE = {"true", "yes", "1"}
_MOST_MESSAGES = 100


def integer(text: str) -> int:
    """The number a text begins with, 0 if it begins with none: a bad number is never an error."""
    found = re.match(r"-?[0-9]{1,19}", text)
    number = int(found[0]) if found else 0
    return number if -(2**63) <= number < 2**63 else 0


def _text(request: Request, name: str, parameter: Parameter) -> str:
    text = request.text(name)
    if parameter.high is not None and len(text) > parameter.high:
        raise ParameterFault(_TOO_LONG.get(name, f"{name} is too long"))
    return text


def _integer(request: Request, name: str, parameter: Parameter) -> int:
    number = integer(request.text(name).strip())
    if parameter.low is not None and parameter.high is not None:
        return min(max(number, parameter.low), parameter.high)
    return number


def _float(request: Request, name: str, _: Parameter) -> float:
    found = re.match(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", request.text(name))
    number = float(found[0]) if found else 0.0
    return number if math.isfinite(number) else 0.0


def _truth(request: Request, name: str, _: Parameter) -> bool:
    return request.text(name).strip().lower() in _TRUE


def chat(text: str) -> int | str:
    """A chat by number or by @username."""
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else text


def _chat(request: Request, name: str, _: Parameter) -> int | str:
    return chat(request.text(name))


def _user(request: Request, name: str, _: Parameter) -> int:
    number = integer(request.text(name).strip())
    if number <= 0:
        raise ParameterFault(f"Invalid {name} specified")
    return number


def _message(request: Request, name: str, _: Parameter) -> int:
    number = integer(request.text(name).strip())
    return number if 0 < number < 2**31 else 0


def _file(request: Request, name: str, _: Parameter) -> Upload | str | None:
    return request.file(request.text(name), name)


def _upload(request: Request, name: str, _: Parameter) -> Upload | None:
    return request.new_file(request.text(name), name)


def _numbers(request: Request, name: str, what: str, most: int | None) -> list[int]:
    value = request.json(name, f"Can't parse {name} JSON object")
    if not isinstance(value, list):
        raise ParameterFault(f"Expected an Array of {what} identifiers")
    if most is not None and len(value) > most:
        raise ParameterFault(f"Too many {what} identifiers specified")
    return [_number(item, what) for item in value]


def _number(item: Any, what: str) -> int:
    if isinstance(item, bool) or not isinstance(item, int | float | str):
        raise ParameterFault(f"{what.capitalize()} identifier must be a Number")
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", str(item)):
        raise ParameterFault(f"Can't parse {what} identifier as a Number")
    if int(item) <= 0:
        raise ParameterFault(f"Invalid {what} identifier specified")
    return int(item)


def _messages(request: Request, name: str, _: Parameter) -> list[int]:
    return _numbers(request, name, "message", _MOST_MESSAGES)


def _users(request: Request, name: str, _: Parameter) -> list[int]:
    return _numbers(request, name, "user", 10 if name == "added_user_ids" else None)


def _integers(request: Request, name: str, _: Parameter) -> list[int]:
    value = request.json(name, f"Can't parse {name} JSON object")
    if not isinstance(value, list):
        raise ParameterFault(f"Expected an Array of Number as {name}")
    return [integer(as_text(item)) for item in value]


def _strings(request: Request, name: str, _: Parameter) -> list[str]:
    value = request.json(name, f"Can't parse {name} JSON object")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ParameterFault("Expected an Array of String")
    return value


def _updates(request: Request, name: str, _: Parameter) -> list[str] | None:
    """Names of update types in lower case; what is no list of names counts as not given."""
    try:
        value = request.json(name, "")
    except ParameterFault:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return [item.lower() for item in value]


_TOO_LONG = {"text": "MESSAGE_TOO_LONG", "title": "CHAT_TITLE_TOO_LONG", "custom_title": "ADMIN_RANK_INVALID"}

SIMPLE: dict[str, Callable[[Request, str, Parameter], Any]] = {
    "text": _text,
    "int": _integer,
    "float": _float,
    "bool": _truth,
    "chat": _chat,
    "user": _user,
    "message": _message,
    "file": _file,
    "upload": _upload,
    "messages": _messages,
    "users": _users,
    "ints": _integers,
    "strings": _strings,
    "updates": _updates,
}
