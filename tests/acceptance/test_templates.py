"""A bot made from each template holds the conversations that its template promises."""

from __future__ import annotations

import pytest

from bot_templates.loader import Template, load_templates
from playground.people import Person
from tests.acceptance.deeds import creates
from tests.factory import RunningFactory

ANSWERS = {
    "What should it be able to do?": "a form and a poll",
    "What is your bot for?": "for our club",
    "What is the form called?": "Entry",
    "ask?": "name, phone",
    "What can people order?": "Margherita, Diavola and Marinara",
    "Which groups": "Monday beginners, Wednesday advanced",
    "vote on": "Which day suits you best?",
    "can they choose from": "Friday, Saturday or Sunday",
    "What can people choose in": "Friday, Saturday or Sunday",
    "one or several": "just one",
    "How should your bot speak?": "friendly",
    "called": "Test Club",
    "What is your": "Test Club",
}


async def interviewed(maker: Person, factory: RunningFactory, template: Template) -> None:
    """Go through the interview of that template, answering whatever is asked, up to the review card."""
    await maker.starts(factory.bot)
    await maker.says(factory.bot, "/newbot")
    await maker.hears(factory.bot, "What should your bot do")
    await maker.presses(factory.bot, template.title)
    for _ in range(14):
        heard = (await maker.hears(factory.bot)).text
        if "All good?" in heard:
            return
        question = heard.split("\n", 1)[0]
        await maker.says(factory.bot, next(answer for part, answer in ANSWERS.items() if part in question))
    raise AssertionError("the interview does not end")


@pytest.mark.parametrize("template", load_templates(), ids=lambda template: template.id)
async def test_a_bot_from_a_template_holds_its_acceptance_chats(factory: RunningFactory, template: Template) -> None:
    maker = await factory.playground.person(f"Maker of {template.title}")
    await interviewed(maker, factory, template)
    bot = await creates(maker, factory)
    guest = await factory.playground.person(f"Guest of {template.title}")
    await guest.starts(bot)
    await guest.hears(bot, "Test Club")
    for chat in template.acceptance:
        for line in chat.lines:
            await guest.says(bot, line.says)
            await guest.hears(bot, line.hears)
        await guest.says(bot, "/cancel")
        await guest.hears(bot)
