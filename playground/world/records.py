"""What the world is made of.  Each record is one row of the store; its fields are JSON as they stand."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self

Thing = dict[str, Any]  # an object of the Bot API


@dataclass(kw_only=True)
class Record(ABC):
    """A thing that is kept."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def key(self) -> str:
        """What tells it from the others of its kind."""

    @classmethod
    def from_row(cls, body: str) -> Self:
        """The record from its row; fields of another version are left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in json.loads(body).items() if name in known})

    def body(self) -> str:
        body = json.dumps(self.__dict__, ensure_ascii=False, separators=(",", ":"))
        return body.encode("utf-8", "replace").decode()  # halves of characters cannot be stored


@dataclass(kw_only=True)
class Account(Record):
    """A person or a bot."""

    kind: ClassVar[str] = "account"

    id: int
    is_bot: bool = False
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False
    photos: list[str] = field(default_factory=list)  # file ids, newest first

    # bots only
    token: str = ""
    owner_id: int = 0
    manager_id: int | None = None
    can_manage_bots: bool = False
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = True
    next_message_id: int = 1  # of all private chats of this bot
    names: dict[str, str] = field(default_factory=dict)  # by language, "" for the rest
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, dict[str, list[Thing]]] = field(default_factory=dict)  # by scope, then language
    menu_buttons: dict[str, Thing] = field(default_factory=dict)  # by person id, "" for the rest
    access_restricted: bool = False
    access_users: list[int] = field(default_factory=list)
    webhook: Thing = field(default_factory=dict)
    logged_out_until: float = 0.0

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass(kw_only=True)
class Room(Record):
    """A chat: private between a person and a bot, or a group, supergroup or channel with members."""

    kind: ClassVar[str] = "room"

    name: str  # "<person>:<bot>" for a private chat, the chat id for others
    type: str
    id: int  # as bots call it: for a private chat the person's id
    title: str | None = None
    username: str | None = None
    description: str = ""
    members: dict[str, Thing] = field(default_factory=dict)  # ChatMember without its user, by user id
    permissions: Thing = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)  # message ids, newest first
    invite_link: str | None = None
    migrated_to: int | None = None  # the supergroup this group became
    next_message_id: int = 1
    last_bot: int | None = None  # the bot that wrote last
    person_id: int = 0  # private chats only
    bot_id: int = 0
    started: bool = False
    blocked: bool = False
    write_allowed: bool = False
    keyboards: dict[str, Thing] = field(default_factory=dict)  # reply keyboard by person id
    cleared: dict[str, list[int]] = field(default_factory=dict)  # person id → [up to message id, seq]
    read: dict[str, int] = field(default_factory=dict)  # person id → highest message id read
    fetched: dict[str, int] = field(default_factory=dict)  # bot id → highest message id handed out
    seq: int = 0  # of the last change

    @property
    def key(self) -> str:
        return self.name

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    @property
    def is_channel(self) -> bool:
        return self.type == "channel"


@dataclass(kw_only=True)
class Post(Record):
    """A message, also after it was deleted (then it is `gone` and empty)."""

    kind: ClassVar[str] = "post"

    room: str
    id: int
    seq: int
    date: int
    sender: int  # account id; 0: the chat itself
    content: Thing = field(default_factory=dict)
    reply_to: int | None = None
    edit_date: int | None = None
    gone: bool = False

    @property
    def key(self) -> str:
        return f"{self.room}/{self.id:010d}"


@dataclass(kw_only=True)
class Queue(Record):
    """The update queue of one bot, but for the updates in it."""

    kind: ClassVar[str] = "queue"

    bot: int
    next_id: int
    allowed: list[str] | None = None  # None: the default set
    last_added: float = 0.0

    @property
    def key(self) -> str:
        return str(self.bot)


@dataclass(kw_only=True)
class Waiting(Record):
    """One update in a queue."""

    kind: ClassVar[str] = "update"

    bot: int
    id: int
    type: str
    payload: Thing
    expires: float
    size: int = 0  # characters of the payload
    lane: str = ""  # updates of one lane are delivered in order by webhooks

    @property
    def key(self) -> str:
        return f"{self.bot}/{self.id:011d}"

    def shown(self) -> Thing:
        return {"update_id": self.id, self.type: self.payload}


@dataclass(kw_only=True)
class Pressed(Record):
    """A question to a bot that waits for its answer: a pressed button, an inline query, an open Mini App."""

    kind: ClassVar[str] = "question"

    id: str
    type: str  # callback | inline | web_app | guest
    bot: int
    person: int
    room: str
    asked: float
    expires: float
    message_id: int | None = None
    words: str = ""  # of an inline query
    answer: Thing | None = None

    @property
    def key(self) -> str:
        return self.id


@dataclass(kw_only=True)
class FileRecord(Record):
    """A file on disk, known to bots by its ids."""

    kind: ClassVar[str] = "file"

    id: str  # file_id
    unique_id: str
    path: str  # as getFile tells it
    name: str
    mime_type: str
    size: int
    type: str
    details: Thing = field(default_factory=dict)  # width, duration …

    @property
    def key(self) -> str:
        return self.id


@dataclass(kw_only=True)
class Note(Record):
    """A named value that belongs to nobody else: storage of Mini Apps, prepared buttons, the key."""

    kind: ClassVar[str] = "note"

    name: str
    value: Any

    @property
    def key(self) -> str:
        return self.name


RECORDS: tuple[type[Record], ...] = (Account, Room, Post, Queue, Waiting, Pressed, FileRecord, Note)
