"""The form in the Mini App: its fields, one's own answers, sending and withdrawing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot_runtime.dna import FieldKind, FormFeature, FormField
from bot_runtime.features import FeatureProblem
from bot_runtime.features.form import submissions
from bot_runtime.features.form.submissions import Submission
from bot_runtime.features.form.values import ValueRefused, accept
from bot_runtime.speech import catalogue, language_for
from bot_runtime.work import House, Person, Work, is_count

MEGABYTE = 1_048_576
PHOTO_MEGABYTES = 5
TEXT_BYTES = 256 * 1024  # of everything that is no photo
KEY_LENGTH = 100
PICTURES = ((b"\xff\xd8\xff", 0, "image/jpeg"), (b"\x89PNG\r\n\x1a\n", 0, "image/png"), (b"WEBP", 8, "image/webp"))


class FormRoutes:
    """Serves one form."""

    def __init__(self, form: FormFeature, house: House) -> None:
        self._form = form
        self._house = house
        self._photos = [field for field in form.fields if field.kind is FieldKind.PHOTO]

    async def view(self, request: Request, visitor: Person) -> dict[str, Any]:
        """The form as a page can draw it, with what the visitor sent."""
        async with self._house.work(person=visitor) as work:
            own = await submissions.of_person(work.tx, self._form.id, visitor.id)
            return {
                "kind": "form",
                "id": self._form.id,
                "title": self._form.title,
                "intro": self._form.intro,
                "thanks": self._form.thanks,
                "fields": [_field(field) for field in self._form.fields],
                "submissions": [self._shown(work, one) for one in own],
            }

    async def submit(self, request: Request, visitor: Person) -> tuple[int, dict[str, Any]]:
        """Take a filled form, every field checked; the same key twice counts once."""
        raw, key, files = await self._parcel(request, language_for(visitor.language, self._house.dna))
        async with self._house.work(person=visitor, chat_id=visitor.id) as work:
            await work.meet(visitor)
            submission = await submissions.known(work, self._form, key)
            if submission is None:
                values = await self._accepted(work, raw, files)
                if await submissions.is_too_many(work, self._form):
                    raise FeatureProblem(429, work.plain("form.too_many"))
                submission = await submissions.add(work, self._form, values, key=key)
            thanks = self._form.thanks or work.plain("form.thanks")
            return 201, {"submission": self._shown(work, submission), "thanks": thanks}

    async def withdraw(self, request: Request, visitor: Person) -> tuple[int, dict[str, Any]]:
        """Take one's own answers back."""
        number = request.path_params["number"]
        async with self._house.work(person=visitor, chat_id=visitor.id) as work:
            if not is_count(number) or not await submissions.withdraw(work, self._form, int(number)):
                raise FeatureProblem(404, work.plain("form.not_yours"))
            own = await submissions.of_person(work.tx, self._form.id, visitor.id)
            return 200, {"submissions": [self._shown(work, one) for one in own]}

    # ---------------------------------------------------------------- reading what was sent

    async def _parcel(self, request: Request, language: str) -> tuple[dict[str, Any], str, dict[str, bytes]]:
        say = partial(catalogue().plain, language=language)
        most = TEXT_BYTES + len(self._photos) * PHOTO_MEGABYTES * MEGABYTE + 64 * 1024
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > most:
            raise FeatureProblem(
                413, say("form.bad_photo_size", most=PHOTO_MEGABYTES) if self._photos else say("form.too_much")
            )
        try:
            async with request.form(max_files=len(self._photos), max_fields=4, max_part_size=TEXT_BYTES) as form:
                raw, key = json.loads(str(form.get("answers", ""))), form.get("key")
                files = {name: await part.read() for name, part in form.items() if isinstance(part, UploadFile)}
        except (HTTPException, ValueError, RecursionError) as exc:
            raise FeatureProblem(400, say("form.bad_request")) from exc
        if not isinstance(raw, dict) or not isinstance(key, str) or not 1 <= len(key) <= KEY_LENGTH:
            raise FeatureProblem(400, say("form.bad_request"))
        return raw, f"app {key}", files

    async def _accepted(self, work: Work, raw: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        today = datetime.fromtimestamp(work.now, UTC).date()
        for field in self._form.fields:
            try:
                if field.kind is FieldKind.PHOTO:
                    values[field.id] = await _photo(work, field, files.get(field.id))
                elif raw.get(field.id) in (None, "", []):
                    _refuse_missing(field)
                    values[field.id] = None
                else:
                    values[field.id] = accept(field, raw[field.id], today=today)
            except ValueRefused as exc:
                faults[field.id] = work.plain(exc.key, **exc.values)
        if faults:
            raise FeatureProblem(422, work.plain("form.bad_form"), fields=faults)
        return values

    def _shown(self, work: Work, submission: Submission) -> dict[str, Any]:
        return {
            "id": submission.number,
            "at": datetime.fromtimestamp(submission.sent_at, UTC).isoformat(),
            "answers": [
                {"id": answer.id, "label": answer.label, "text": submissions.worded(work, answer)}
                for answer in submission.answers
            ],
        }


def _field(field: FormField) -> dict[str, Any]:
    return {
        "id": field.id,
        "label": field.label,
        "kind": field.kind.value,
        "required": field.required,
        "options": list(field.options),
        "minimum": field.minimum,
        "maximum": field.maximum,
    }


def _refuse_missing(field: FormField) -> None:
    if field.required:
        raise ValueRefused("bad_required")


async def _photo(work: Work, field: FormField, content: bytes | None) -> dict[str, int] | None:
    if not content:
        _refuse_missing(field)
        return None
    if len(content) > PHOTO_MEGABYTES * MEGABYTE:
        raise ValueRefused("bad_photo_size", most=PHOTO_MEGABYTES)
    kind = next((kind for mark, at, kind in PICTURES if content[at : at + len(mark)] == mark), None)
    if kind is None:
        raise ValueRefused("bad_photo_kind")
    return await submissions.keep_photo(work, content=content, kind=kind)
