"""Launch data is believed only when Telegram signed it for this very bot, lately, and about one person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot_runtime.miniapp.initdata import Fault, InitDataError, derived_secret, verify, verify_signature

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = derived_secret(TOKEN)
ALICE = {"id": 7, "first_name": "Alice", "language_code": "en"}

# Published by the documentation of Telegram's libraries: an old token, its launch data, and Telegram's own hash.
PUBLIC_TOKEN = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
PUBLIC_DATA = (
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name"
    "%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D"
    "&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
)
# A public vector signed by Telegram's production key (bot 7342037359).
SIGNED_DATA = (
    "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A%22"
    "Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22"
    "allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F"
    "4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private"
    "&auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6"
    "&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
)
PRODUCTION_KEY = bytes.fromhex("e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d")


def signed(token: str = TOKEN, *, at: datetime = NOW, **fields: Any) -> str:
    """Launch data as Telegram makes it for the bot of `token`."""
    values: dict[str, str] = {"user": json.dumps(ALICE), "auth_date": str(int(at.timestamp())), "query_id": "AAH"}
    values |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
    values = {key: value for key, value in values.items() if value != ""}
    check = "\n".join(f"{key}={value}" for key, value in sorted(values.items()))
    mark = hmac.new(derived_secret(token), check.encode(), hashlib.sha256).hexdigest()
    return urlencode(values | {"hash": mark})


def test_the_published_vector_of_a_token_is_accepted() -> None:
    launch = verify(PUBLIC_DATA, secret=derived_secret(PUBLIC_TOKEN), now=datetime.fromtimestamp(1662771700, tz=UTC))
    assert (launch.person.id, launch.person.username, launch.person.language) == (279058397, "vdkfrost", "ru")
    assert launch.query_id == "AAHdF6IQAAAAAN0XohDhrOrc"


def test_the_published_vector_of_telegrams_key_is_accepted_for_its_bot_only() -> None:
    now = datetime.fromtimestamp(1733584800, tz=UTC)
    launch = verify_signature(SIGNED_DATA, bot_id=7342037359, public_key=PRODUCTION_KEY, now=now)
    assert launch.person.first_name == "Vladislav + - ? /"
    with pytest.raises(InitDataError) as caught:
        verify_signature(SIGNED_DATA, bot_id=7342037358, public_key=PRODUCTION_KEY, now=now)
    assert caught.value.fault is Fault.FORGED


def test_a_signature_of_another_key_or_none_is_refused() -> None:
    data = dict(parse_qsl(SIGNED_DATA))
    key = Ed25519PrivateKey.generate()
    check = "\n".join(f"{k}={v}" for k, v in sorted(data.items()) if k not in {"hash", "signature"})
    own = base64.urlsafe_b64encode(key.sign(f"7342037359:WebAppData\n{check}".encode())).decode().rstrip("=")
    now = datetime.fromtimestamp(1733584800, tz=UTC)
    accepted = urlencode(data | {"signature": own})
    assert verify_signature(accepted, bot_id=7342037359, public_key=key.public_key().public_bytes_raw(), now=now)
    for signature, fault in ((own, Fault.FORGED), ("%%%", Fault.FORGED), ("AAAA", Fault.FORGED), ("", Fault.UNSIGNED)):
        with pytest.raises(InitDataError) as caught:
            verify_signature(
                urlencode(data | {"signature": signature}), bot_id=7342037359, public_key=PRODUCTION_KEY, now=now
            )
        assert caught.value.fault is fault


def test_launch_data_names_its_person() -> None:
    launch = verify(signed(start_param="poll", signature="abc"), secret=SECRET, now=NOW)
    assert launch.person.id == 7
    assert launch.person.first_name == "Alice"
    assert launch.start_param == "poll"
    assert launch.signed_at == NOW


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        pytest.param("", Fault.MALFORMED, id="empty"),
        pytest.param("hello", Fault.MALFORMED, id="no query string"),
        pytest.param("a=%ff&hash=1", Fault.MALFORMED, id="not UTF-8"),
        pytest.param("&".join(f"k{n}=1" for n in range(60)), Fault.MALFORMED, id="too many fields"),
        pytest.param("a=" + "x" * 20_000, Fault.MALFORMED, id="too long"),
        pytest.param(signed() + "&user=%7B%22id%22%3A8%7D", Fault.DUPLICATE, id="user twice"),
        pytest.param(signed() + "&hash=" + "0" * 64, Fault.DUPLICATE, id="hash twice"),
        pytest.param("auth_date=1&user=%7B%7D", Fault.UNSIGNED, id="no hash"),
        pytest.param("auth_date=1&hash=", Fault.UNSIGNED, id="empty hash"),
        pytest.param(signed().replace("Alice", "Mallory"), Fault.FORGED, id="changed afterwards"),
        pytest.param(signed() + "&start_param=x", Fault.FORGED, id="a field added"),
        pytest.param(signed().replace("&query_id=AAH", ""), Fault.FORGED, id="a field dropped"),
        pytest.param(signed()[:-64] + "é", Fault.FORGED, id="hash not hexadecimal"),
        pytest.param(signed().upper(), Fault.UNSIGNED, id="shouted"),
        pytest.param(signed("999:another-bot-of-the-same-factory"), Fault.FORGED, id="another bot's"),
        pytest.param(signed(at=NOW - timedelta(seconds=3601)), Fault.STALE, id="older than an hour"),
        pytest.param(signed(at=NOW + timedelta(seconds=61)), Fault.FUTURE, id="from the future"),
        pytest.param(signed(auth_date="soon"), Fault.MALFORMED, id="no date"),
        pytest.param(signed(auth_date="9" * 30), Fault.MALFORMED, id="a date out of this world"),
        pytest.param(signed(auth_date="-5"), Fault.MALFORMED, id="a negative date"),
        pytest.param(signed(auth_date="١٢٣"), Fault.MALFORMED, id="digits of another script"),
        pytest.param(signed(auth_date=""), Fault.MALFORMED, id="date missing"),
        pytest.param(signed(user=""), Fault.NOBODY, id="no user"),
        pytest.param(signed(user="{"), Fault.MALFORMED, id="user is not JSON"),
        pytest.param(signed(user="[1]"), Fault.MALFORMED, id="user is a list"),
        pytest.param(signed(user="[" * 9000), Fault.MALFORMED, id="user nests too deep"),
        pytest.param(signed(user={"id": True, "first_name": "x"}), Fault.NOBODY, id="id is a truth value"),
        pytest.param(signed(user={"id": "7", "first_name": "x"}), Fault.NOBODY, id="id is a text"),
        pytest.param(signed(user={"id": -7, "first_name": "x"}), Fault.NOBODY, id="id is negative"),
        pytest.param(signed(user={"id": 7, "first_name": {"$gt": ""}}), Fault.MALFORMED, id="name is an object"),
    ],
)
def test_hostile_launch_data_is_refused(data: str, fault: Fault) -> None:
    with pytest.raises(InitDataError) as caught:
        verify(data, secret=SECRET, now=NOW)
    assert caught.value.fault is fault


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=1), timedelta(seconds=-60)])
def test_the_limits_of_freshness_are_accepted(age: timedelta) -> None:
    assert verify(signed(at=NOW - age), secret=SECRET, now=NOW).person.id == 7
