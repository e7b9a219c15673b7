"""A real PostgreSQL for the store tests: made with initdb in a temporary folder, reached by its Unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

USER = "postgres"


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, the newest version's first; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    beside = shutil.which("initdb")
    return Path(beside).parent if beside else None


def address(host: str, database: str) -> str:
    """The URL of a database on the running server."""
    return f"postgresql+asyncpg://{USER}@/{database}?host={host}"


async def empty_database(host: str, name: str) -> str:
    """The URL of a new database."""
    engine = create_async_engine(address(host, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return address(host, name)


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """A running server; gives the folder of its socket, which is its host name too."""
    home = Path(tempfile.mkdtemp(prefix="mancer-pg-"))
    as_user = {"user": USER} if os.geteuid() == 0 else {}  # PostgreSQL refuses to run as root
    if as_user:
        shutil.chown(home, USER)
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [bin_folder / program, *arguments],
            check=True,
            timeout=60,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            **as_user,  # type: ignore[call-overload]
        )

    cluster = home / "cluster"
    try:
        run("initdb", "-D", str(cluster), "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8")
        run("pg_ctl", "-D", str(cluster), "-o", options, "-l", str(home / "log"), "-w", "start")
        try:
            yield str(home)
        finally:
            run("pg_ctl", "-D", str(cluster), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
