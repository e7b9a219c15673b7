"""Whatever a bot sends, it gets a result or a refusal in Telegram's words: never an accident inside."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from playground.botapi.call import DEEDS
from playground.botapi.performing import perform
from playground.parameters import METHODS, Upload
from playground.wire import WireFault
from playground.world import groups, people
from playground.world.acts import says, starts
from playground.world.refusals import Refusal
from playground.world.world import World
from tests.playground.test_api_sending import png

ROUNDS = 40
ODD: list[Any] = [
    "", "0", "-1", "x", "\x00", "\ud800", "x" * 5000, "[]", "{}", "[{}]", "[[]]", "null", "true", "1e9", "-0.5",
    0, -1, 2**31, 2**63, 10**30, 1.5, True, False, [], {}, [[]], [{}], [None], {"type": "x"}, [1, "2", None],
    {"keyboard": [[{}]]}, {"inline_keyboard": [[{"text": "a"}]]}, {"inline_keyboard": "x"}, {"message_id": "x"},
    {"type": "chat_member", "chat_id": 1}, [{"type": "bold", "offset": -1, "length": 10**9}],
]  # fmt: skip


def plausible(name: str, kind: str, chance: random.Random, ids: dict[str, list[Any]]) -> Any:
    """A value that might be right."""
    if name == "inline_message_id":
        return ""
    if name in ids and chance.random() < 0.9:
        return chance.choice(ids[name])
    likely: dict[str, list[Any]] = {
        "bool": [True, False],
        "int": [0, 1, 5, 60],
        "text": ["hello", "<b>x</b>", "🙂"],
        "ReplyMarkup": [
            {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
            {"keyboard": [["a", {"text": "b", "request_contact": True}]]},
            {"remove_keyboard": True},
            {"force_reply": True, "selective": True},
        ],
        "InputMedia[]": [[{"type": "photo", "media": "attach://photo"}, {"type": "photo", "media": "attach://photo"}]],
        "file": ["attach://photo"],
        "KeyboardButton": [{"text": "a", "request_managed_bot": {"request_id": 1}}],
        "InputMedia": [{"type": "document", "media": "attach://photo"}],
        "InputPollOption[]": [["a", "b"], [{"text": "a"}] * 13],
        "ReplyParameters": [{"message_id": 1}, {"message_id": 1, "chat_id": ids["chat_id"][1]}],
        "ReactionType[]": [[{"type": "emoji", "emoji": "👍"}], []],
        "ChatPermissions": [{"can_send_messages": True}],
        "MenuButton": [{"type": "commands"}, {"type": "web_app", "text": "a", "web_app": {"url": "http://a.b/"}}],
        "BotCommand[]": [[{"command": "a", "description": "b"}]],
        "InlineQueryResult": [{"type": "location", "id": "1", "title": "t", "latitude": 1, "longitude": 2}],
        "InlineQueryResult[]": [[{"type": "photo", "id": "1", "photo_url": "http://a.b", "thumbnail_url": "http://a"}]],
    }
    return chance.choice(likely.get(kind, ODD))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_no_call_is_an_accident(world: World) -> None:
    alice = people.add_person(world, "Alice")
    shown, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot", can_manage_bots=True)
    bot = world.accounts[shown["id"]]
    bob = people.add_person(world, "Bob")
    child = people.new_bot(world, world.accounts[alice["id"]], "Child", "child_bot", bot)
    starts(world, alice["id"], bot.id)
    chats = [
        groups.add_chat(world, kind, kind, alice["id"], [bot.id, bob["id"]])["id"]
        for kind in ("group", "supergroup", "channel")
    ]
    for chat in chats:
        groups.set_member(world, chat, bot.id, "administrator", alice["id"])
        says(world, alice["id"], chat, "hello")
    ids: dict[str, list[Any]] = {
        "chat_id": [alice["id"], *chats],
        "from_chat_id": [alice["id"], *chats],
        "user_id": [alice["id"], bob["id"], bob["id"], child.id, child.id],
        "action": ["typing"],
        "message_ids": [[1, 2], [3]],
        "parse_mode": ["HTML", "MarkdownV2"],
        "timeout": [0],
        "offset": [0, -1, 5],
        "url": [""],
        "media": ["attach://photo"],
    }
    chance = random.Random(1)
    uploads = {"photo": Upload(filename="p.png", content_type="image/png", content=png())}
    accidents: list[str] = []
    done: set[str] = set()
    for _ in range(ROUNDS):
        posts = [post for room in world.posts.values() for post in room.values() if not post.gone]
        ids["message_id"] = [post.id for post in posts[-20:]]
        ids["file_id"] = list(world.files.ids())[-3:] or [""]
        for method in sorted(set(DEEDS) - {"getUpdates", "logOut", "close", "leaveChat"}):
            values: dict[str, Any] = {}
            for name, parameter in METHODS[method].items():
                if parameter.required or chance.random() < 0.3:
                    odd = chance.random() < 0.1
                    values[name] = chance.choice(ODD) if odd else plausible(name, parameter.kind, chance, ids)
            if chance.random() < 0.5:
                values = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
            try:
                result = await perform(world, bot, method, values, uploads)
                json.dumps(getattr(result, "result", result))
                done.add(method)
            except (Refusal, WireFault):
                pass
            except Exception as exc:
                accidents.append(f"{method}({values!r}): {exc!r}")
            for chat in chats:
                groups.change_member(
                    world,
                    world.rooms[str(chat)],
                    bot,
                    {**groups.member_entry(world.rooms[str(chat)], "administrator"), "can_promote_members": True},
                    quiet=True,
                )
        world.commit()
        await asyncio.sleep(0)
    assert accidents == []
    assert len(done) > 45
    world.close()
