"""Bringing a database to the newest migration, from a checkout and from an installed package alike."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection

import migrations
from factory_bot.errors import StorageError


def configuration() -> Config:
    """Alembic's configuration: there is no file, the scripts are found next to the `migrations` package."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return config


def migrate(connection: Connection) -> None:
    """Apply every missing migration in one transaction.  Raises `StorageError` for a database of a newer program."""
    config = configuration()
    config.attributes["connection"] = connection
    try:
        with connection.begin():
            command.upgrade(config, "head")
    except CommandError as exc:
        raise StorageError(f"the database was made by another version of this program: {exc}") from exc


def newest() -> str | None:
    """The revision that a migrated database is at."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
