"""What every bot answers: /start, /help, /app, /privacy, /forget, /cancel, and words nobody waited for."""

from __future__ import annotations

from collections.abc import Sequence

from bot_runtime.catalogue import Markup
from bot_runtime.features import Feature
from bot_runtime.introducing import here_you_can
from bot_runtime.profile import commands, owner_commands
from bot_runtime.speech import escaped, shortened
from bot_runtime.work import Button, House, Work

CORE = "-"  # stands where a feature's id would in the data of these buttons


class Commands:
    """The commands that come with every bot."""

    def __init__(self, house: House, features: Sequence[Feature]) -> None:
        self._house = house
        self._features = features
        self._dna = house.dna

    async def start(self, work: Work, payload: str) -> None:
        """Greet, or open the feature that a link named."""
        if work.is_owner and work.private:
            work.calls.append(owner_commands(self._dna, self._house.owner_id, has_app=self._house.app_url is not None))
        feature = next((one for one in self._features if payload in (one.id, one.command)), None)
        if feature is not None:
            await feature.open(work)
            return
        work.say(await self._greeting(work), self.buttons(work))

    async def _greeting(self, work: Work) -> str:
        if self._dna.greeting:
            text: str = escaped(self._dna.greeting)
        else:
            first_name = work.person.first_name if work.person else ""
            text = work.text("bot.greeting", first_name=first_name, name=self._dna.name)
            text += "\n\n" * bool(self._features) + here_you_can(self._dna, work.language)
        if not self._features:
            text += "\n\n" + work.text("bot.nothing_yet")
        elif work.is_owner:
            count = sum([await feature.gathered(work) for feature in self._features])
            key = "bot.owner_waiting" if count else "bot.owner_first"
            text += "\n\n" + work.text(key, count=count)
        return text

    def help(self, work: Work) -> None:
        """Every command in a line."""
        menu = commands(self._dna, has_app=self._house.app_url is not None, for_owner=work.is_owner)
        lines = [work.text("bot.help_line", command=entry["command"], text=entry["description"]) for entry in menu]
        text = work.text("bot.help", name=self._dna.name, commands=Markup("\n".join(lines)))
        work.say(text, self.buttons(work))

    def app(self, work: Work) -> None:
        """The button that opens the Mini App."""
        button = self._app_button(work)
        if button is None:
            work.say(work.text("bot.app_missing"))
        else:
            work.say(work.text("bot.app"), [[button]])

    def privacy(self, work: Work) -> None:
        """What is stored and for how long, made from the DNA."""
        lines = [feature.stored(work) for feature in self._features]
        stored = [work.text("bot.privacy_person"), *(line for line in lines if line)]
        days = self._dna.retention.answers_days
        kept = work.text("bot.privacy_days", days=days) if days else work.text("bot.privacy_forever")
        work.say(
            work.text(
                "bot.privacy",
                name=self._dna.name,
                stored=Markup("\n".join(stored)),
                kept=kept,
                who=work.text("bot.privacy_who"),
            )
        )

    async def forget(self, work: Work) -> None:
        """Ask once more, naming what there is."""
        assert work.person is not None
        held = [await feature.holds(work, work.person.id) for feature in self._features]
        lines = [line for line in held if line]
        holds = Markup("\n".join(lines)) if lines else work.text("bot.forget_holds_nothing")
        yes = Button(text=work.plain("bot.forget_yes"), data=f"{CORE}:forget")
        no = Button(text=work.plain("bot.forget_no"), data=f"{CORE}:keep")
        work.say(work.text("bot.forget_ask", holds=holds), [[yes], [no]])

    async def press(self, work: Work, action: Sequence[str]) -> None:
        """A button of these commands was pressed."""
        match action:
            case ["forget"]:
                await self._forget(work)
            case ["keep"]:
                work.rewrite(work.text("bot.forget_kept"))
            case ["help"]:
                self.help(work)
            case _:
                work.toast(work.plain("bot.stale"))

    async def _forget(self, work: Work) -> None:
        assert work.person is not None
        person_id, key = work.person.id, f"c{work.person.id}"
        self._house.sign_out(person_id)  # first: an app still open would store the next thing it sends
        said = [await feature.forget(work, person_id) for feature in self._features]
        removed = "".join(work.text("bot.forgotten_and", what=Markup(what)) for what in said if what)
        for sql in (
            "DELETE FROM people WHERE id = ?",
            "DELETE FROM visits WHERE person_id = ?",
        ):
            await work.tx.run(sql, (person_id,))
        await work.tx.run("DELETE FROM labels WHERE chat_key = ?", (key,))
        await work.tx.run("DELETE FROM inbox WHERE state = 'aside' AND chat_key IN (?, ?)", (key, f"u{person_id}"))
        await work.tx.run(
            "UPDATE inbox SET chat_key = '-', error = NULL WHERE chat_key IN (?, ?)", (key, f"u{person_id}")
        )
        await work.tx.run("DELETE FROM outbox WHERE chat_key = ? AND state IN ('sent', 'refused')", (key,))
        work.rewrite(work.text("bot.forgotten", removed=Markup(removed)))

    async def mine(self, work: Work) -> None:
        """The person's own answers to every form."""
        shown = [await feature.mine(work) for feature in self._features]
        if not any(shown):
            work.say(work.text("bot.mine_none"))

    async def cancel(self, work: Work) -> None:
        """Stop what the person is in the middle of."""
        for feature in self._features:
            if await feature.cancel(work):
                return
        work.say(work.text("bot.nothing_to_cancel"), self.buttons(work))

    def lost(self, work: Work) -> None:
        """Words that nobody waited for."""
        rows = self.buttons(work)
        work.say(work.text("bot.lost") if rows else work.text("bot.lost_alone"), rows)

    def come_here(self, work: Work, feature: Feature | None) -> None:
        """In a group: this is a thing for a private chat."""
        link = self._house.link(feature.id if feature else "")
        work.say(work.text("bot.come_here", link=link))

    def buttons(self, work: Work) -> list[list[Button]]:
        """A button for every feature, and one for the Mini App."""
        rows = [[Button(text=shortened(feature.title, 60), data=feature.data("open"))] for feature in self._features]
        app = self._app_button(work)
        return [*rows, [app]] if app else rows

    def _app_button(self, work: Work) -> Button | None:
        if self._house.app_url is None or not work.private:
            return None
        return Button(text=work.plain("bot.open_app"), app_url=self._house.app_url)
