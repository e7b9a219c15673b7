"""A bot that calls the Bot API by plain HTTP: no bot library in between."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx


class Refused(Exception):
    """A call that was refused, as the server told it."""

    def __init__(self, body: dict[str, Any], status: int) -> None:
        super().__init__(body["description"])
        self.code, self.description = body["error_code"], body["description"]
        self.parameters = body.get("parameters", {})
        assert status == self.code


class CallingBot:
    """`await bot.sendMessage(chat_id=1, text="x")` gives the result, or raises `Refused`."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token, self.id = url, token, int(token.partition(":")[0])
        self.http = httpx.AsyncClient(timeout=60, trust_env=False, verify=False)
        self.offset = 0
        self.unread: list[dict[str, Any]] = []
        self.name = ""  # its @name, where a test knows it

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.http.aclose()

    async def call(self, method: str, **values: Any) -> Any:
        answer = await self.http.post(f"{self.url}/bot{self.token}/{method}", json=values)
        return self.result(answer)

    @staticmethod
    def result(answer: httpx.Response) -> Any:
        body = answer.json()
        if not body["ok"]:
            raise Refused(body, answer.status_code)
        return body["result"]

    def __getattr__(self, method: str) -> Any:
        async def call(**values: Any) -> Any:
            return await self.call(method, **values)

        return call

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **values: Any) -> Any:
        """A multipart call."""
        answer = await self.http.post(f"{self.url}/bot{self.token}/{method}", data=values, files=files)
        return self.result(answer)

    async def updates(self, timeout: int = 5, **values: Any) -> list[dict[str, Any]]:
        """The next updates; they are confirmed by the next call."""
        updates: list[dict[str, Any]] = await self.call("getUpdates", offset=self.offset, timeout=timeout, **values)
        if updates:
            self.offset = updates[-1]["update_id"] + 1
        return updates

    async def update(self, kind: str, timeout: int = 30) -> Any:
        """The next update of this kind; others stay unread."""
        while True:
            for update in self.unread:
                if kind in update:
                    self.unread.remove(update)
                    return update[kind]
            updates = await self.updates(timeout)
            assert updates, f"no {kind} came, but {self.unread}"
            self.unread.extend(updates)
