"""What people do in the stories, in the words of the product."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from playground.people import Person
from tests.factory import RunningFactory

PIZZERIA = (
    "A bot for my pizzeria Bella Napoli: take orders with name, phone and size, and let people vote for the pizza of "
    "the week between Margherita, Diavola and Marinara"
)


async def describes(person: Person, factory: RunningFactory, words: str = PIZZERIA) -> None:
    """Say what the bot should do, up to the review card."""
    await person.says(factory.bot, "/newbot")
    await person.hears(factory.bot, "What should your bot do")
    await person.says(factory.bot, words)
    await person.hears(factory.bot, "All good?")


async def creates(person: Person, factory: RunningFactory, *, username: str | None = None) -> str:
    """Tap Create on the review card and confirm Telegram's form; the new bot's `@username`."""
    await person.presses(factory.bot, "✅ Create")
    made = await person.confirms_managed_bot(factory.bot, username=username)
    name = f"@{made['bot']['username']}"
    await person.hears(factory.bot, f"{name} is live", timeout=30)
    return name


async def makes(person: Person, factory: RunningFactory, words: str = PIZZERIA, *, username: str | None = None) -> str:
    """A living bot from a sentence; its `@username`."""
    await describes(person, factory, words)
    return await creates(person, factory, username=username)


async def fills_in_the_order(person: Person, bot: str, *, name: str, phone: str, size: str) -> None:
    """The pizzeria's form in the chat, from the command to the thanks."""
    await person.says(bot, "/order")
    await person.hears(bot, "Name")
    await person.says(bot, name)
    await person.hears(bot, "Phone")
    await person.says(bot, phone)
    await person.hears(bot, "Size")
    await person.says(bot, size)
    await person.hears(bot, "Shall I send it?")
    await person.presses(bot, "Send")
    await person.hears(bot, "Thank you")


@dataclass(frozen=True, kw_only=True)
class OpenApp:
    """A Mini App as a person has it open: the calls its page makes, with the launch data Telegram gave."""

    base: str
    headers: dict[str, str]
    login: dict[str, Any]
    facts: dict[str, Any]  # what the page was born with

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        async with _client(self.base, self.headers) as http:
            return await http.request(method, path, **options)

    async def feature(self, feature_id: str) -> Any:
        answer = await self.call("GET", f"api/features/{feature_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def submits(self, feature_id: str, answers: dict[str, Any], *, key: str) -> httpx.Response:
        form = {"answers": (None, json.dumps(answers)), "key": (None, key)}
        return await self.call("POST", f"api/features/{feature_id}/submissions", files=form)

    async def votes(self, feature_id: str, *options: int) -> httpx.Response:
        return await self.call("PUT", f"api/features/{feature_id}/vote", json={"options": list(options)})


def _client(base: str, headers: dict[str, str]) -> httpx.AsyncClient:
    # Plain HTTP: an empty context spares the reading of the certificate authorities, a fifth of a second each time.
    return httpx.AsyncClient(
        base_url=base, headers=headers, trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )


async def opens(person: Person, bot: str, *, gateway_port: int | None = None) -> OpenApp:
    """Open the bot's Mini App from its menu button and log in, as its page does."""
    address = urlsplit(await person.opens_app(bot))
    init_data = parse_qs(address.fragment)["tgWebAppData"][0]
    # What a browser (every name below localhost is this machine) or a reverse proxy does.
    base = f"http://127.0.0.1:{gateway_port or address.port}{address.path.removesuffix('app/')}"
    host = {"host": address.netloc}
    async with _client(base, host) as http:
        page = await http.get("app/")
        for _ in range(50):  # a bot that is just starting: the page says so, and the person tries again
            if page.status_code != 503:
                break
            await asyncio.sleep(0.2)
            page = await http.get("app/")
        assert page.status_code == 200, page.text
        facts = re.search(r'id="facts">(.*?)</script>', page.text)
        assert facts
        answer = await http.post("api/session", headers={"authorization": f"tma {init_data}"})
    assert answer.status_code == 200, answer.text
    login = answer.json()
    bearer = {"authorization": f"Bearer {login['token']}"}
    return OpenApp(base=base, headers=host | bearer, login=login, facts=json.loads(facts[1]))
