"""People send more than words: files, albums, contacts, places, dice."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from typing import Any

from playground.entities import formatted
from playground.world.media import media_content
from playground.world.posting import deliver, post, shown
from playground.world.records import Thing
from playground.world.refusals import Refusal, WrongCall
from playground.world.world import World
from playground.world.writing import opened, write

HIGHEST = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def sends(
    world: World,
    person_id: int,
    peer: int | str,
    kind: str,
    content: bytes,
    filename: str,
    *,
    content_type: str | None = None,
    caption: str | None = None,
    reply_to: int | None = None,
    **details: Any,
) -> Thing:
    """The person sends a photo, document, voice, video, audio, animation, video_note or sticker."""
    opened(world, person_id, peer)
    body = {**_media(world, kind, content, filename, content_type, details), **_captioned(caption)}
    return write(world, person_id, peer, body, reply_to)


def sends_album(
    world: World,
    person_id: int,
    peer: int | str,
    files: Sequence[tuple[str, bytes, str]],
    caption: str | None = None,
) -> list[Thing]:
    """Several photos, videos, documents or audios as one album; the caption stands under the first."""
    if not 2 <= len(files) <= 10:
        raise WrongCall("an album has 2 to 10 files")
    who, room = opened(world, person_id, peer)
    group = str(secrets.randbits(53))
    written = []
    for number, (kind, content, filename) in enumerate(files):
        body = {"media_group_id": group, **_media(world, kind, content, filename, None, {})}
        if number == 0:
            body.update(_captioned(caption))
        written.append(post(world, room, None if room.is_channel else who, body, tell=False))
    for one in written:
        deliver(world, room, one)
    return [shown(world, one) for one in written]


def _media(
    world: World, kind: str, content: bytes, filename: str, content_type: str | None, details: dict[str, Any]
) -> Thing:
    try:
        return media_content(world, kind, content, filename, content_type, **details)
    except Refusal as exc:
        raise WrongCall(f"this file cannot be sent: {exc.description}", exc.code) from exc


def _captioned(caption: str | None) -> Thing:
    if not caption:
        return {}
    text, entities = formatted(caption, what="caption", may_be_empty=True)
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def sends_contact(world: World, person_id: int, peer: int | str, contact: Thing, reply_to: int | None = None) -> Thing:
    """The person sends a contact, their own or another."""
    if not contact.get("phone_number") or not contact.get("first_name"):
        raise WrongCall("a contact has a phone_number and a first_name")
    return write(world, person_id, peer, {"contact": contact}, reply_to)


def sends_location(
    world: World, person_id: int, peer: int | str, location: Thing, reply_to: int | None = None
) -> Thing:
    """The person sends a place."""
    try:
        place = {**location, "latitude": float(location["latitude"]), "longitude": float(location["longitude"])}
    except (KeyError, TypeError, ValueError):
        raise WrongCall("a location has a latitude and a longitude") from None
    return write(world, person_id, peer, {"location": place}, reply_to)


def sends_dice(world: World, person_id: int, peer: int | str, emoji: str = "🎲") -> Thing:
    """The person throws a dice."""
    if emoji not in HIGHEST:
        raise WrongCall(f"{emoji!r} cannot be thrown")
    return write(world, person_id, peer, {"dice": thrown(emoji)})


def thrown(emoji: str) -> Thing:
    return {"emoji": emoji, "value": random.randint(1, HIGHEST[emoji])}  # noqa: S311 - a game
