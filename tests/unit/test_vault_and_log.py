"""Secrets: sealed at rest, refused under another key, never in a log line."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from factory_bot import log
from factory_bot.errors import SettingsError
from factory_bot.log import RedactingFormatter, about, redacted
from factory_bot.settings import load_settings
from factory_bot.vault import Vault, VaultError

TOKEN = "123456789:AAF-sentinel_sentinel-sentinel_0000"


def settings_in(folder: Path, **given: str) -> Vault:
    return Vault.open(load_settings({"MANCER_DATA_DIR": str(folder), **given}, None))


def test_a_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = settings_in(tmp_path)
    again = settings_in(tmp_path)
    assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600
    assert (first.made, again.made) == (tmp_path / "vault.key", None)
    sealed = first.seal(TOKEN)
    assert TOKEN.encode() not in sealed
    assert again.unseal(sealed) == TOKEN


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings_in(tmp_path)
    (tmp_path / "vault.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        settings_in(tmp_path)


def test_a_damaged_key_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "vault.key").touch(0o600)
    with pytest.raises(SettingsError, match="is damaged"):
        settings_in(tmp_path)


def test_a_lost_key_is_said_and_no_new_one_takes_its_place(tmp_path: Path) -> None:
    canary = settings_in(tmp_path).seal("canary")
    (tmp_path / "vault.key").unlink()
    with pytest.raises(SettingsError, match=r"put vault\.key back"):
        settings_in(tmp_path).must_open(canary)
    assert not (tmp_path / "vault.key").exists()


def test_the_key_of_the_setting_wins_and_leaves_no_file(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    vault = settings_in(tmp_path, MANCER_VAULT_KEY=key)
    assert vault.key == key.encode()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(VaultError):
        vault.unseal(Vault(Fernet.generate_key()).seal(TOKEN))


def test_tokens_and_keys_are_hidden_wherever_they_stand() -> None:
    formatter = RedactingFormatter("%(message)s%(agent)s")
    try:
        raise ValueError(f"The token `{TOKEN}` was rejected")
    except ValueError as exc:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "http://h/bot%s/getMe", (TOKEN,), (ValueError, exc, None)
        )
    with about("pizzeria"):
        line = formatter.format(record)
    assert "sentinel" not in line
    assert "bot123456789:<hidden>/getMe [pizzeria]" in line


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("key sk-proj-0123456789abcdefghij and 12:30", "key sk-<hidden> and 12:30"),
        ("AIzaSyA0123456789abcdefghij", "AIza<hidden>"),
        ("Authorization: Bearer 9f8e7d6c5b4a39281706==", "Authorization: Bearer <hidden>"),
        ("/bot123456789%3AAAF-sentinel_sentinel-sentinel_0000/getMe", "/bot123456789:<hidden>/getMe"),
        ("at 12:30 the ratio was 100000:30", "at 12:30 the ratio was 100000:30"),
    ],
)
def test_secrets_are_known_by_their_shape(text: str, hidden: str) -> None:
    assert redacted(text) == hidden


def test_a_key_of_any_shape_is_hidden_once_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_own", frozenset())
    assert redacted("it said local-model-pass") == "it said local-model-pass"
    log.hide("local-model-pass", "abc")
    assert redacted("it said local-model-pass, abc") == "it said <hidden>, abc"
