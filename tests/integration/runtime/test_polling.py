"""The poll loop against a scripted Bot API server, with its journal in a real SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot_runtime.caller import BotCaller, caller_with_token
from bot_runtime.journal import BotJournal
from bot_runtime.polling import Attachment, Call, Delays, Incoming, Poller, PollState, Trouble, TroubleKind
from bot_runtime.store import Store, open_store
from tests.integration.runtime.bot_api import LIMIT, BotApi, bot_api, error

QUICK = Delays(first=0.01, longest=0.05, unauthorized=0.05, conflict=0.05, handler=(0.01, 0.01))
TOKEN = "4242:AAtest"


def message(update_id: int, text: str, chat_id: int = 7) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 0, "chat": {"id": chat_id, "type": "private"}, "text": text},
    }


def reply(text: str, chat_id: int = 7, **more: Any) -> Call:
    return Call(method="sendMessage", params={"chat_id": chat_id, "text": text}, chat_key=f"c{chat_id}", **more)


@dataclass
class Life:
    """One life of a process with a poll loop."""

    api: BotApi
    store: Store
    journal: BotJournal
    caller: BotCaller
    handled: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    well: int = 0  # how often polling went well for the first time or again
    poller: Poller = field(init=False)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def echo(self, incoming: Incoming) -> None:
        message = incoming.raw["message"]
        self.handled.append(message["text"])
        await self.journal.finish(incoming.update_id, [reply(message["text"], message["chat"]["id"])])

    @asynccontextmanager
    async def running(self, handle: Callable[[Incoming], Awaitable[None]] | None = None) -> AsyncIterator[Poller]:
        self.poller = Poller(
            self.caller,
            self.journal,
            handle or self.echo,
            allowed_updates=["message"],
            on_trouble=self.troubles.append,
            on_well=self._went_well,
            delays=QUICK,
            grace=1.0,
        )
        task = asyncio.create_task(self.poller.run(self.stop))
        try:
            yield self.poller
        finally:
            self.stop.set()
            async with asyncio.timeout(LIMIT):
                await task

    def _went_well(self) -> None:
        self.well += 1

    async def states(self, table: str) -> list[str]:
        order = "position" if table == "inbox" else "id"
        return [row["state"] for row in await self.store.all(f"SELECT state FROM {table} ORDER BY {order}")]


@asynccontextmanager
async def life(api: BotApi, folder: Path) -> AsyncIterator[Life]:
    caller = caller_with_token(TOKEN, api.url)
    async with open_store(folder / "bot.db") as store:
        yield Life(api=api, store=store, journal=BotJournal(store), caller=caller)
    for request in caller._request:
        await request.shutdown()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


@pytest.fixture
async def one(api: BotApi, tmp_path: Path) -> AsyncIterator[Life]:
    async with life(api, tmp_path) as value:
        yield value


async def test_an_update_is_answered_and_confirmed_only_after_it_is_stored(api: BotApi, one: Life) -> None:
    api.push(message(10, "hello"))
    async with one.running() as poller:
        await api.until(lambda: api.texts() == ["hello"])
        await api.until(lambda: any(call.params.get("offset") == 11 for call in api.said("getUpdates")))
        assert await one.journal.offset() == 11
        assert poller.status.state is PollState.POLLING
        assert poller.status.last_poll_at is not None
    assert await one.states("inbox") == ["done"]
    assert await one.states("outbox") == ["sent"]


async def test_allowed_updates_are_passed_with_every_poll(api: BotApi, one: Life) -> None:
    async with one.running():
        await api.until(lambda: len(api.said("getUpdates")) >= 2)
    assert all(call.params["allowed_updates"] == ["message"] for call in api.said("getUpdates"))


async def test_order_is_kept_per_chat_and_chats_go_side_by_side(api: BotApi, one: Life) -> None:
    gate = asyncio.Event()

    async def handle(incoming: Incoming) -> None:
        if incoming.raw["message"]["text"] == "slow":
            await gate.wait()
        await one.echo(incoming)

    api.push(message(1, "slow", 1), message(2, "after it", 1), message(3, "other", 2))
    async with one.running(handle):
        await api.until(lambda: api.texts() == ["other"])
        gate.set()
        await api.until(lambda: len(api.texts()) == 3)
    assert [text for text in api.texts() if text != "other"] == ["slow", "after it"]


async def test_an_update_delivered_twice_takes_effect_once(api: BotApi, one: Life) -> None:
    api.push(message(5, "once"))
    async with one.running():
        await api.until(lambda: api.texts() == ["once"])
    one.stop.clear()
    api.script("getUpdates", (200, {"ok": True, "result": [message(5, "once"), message(6, "next")]}))
    async with one.running():
        await api.until(lambda: "next" in api.texts())
    assert api.texts() == ["once", "next"]


async def test_what_was_taken_in_before_a_crash_is_handled_after_it(api: BotApi, one: Life) -> None:
    incoming = Incoming(
        update_id=3, chat_key="c7", raw=message(3, "from the last life")["message"] and message(3, "old")
    )
    await one.journal.take_in([incoming], 4)
    async with one.running():
        await api.until(lambda: api.texts() == ["old"])
    assert one.handled == ["old"]


async def test_a_row_whose_sending_was_cut_off_is_sent_again_and_counted(api: BotApi, one: Life) -> None:
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "x"))], 2)
    await one.journal.finish(1, [reply("first"), reply("second")])
    [first, _] = await one.journal.owed()
    await one.journal.sending(first.id)
    async with one.running() as poller:
        await api.until(lambda: len(api.texts()) == 2)
    assert api.texts() == ["first", "second"]
    assert poller.status.in_doubt == 1


async def test_poison_is_set_aside_after_three_tries_and_blocks_nobody(api: BotApi, one: Life) -> None:
    async def handle(incoming: Incoming) -> None:
        if incoming.raw["message"]["text"] == "poison":
            raise ValueError("cannot be parsed")
        await one.echo(incoming)

    api.push(message(1, "poison"), message(2, "behind it"))
    async with one.running(handle) as poller:
        await api.until(lambda: api.texts() == ["behind it"])
    assert [(trouble.kind, trouble.update_id) for trouble in one.troubles] == [(TroubleKind.POISON, 1)]
    assert poller.status.poisoned == 1
    assert poller.status.errors == 3
    assert await one.states("inbox") == ["aside", "done"]
    row = await one.store.one("SELECT raw, error, tries FROM inbox WHERE update_id = 1")
    assert row is not None
    assert "poison" in row["raw"]
    assert row["error"] == "ValueError: cannot be parsed"
    assert row["tries"] == 3
    await one.journal.set_aside(1, "again")
    assert await one.journal.counts() == (0, 0, 1)
    await one.journal.take_in([Incoming(update_id=3, chat_key="c7", raw=message(3, "poison"))], 4)
    await one.journal.set_aside(3, "it too")
    assert await one.journal.counts() == (0, 0, 2)


async def test_an_update_that_ends_the_process_each_time_is_set_aside_in_the_end(api: BotApi, one: Life) -> None:
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "deadly"))], 2)
    for _ in range(6):
        await one.journal.failed(1, "cut off")
    async with one.running():
        await api.until(lambda: len(api.said("getUpdates")) >= 1)
    assert one.handled == []
    assert await one.states("inbox") == ["aside"]


async def test_a_batch_without_usable_ids_does_not_spin(api: BotApi, one: Life) -> None:
    api.script("getUpdates", (200, {"ok": True, "result": [{"update_id": "x"}]}), (200, {"ok": True, "result": [7]}))
    api.push(message(1, "fine"))
    async with one.running():
        await api.until(lambda: api.texts() == ["fine"])


@pytest.mark.parametrize(
    ("answer", "kind", "state"),
    [
        pytest.param(error(401, "Unauthorized"), TroubleKind.UNAUTHORIZED, PollState.UNAUTHORIZED, id="revoked"),
        pytest.param(error(404, "Not Found"), TroubleKind.UNAUTHORIZED, PollState.UNAUTHORIZED, id="malformed"),
        pytest.param(error(409, "Conflict: terminated"), TroubleKind.CONFLICT, PollState.CONFLICT, id="second poller"),
    ],
)
async def test_a_refused_poll_is_reported_once_and_tried_again(
    api: BotApi, one: Life, answer: Any, kind: TroubleKind, state: PollState
) -> None:
    seen: list[PollState] = []

    async def look() -> Any:
        seen.append(one.poller.status.state)
        return answer

    api.script("getUpdates", answer, look, look)
    api.push(message(1, "after the trouble"))
    async with one.running() as poller:
        await api.until(lambda: api.texts() == ["after the trouble"])
        assert poller.status.state is PollState.POLLING
        await api.until(lambda: len(api.said("getUpdates")) > 4)  # the second good poll is under way
    assert seen == [state, state]
    assert [trouble.kind for trouble in one.troubles] == [kind]
    assert one.well == 1


async def test_flood_control_is_waited_out_in_order(api: BotApi, one: Life) -> None:
    api.script("sendMessage", error(429, "Too Many Requests: retry after 1", retry_after=1))
    api.push(message(1, "first"), message(2, "second"), message(3, "elsewhere", 8))
    async with one.running() as poller:
        await api.until(lambda: len(api.texts()) == 4)
    assert [call.params["text"] for call in api.said("sendMessage") if call.params["chat_id"] == 7][-2:] == [
        "first",
        "second",
    ]
    assert poller.status.in_doubt == 0
    assert await one.states("outbox") == ["sent", "sent", "sent"]


async def test_a_server_fault_keeps_the_message_until_it_passes(api: BotApi, one: Life) -> None:
    api.script("sendMessage", error(500, "Internal Server Error: restart"), (502, b"<html>Bad Gateway</html>"))
    api.push(message(1, "patient"))
    async with one.running() as poller:
        await api.until(lambda: len(api.texts()) == 3)
    assert await one.states("outbox") == ["sent"]
    assert poller.status.in_doubt == 2


@pytest.mark.parametrize(
    "answer", [error(400, "Bad Request: chat not found"), error(403, "Forbidden: bot was blocked")]
)
async def test_a_refused_message_is_recorded_and_the_next_one_goes_out(api: BotApi, one: Life, answer: Any) -> None:
    api.script("sendMessage", answer)
    api.push(message(1, "refused"), message(2, "next"))
    async with one.running():
        await api.until(lambda: api.texts() == ["refused", "next"])
    rows = await one.store.all("SELECT state, reason FROM outbox ORDER BY id")
    assert [row["state"] for row in rows] == ["refused", "sent"]
    assert rows[0]["reason"].lower() in answer[1]["description"].lower()


async def test_an_expendable_call_is_dropped_when_it_cannot_go_out(api: BotApi, one: Life) -> None:
    api.script("answerCallbackQuery", error(502, "Bad Gateway"))
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "x"))], 2)
    tick = Call(method="answerCallbackQuery", params={"callback_query_id": "1"}, chat_key="c7", expendable=True)
    await one.journal.finish(1, [tick, reply("shown")])
    async with one.running():
        await api.until(lambda: api.texts() == ["shown"])
    assert len(api.said("answerCallbackQuery")) == 1
    assert await one.states("outbox") == ["refused", "sent"]


async def test_a_labelled_message_is_edited_later_and_sent_anew_when_it_is_gone(api: BotApi, one: Life) -> None:
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "x"))], 2)
    gone = error(400, "Bad Request: message to edit not found")
    api.script("editMessageText", (200, {"ok": True, "result": {"message_id": 101}}), gone)
    steps = [
        reply("0 %", edits="bar"),
        reply("50 %", edits="bar"),
        reply("99 %", edits="bar"),
        reply("done", edits="bar"),
    ]
    await one.journal.finish(1, steps)
    async with one.running():
        await api.until(lambda: len(api.said("editMessageText")) == 3)
    assert api.texts() == ["0 %", "99 %"]
    edits = [(call.params["message_id"], call.params["text"]) for call in api.said("editMessageText")]
    assert edits == [(101, "50 %"), (101, "99 %"), (102, "done")]
    assert await one.journal.message_of("c7", "bar") == 102


async def test_an_edit_that_changes_nothing_counts_as_sent(api: BotApi, one: Life) -> None:
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "x"))], 2)
    api.script("editMessageText", error(400, "Bad Request: message is not modified: specified new message content"))
    edit = Call(method="editMessageText", params={"chat_id": 7, "message_id": 5, "text": "same"}, chat_key="c7")
    await one.journal.finish(1, [edit])
    async with one.running():
        await api.until(lambda: len(api.said("editMessageText")) == 1)
    assert await one.states("outbox") == ["sent"]


async def test_a_group_that_became_a_supergroup_gets_its_message(api: BotApi, one: Life) -> None:
    api.script("sendMessage", error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1007))
    api.push(message(1, "moved", -7))
    async with one.running():
        await api.until(lambda: len(api.texts()) == 2)
    assert [call.params["chat_id"] for call in api.said("sendMessage")] == [-7, -1007]


async def test_files_are_uploaded_under_their_field(api: BotApi, one: Life) -> None:
    sheet = Attachment(field="document", filename='answers "1".csv', content=b"a;b\r\n1;2")
    await one.journal.take_in([Incoming(update_id=1, chat_key="c7", raw=message(1, "x"))], 2)
    call = Call(method="sendDocument", params={"chat_id": 7, "caption": "Grüße"}, chat_key="c7", attachments=(sheet,))
    await one.journal.finish(1, [call])
    async with one.running():
        await api.until(lambda: len(api.said("sendDocument")) == 1)
    [said] = api.said("sendDocument")
    assert said.files == {"document": b"a;b\r\n1;2"}
    assert said.params == {"chat_id": "7", "caption": "Grüße"}
    assert await one.store.all("SELECT * FROM attachments") == []


async def test_stopping_finishes_sends_and_confirms_what_was_taken_in(api: BotApi, one: Life) -> None:
    working, gate = asyncio.Event(), asyncio.Event()

    async def handle(incoming: Incoming) -> None:
        working.set()
        await gate.wait()
        await one.echo(incoming)

    api.push(message(20, "last words"))
    async with one.running(handle):
        async with asyncio.timeout(LIMIT):
            await working.wait()
        one.stop.set()
        gate.set()
    assert api.texts() == ["last words"]
    assert max(call.params.get("offset", 0) for call in api.said("getUpdates")) == 21


async def test_stopping_takes_no_longer_than_its_grace(api: BotApi, one: Life) -> None:
    working = asyncio.Event()

    async def handle(incoming: Incoming) -> None:
        working.set()
        await asyncio.Event().wait()

    api.push(message(1, "endless"))
    async with one.running(handle):
        async with asyncio.timeout(LIMIT):
            await working.wait()
    assert await one.states("inbox") == ["waiting"]


async def test_hundreds_of_messages_of_fifty_chats_all_go_out_in_order(api: BotApi, one: Life) -> None:
    api.push(*(message(number, str(number), chat_id=number % 50 + 1) for number in range(1, 501)))
    async with one.running() as poller:
        await api.until(lambda: len(api.calls) > 500 and len(api.texts()) == 500)
    by_chat: dict[int, list[int]] = {}
    for call in api.said("sendMessage"):
        by_chat.setdefault(call.params["chat_id"], []).append(int(call.params["text"]))
    assert all(numbers == sorted(numbers) and len(numbers) == 10 for numbers in by_chat.values())
    assert poller.status.updates == 500
