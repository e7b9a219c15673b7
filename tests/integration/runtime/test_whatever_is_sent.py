"""Whatever people send, a bot answers it and never falls over it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot_runtime.dna import AgentDNA, FieldKind, FormFeature, FormField, PollFeature, RateLimits
from bot_runtime.features.form.values import ValueRefused, accept, shown
from bot_runtime.pace import Pace
from bot_runtime.polling import Call, chat_key_of, incoming_of
from bot_runtime.speech import catalogue
from tests.integration.runtime.rooms import OWNER, Room, buttons_of, room, within_limits

EVERY_KIND = FormFeature(
    id="f" * 32,
    command="form",
    title="Everything",
    fields=tuple(
        FormField(
            id=f"{kind.value}_field",
            label=f"A {kind.value}",
            kind=kind,
            required=index % 2 == 0,
            options=("One", "Two & three", "<Four>") if kind in {FieldKind.CHOICE, FieldKind.CHOICES} else (),
        )
        for index, kind in enumerate(FieldKind)
    ),
)
POLL = PollFeature(id="p" * 32, command="poll", question="<Which> & why?", options=("A", "B"), multiple=True)
DNA = AgentDNA(
    name="<Bot> & Co", purpose="x", features=(EVERY_KIND, POLL), rate_limits=RateLimits(messages_per_minute=600)
)
WORDS = (
    "/start", "/form", "/poll", "/help", "/app", "/privacy", "/forget", "/answers", "/cancel", "/mine", "/x", "/", "",
    "Ann", "3", "One", "5", "2026-12-24", "tomorrow", "+39 333 1234567", "ann@example.org", "‹ Back", "Skip", "Cancel",
    "<b>", "&amp;", "\u202e", "x" * 4096, "😀" * 100, "/start " + "f" * 32, "/start p",
    "/form@room_bot", "/form@other_bot",
)  # fmt: skip
PIECES = ("open", "mine", "w", "wy", "keep", "v", "close", "reopen", "review", "send", "change", "f", "b", "x", "s",
          "d", "o", "r", "t", "1", "0", "99", "-1", "٣", "9" * 21, "", "answers", "forget", "help")  # fmt: skip
EXTRAS: tuple[dict[str, Any], ...] = (
    {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]},
    {"document": {"file_id": "d", "file_unique_id": "u", "mime_type": "image/png"}},
    {"document": {"file_id": "d", "file_unique_id": "u"}},
    {"contact": {"phone_number": "393331234567", "first_name": "Ann"}},
    {"contact": {"phone_number": "nonsense", "first_name": "Ann"}},
    {"sticker": {"file_id": "s", "file_unique_id": "u", "width": 1, "height": 1, "is_animated": False,
                 "is_video": False, "type": "regular"}},
    {"location": {"latitude": 1.0, "longitude": 2.0}},
    {"new_chat_title": "x"},
    {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 1}},
)  # fmt: skip


RIGHT = {
    "text": "Ann", "number": "3", "choice": "one", "choices": "one, <four>", "date": "tomorrow",
    "phone": "+39 333 1234567", "email": "ann@example.org", "rating": "5",
}  # fmt: skip


async def right_answer(bot: Room, chance: random.Random, person: int, known: list[str]) -> list[Call]:
    """What brings that person's form forward."""
    row = await bot.house.store.one("SELECT step FROM dialogs WHERE person_id = ?", (person,))
    if row is None:
        return await bot.says("/form", person)
    if row["step"] == "photo_field":
        return await bot.says(None, person, **EXTRAS[0])
    if row["step"] in ("review", "change"):
        return await bot.presses(chance.choice([data for data in known if ":review:" in data][-6:]), person)
    return await bot.says(RIGHT[row["step"].removesuffix("_field")], person)


