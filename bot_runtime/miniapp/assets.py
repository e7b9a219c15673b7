"""The Mini App's files, read once: content hash, gzip, and the type a browser expects.

All scripts lie below one folder named by the hash of everything in it, so they import each other by relative names,
may be cached for ever, and never mix with those of another version.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FEATURES = Path(__file__).parent.parent / "features"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file as it goes over the wire."""

    plain: bytes
    packed: bytes  # gzip
    type: str
    etag: str


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Everything the Mini App loads besides its index page."""

    version: str
    assets: Mapping[str, Asset]
    scripts: tuple[str, ...]  # of the shell: every opening needs them
    views: Mapping[str, tuple[str, ...]]  # the scripts of each feature kind, its view first
    page: str  # the index page, with its places still open


def asset(content: bytes, suffix: str) -> Asset:
    """`content` ready to be sent."""
    mark = hashlib.sha256(content).hexdigest()[:16]
    return Asset(plain=content, packed=gzip.compress(content, 9, mtime=0), type=TYPES[suffix], etag=f'"{mark}"')


@cache
def shell() -> Shell:
    """The files of this installation.  A fork server that calls this once shares them with every child."""
    files = _scripts(STATIC)
    scripts = tuple(files)
    views: dict[str, tuple[str, ...]] = {}
    for view in sorted(FEATURES.glob("*/view.js")):
        own = _scripts(view.parent)
        kind = view.parent.name
        own = {f"{kind}.js": own.pop("view.js"), **own}  # `import("./form.js")` finds the view of the kind "form"
        views[kind] = tuple(own)
        files |= own
    styles = [STATIC / "shell.css", *sorted(FEATURES.glob("*/view.css"))]
    files["app.css"] = b"\n".join(path.read_bytes() for path in styles)
    version = hashlib.sha256(b"\0".join(name.encode() + b"\0" + files[name] for name in sorted(files))).hexdigest()[:16]
    return Shell(
        version=version,
        assets={name: asset(content, Path(name).suffix) for name, content in files.items()},
        scripts=scripts,
        views=views,
        page=(STATIC / "index.html").read_text(encoding="utf-8"),
    )


def _scripts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.js"))}
