"""The poll as a feature: one vote per person, changeable while open, live results as bars wherever it is posted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from bot_runtime.catalogue import Markup
from bot_runtime.dna import PollFeature
from bot_runtime.features import Cell, Endpoint, Feature, FeatureProblem, Results, about
from bot_runtime.features.poll import votes
from bot_runtime.features.poll.votes import Standing
from bot_runtime.store import Transaction
from bot_runtime.timer import Deed
from bot_runtime.work import Button, House, Person, Work, inline, is_count

BAR = 10  # blocks
REFRESH_SECONDS = 3.0  # between two rounds of bringing posted messages up to date
REFRESHED_AT_ONCE = 40  # the messages posted last


class Poll(Feature):
    """One poll."""

    def __init__(self, config: PollFeature, house: House) -> None:
        super().__init__(config, house)
        self._poll = config
        # Part of the buttons' data: a button of a poll with other options is known as old.
        self._mark = hashlib.sha256(json.dumps(config.options).encode()).hexdigest()[:6]
        self._label = f"poll {config.id}"

    # ---------------------------------------------------------------- chat

    async def open(self, work: Work) -> None:
        """Post the poll."""
        text, rows = await self._posted(work)
        work.say(text, rows, label=self._label)

    async def open_in_group(self, work: Work) -> bool:
        """Post the poll into the group."""
        await self.open(work)
        return True

    async def press(self, work: Work, action: Sequence[str]) -> None:
        """A button of the poll was pressed."""
        match action:
            case ["open"]:
                await self.open(work)
            case ["v", mark, number] if is_count(number):
                await self._press_vote(work, mark, int(number))
            case ["w"]:
                await self._press_withdraw(work)
            case [("close" | "reopen") as wish]:
                await self._press_owner(work, close=wish == "close")
            case _:
                work.toast(work.plain("bot.stale"))

    async def _press_vote(self, work: Work, mark: str, index: int) -> None:
        assert work.person is not None
        if mark != self._mark or index >= len(self._poll.options):
            work.toast(work.plain("poll.changed"))
        elif await votes.is_closed(work.tx, self._poll):
            work.toast(work.plain("poll.closed"), alert=True)
        else:
            before = set(await votes.of_person(work.tx, self._poll, work.person.id))
            after = before ^ {index} if self._poll.multiple else {index} - before
            await self._set_vote(work, after)
            options = ", ".join(self._poll.options[one] for one in sorted(after))
            work.toast(work.plain("poll.voted", options=options) if after else work.plain("poll.withdrawn"))
        await self._show(work)

    async def _press_withdraw(self, work: Work) -> None:
        assert work.person is not None
        if await votes.is_closed(work.tx, self._poll):
            work.toast(work.plain("poll.closed"), alert=True)
        elif await votes.of_person(work.tx, self._poll, work.person.id):
            await self._set_vote(work, ())
            work.toast(work.plain("poll.withdrawn"))
        else:
            work.toast(work.plain("poll.nothing_to_withdraw"))
        await self._show(work)

    async def _press_owner(self, work: Work, *, close: bool) -> None:
        if not work.is_owner:
            work.toast(work.plain("bot.owner_only"), alert=True)
            return
        if await votes.set_closed(work.tx, self._poll, closed=close):
            await self._plan_refresh(work)
        await self._show(work)

    async def _set_vote(self, work: Work, choice: set[int] | tuple[()] | Sequence[int]) -> None:
        assert work.person is not None
        if choice:
            await votes.vote(work, self._poll, tuple(choice))
        else:
            await votes.withdraw(work.tx, self._poll, work.person.id)
        await self._plan_refresh(work)

    async def _show(self, work: Work) -> None:
        """Bring the pressed message up to date."""
        text, rows = await self._posted(work)
        work.rewrite(text, rows)

    async def _posted(self, work: Work) -> tuple[Markup, list[list[Button]]]:
        own: tuple[int, ...] = ()
        if work.private and work.person is not None:
            own = await votes.of_person(work.tx, self._poll, work.person.id)
        state = await votes.standing(work.tx, self._poll)
        return self._text(work, state), self._buttons(work, state, own)

    def _text(self, work: Work, state: Standing) -> Markup:
        lines = [
            work.text(
                "poll.line", option=option, bar=_bar(state.percent(index)), percent=state.percent(index), votes=votes_
            )
            for index, (option, votes_) in enumerate(zip(self._poll.options, state.counts, strict=True))
        ]
        foot = self._foot(work, state)
        return work.text("poll.poll", question=self._poll.question, lines=Markup("\n".join(lines)), foot=foot)

    def _foot(self, work: Work, state: Standing) -> Markup:
        key = {0: "poll.foot_none", 1: "poll.foot_one"}.get(state.voters, "poll.foot_other")
        parts = [work.text(key, count=state.voters)]
        if state.closed:
            parts.append(work.text("poll.foot_closed"))
        else:
            if self._poll.multiple:
                parts.append(work.text("poll.foot_several"))
            if self._poll.closes_at is not None and self._poll.closes_at.timestamp() > work.now:
                moment = f"{self._poll.closes_at.astimezone(UTC):%d %b %Y, %H:%M} UTC"
                parts.append(work.text("poll.foot_until", moment=moment))
        return Markup(" · ".join(parts) if not state.closed else "\n".join(parts))

    def _buttons(self, work: Work, state: Standing, own: Sequence[int]) -> list[list[Button]]:
        rows: list[list[Button]] = []
        if not state.closed:
            rows = [
                [Button(text=("✅ " if index in own else "") + option, data=self.data("v", self._mark, index))]
                for index, option in enumerate(self._poll.options)
            ]
            if own:
                rows.append([Button(text=work.plain("poll.button_withdraw"), data=self.data("w"))])
        if work.private:
            text = work.plain("poll.share_text", question=self._poll.question)
            address = (
                f"https://t.me/share/url?url={quote(self.house.link(self.id), safe='')}&text={quote(text, safe='')}"
            )
            last = [Button(text=work.plain("poll.button_share"), url=address)]
            if work.is_owner:
                wish = "reopen" if state.closed else "close"
                name = "poll.button_open" if state.closed else "poll.button_close"
                last.append(Button(text=work.plain(name), data=self.data(wish)))
            rows.append(last)
        return rows

    # ---------------------------------------------------------------- Mini App

    async def view(self, request: Request, visitor: Person) -> dict[str, Any]:
        """The poll as it stands, with the visitor's own vote."""
        async with self.house.work(person=visitor) as work:
            return await self._state(work)

    def endpoints(self) -> list[Endpoint]:
        """Voting and withdrawing."""
        return [
            Endpoint(method="PUT", path="/vote", answer=self._put_vote),
            Endpoint(method="DELETE", path="/vote", answer=self._delete_vote),
        ]

    async def _put_vote(self, request: Request, visitor: Person) -> tuple[int, dict[str, Any]]:
        try:
            body = await request.json() if int(request.headers.get("content-length", "0")) < 10_000 else None
        except (ValueError, RecursionError):
            body = None
        options = body.get("options") if isinstance(body, dict) else None
        async with self.house.work(person=visitor, chat_id=visitor.id) as work:
            await work.meet(visitor)
            await self._refuse_closed(work)
            choice = self._checked(work, options)
            await self._set_vote(work, choice)
            return 200, await self._state(work)

    async def _delete_vote(self, request: Request, visitor: Person) -> tuple[int, dict[str, Any]]:
        async with self.house.work(person=visitor, chat_id=visitor.id) as work:
            await self._refuse_closed(work)
            await self._set_vote(work, ())
            return 200, await self._state(work)

    async def _refuse_closed(self, work: Work) -> None:
        if await votes.is_closed(work.tx, self._poll):
            raise FeatureProblem(409, work.plain("poll.closed"), state=await self._state(work))

    def _checked(self, work: Work, options: Any) -> list[int]:
        count = len(self._poll.options)
        if not isinstance(options, list) or not all(type(one) is int and 0 <= one < count for one in options):
            raise FeatureProblem(422, work.plain("poll.bad_options"))
        choice = sorted(set(options))
        if not choice:
            raise FeatureProblem(422, work.plain("poll.choose_some"))
        if len(choice) > 1 and not self._poll.multiple:
            raise FeatureProblem(422, work.plain("poll.choose_one"))
        return choice

    async def _state(self, work: Work) -> dict[str, Any]:
        assert work.person is not None
        state = await votes.standing(work.tx, self._poll)
        return {
            "kind": "poll",
            "id": self.id,
            "question": self._poll.question,
            "options": list(self._poll.options),
            "multiple": self._poll.multiple,
            "closed": state.closed,
            "closes_at": self._poll.closes_at.isoformat() if self._poll.closes_at else None,
            "counts": list(state.counts),
            "voters": state.voters,
            "mine": list(await votes.of_person(work.tx, self._poll, work.person.id)),
            "share_url": self.house.link(self.id),
        }

    # ---------------------------------------------------------------- data

    def stored(self, work: Work) -> str:
        """What is kept: the vote."""
        return work.text("poll.stored", title=self.title)

    async def holds(self, work: Work, person_id: int) -> str | None:
        """Whether that person has voted."""
        voted = await votes.of_person(work.tx, self._poll, person_id)
        return work.text("poll.holds", title=self.title) if voted else None

    async def forget(self, work: Work, person_id: int) -> str | None:
        """Remove that person's vote."""
        if not await votes.withdraw(work.tx, self._poll, person_id):
            return None
        await self._plan_refresh(work)
        return work.text("poll.removed", title=self.title)

    async def gathered(self, work: Work) -> int:
        """How many people voted."""
        return (await votes.standing(work.tx, self._poll)).voters

    async def results(self, work: Work) -> Results:
        """Who voted for what, and the sums."""
        state = await votes.standing(work.tx, self._poll)
        rows: list[list[Cell]] = []
        for number, row in enumerate(await votes.with_people(work.tx, self._poll), 1):
            chosen = ", ".join(json.loads(row["options"]))
            rows.append([number, *about(row["voted_at"], row["person_id"], row), chosen])
        columns = [work.plain(f"bot.column_{name}") for name in ("number", "when", "person", "username", "person_id")]
        sums: list[list[Cell]] = [[work.plain(f"poll.column_{name}") for name in ("option", "votes", "percent")]]
        for index, option in enumerate(self._poll.options):
            sums.append([option, state.counts[index], state.percent(index)])
        return Results(title=self.title, columns=[*columns, work.plain("poll.column_vote")], rows=rows, summary=sums)

    async def sweep(self, tx: Transaction, before: float | None, now: float) -> None:
        """Remove votes older than the owner wants them kept."""
        if before is not None:
            await tx.run("DELETE FROM votes WHERE feature_id = ? AND voted_at < ?", (self.id, before))

    # ---------------------------------------------------------------- time

    async def begin(self, work: Work) -> None:
        """Arm the closing time, if the DNA names one that has not passed before."""
        if await votes.follow_dna(work.tx, self._poll):
            if self._poll.closes_at is not None:
                await work.plan("poll-close", self.id, self._poll.closes_at.timestamp())
            else:
                await work.unplan("poll-close", self.id)

    def deeds(self) -> Mapping[str, Deed]:
        """Closing, and bringing posted messages up to date."""
        return {"poll-close": self._fall_closed, "poll-refresh": self._refresh}

    async def _fall_closed(self, feature_id: str) -> None:
        async with self.house.work() as work:
            await work.unplan("poll-close", feature_id)
            if await votes.set_closed(work.tx, self._poll, closed=True):
                await self._plan_refresh(work)
                if self.house.owner_id:
                    told = work.for_owner()
                    foot = self._foot(told, await votes.standing(work.tx, self._poll))
                    told.say(told.text("poll.closed_told", question=self._poll.question, foot=foot))

    async def _plan_refresh(self, work: Work) -> None:
        await work.plan("poll-refresh", self.id, work.now + REFRESH_SECONDS, sooner_only=True)

    async def _refresh(self, feature_id: str) -> None:
        async with self.house.work() as work:
            await work.unplan("poll-refresh", feature_id)
            rows = await work.tx.all(
                "SELECT chat_key, message_id FROM labels WHERE label = ? ORDER BY message_id DESC LIMIT ?",
                (self._label, REFRESHED_AT_ONCE),
            )
            for row in rows:
                await self._refresh_one(work, int(row["chat_key"][1:]), row["message_id"])

    async def _refresh_one(self, work: Work, chat_id: int, message_id: int) -> None:
        private = chat_id > 0
        person = Person(id=chat_id, first_name="") if private else None
        there = Work(house=self.house, tx=work.tx, now=work.now, language=work.language, person=person, private=private)
        text, rows = await self._posted(there)
        params = {"message_id": message_id, "text": text, "parse_mode": "HTML", "reply_markup": inline(rows)}
        work.call("editMessageText", params, to=chat_id, expendable=True)


def _bar(percent: int) -> str:
    full = round(percent / 100 * BAR)
    return "▓" * full + "░" * (BAR - full)


def build(config: PollFeature, house: House) -> Poll:
    """The feature for that configuration."""
    return Poll(config, house)
