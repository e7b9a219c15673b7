"""README's Caddy recipe, run in a real Caddy before a real gateway."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import factory_bot
from bot_runtime.catalogue import Catalogue
from factory_bot.gateway import RateLimit, address_form, bind, gateway_app, serving
from tests.factory import free_port

ROOT = Path(__file__).parents[2]
NEEDS_CADDY = pytest.mark.skipif(
    shutil.which("caddy") is None and os.environ.get("CI") != "true", reason="caddy is not on this machine"
)


def recipe() -> str:
    """The site block that README's step 3 gives."""
    block = re.search(
        r"^ +bots\.example\.com \{\n.*?^ +\}$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert block
    return block[0]


@asynccontextmanager
async def caddy(folder: Path, site: str) -> AsyncIterator[None]:
    """Caddy with its own certificates instead of a public authority's, and nothing else changed."""
    (folder / "Caddyfile").write_text(f"{{\n  admin off\n  local_certs\n  skip_install_trust\n}}\n{site}\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    process = await asyncio.create_subprocess_exec(
        "caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile", env=environment,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(30):
            async for line in process.stderr:
                if b"serving initial configuration" in line:
                    break
        yield
    finally:
        process.terminate()
        await process.communicate()


async def first_answer(world: httpx.AsyncClient, path: str, **ask: Any) -> httpx.Response:
    """The first answer: Caddy serves a moment before it has made itself a certificate."""
    for _ in range(50):
        try:
            return await world.get(path, **ask)
        except httpx.ConnectError:
            await asyncio.sleep(0.2)
    return await world.get(path, **ask)


@NEEDS_CADDY
async def test_the_caddy_recipe_brings_the_world_to_the_gateway(tmp_path: Path) -> None:
    listener, public = bind("127.0.0.1", 0), free_port()
    seen: list[str] = []

    async def known(agent_id: str) -> bool:
        seen.append(agent_id)
        return True

    async def vitals() -> dict[str, object]:
        return {"ok": True}

    app = gateway_app(
        form=address_form("https://bots.example.com"), known=known, port_of=lambda _: None, vitals=vitals,
        catalogue=Catalogue(Path(factory_bot.__file__).parent / "texts"), limit=RateLimit(burst=3, per_second=0),
    )  # fmt: skip
    site = recipe().replace("bots.example.com {", f"bots.example.com:{public} {{\n bind 127.0.0.1", 1)
    site = site.replace("127.0.0.1:8080", f"127.0.0.1:{listener.getsockname()[1]}")
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    ask: dict[str, Any] = {"headers": {"host": "bots.example.com"}, "extensions": {"sni_hostname": "bots.example.com"}}
    async with (
        serving(app, listener),
        caddy(tmp_path, site),
        httpx.AsyncClient(base_url=f"https://127.0.0.1:{public}", verify=trusting) as world,
    ):
        health = await first_answer(world, "/healthz", **ask)
        down = await world.get("/pizzeria/app/", **ask)
    assert (health.status_code, health.json()) == (200, {"ok": True})
    assert (down.status_code, seen) == (503, ["pizzeria"])
