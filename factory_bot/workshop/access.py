"""Use cases: who may use the factory, and the claim that makes its first operator."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection

from factory_bot.errors import PersonError
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import AccessMode, AccessPolicy, Person, Standing, Verdict
from factory_bot.settings import Settings
from factory_bot.storage.database import Database, Transaction
from factory_bot.storage.facts import FactStore
from factory_bot.storage.persons import PersonStore

MODE = "access.mode"
CLAIM = "access.claim"  # SHA-256 of the one-time code


class Access:
    """Decides who is served; only an operator changes it."""

    def __init__(
        self, settings: Settings, database: Database, persons: PersonStore, operators: Collection[int]
    ) -> None:
        self._settings = settings
        self._operators = frozenset(operators)
        self._persons = persons
        self._facts = FactStore(database)

    async def policy(self) -> AccessPolicy:
        """The rules at this moment."""
        mode = await self._facts.get(MODE) or self._settings.access
        claimed = bool(self._operators) or bool(await self._persons.of_standing(Standing.OPERATOR))
        return AccessPolicy(
            mode=AccessMode(mode),
            operators=self._operators,
            makers=self._settings.makers,
            blocked=self._settings.blocked,
            claimed=claimed,
        )

    async def verdict(self, person: Person) -> Verdict:
        """What this person may do."""
        return (await self.policy()).verdict(person)

    async def claim_code(self) -> str | None:
        """A new one-time code to print, which ends the one before; None where there is an operator."""
        if (await self.policy()).claimed:
            return None
        code = secrets.token_urlsafe(9)
        await self._facts.set(CLAIM, _hash(code))
        return code

    async def claim(self, person: Person, code: str, tx: Transaction) -> bool:
        """Make the person the operator if the code is right; it works once."""
        # Only hashes are compared, so the time that takes tells nothing about the code.
        if not await self._facts.take(CLAIM, _hash(code.strip()), connection=tx):
            return False
        await self._persons.set_standing(person.id, Standing.OPERATOR, connection=tx)
        return True

    async def operators(self) -> frozenset[PersonId]:
        """Everybody who operates the factory."""
        claimed = {person.id for person in await self._persons.of_standing(Standing.OPERATOR)}
        return frozenset(PersonId(number) for number in self._operators | claimed)

    async def ask(self, person: Person, tx: Transaction) -> bool:
        """Note that a stranger wants to be let in; False if that is known, or they may in any case."""
        if person.standing is not Standing.GUEST or await self.verdict(person) is not Verdict.NOT_LISTED:
            return False
        await self._persons.set_standing(person.id, Standing.ASKING, connection=tx)
        return True

    async def set_mode(self, operator: Person, mode: AccessMode, tx: Transaction) -> None:
        """Say whom the factory serves from now on."""
        await self._require_operator(operator)
        await self._facts.set(MODE, mode.value, connection=tx)

    async def decide(self, operator: Person, person_id: PersonId, standing: Standing, tx: Transaction) -> Person:
        """Let a person in, block them, or take that back.  An operator is out of reach."""
        await self._require_operator(operator)
        person = await self._persons.get(person_id)
        if person is None or await self.verdict(person) is Verdict.OPERATOR or standing is Standing.OPERATOR:
            raise PersonError("chat.access_unknown_person")
        return await self._persons.set_standing(person_id, standing, connection=tx)

    async def known(self, operator: Person) -> list[Person]:
        """Everybody about whom there is, or may be, a decision: those who ask come first, makers last."""
        await self._require_operator(operator)
        asking = await self._persons.of_standing(Standing.ASKING)
        decided = await self._persons.of_standing(Standing.INVITED, Standing.BLOCKED)
        others = [person for person in await self._persons.makers() if person.standing is Standing.GUEST]
        operators = await self.operators()
        return [*asking, *decided, *(person for person in others if person.id not in operators)]

    async def _require_operator(self, person: Person) -> None:
        if await self.verdict(person) is not Verdict.OPERATOR:
            raise PersonError("chat.operator_only")


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
