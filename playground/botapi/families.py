"""Which modules carry out which methods: importing them fills the list of deeds."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "getting",
    "webhooks",
    "sending",
    "media",
    "small",
    "polls",
    "forwarding",
    "editing",
    "answering",
    "files",
    "chats",
    "members",
    "profile",
    "managed",
)


def load() -> None:
    """Make every method known."""
    for family in FAMILIES:
        import_module(f"playground.botapi.{family}")
