"""The people who write to the factory, and who of them may make bots.  Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from factory_bot.model.agents import PersonId


class Standing(StrEnum):
    """What the operator decided about a person.  The values are stored: never rename one."""

    GUEST = "guest"  # nothing yet
    ASKING = "asking"  # a guest who asked to be let in
    INVITED = "invited"  # on the list
    BLOCKED = "blocked"
    OPERATOR = "operator"  # claimed the factory with the one-time code


class AccessMode(StrEnum):
    """Whom the factory serves.  The values are stored and are those of `MANCER_ACCESS`: never rename one."""

    OPERATOR = "operator"
    LIST = "list"
    EVERYONE = "everyone"


class Verdict(StrEnum):
    """What a person may do here."""

    OPERATOR = "operator"
    MAKER = "maker"
    UNCLAIMED = "unclaimed"  # nobody has claimed the factory yet
    CLOSED = "closed"  # it serves its operator only
    NOT_LISTED = "not_listed"  # may ask to be let in
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who wrote to the factory."""

    id: PersonId
    first_name: str
    username: str | None = None
    language: str | None = None
    standing: Standing = Standing.GUEST
    time_zone: str | None = None  # an IANA name, or UTC+05:30
    report_hour: int | None = None  # in that zone; None: no daily report
    asked_for_hour_at: datetime | None = None  # aware, UTC


@dataclass(frozen=True, kw_only=True)
class AccessPolicy:
    """Who is served, as far as the settings and the operator's buttons say."""

    mode: AccessMode
    operators: Collection[int] = ()  # by the settings, besides those who claimed
    makers: Collection[int] = ()  # by the settings, besides those invited
    blocked: Collection[int] = ()
    claimed: bool = True  # there is an operator

    def verdict(self, person: Person) -> Verdict:
        """What this person may do."""
        if person.standing is Standing.OPERATOR or person.id in self.operators:
            return Verdict.OPERATOR
        if person.standing is Standing.BLOCKED or person.id in self.blocked:
            return Verdict.BLOCKED
        if not self.claimed:
            return Verdict.UNCLAIMED
        if self.mode is AccessMode.EVERYONE:
            return Verdict.MAKER
        if self.mode is AccessMode.OPERATOR:
            return Verdict.CLOSED
        listed = person.standing is Standing.INVITED or person.id in self.makers
        return Verdict.MAKER if listed else Verdict.NOT_LISTED


SERVED = frozenset({Verdict.OPERATOR, Verdict.MAKER})
