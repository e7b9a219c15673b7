"""A poll in the chat: one vote per person, changeable, live bars, closing by the owner and by time, groups."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot_runtime.dna import AgentDNA, PollFeature
from playground.people import Playground
from tests.integration.runtime.made import Made, made_bot

POLL = PollFeature(
    id="week", command="vote", question="Pizza of the week?", options=("Margherita", "Diavola", "Marinara")
)
DNA = AgentDNA(name="Bella", purpose="Votes", features=(POLL,))


@pytest.fixture
async def bella(playground: Playground, project: Path) -> AsyncIterator[Made]:
    async with made_bot(playground, DNA, project) as made:
        yield made


async def test_votes_are_counted_once_per_person_and_can_be_changed_and_withdrawn(
    playground: Playground, bella: Made
) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    await ann.starts(bella.account, "week")
    poll = await ann.hears(bella.account, "Pizza of the week?")
    assert "Nobody has voted yet." in poll
    assert poll.labels[:3] == ["Margherita", "Diavola", "Marinara"]
    assert (await ann.presses(bella.account, "Diavola"))["toast"] == "Your vote: Diavola"
    assert "▓▓▓▓▓▓▓▓▓▓ 100 % (1)" in await ann.hears(bella.account, "1 vote")
    await ben.says(bella.account, "/vote")
    await ben.presses(bella.account, "Margherita")
    assert "50 % (1)" in await ben.hears(bella.account, "2 votes")
    await ann.hears(bella.account, "2 votes", timeout=10)  # brought up to date without a press
    await ann.presses(bella.account, "Margherita")
    changed = await ann.hears(bella.account, "100 % (2)")
    assert "✅ Margherita" in changed.labels
    assert (await ann.presses(bella.account, "Margherita"))["toast"] == "Your vote was withdrawn."
    await ann.hears(bella.account, "1 vote")
    await ben.presses(bella.account, "Withdraw my vote")
    await ben.hears(bella.account, "Nobody has voted yet.")


async def test_the_owner_closes_and_opens_and_nobody_else_can(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await bella.owner.says(bella.account, "/vote")
    await ann.says(bella.account, "/vote")
    poll = await ann.hears(bella.account, "Pizza of the week?")
    assert not any("Close" in label for label in poll.labels)
    await bella.owner.presses(bella.account, "Close the poll")
    await bella.owner.hears(bella.account, "This poll is closed.")
    answer = await ann.presses(bella.account, "Diavola")
    assert answer["alert"] == "This poll is closed."
    closed = await ann.hears(bella.account, "This poll is closed.")
    assert "Diavola" not in closed.labels
    await bella.owner.presses(bella.account, "Open it again")
    await ann.says(bella.account, "/vote")
    await ann.presses(bella.account, "Diavola")
    await ann.hears(bella.account, "100 % (1)")


async def test_several_options_may_be_chosen_where_the_maker_says_so(playground: Playground, project: Path) -> None:
    poll = PollFeature(question="Toppings?", options=("Ham", "Olives", "Corn"), multiple=True)
    async with made_bot(playground, AgentDNA(name="T", purpose="x", features=(poll,)), project) as made:
        ann = await playground.person("Ann")
        await ann.says(made.account, "/poll")
        await ann.presses(made.account, "Ham")
        assert (await ann.presses(made.account, "Corn"))["toast"] == "Your vote: Ham, Corn"
        assert "1 vote" in await ann.hears(made.account, "You may choose several")
        await ann.presses(made.account, "✅ Ham")
        shown = await ann.hears(made.account, "1 vote")
        assert "✅ Corn" in (await ann.sees(made.account))[-1].labels
        assert shown


async def test_a_poll_closes_at_its_time_also_when_the_bot_was_down_and_tells_its_owner(
    playground: Playground, project: Path
) -> None:
    poll = PollFeature(question="Now?", options=("Yes", "No"), closes_at=datetime.now(UTC) + timedelta(seconds=4))
    async with made_bot(playground, AgentDNA(name="T", purpose="x", features=(poll,)), project) as made:
        await made.owner.starts(made.account, "poll")
        assert "Open until" in await made.owner.hears(made.account, "Now?")
        made.kill()
        await made.ended()
        await made.start()
        await made.owner.hears(made.account, "closed by itself", timeout=15)
        await made.owner.hears(made.account, "🔒", timeout=15)


async def test_in_a_group_the_poll_is_posted_and_everybody_votes(playground: Playground, bella: Made) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    group = await playground.group("Friends", ann, [ben, bella.account])
    await ann.says(group, f"/vote@{bella.account.username}")
    await ann.presses(group, "Diavola")
    await ann.hears(group, "1 vote")
    await ben.presses(group, "Marinara")
    posted = await ben.hears(group, "2 votes")
    assert not any(label.startswith("✅") for label in posted.labels)
    await ben.says(group, f"/forget@{bella.account.username}")
    await ben.hears(group, "in private")


async def test_changed_options_keep_votes_and_make_old_buttons_old(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await ann.says(bella.account, "/vote")
    await ann.presses(bella.account, "Diavola")
    await ann.hears(bella.account, "1 vote")
    assert await bella.stop() == 0
    options = ("Quattro stagioni", "Diavola", "Margherita")
    bella.write(DNA.model_copy(update={"version": 2, "features": (POLL.model_copy(update={"options": options}),)}))
    await bella.start()
    answer = await ann.presses(bella.account, "Margherita")
    assert "changed by its maker" in answer["toast"]
    shown = await ann.hears(bella.account, "Quattro stagioni")
    assert "100 % (1)" in shown
    assert "✅ Diavola" in shown.labels
