"""Entities made consistent: nothing crosses anything, plain styles are split where they would."""

from __future__ import annotations

from collections.abc import Iterable

from playground.entities.model import BLOCKQUOTES, CONTINUOUS, SOLID, SPLITTABLE, Entity, in_order

_FAR = 2**31


def made_consistent(entities: Iterable[Entity]) -> list[Entity]:
    """The same formatting without crossings: first comes first, quotations may hold links, styles are cut to fit."""
    ordered = in_order(entities)
    if _are_consistent(ordered):
        return ordered
    continuous, quotations, styles = _families(ordered)
    continuous = _without_overlap(continuous)
    quotations = _without_overlap(quotations)
    continuous = _not_crossing(continuous, quotations)
    return _with_styles(in_order([*continuous, *quotations]), styles)


def with_found(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """The entities of the author, and where they leave room, those found in the plain text."""
    if not found:
        return entities
    continuous, quotations, styles = _families(entities)
    continuous = _merged(continuous, _not_crossing(found, quotations))
    return _with_styles(in_order([*continuous, *quotations]), styles)


def without_overlap(entities: Iterable[Entity]) -> list[Entity]:
    """The earlier of any two that share a character, the longer where they begin together."""
    return _without_overlap(in_order(entities))


def _families(entities: list[Entity]) -> tuple[list[Entity], list[Entity], list[Entity]]:
    quotations = [entity for entity in entities if entity.type in BLOCKQUOTES]
    styles = [entity for entity in entities if entity.type in SPLITTABLE]
    rest = [entity for entity in entities if entity.type not in BLOCKQUOTES and entity.type not in SPLITTABLE]
    return rest, quotations, styles


def _are_consistent(entities: list[Entity]) -> bool:
    ends: dict[str, int] = {}
    around: list[Entity] = []
    for entity in entities:
        while around and entity.offset >= around[-1].end:
            around.pop()
        if around and not _may_stand_in(entity, around):
            return False
        if entity.type in SPLITTABLE:
            if ends.get(entity.type, -1) >= entity.offset:
                return False  # the two could be one
            ends[entity.type] = entity.end
        around.append(entity)
    return True


def _may_stand_in(entity: Entity, around: list[Entity]) -> bool:
    outer = {other.type for other in around}
    if entity.end > around[-1].end or entity.type in outer or around[-1].type in SOLID:
        return False
    if entity.type in SOLID and outer - BLOCKQUOTES:
        return False
    if (entity.type in CONTINUOUS or entity.type in BLOCKQUOTES) and outer & CONTINUOUS:
        return False
    if entity.type in BLOCKQUOTES and outer & BLOCKQUOTES:
        return False
    return not outer & set(SPLITTABLE)


def _without_overlap(entities: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _not_crossing(entities: list[Entity], quotations: list[Entity]) -> list[Entity]:
    """Those that stand wholly inside or wholly outside every quotation."""
    return [entity for entity in entities if not any(_crosses(entity, quotation) for quotation in quotations)]


def _crosses(entity: Entity, quotation: Entity) -> bool:
    if quotation.end <= entity.offset or quotation.offset >= entity.end:
        return False
    return quotation.end < entity.end or entity.offset < quotation.offset


def _merged(old: list[Entity], new: list[Entity]) -> list[Entity]:
    free = [
        entity for entity in new if not any(entity.offset < other.end and other.offset < entity.end for other in old)
    ]
    return in_order([*old, *free])


def _with_styles(entities: list[Entity], styles: list[Entity]) -> list[Entity]:
    return in_order([*entities, *_Splitter(styles, entities).split()]) if styles else entities


class _Splitter:
    """Cuts styles where other entities begin and end, so that every style is wholly inside or around those."""

    def __init__(self, styles: list[Entity], others: list[Entity]) -> None:
        self._styles = styles
        self._others = others
        self._next = 0
        self._begun: dict[str, tuple[int, int]] = {}
        self._result: list[Entity] = []

    def split(self) -> list[Entity]:
        around: list[Entity] = []
        for offset, other in [*((other.offset, other) for other in self._others), (_FAR, None)]:
            while around and offset >= around[-1].end:
                before = len(self._result)
                self._advance(around[-1].end)
                if around.pop().type in SOLID:
                    del self._result[before:]
            self._advance(offset)
            if other is not None:
                around.append(other)
        return in_order(self._result)

    def _advance(self, end: int) -> None:
        while self._next < len(self._styles) and self._styles[self._next].offset < end:
            style = self._styles[self._next]
            begin, until = self._begun.get(style.type, (0, 0))
            if until and style.offset <= until:
                self._begun[style.type] = begin, max(until, style.end)
            else:
                self._flush(style.offset)
                self._begun[style.type] = style.offset, style.end
            self._next += 1
        self._flush(end)

    def _flush(self, offset: int) -> None:
        for kind in SPLITTABLE:
            begin, until = self._begun.get(kind, (0, 0))
            if not until or begin >= offset:
                continue
            cut = min(until, offset)
            self._result.append(Entity(type=kind, offset=begin, length=cut - begin))
            if until <= offset:
                del self._begun[kind]
            else:
                self._begun[kind] = offset, until
