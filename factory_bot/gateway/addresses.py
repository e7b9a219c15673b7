"""From a request's host and path to a bot and the path inside it: the host form and the path form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from factory_bot.model.agents import AgentId
from factory_bot.model.ids import is_agent_id

PASSED = ("app", "api")
"""The first path segments of a child that the world may reach; `/health` and `/counters` are the factory's own."""

HEALTH = "/healthz"  # the gateway's own, also where a bot's path could stand


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a request is meant to go."""

    agent_id: AgentId
    base: str  # what stands before the path; no slash at its end
    path: str  # inside the bot, with a leading slash


@dataclass(frozen=True, kw_only=True)
class AddressForm:
    """How the Mini App addresses of this installation look."""

    host: re.Pattern[str] | None  # with the group `bot`; None in the path form
    prefix: str  # before the bot in the path form, before `/app` in the host form; no slash at its end

    def place(self, host: str, path: str) -> Place | None:
        """The bot and the path inside it, or None where the request is for the gateway itself or for nobody."""
        if not path.startswith(f"{self.prefix}/"):
            return None
        if self.host is not None:
            match = self.host.fullmatch(_without_port(host).lower())
            label, base = match["bot"] if match else "", self.prefix
        elif path == HEALTH:
            return None
        else:
            label = path.removeprefix(f"{self.prefix}/").partition("/")[0]
            base = f"{self.prefix}/{label}"
        if not is_agent_id(label):
            return None
        return Place(agent_id=AgentId(label), base=base, path=path.removeprefix(base) or "/")


def address_form(public_url: str | None) -> AddressForm:
    """The form of `MANCER_PUBLIC_URL`; without one, a host per bot below `localhost`."""
    address = urlsplit(public_url or "http://{bot}.localhost")
    host = _without_port(address.netloc).lower()
    if "{bot}" in host:
        before, after = (re.escape(part) for part in host.split("{bot}"))
        return AddressForm(host=re.compile(f"{before}(?P<bot>[a-z0-9-]+){after}"), prefix=address.path.rstrip("/"))
    return AddressForm(host=None, prefix=address.path.partition("/{bot}")[0].rstrip("/"))


def is_passed(path: str) -> bool:
    """Whether the gateway hands this path on to a bot."""
    segments = path.split("/")
    return segments[1] in PASSED and ".." not in segments and "%2e" not in path.lower()


def _without_port(host: str) -> str:
    return re.sub(r":\d+$", "", host)
