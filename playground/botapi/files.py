"""Files that bots fetch, and the pictures people show of themselves."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.world.media import shown_media
from playground.world.refusals import Refusal


@deed("getFile")
def get_file(call: Call) -> Any:
    try:
        return call.world.files.shown(call["file_id"])
    except Refusal as exc:
        if exc.description.endswith("URL specified"):
            raise Refusal("invalid file_id") from exc
        raise


@deed("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> Any:
    account = call.world.accounts.get(call["user_id"])
    if account is None:
        raise Refusal("user not found")
    offset = max(call.get("offset", 0), 0)
    photos = account.photos[offset : offset + min(max(call.get("limit", 100), 1), 100)]
    return {
        "total_count": len(account.photos),
        "photos": [shown_media(call.world.files.of(photo))["photo"] for photo in photos],
    }
