"""Whatever a bot sends, the playground answers as Telegram would: with a result or a refusal, never with a fault."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from playground.parameters import METHODS
from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot
from tests.playground.conformance.test_methods import PLAYED

WAITING = {"getUpdates", "setWebhook", "logOut", "close", "leaveChat"}  # would wait, or end the bot
ROUNDS = 12  # calls per method
JSON = {"Content-Type": "application/json"}
BUTTON = {"text": "x", "callback_data": "y"}
TYPES = ("photo", "emoji", "article", "chat", "web_app", "default", "custom_emoji", "bold", "text_link", "", "quiz")


def nonsense(chance: random.Random, known: list[Any], depth: int = 0) -> Any:
    """A value of any shape, often one that means something."""
    simple = [
        None,
        True,
        False,
        0,
        -1,
        1,
        2**31,
        -(2**63),
        2**70,
        1.5,
        "",
        " ",
        "0",
        "x",
        "@",
        "@x",
        "[]",
        "{}",
        "[",
        "null",
    ]
    simple += ["\u202e", "😀" * 3, "<b>", "*", "http://", "tg://user?id=1", "attach://f", "x" * 5000, *TYPES]
    kind = chance.random()
    if kind < 0.35:
        return chance.choice(known)
    if kind < 0.75 or depth > 2:
        return chance.choice(simple)
    if kind < 0.87:
        return [nonsense(chance, known, depth + 1) for _ in range(chance.randrange(4))]
    names = ["type", "text", "id", "media", "url", "offset", "length", "user", "command", "description", "message_id"]
    names += ["inline_keyboard", "keyboard", "callback_data", "web_app", "chat_id", "input_message_content", "emoji"]
    return {chance.choice(names): nonsense(chance, known, depth + 1) for _ in range(chance.randrange(5))}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))])
async def test_no_call_makes_the_playground_stumble(
    bot: CallingBot, account: BotAccount, alice: Person, playground: Playground, seed: int
) -> None:
    chance = random.Random(seed)
    group = await playground.group("Team", alice, [account])
    await playground.member(group["id"], account, "administrator")
    sent = await bot.sendMessage(chat_id=alice.id, text="x", reply_markup={"inline_keyboard": [[BUTTON]]})
    file = await bot.upload("sendDocument", {"document": ("a.txt", b"a")}, chat_id=alice.id)
    known = [alice.id, group["id"], bot.id, sent["message_id"], file["document"]["file_id"], [[BUTTON]], [BUTTON]]
    known += [[sent["message_id"]], {"inline_keyboard": [[BUTTON]]}, {"type": "emoji", "emoji": "👍"}]
    for method in sorted(PLAYED - WAITING):
        for _ in range(ROUNDS):
            values = {name: nonsense(chance, known) for name in METHODS[method] if chance.random() < 0.6}
            if "chat_id" in METHODS[method] and chance.random() < 0.8:
                values["chat_id"] = chance.choice([alice.id, group["id"]])
            answer = await bot.http.post(f"{bot.url}/bot{bot.token}/{method}", content=json.dumps(values), headers=JSON)
            body = answer.json()
            assert isinstance(body["ok"], bool)
            assert answer.status_code < 500, (method, values, body)
