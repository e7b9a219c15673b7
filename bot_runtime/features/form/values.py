"""What an answer to a form field may be: the same rules for the chat and for the Mini App.  Pure."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Any

from bot_runtime.dna import FieldKind, FormField, cleaned, one_line

Value = str | int | float | list[str]
STARS = 5
LONGEST_TEXT = 2000
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:\s*[./-]\s*(\d{4}|\d{2})?)?")
ISO_DATE = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?(?:\s+(\d{4}))?")
RELATIVE_DAYS = {"today": 0, "tomorrow": 1, "day after tomorrow": 2, "yesterday": -1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STAR = re.compile(r"[⭐★🌟]\ufe0f?")


class ValueRefused(ValueError):
    """This answer cannot be accepted; `key` and `values` name the sentence that says why, with an example."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = f"form.{key}"
        self.values = values


def accept(field: FormField, given: Any, *, today: date) -> Value:
    """The answer in the one shape it is stored in.  Raises `ValueRefused`."""
    if field.kind is FieldKind.CHOICES:
        return _choices(field, given)
    if field.kind is FieldKind.PHOTO:
        raise ValueRefused("bad_photo")
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueRefused(f"bad_{field.kind.value}", **_examples(field, today))
    text = cleaned(str(given))
    if not text:
        raise ValueRefused("bad_empty")
    match field.kind:
        case FieldKind.NUMBER:
            return _number(field, text)
        case FieldKind.RATING:
            return _rating(text)
        case FieldKind.CHOICE:
            return _option(field, text)
        case FieldKind.DATE:
            return _date(text, today).isoformat()
        case FieldKind.PHONE:
            return _phone(text)
        case FieldKind.EMAIL:
            return _email(text)
    if len(text) > LONGEST_TEXT:
        raise ValueRefused("bad_long", most=LONGEST_TEXT)
    return text


def shown(field_kind: str, value: Any) -> str:
    """The answer as a person reads it."""
    if isinstance(value, list):
        return ", ".join(value)
    if field_kind == FieldKind.RATING and isinstance(value, int):
        return "★" * value + "☆" * (STARS - value)
    if field_kind == FieldKind.DATE and isinstance(value, str):
        day = date.fromisoformat(value)
        return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(field: FormField, text: str) -> float | int:
    compact = re.sub(r"[\s'’_\u00a0\u202f]", "", text).replace("−", "-")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", compact) and compact.count(",") + compact.count(".") > 1:
        compact = compact.replace(",", "")  # 1,234.5 and 1,234,567
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", compact) and compact.count(",") + compact.count(".") > 1:
        compact = compact.replace(".", "").replace(",", ".")  # 1.234,5
    else:
        compact = compact.replace(",", ".")  # 2,5
    if not re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})", compact, re.ASCII):
        raise ValueRefused("bad_number", **_examples(field, None))
    number = float(compact)
    if field.minimum is not None and number < field.minimum:
        raise ValueRefused("bad_small", least=shown("number", field.minimum))
    if field.maximum is not None and number > field.maximum:
        raise ValueRefused("bad_large", most=shown("number", field.maximum))
    return int(number) if number.is_integer() else number


def _rating(text: str) -> int:
    stars = len(STAR.findall(text))
    digits = re.fullmatch(r"([1-5])(?:\.0)?(?:\s*(?:/\s*5|of 5|out of 5|stars?))?", text, re.IGNORECASE | re.ASCII)
    number = int(digits[1]) if digits else stars if stars and not STAR.sub("", text).strip("☆ ") else 0
    if not 1 <= number <= STARS:
        raise ValueRefused("bad_rating")
    return number


def _option(field: FormField, text: str) -> str:
    wanted = one_line(text).casefold()
    for option in field.options:
        if option.casefold() == wanted:
            return option
    begun = [option for option in field.options if option.casefold().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    raise ValueRefused("bad_choice", options=", ".join(field.options))


def _choices(field: FormField, given: Any) -> list[str]:
    if isinstance(given, str):
        whole = [option for option in field.options if option.casefold() == one_line(given).casefold()]
        given = whole or [part for part in re.split(r"[,;\n]| and ", given) if part.strip()]
    if not isinstance(given, list | tuple) or not all(isinstance(part, str) for part in given):
        raise ValueRefused("bad_choices", options=", ".join(field.options))
    if len(given) > len(field.options) * 2:
        raise ValueRefused("bad_choices", options=", ".join(field.options))
    chosen = {_option(field, part) for part in given}
    if not chosen:
        raise ValueRefused("bad_choices", options=", ".join(field.options))
    return [option for option in field.options if option in chosen]


def _date(text: str, today: date) -> date:
    wanted = one_line(text).lower()
    if wanted in RELATIVE_DAYS:
        return today + timedelta(days=RELATIVE_DAYS[wanted])
    weekday = wanted.removeprefix("next ").removeprefix("on ")
    if weekday in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1)
    try:
        found = _written_date(wanted, today)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise ValueRefused("bad_date", today=shown("date", today.isoformat()))
    return found


def _written_date(wanted: str, today: date) -> date | None:
    """The date, None where it is written as none.  Raises ValueError where there is no such day."""
    if match := ISO_DATE.fullmatch(wanted):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMERIC_DATE.fullmatch(wanted):
        day, month = int(match[1]), int(match[2])
        if month > 12 >= day:  # 12/24/2026
            day, month = month, day
        return _in_year(match[3], month, day, today)
    if match := DAY_MONTH.fullmatch(wanted):
        return _in_year(match[3], _month(match[2]), int(match[1]), today)
    if match := MONTH_DAY.fullmatch(wanted):
        return _in_year(match[3], _month(match[1]), int(match[2]), today)
    return None


def _in_year(year: str | None, month: int, day: int, today: date) -> date:
    """The day in that year; without a year, the next time it comes."""
    if year:
        number = int(year)
        return date(number + (2000 if number < 100 else 0), month, day)
    found = date(today.year, month, day)
    return found if found >= today else date(today.year + 1, month, day)


def _month(name: str) -> int:
    return MONTHS.index(name[:3]) + 1  # ValueError where there is no such month


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if not digits.isascii() or not 6 <= len(digits) <= 15 or not re.fullmatch(r"\+?[\d\s()./-]+", text, re.ASCII):
        raise ValueRefused("bad_phone")
    return f"+{digits}" if text.startswith("+") else f"+{digits[2:]}" if digits.startswith("00") else digits


def _email(text: str) -> str:
    address = one_line(text).removeprefix("mailto:")
    local, _, host = address.rpartition("@")
    if len(address) > 254 or not EMAIL.fullmatch(address) or ".." in address or local[0] == "." or local[-1] == ".":
        raise ValueRefused("bad_email")
    return f"{local}@{host.lower()}"


def _examples(field: FormField, today: date | None) -> dict[str, object]:
    if field.kind is FieldKind.CHOICE:
        return {"options": ", ".join(field.options)}
    if field.kind is FieldKind.DATE and today is not None:
        return {"today": shown("date", today.isoformat())}
    if field.kind is FieldKind.NUMBER:
        example = field.minimum if field.minimum is not None else field.maximum if field.maximum is not None else 3
        return {"example": shown("number", math.ceil(example) if field.minimum is not None else example)}
    return {}