@pytest.mark.parametrize("seed", range(3))
async def test_no_order_of_words_files_and_presses_makes_a_bot_fall_over(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    known: list[str] = ["f" * 32 + ":open"]
    async with room(DNA, tmp_path) as bot:
        for _ in range(400):
            bot.moment += 1.0
            person = chance.choice((7, 8, OWNER))
            kind = chance.random()
            if kind < 0.6:
                calls = await right_answer(bot, chance, person, known)
            elif kind < 0.7:
                calls = await bot.says(chance.choice(WORDS), person)
            elif kind < 0.75:
                calls = await bot.says(None, person, **chance.choice(EXTRAS))
            elif kind < 0.95:
                calls = await bot.presses(chance.choice(known[-20:]), person, message_id=chance.randrange(100))
            else:
                pieces = [chance.choice(PIECES) for _ in range(chance.randrange(1, 5))]
                owner = chance.choice(("f" * 32, "p" * 32, "-", "gone", ""))
                calls = await bot.presses(":".join([owner, *pieces]) if owner else None, person)
            for call in calls:
                within_limits(call)
            known += buttons_of(calls)
        assert await bot.house.store.all("SELECT * FROM inbox WHERE state != 'done'") == []
        sent = await bot.house.store.one("SELECT max(number) AS number FROM submissions")
        assert sent is not None
        assert sent["number"], "the forms never got to their end"


async def test_every_press_is_answered_exactly_once(tmp_path: Path) -> None:
    async with room(DNA, tmp_path) as bot:
        for data in ("f" * 32 + ":open", "p" * 32 + ":open", "-:forget", "-:nonsense", "nobody:x", "", None):
            calls = await bot.presses(data)
            assert [call.method for call in calls].count("answerCallbackQuery") == 1, data


async def test_a_person_with_a_language_nobody_wrote_texts_for_is_answered_in_english(tmp_path: Path) -> None:
    async with room(DNA, tmp_path) as bot:
        [call] = await bot.says("/start")
        assert "I am <b>&lt;Bot&gt; &amp; Co</b>" in call.params["text"]


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_json_has_a_key_or_is_no_update(raw: Any) -> None:
    incoming = incoming_of({"update_id": 1, "message": raw})
    assert incoming is not None
    assert incoming.chat_key[0] in "cu-"
    incoming_of(raw)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}, "c-5"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": 9}}}}, "c9"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "inline_message_id": "x"}}, "u7"),
        ({"update_id": 1, "inline_query": {"from": {"id": 7}}}, "u7"),
        ({"update_id": 1, "managed_bot": {"user": {"id": 7}, "bot": {"id": 9}}}, "c7"),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 3}, "from": {"id": 7}}}, "c3"),
        ({"update_id": 1, "poll": {"id": "5"}}, "-"),
    ],
)
def test_an_update_belongs_to_its_chat_or_else_its_person(raw: dict[str, Any], key: str) -> None:
    assert chat_key_of(raw) == key


@given(
    some.sampled_from(EVERY_KIND.fields), JSON | some.text(alphabet="0123456789 .,-/+'e★⭐abcdejnov@:;", max_size=24)
)
def test_any_answer_is_accepted_in_its_one_shape_or_refused_with_a_sentence(field: FormField, given_value: Any) -> None:
    today = date(2026, 11, 21)
    try:
        value = accept(field, given_value, today=today)
    except ValueRefused as exc:
        catalogue().plain(exc.key, None, **exc.values)
        return
    assert accept(field, value, today=today) == value
    assert shown(field.kind, value)


def test_pace_admits_so_many_a_minute_and_forgets_afterwards() -> None:
    pace = Pace(3)
    assert [pace.wait(7, float(second)) for second in range(4)] == [0, 0, 0, 57]
    assert pace.first_refusal(7)
    assert not pace.first_refusal(7)
    assert pace.wait(8, 3.0) == 0
    assert pace.wait(7, 60.5) == 0
    assert pace.wait(7, 60.6) > 0
    assert pace.first_refusal(7)
