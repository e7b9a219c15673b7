"""Persons, agents, interviews, creations, inbox and outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("ended_at IS NULL")
OWED = sa.text("finished_at IS NULL")
LIVING = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Make the first tables."""
    _people()
    _agents()
    _interviews()
    _creations()
    _mail()


def _people() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("username", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text),
        sa.Column("report_hour", sa.Integer),
        sa.Column("asked_for_hour_at", MOMENT),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("ran_at", MOMENT),
        sa.Column("rule", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedules"),
    )
    op.create_index("ix_schedules_due_at", "schedules", ["due_at"])


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("dna", sa.Text, nullable=False),
        sa.Column("sealed_token", sa.LargeBinary, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.Column("port", sa.Integer),
        sa.Column("pid", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
    )
    op.create_index("ix_agents_owner_id", "agents", ["owner_id"])
    op.create_index(
        "uq_agents_living_bot_id", "agents", ["bot_id"], unique=True, sqlite_where=LIVING, postgresql_where=LIVING
    )
    op.create_table(
        "agent_events",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_agent_events"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], "fk_agent_events_agent_id_agents", ondelete="CASCADE"),
    )
    op.create_index("ix_agent_events_agent_id_at", "agent_events", ["agent_id", "at"])
    op.create_table(
        "agent_days",
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("counters", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "day", name="pk_agent_days"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], "fk_agent_days_agent_id_agents", ondelete="CASCADE"),
    )


def _interviews() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ending", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_interviews"),
    )
    op.create_index(
        "uq_interviews_open_user_id",
        "interviews",
        ["user_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_interviews_started_at", "interviews", ["started_at"])
    op.create_table(
        "transcripts",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("interview_id", COUNTED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transcripts"),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], "fk_transcripts_interview_id_interviews", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_transcripts_interview_id", "transcripts", ["interview_id"])
    op.create_index("ix_transcripts_at", "transcripts", ["at"])


def _creations() -> None:
    op.create_table(
        "creations",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("interview_id", COUNTED),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("dna", sa.Text, nullable=False),
        sa.Column("suggested_username", sa.Text, nullable=False),
        sa.Column("bot_id", sa.BigInteger),
        sa.Column("username", sa.Text),
        sa.Column("sealed_token", sa.LargeBinary),
        sa.Column("agent_id", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_creations"),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], "fk_creations_interview_id_interviews", ondelete="SET NULL"
        ),
    )
    op.create_index(
        "uq_creations_open_user_id", "creations", ["user_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_creations_bot_id", "creations", ["bot_id"])
    op.create_table(
        "spare_bots",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name="pk_spare_bots"),
    )
    op.create_index("ix_spare_bots_user_id", "spare_bots", ["user_id"])


def _mail() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("aside", sa.Text),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_unfinished", "inbox", ["update_id"], sqlite_where=OWED, postgresql_where=OWED)
    op.create_index("ix_inbox_finished_at", "inbox", ["finished_at"])
    op.create_table(
        "outbox",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("attachments", sa.Text, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("edits", sa.Text),
        sa.Column("expendable", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("sending_since", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("refused", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_owed", "outbox", ["id"], sqlite_where=OWED, postgresql_where=OWED)
    op.create_index("ix_outbox_finished_at", "outbox", ["finished_at"])
    op.create_table(
        "labels",
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_key", "label", name="pk_labels"),
    )
