"""`--check`: every fault of an installation, found without starting anything."""

from __future__ import annotations

import asyncio
import socket
import ssl
from urllib.parse import urlsplit

import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from factory_bot.errors import SettingsError
from factory_bot.processes.kernel import merging_trouble
from factory_bot.settings import Settings
from factory_bot.vault import Vault

PATIENCE = 10.0  # seconds for each thing that is asked


async def faults_of(settings: Settings) -> list[str]:
    """All that would keep the factory from working, one sentence each."""
    checks = (
        _vault(settings),
        _database(settings),
        token_faults(settings),
        _public_address(settings),
        _merging(settings),
    )
    return [fault for faults in await asyncio.gather(*checks) for fault in faults]


async def _vault(settings: Settings) -> list[str]:
    try:
        Vault.open(settings)
    except SettingsError as exc:
        return list(exc.faults)
    return []


async def _merging(settings: Settings) -> list[str]:
    trouble = merging_trouble() if settings.merge_memory else None
    return [f"MANCER_MERGE_MEMORY: {trouble}"] if trouble else []


async def _database(settings: Settings) -> list[str]:
    engine = create_async_engine(settings.database)
    try:
        async with asyncio.timeout(PATIENCE), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as exc:
        return [f"MANCER_DATABASE_URL: the database cannot be used ({type(exc).__name__})"]
    finally:
        await engine.dispose()
    return []


async def token_faults(settings: Settings) -> list[str]:
    """Why the factory bot's token cannot be used; asks Telegram for one `getMe`."""
    if settings.telegram_token is None:
        return []
    address = f"{settings.api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = (await client.get(address)).json()
    except (httpx.HTTPError, ValueError) as exc:
        return [f"MANCER_TELEGRAM_API_URL: {settings.api_url} does not answer as Telegram does ({type(exc).__name__})"]
    if not answer.get("ok"):
        return ["MANCER_TELEGRAM_TOKEN: Telegram refuses this token; copy it from @BotFather once more"]
    return []


async def _public_address(settings: Settings) -> list[str]:
    if settings.public_url is None:
        return []
    address = urlsplit(settings.app_url("check") or "")
    host, port = address.hostname or "", address.port or 443
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
            writer.close()
    except socket.gaierror:
        return [f"MANCER_PUBLIC_URL: the name {host} does not resolve; point it (or *.{host.partition('.')[2]}) here"]
    except (OSError, TimeoutError) as exc:
        return [f"MANCER_PUBLIC_URL: nothing answers with a valid certificate at {host}:{port} ({type(exc).__name__})"]
    return []
