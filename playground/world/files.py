"""Files: bytes on disk, one per content sent, with the ids bots know them by."""

from __future__ import annotations

import hashlib
import mimetypes
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.world.records import FileRecord
from playground.world.refusals import Refusal

if TYPE_CHECKING:
    from playground.world.world import World

FOLDERS = {
    "photo": "photos", "document": "documents", "video": "videos", "audio": "music", "voice": "voice",
    "animation": "animations", "video_note": "video_notes", "sticker": "stickers", "thumbnail": "thumbnails",
}  # fmt: skip
SUFFIXES = {
    "photo": ".jpg",
    "voice": ".oga",
    "video": ".mp4",
    "animation": ".mp4",
    "video_note": ".mp4",
    "sticker": ".webp",
}
LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024


class Files:
    """All files ever sent."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._files: dict[str, FileRecord] = {}
        self._paths: dict[str, FileRecord] = {}
        self._counts: dict[str, int] = {}

    def adopt(self, record: FileRecord) -> None:
        self._files[record.id] = record
        self._paths[record.path] = record
        self._counts[record.type] = self._counts.get(record.type, 0) + 1

    def add(self, kind: str, content: bytes, name: str, mime_type: str | None = None, **details: Any) -> FileRecord:
        """Keep the bytes; they are on disk when this returns."""
        if len(content) > LARGEST_UPLOAD:
            raise Refusal("Request Entity Too Large", 413)
        mime_type = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = SUFFIXES.get(kind) or "".join(c for c in Path(name).suffix if c.isalnum() or c == ".")
        path = f"{FOLDERS[kind]}/file_{self._counts.get(kind, 0)}{suffix}"
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        record = FileRecord(
            id=f"{kind[:2].upper()}Ac{secrets.token_urlsafe(36)}",
            unique_id="AQAD" + hashlib.sha256(content).hexdigest()[:12],
            path=path,
            name=name,
            mime_type=mime_type,
            size=len(content),
            type=kind,
            details=details,
        )
        self._world.add(record)
        return record

    def ids(self) -> list[str]:
        """The ids of all files, oldest first."""
        return list(self._files)

    def of(self, file_id: str) -> FileRecord:
        """The file; raises the refusal a bot gets for an unknown id."""
        record = self._files.get(file_id)
        if record is None:
            raise Refusal("wrong file identifier/HTTP URL specified")
        return record

    def at(self, path: str) -> FileRecord | None:
        """The file behind the path that getFile told."""
        return self._paths.get(path)

    def path(self, file_id: str) -> Path:
        return self._folder / self.of(file_id).path

    def content(self, file_id: str) -> bytes:
        return self.path(file_id).read_bytes()

    def shown(self, file_id: str) -> dict[str, Any]:
        """The `File` of getFile."""
        record = self.of(file_id)
        if record.size > LARGEST_DOWNLOAD:
            raise Refusal("file is too big")
        return {
            "file_id": record.id,
            "file_unique_id": record.unique_id,
            "file_size": record.size,
            "file_path": record.path,
        }
