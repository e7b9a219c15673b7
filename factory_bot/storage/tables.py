"""The tables as they are declared; the migrations bring a database to exactly this shape, and a test compares the two.

Telegram's ids need 64 bits.  Moments are aware and UTC.  What is only ever read back whole is JSON in a text column, so
that both databases keep every character.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the driver: UTC, and without a zone where the database has none."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the driver: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Any JSON value as ASCII text: no character that a person can send is refused by a database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To the driver: JSON text."""
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From the driver: the value."""
        return None if value is None else json.loads(value)


class Words(TypeDecorator[str]):
    """A person's text, less the two things a database refuses: NUL and broken surrogates."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the driver: storable text."""
        return None if value is None else value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


Counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up by itself in INTEGER keys only
Id = sa.BigInteger


def _counted() -> sa.Column[int]:
    return sa.Column("id", Counted, primary_key=True, autoincrement=True)


facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
)

persons = sa.Table(
    "persons",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("first_name", Words, nullable=False),
    sa.Column("username", Words),
    sa.Column("language", Words),
    sa.Column("standing", sa.Text, nullable=False),  # Standing
    sa.Column("time_zone", sa.Text),  # an IANA name, or UTC+05:30
    sa.Column("report_hour", sa.Integer),  # 0-23 in that zone; absent: no daily report
    sa.Column("asked_for_hour_at", Moment),
    sa.Column("first_seen_at", Moment, nullable=False),
)

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owner_id", Id, nullable=False),
    sa.Column("bot_id", Id, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("dna", Json, nullable=False),
    sa.Column("sealed_token", sa.LargeBinary, nullable=False),
    sa.Column("wanted", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # RunState
    sa.Column("reason", Words),
    sa.Column("moved_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("deleted_at", Moment),
    sa.Column("port", sa.Integer),
    sa.Column("pid", sa.Integer),
    sa.Column("told", Json),  # Told
    sa.Index("ix_agents_owner_id", "owner_id"),
    sa.Index(
        "uq_agents_living_bot_id",
        "bot_id",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
)

agent_events = sa.Table(
    "agent_events",
    metadata,
    _counted(),
    sa.Column("agent_id", sa.Text, sa.ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("reason", Words),
    sa.Index("ix_agent_events_agent_id_at", "agent_id", "at"),
)

agent_days = sa.Table(
    "agent_days",
    metadata,
    sa.Column("agent_id", sa.Text, sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # in the owner's zone
    sa.Column("counters", Json, nullable=False),
)

interviews = sa.Table(
    "interviews",
    metadata,
    _counted(),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("state", Json, nullable=False),
    sa.Column("step", sa.Text, nullable=False),  # read by the funnel; the truth is in `state`
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("moved_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ending", sa.Text),  # Ending
    sa.Index(
        "uq_interviews_open_user_id",
        "user_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index("ix_interviews_started_at", "started_at"),
)

transcripts = sa.Table(
    "transcripts",
    metadata,
    _counted(),
    sa.Column("interview_id", Counted, sa.ForeignKey("interviews.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("speaker", sa.Text, nullable=False),  # "person" or "factory"
    sa.Column("text", Words, nullable=False),
    sa.Index("ix_transcripts_interview_id", "interview_id"),
    sa.Index("ix_transcripts_at", "at"),
)

creations = sa.Table(
    "creations",
    metadata,
    _counted(),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("interview_id", Counted, sa.ForeignKey("interviews.id", ondelete="SET NULL")),
    sa.Column("step", sa.Text, nullable=False),  # CreationStep
    sa.Column("way", sa.Text, nullable=False),  # Way
    sa.Column("dna", Json, nullable=False),
    sa.Column("suggested_username", sa.Text, nullable=False),
    sa.Column("bot_id", Id),
    sa.Column("username", sa.Text),
    sa.Column("sealed_token", sa.LargeBinary),
    sa.Column("agent_id", sa.Text),
    sa.Column("reason", Words),
    sa.Column("requested_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("moved_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index(
        "uq_creations_open_user_id",
        "user_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index("ix_creations_bot_id", "bot_id"),
)

spare_bots = sa.Table(  # bots that a person made for us and that no agent uses
    "spare_bots",
    metadata,
    sa.Column("bot_id", Id, primary_key=True, autoincrement=False),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Index("ix_spare_bots_user_id", "user_id"),
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person_id", Id),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("ran_at", Moment),
    sa.Column("rule", Json, nullable=False),
    sa.Index("ix_schedules_due_at", "due_at"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("update_id", Id, primary_key=True, autoincrement=False),
    sa.Column("chat_key", sa.Text, nullable=False),
    sa.Column("raw", Json, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("aside", Words),  # why it was stepped over
    sa.Index(
        "ix_inbox_unfinished",
        "update_id",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
    sa.Index("ix_inbox_finished_at", "finished_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _counted(),
    sa.Column("chat_key", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("attachments", Json, nullable=False),  # [{"field","filename","content": base64}]
    sa.Column("label", sa.Text),
    sa.Column("edits", sa.Text),
    sa.Column("expendable", sa.Boolean, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("sending_since", Moment),
    sa.Column("finished_at", Moment),
    sa.Column("refused", Words),
    sa.Index(
        "ix_outbox_owed",
        "id",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
    sa.Index("ix_outbox_finished_at", "finished_at"),
)

labels = sa.Table(
    "labels",
    metadata,
    sa.Column("chat_key", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("message_id", Id, nullable=False),
    sa.Column("set_at", Moment, nullable=False),
)
