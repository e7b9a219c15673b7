"""Reading the fields of a JSON object the way Telegram's server does, with its error texts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)


class FieldFault(Exception):
    """What is wrong with a field, in Telegram's words; whoever reads the object says which object it was."""


def required(found: Mapping[str, Any], name: str) -> Any:
    if found.get(name) is None:
        raise FieldFault(f'Can\'t find field "{name}"')
    return found[name]


def integer(found: Mapping[str, Any], name: str, *, span: range = INT32) -> int:
    """A required whole number, also when it is written as a string."""
    value = required(found, name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FieldFault(f'Field "{name}" must be a Number')
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", str(value)) or int(value) not in span:
        raise FieldFault(f'Field "{name}" must be a valid Number')
    return int(value)


def number(found: Mapping[str, Any], name: str) -> float:
    value = required(found, name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FieldFault(f'Field "{name}" must be of type Number')
    return float(value)


def string(found: Mapping[str, Any], name: str) -> str:
    """A required text; a number will do and is taken as written."""
    value = required(found, name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldFault(f'Field "{name}" must be of type String')
    return str(value)


def flag(found: Mapping[str, Any], name: str) -> bool:
    """An optional truth value, False where it is missing."""
    value = found.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FieldFault(f'Field "{name}" must be of type Boolean')
    return value


def optional_string(found: Mapping[str, Any], name: str) -> str:
    return "" if found.get(name) is None else string(found, name)


def optional_integer(found: Mapping[str, Any], name: str, default: int = 0, *, span: range = INT32) -> int:
    return default if found.get(name) is None else integer(found, name, span=span)


def nested(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = required(found, name)
    if not isinstance(value, Mapping):
        raise FieldFault(f'Field "{name}" must be of type Object')
    return value


def array(found: Mapping[str, Any], name: str) -> list[Any]:
    value = required(found, name)
    if not isinstance(value, list):
        raise FieldFault(f'Field "{name}" must be of type Array')
    return value
