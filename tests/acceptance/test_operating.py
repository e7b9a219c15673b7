"""Stories of what may go wrong: stopping and deleting, kills, restarts, a revoked token."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from tests.acceptance.deeds import creates, describes, fills_in_the_order, makes, opens
from tests.factory import RunningFactory, live_factory, running_factory


async def test_an_owner_stops_starts_and_deletes_a_bot(factory: RunningFactory) -> None:
    you = factory.you
    await you.starts(factory.bot)
    bot = await makes(you, factory, "A bot called Night Owl: a form with name")
    await you.starts(bot)
    await you.hears(bot)

    await you.says(factory.bot, "/mybots")
    await you.presses(factory.bot, "Night Owl")
    await you.presses(factory.bot, "⏹ Stop")
    await you.hears(factory.bot, "stopped", timeout=20)
    assert not factory.children()
    await you.presses(factory.bot, "▶️ Start")
    await you.hears(factory.bot, "running", timeout=20)
    await you.says(bot, "/help")
    await you.hears(bot, "Night Owl")

    await you.presses(factory.bot, "Logs")
    await you.hears(factory.bot, "its last lines")
    await you.presses(factory.bot, "‹ Back")
    await you.hears(factory.bot, "State: running")
    await you.presses(factory.bot, "Delete")
    await you.hears(factory.bot, "30 days")
    await you.presses(factory.bot, "Yes, delete it")
    await you.hears(factory.bot, "Really delete")
    await you.presses(factory.bot, "for good")
    await you.hears(factory.bot, "deleted", timeout=20)
    assert not factory.children()
    await you.says(factory.bot, "/mybots")
    assert "Night Owl" not in (await you.hears(factory.bot)).text


async def test_an_interview_goes_on_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    story = (
        ("What should your bot do", "a form and a poll for my book club"),
        ("What should the form", "name, favourite book"),
        ("What can people choose in", "Dune or Emma"),
        ("How should your bot speak", "friendly"),
        ("What is your bot called", "Page Turners"),
    )
    async with running_factory(tmp_path) as factory:
        you = factory.you  # the same eyes all the time: what was heard before a kill is not heard again after it
        await you.starts(factory.bot)
        await you.says(factory.bot, "/newbot")
        for number, (question, answer) in enumerate(story):
            await you.hears(factory.bot, question)
            if number % 2 == 0:  # the other steps: tests/integration/chat, without the seconds of a whole start
                await factory.kill()
                await factory.start()
            await you.says(factory.bot, answer)
        assert "Page Turners" in (await you.hears(factory.bot, "All good?")).text
        bot = await creates(you, factory)
        await you.starts(bot)
        await you.hears(bot)


async def test_bots_go_on_after_their_factory_was_killed_or_stopped(tmp_path: Path) -> None:
    async with running_factory(tmp_path) as factory:
        await factory.you.starts(factory.bot)
        bot = await makes(factory.you, factory)
        await factory.you.starts(bot)
        await factory.you.hears(bot, "Bella Napoli")
        await fills_in_the_order(factory.you, bot, name="Before", phone="+39 333 1111111", size="small")
        await factory.kill()
        await factory.start()
        await fills_in_the_order(factory.you, bot, name="Between", phone="+39 333 2222222", size="small")
        assert len(factory.children()) == 1

        family = factory.family()
        assert await factory.stop(signal.SIGINT) == 0
        assert not [process for process in family if process.is_running()]
        await factory.start()
        app = await opens(factory.you, bot)
        names = [
            answer["text"]
            for submission in (await app.feature(app.facts["features"][0]["id"]))["submissions"]
            for answer in submission["answers"]
            if answer["label"] == "Name"
        ]
        assert names == ["Between", "Before"]
        assert await factory.stop(signal.SIGTERM) == 0


async def test_a_revoked_token_is_noticed_told_once_and_mended(tmp_path: Path) -> None:
    async with running_factory(tmp_path) as factory:
        you = factory.you
        await you.starts(factory.bot)
        await describes(you, factory)
        bot = await creates(you, factory, username="soon_revoked_bot")
        await you.starts(bot)
        await you.hears(bot)
        account = next(b for b in (await factory.playground.state())["bots"] if b["username"] == "soon_revoked_bot")
        await factory.playground.revoke(account["id"])
        # Telegram tells the factory of the new token too, so nobody has to press anything.
        await you.hears(factory.bot, "I have taken it over", timeout=20)
        await you.says(bot, "/help")
        await you.hears(bot, "Bella Napoli", timeout=20)
        seen = [message.text for message in await you.sees(factory.bot)]
        assert sum("I have taken it over" in text for text in seen) == 1
        assert sum("refuses its token" in text for text in seen) <= 1  # the poll may end before the update comes


async def test_a_factory_whose_own_token_is_revoked_says_so_once_and_its_bots_go_on(tmp_path: Path) -> None:
    async with running_factory(tmp_path) as factory:
        you = factory.you
        await you.starts(factory.bot)
        bot = await makes(you, factory, "A bot called Night Owl: a form with name")
        account = next(b for b in (await factory.playground.state())["bots"] if f"@{b['username']}" == factory.bot)
        await factory.playground.revoke(account["id"])
        await factory.prints("no longer accepts the factory's token", limit=5)
        await you.starts(bot)
        await you.hears(bot, "Night Owl")
        assert sum("no longer accepts" in line for line in factory.lines) == 1
        assert not any("Traceback" in line for line in factory.lines)
        assert factory.process.returncode is None
        assert await factory.stop() == 0
        await factory.start()
        await you.says(factory.bot, "/help")
        await you.hears(factory.bot, "What I can do")


async def test_on_a_live_token_nobody_is_served_until_the_operator_has_claimed_it(tmp_path: Path) -> None:
    async with live_factory(tmp_path, access="operator", claimed=False) as factory:
        stranger, operator = await factory.playground.person("Stranger"), await factory.playground.person("Olga")
        code = next(match[1] for line in factory.lines if (match := re.search(r"/start (\S+)", line)))
        await stranger.starts(factory.bot)
        await stranger.hears(factory.bot)
        await stranger.starts(factory.bot, "guessed")
        await stranger.hears(factory.bot)
        await stranger.says(factory.bot, "/newbot")
        assert "What should your bot do" not in (await stranger.hears(factory.bot)).text
        await operator.starts(factory.bot, code)
        await operator.hears(factory.bot)
        bot = await makes(operator, factory)
        await operator.starts(bot)
        await operator.hears(bot, "Bella Napoli")
        app = await opens(operator, bot, gateway_port=factory.gateway_port)
        assert app.facts["name"] == "Bella Napoli"
        await stranger.starts(factory.bot, code)
        await stranger.hears(factory.bot)
        await stranger.says(factory.bot, "/newbot")
        assert "What should your bot do" not in (await stranger.hears(factory.bot)).text
        menu = await operator.playground.call("GET", f"/users/{operator.id}/chats/{bot}")
        assert "bots.example.com" in str(menu)
