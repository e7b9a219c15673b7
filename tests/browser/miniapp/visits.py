"""One person in front of a Mini App, as tests see and do it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from tests.browser.miniapp.world import (
    World,
)


class Visit:
    """One person in front of one Mini App, framed as Telegram's web client frames it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.app: FrameLocator = page.frame_locator("iframe")
        self.complaints: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    async def recorded(self, kind: str) -> list[Any]:
        """What the app told Telegram of this kind, so far."""
        found: list[Any] = await self.page.evaluate(
            "(kind) => recorded.filter(([type]) => type === kind).map(([, data]) => data)", kind
        )
        return found

    async def main_button(self, **wanted: Any) -> dict[str, Any]:
        """The main button as it was last set up, once it is as wanted."""
        await self.page.wait_for_function(
            """(wanted) => { const last = recorded.filter(([type]) => type === 'web_app_setup_main_button').at(-1)?.[1];
            return last && Object.entries(wanted).every(([key, value]) => last[key] === value); }""",
            arg=wanted,
        )
        button: dict[str, Any] = (await self.recorded("web_app_setup_main_button"))[-1]
        return button

    async def presses_main(self) -> None:
        await self.main_button(is_visible=True, is_active=True)
        await self.page.evaluate("() => tell('main_button_pressed')")

    async def goes_back(self) -> None:
        await self.page.evaluate("() => tell('back_button_pressed')")

    async def answers_popups(self, button_id: str | None) -> None:
        await self.page.evaluate("(id) => { window.popupAnswer = id ?? undefined; }", button_id)

    async def fills_in(self) -> None:
        """Everything the form asks for."""
        await self.app.get_by_label("Your name").fill("Anna Müller")
        await self.app.get_by_label("Phone").fill("+49 170 1234567")
        await self.app.get_by_role("radiogroup", name="Size").get_by_text("Medium").click()
        await self.app.get_by_label("How many").fill("2")
        await self.app.get_by_label("For which day").fill("2026-12-24")


async def visit(context: BrowserContext, world: World, feature: str | None = None, **launch: Any) -> Visit:
    """Open the app, and a feature of it."""
    found = Visit(await context.new_page())
    await found.page.goto(world.open_at(**launch))
    await expect(found.app.locator("h1")).to_have_text("Bella Napoli")
    if feature:
        await found.app.get_by_role("button", name=feature).click()
        await expect(found.app.locator("h1")).to_have_text(feature)
    return found
