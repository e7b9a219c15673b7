"""Reading a call: parameters from the query string, a form, JSON or multipart, and uploaded files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from playground.parameters import Upload
from playground.world.files import LARGEST_UPLOAD
from playground.world.refusals import Refusal

LARGEST_BODY = LARGEST_UPLOAD + 1024 * 1024


async def read(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The parameters of the call, the body's before the query string's, and its files by field name."""
    raw: dict[str, Any] = dict(request.query_params)
    if request.method != "POST":
        return raw, {}
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise Refusal("Request Entity Too Large", 413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return {**raw, **_from_json(await request.body())}, {}
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return raw, {}
    try:
        form = await request.form(max_files=100, max_fields=1000, max_part_size=LARGEST_BODY)
    except HTTPException as exc:
        raise Refusal("can't parse the request body") from exc
    return await _from_form(raw, form)


def _from_json(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        return {}
    try:
        values = json.loads(body)
    except ValueError as exc:
        raise Refusal("can't parse JSON encoded request body") from exc
    if not isinstance(values, dict):
        raise Refusal("can't parse JSON encoded request body: object expected")
    return {name: value for name, value in values.items() if value is not None}


async def _from_form(raw: dict[str, Any], form: FormData) -> tuple[dict[str, Any], dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    async with _closing(form):
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if len(content) > LARGEST_UPLOAD:
                    raise Refusal("Request Entity Too Large", 413)
                uploads[name] = Upload(
                    filename=value.filename or name, content_type=value.content_type or "", content=content
                )
            else:
                raw[name] = value
    return raw, uploads


class _closing:
    def __init__(self, form: FormData) -> None:
        self._form = form

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        await self._form.close()
