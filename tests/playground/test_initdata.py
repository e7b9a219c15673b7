"""initData is signed as Telegram signs it: both public vectors, and the way round through other libraries."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from aiogram.utils.web_app import safe_parse_webapp_init_data
from aiogram.utils.web_app_signature import check_webapp_signature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from playground.initdata import (
    hash_by_token,
    init_data,
    key_from_hex,
    launch_url,
    new_key,
    public_key_hex,
    seed_hex,
    signature,
    signed_message,
)

TOKEN = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
BY_TOKEN = (
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name"
    "%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D"
    "&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
)
TELEGRAM_KEY = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
BY_TELEGRAM = (
    "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A%22"
    "Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22"
    "allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F"
    "4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private"
    "&auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6"
    "&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
)
FIELDS = {
    "query_id": "AAE",
    "user": {"id": 7, "first_name": "Zoë & Ann", "allows_write_to_pm": True},
    "auth_date": int(datetime.now(UTC).timestamp()),
    "chat_type": "private",
    "start_param": None,
}


def test_the_hash_by_token_is_that_of_the_public_vector() -> None:
    pairs = dict(parse_qsl(BY_TOKEN))
    assert hash_by_token(pairs, token=TOKEN) == pairs["hash"]


def test_the_signed_message_is_that_of_the_public_vector() -> None:
    pairs = dict(parse_qsl(BY_TELEGRAM))
    given = base64.urlsafe_b64decode(pairs["signature"] + "==")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(TELEGRAM_KEY)).verify(
        given, signed_message(pairs, bot_id=7342037359)
    )


def test_another_library_accepts_what_is_signed_here() -> None:
    key = new_key()
    signed = init_data(FIELDS, token=TOKEN, bot_id=5768337691, key=key)
    parsed = safe_parse_webapp_init_data(TOKEN, signed)
    assert parsed.user is not None
    assert parsed.user.first_name == "Zoë & Ann"
    assert check_webapp_signature(5768337691, signed, bytes.fromhex(public_key_hex(key)))


def test_the_hash_covers_the_signature_and_a_field_of_nothing_is_left_out() -> None:
    pairs = dict(parse_qsl(init_data(FIELDS, token=TOKEN, bot_id=5768337691, key=new_key())))
    assert "start_param" not in pairs
    assert hash_by_token(pairs, token=TOKEN) == pairs["hash"]
    assert hash_by_token({**pairs, "signature": "other"}, token=TOKEN) != pairs["hash"]


def test_a_key_survives_being_written_down() -> None:
    key = new_key()
    again = key_from_hex(seed_hex(key))
    assert public_key_hex(again) == public_key_hex(key)
    pairs = {"auth_date": "1"}
    assert signature(pairs, bot_id=1, key=key) == signature(pairs, bot_id=1, key=again)


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        pytest.param("http://a.localhost/app/", "http://a.localhost/app/#tgWebAppData=", id="no fragment"),
        pytest.param("http://a.localhost/#", "http://a.localhost/#tgWebAppData=", id="empty fragment"),
        pytest.param("http://a.localhost/#/page", "http://a.localhost/#/page?tgWebAppData=", id="a route"),
        pytest.param("http://a.localhost/#a=b", "http://a.localhost/#a=b&tgWebAppData=", id="a parameter"),
        pytest.param("http://a.localhost/#/p?", "http://a.localhost/#/p?&tgWebAppData=", id="a question mark"),
    ],
)
def test_the_fragment_of_an_address_is_kept(address: str, begins: str) -> None:
    assert launch_url(address, init_data="a=b", theme={}).startswith(begins)


def test_the_launch_parameters_come_back_from_the_fragment() -> None:
    launched = launch_url(
        "http://a.localhost/?x=1",
        init_data="auth_date=1&hash=2",
        theme={"bg_color": "#ffffff"},
        start_param="ref_1",
        bot_inline=True,
        fullscreen=True,
    )
    parts = urlsplit(launched)
    assert parse_qs(parts.query) == {"x": ["1"], "tgWebAppStartParam": ["ref_1"]}
    assert {name: values[0] for name, values in parse_qs(parts.fragment).items()} == {
        "tgWebAppStartParam": "ref_1",
        "tgWebAppData": "auth_date=1&hash=2",
        "tgWebAppVersion": "9.6",
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": '{"bg_color":"#ffffff"}',
        "tgWebAppBotInline": "1",
        "tgWebAppFullscreen": "1",
    }


def test_a_keyboard_launch_carries_no_init_data() -> None:
    assert "tgWebAppData" not in launch_url("http://a.localhost/", init_data=None, theme={})
