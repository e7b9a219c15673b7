"""The button beside the input field: read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground import fields
from playground.fields import FieldFault
from playground.parameters.keyboards import web_app_url
from playground.parameters.reading import ParameterFault, Request


def menu_button(value: Any, request: Request) -> dict[str, Any]:
    try:
        return _menu_button(value, request)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse menu button: {exc}") from exc


def _menu_button(value: Any, request: Request) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FieldFault("MenuButton must be an Object")
    kind = fields.string(value, "type")
    if kind in {"default", "commands"}:
        return {"type": kind}
    if kind != "web_app":
        raise FieldFault("MenuButton has unsupported type")
    text = fields.string(value, "text")
    url = fields.string(fields.nested(value, "web_app"), "url")
    if not text:
        raise ParameterFault("Menu button text must be non-empty")
    return {"type": kind, "text": text, "web_app": {"url": web_app_url(url, "Menu button", request)}}
