"""What the readers of parameters share: the request around a value, its files, and the fault they raise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.wire import WireFault


class ParameterFault(WireFault):
    """A parameter that Telegram would refuse."""


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call as it came: its parameters as text or JSON values, its files, and what is allowed beyond Telegram."""

    method: str
    raw: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    plain_http_apps: bool = False  # Mini Apps may be served by plain HTTP

    def text(self, name: str) -> str:
        """A parameter as text, empty where it is missing."""
        return as_text(self.raw.get(name))

    def json(self, name: str, fault: str) -> Any:
        """A parameter that is JSON, None where it is missing."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as exc:
            raise ParameterFault(fault) from exc

    def file(self, reference: str, fallback: str = "") -> Upload | str | None:
        """The file that a reference names: an upload, or the reference itself as file_id or address."""
        if reference.startswith("attach://"):
            return self.uploads.get(reference.removeprefix("attach://"))
        return reference or self.uploads.get(fallback)

    def new_file(self, reference: str, fallback: str) -> Upload | None:
        """The same where only a new upload will do."""
        name = reference.removeprefix("attach://") if reference.startswith("attach://") else fallback
        return self.uploads.get(name)


def as_text(value: Any) -> str:
    """A value as the server sees it in a form: JSON is written out, nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
