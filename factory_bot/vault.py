"""Tokens and keys, encrypted at rest (Fernet, https://github.com/fernet/spec).

The key comes from `MANCER_VAULT_KEY` or from `vault.key` (mode 0600) in the data directory, made at the first start.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from factory_bot.errors import MancerError, SettingsError
from factory_bot.settings import Settings

KEY_FILE = "vault.key"


class VaultError(MancerError):
    """This was not sealed with the present key."""


class Vault:
    """Seals secrets and opens them again."""

    def __init__(self, key: bytes, *, made: Path | None = None) -> None:
        self.key = key
        self.made = made  # the key file, if it was made just now
        self._fernet = Fernet(key)

    @classmethod
    def open(cls, settings: Settings) -> Vault:
        """The vault of this installation; makes the key file at the very first start.

        Raises `SettingsError` when the key file is damaged or open to other users.
        """
        if settings.vault_key is not None:
            return cls(settings.vault_key.get_secret_value().encode())
        path = settings.data_dir / KEY_FILE
        try:
            return cls(_read_private(path))
        except FileNotFoundError:
            return cls(_make_private(path), made=path)
        except ValueError as exc:
            raise SettingsError(f"{path} is damaged: put the right key back, or set MANCER_VAULT_KEY") from exc

    def must_open(self, canary: bytes) -> None:
        """Raise `SettingsError` unless this key sealed the canary: the stored tokens would be lost with the key."""
        try:
            self.unseal(canary)
        except VaultError as exc:
            if self.made is not None:
                self.made.unlink()
            raise SettingsError(
                "the vault key is not the one the stored tokens were sealed with: put vault.key back into "
                "MANCER_DATA_DIR, or set MANCER_VAULT_KEY to the old key"
            ) from exc

    def seal(self, secret: str) -> bytes:
        """The secret, encrypted."""
        return self._fernet.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str:
        """The secret again.  Raises `VaultError` if another key sealed it."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as exc:
            raise VaultError from exc


def _read_private(path: Path) -> bytes:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise SettingsError(f"{path} can be read by other users of this machine: run chmod 600 {path}")
        return file.read().strip()


def _make_private(path: Path) -> bytes:
    key = Fernet.generate_key()
    # O_EXCL: of two factories starting at once only one may make the key.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key
