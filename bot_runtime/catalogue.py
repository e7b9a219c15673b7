"""Sentences a person can read, by key: one folder per language, TOML inside, values escaped for Telegram's HTML.

A new language is a new folder: no code changes.  A key is `<file>.<name>`, a text may use `{placeholders}`.
"""

from __future__ import annotations

import html
import string
import tomllib
from pathlib import Path


class Markup(str):
    """Text that already is HTML (made by us): `Catalogue.text` puts it in as it stands."""

    __slots__ = ()


class Catalogue:
    """All texts below `folder`, one sub-folder per language; `en` is complete, others fall back to it."""

    def __init__(self, folder: Path, default: str = "en") -> None:
        self._default = default
        self._texts: dict[str, dict[str, str]] = {
            language.name: {
                f"{file.stem}.{name}": text
                for file in sorted(language.glob("*.toml"))
                for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items()
            }
            for language in sorted(folder.iterdir())
            if language.is_dir()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there is a folder for."""
        return tuple(self._texts)

    def keys(self) -> frozenset[str]:
        """Every key of the default language."""
        return frozenset(self._texts[self._default])

    def placeholders(self, key: str) -> frozenset[str]:
        """The names the text of `key` wants values for."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self._find(key, None)) if name)

    def text(self, key: str, language: str | None = None, **values: object) -> str:
        """The sentence as Telegram HTML; every value is escaped unless it is `Markup`.  Raises KeyError if unknown."""
        escaped = {
            name: value if isinstance(value, Markup) else html.escape(str(value), quote=False)
            for name, value in values.items()
        }
        return self._find(key, language).format(**escaped)

    def plain(self, key: str, language: str | None = None, **values: object) -> str:
        """The sentence for places that take no markup: button labels, alerts, command descriptions."""
        return self._find(key, language).format(**values)

    def template(self, key: str, language: str | None = None) -> str:
        """The sentence as it is written, its places still open: for a Mini App, which fills them itself."""
        return self._find(key, language)

    def _find(self, key: str, language: str | None) -> str:
        for tried in (language, (language or "").partition("-")[0], self._default):
            text = self._texts.get(tried or "", {}).get(key)
            if text is not None:
                return text
        raise KeyError(f"no text has the key {key!r}")
