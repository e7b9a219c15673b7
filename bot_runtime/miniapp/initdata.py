"""Who opened the Mini App: Telegram's signed launch data, believed only after it has been checked.

A child never holds its token.  It holds the secret derived from it, which verifies launch data and can call nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

MAX_AGE = timedelta(hours=1)
MAX_AHEAD = timedelta(seconds=60)  # how far ahead Telegram's clock may be of ours
LONGEST = 16_384  # characters; real launch data stays below 2,000
MOST_FIELDS = 40


class Fault(StrEnum):
    """Why launch data is refused."""

    MALFORMED = "malformed"  # no query string, or a field that is not what it must be
    DUPLICATE = "duplicate"  # a key twice: two readers could see two different values
    UNSIGNED = "unsigned"
    FORGED = "forged"  # not signed for this bot
    STALE = "stale"
    FUTURE = "future"
    NOBODY = "nobody"  # signed, but it names no person


class InitDataError(Exception):
    """The launch data is refused; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"the launch data is refused: {fault.value}")
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Person:
    """The Telegram user who opened the Mini App, as the signed data names them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One opening of the Mini App, verified."""

    person: Person
    signed_at: datetime
    start_param: str = ""
    query_id: str = ""


def derived_secret(token: str) -> bytes:
    """The key that verifies a bot's launch data, made from its token."""
    return hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()


def verify(init_data: str, *, secret: bytes, now: datetime) -> Launch:
    """The launch that `init_data` proves for the bot whose derived secret this is.  Raises `InitDataError`."""
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    if not given:
        raise InitDataError(Fault.UNSIGNED)
    expected = hmac.new(secret, _check_string(fields), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
        raise InitDataError(Fault.FORGED)
    return _launch(fields, now)


def verify_signature(init_data: str, *, bot_id: int, public_key: bytes, now: datetime) -> Launch:
    """The same proof without any secret: Telegram's Ed25519 signature over the data and the bot's id."""
    from cryptography.exceptions import InvalidSignature  # loaded only where it is used: a child needs no copy of it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    fields = _fields(init_data)
    fields.pop("hash", None)
    given = fields.pop("signature", "")
    if not given:
        raise InitDataError(Fault.UNSIGNED)
    try:
        signature = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        signed = f"{bot_id}:WebAppData\n".encode() + _check_string(fields)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except (InvalidSignature, binascii.Error, ValueError) as exc:
        raise InitDataError(Fault.FORGED) from exc
    return _launch(fields, now)


def _fields(init_data: str) -> dict[str, str]:
    """Every field once, decoded."""
    if not init_data or len(init_data) > LONGEST:
        raise InitDataError(Fault.MALFORMED)
    try:
        pairs = parse_qsl(
            init_data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as exc:
        raise InitDataError(Fault.MALFORMED) from exc
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InitDataError(Fault.DUPLICATE)
    return fields


def _check_string(fields: dict[str, str]) -> bytes:
    """The text that is signed.  `signature` stays in for the bot's own check and is popped for the other one."""
    return "\n".join(f"{key}={value}" for key, value in sorted(fields.items())).encode("utf-8", "surrogatepass")


def _launch(fields: dict[str, str], now: datetime) -> Launch:
    """The signed fields as facts, if they are fresh."""
    stamp = fields.get("auth_date", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise InitDataError(Fault.MALFORMED)
    try:
        signed_at = datetime.fromtimestamp(int(stamp), tz=now.tzinfo)
    except (ValueError, OverflowError, OSError) as exc:
        raise InitDataError(Fault.MALFORMED) from exc
    if signed_at - now > MAX_AHEAD:
        raise InitDataError(Fault.FUTURE)
    if now - signed_at > MAX_AGE:
        raise InitDataError(Fault.STALE)
    return Launch(
        person=_person(fields.get("user", "")),
        signed_at=signed_at,
        start_param=fields.get("start_param", ""),
        query_id=fields.get("query_id", ""),
    )


def _person(source: str) -> Person:
    if not source:
        raise InitDataError(Fault.NOBODY)
    try:
        user: Any = json.loads(source)
    except (ValueError, RecursionError) as exc:
        raise InitDataError(Fault.MALFORMED) from exc
    if not isinstance(user, dict):
        raise InitDataError(Fault.MALFORMED)
    identity = user.get("id")
    if not isinstance(identity, int) or isinstance(identity, bool) or identity <= 0:
        raise InitDataError(Fault.NOBODY)
    return Person(
        id=identity,
        first_name=_text(user, "first_name"),
        last_name=_text(user, "last_name"),
        username=_text(user, "username"),
        language=_text(user, "language_code"),
    )


def _text(user: dict[str, Any], key: str) -> str:
    value = user.get(key, "")
    if not isinstance(value, str):
        raise InitDataError(Fault.MALFORMED)
    return value
