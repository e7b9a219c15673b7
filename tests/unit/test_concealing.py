"""Tokens in updates: sealed on disk, open in memory."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import Fernet

from factory_bot.chat.concealing import concealer, revealer
from factory_bot.vault import Vault
from factory_bot.workshop.tokens import token_in

TOKEN = "123456789:AAE-" + "x" * 31


def test_every_token_in_an_update_is_sealed_and_comes_back() -> None:
    vault = Vault(Fernet.generate_key())
    raw = {"message": {"text": f"Use {TOKEN}!", "caption": None, "n": 5, "list": [{"again": TOKEN}, True]}}
    sealed = concealer(vault)(raw)
    assert TOKEN not in json.dumps(sealed)
    assert revealer(vault)(sealed) == raw
    assert raw["message"]["n"] == 5


def test_what_only_looks_sealed_stays_as_it_is() -> None:
    vault = Vault(Fernet.generate_key())
    raw = {"text": "[sealed:bm90IG91cnM=] [sealed:%%%] [sealed:]"}
    assert revealer(vault)(raw) == raw


def test_what_another_vault_sealed_stays_sealed_and_a_fault_is_not_hushed_up() -> None:
    ours, other = Vault(Fernet.generate_key()), Vault(Fernet.generate_key())
    sealed = concealer(other)({"text": TOKEN})
    assert revealer(ours)(sealed) == sealed

    class Broken(Vault):
        def unseal(self, sealed: bytes) -> str:
            raise RuntimeError("out of order")

    with pytest.raises(RuntimeError, match="out of order"):
        revealer(Broken(Fernet.generate_key()))(sealed)


def test_a_token_is_found_alone_and_in_botfathers_message() -> None:
    assert token_in(TOKEN) == TOKEN
    assert token_in(f"Use this token to access the HTTP API:\n{TOKEN}\nKeep it secret.") == TOKEN
    for text in ("", "12345:short", f"{TOKEN}" + "y" * 40, "1:" + "A" * 35, "no token", "a" + TOKEN):
        assert token_in(text) is None
