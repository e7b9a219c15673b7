"""The chat page as a person at the screen uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from playground.people import Person

expect.set_options(timeout=10_000)

WIDE, NARROW = (1280, 820), (390, 844)


class ChatPage:
    """One tab of one person."""

    def __init__(self, page: Page, artefacts: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._artefacts = artefacts
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        refused = "Failed to load resource" in message.text  # a call the playground refused on purpose
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)

    async def ready(self) -> None:
        await expect(self.page.locator("body[data-ready]")).to_be_attached()

    async def writes(self, text: str) -> None:
        """Type into the writing field and send."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def field(self) -> Locator:
        return self.page.locator("#write")

    @property
    def messages(self) -> Locator:
        """The rows of the chat, service messages too."""
        return self.page.locator("#messages > li:not(.day)")

    def message(self, text: str) -> Locator:
        return self.messages.filter(has_text=text).last

    @property
    def chats(self) -> Locator:
        return self.page.locator("#chats a.chat")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog.sheet[open]").last

    async def picture(self, name: str) -> None:
        """Keep a screenshot for somebody to look at."""
        await self.page.screenshot(path=str(self._artefacts / f"page-{name}.png"), animations="disabled")

    async def width_of_content(self) -> int:
        width: int = await self.page.evaluate("document.documentElement.scrollWidth")
        return width


class Tabs:
    """Opens tabs, each person in a browser context of their own."""

    def __init__(self, browser: Browser, url: str, artefacts: Path) -> None:
        self.url = url
        self.opened: list[ChatPage] = []
        self._browser, self._artefacts = browser, artefacts
        self._contexts: list[BrowserContext] = []

    async def open(
        self,
        person: Person | None,
        peer: str | None = None,
        *,
        size: tuple[int, int] = WIDE,
        scheme: Literal["light", "dark"] = "light",
    ) -> ChatPage:
        """A new tab for this person (None: whoever the page is for), with this chat open."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        chat = ChatPage(await context.new_page(), self._artefacts)
        self.opened.append(chat)
        query = "" if person is None else f"?as={person.id}"
        await chat.page.goto(f"{self.url}/{query}{'' if peer is None else f'#{peer}'}")
        await chat.ready()
        return chat

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()
