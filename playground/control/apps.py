"""The calls of the Mini App host: launching an app, and what the app may ask of the person's Telegram."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from playground.control.calls import body_of
from playground.control.chats import spot
from playground.initdata import init_data, launch_url
from playground.world import acts, apps, people
from playground.world.refusals import WrongCall
from playground.world.world import World

LIGHT = {  # the colours of the light page; a page in dark dress sends its own
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#707579",
    "link_color": "#3390ec",
    "button_color": "#3390ec",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#f4f4f5",
    "header_bg_color": "#ffffff",
    "accent_text_color": "#3390ec",
    "section_bg_color": "#ffffff",
    "section_header_text_color": "#707579",
    "subtitle_text_color": "#707579",
    "destructive_text_color": "#e53935",
    "section_separator_color": "#e7e7e7",
    "bottom_bar_bg_color": "#ffffff",
}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
STORAGE_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
CLOUD_KEYS, CLOUD_VALUE = 1024, 4096  # how many keys per person and bot, how many characters in a value
DEVICE_BYTES = 5 * 1024 * 1024
APP_DATA_BYTES = 4096


class CustomMethodError(Exception):
    """A custom method an app called in vain; the message goes to the app as its error."""


class Apps:
    """Mini Apps as the person's side of Telegram serves them."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def open(self, request: Request) -> Any:
        """The app's address with its launch parameters; `source` is the menu button or a button of a message."""
        place = {"source": str, "message_id": int, "text": str, "row": int, "column": int}
        body = await body_of(request, {}, {**place, "query_id": str, "theme_params": dict})
        person_id, peer = spot(request)
        bot = people.find(self.world, peer)
        theme = {name: value for name, value in body.get("theme_params", LIGHT).items() if name in LIGHT}
        if not all(isinstance(value, str) and COLOUR.fullmatch(value) for value in theme.values()):
            raise WrongCall("The theme's colours are written #rrggbb.")
        launch = self._launch(person_id, peer, bot.id, body)
        data = None
        if launch.kind != "keyboard":
            fields = {"user": self._user(person_id, bot.id), "auth_date": self._now()}
            if launch.query_id is not None:
                fields = {"query_id": launch.query_id, **fields}
            data = init_data(fields, token=launch.token, bot_id=bot.id, key=self.world.key)
        url = launch_url(launch.url, init_data=data, theme=theme)
        return {"url": url, "kind": launch.kind, "query_id": launch.query_id, "button_text": launch.button_text}

    def _launch(self, person_id: int, peer: str, bot_id: int, body: Mapping[str, Any]) -> apps.Launch:
        if body.get("source") == "menu":
            return apps.launch(self.world, person_id, bot_id, "menu")
        if "query_id" in body:
            return apps.launch(self.world, person_id, bot_id, "results", query_id=body["query_id"])
        if "message_id" in body:
            place = {name: body[name] for name in ("message_id", "text", "row", "column") if name in body}
            return apps.launch(self.world, person_id, bot_id, "inline", **place)
        if "text" in body:
            return apps.launch(self.world, person_id, bot_id, "keyboard", text=body["text"])
        raise WrongCall(
            "An app opens from source 'menu', from a message_id with text, from the text of a keyboard button, "
            "or from the query_id of an inline query."
        )

    def _now(self) -> int:
        return int(self.world.clock.now())

    def _user(self, person_id: int, bot_id: int) -> dict[str, Any]:
        """The person as initData tells of them."""
        account = people.user(self.world, person_id)
        names = ("id", "first_name", "last_name", "username", "language_code", "is_premium")
        told = {name: account[name] for name in names if account.get(name) not in (None, False)}
        return {**told, **({"allows_write_to_pm": True} if apps.is_allowed(self.world, person_id, bot_id) else {})}

    async def data(self, request: Request) -> Any:
        body = await body_of(request, {"button_text": str, "data": str})
        if not 1 <= len(body["data"].encode()) <= APP_DATA_BYTES:
            raise WrongCall(f"The data of an app is 1 to {APP_DATA_BYTES} bytes long.")
        return apps.app_data(self.world, *spot(request), body["button_text"], body["data"])

    async def deed(self, request: Request) -> Any:
        """One request of a running app, by its name in the path."""
        deeds = {
            "custom_method": self._custom_method,
            "device_storage": self._device_storage,
            "write_access": self._write_access,
            "phone": self._phone,
            "close": self._close,
        }
        handler = deeds.get(request.path_params["deed"])
        if handler is None:
            raise WrongCall(f"An app cannot ask for {request.path_params['deed']!r}.", 404)
        person_id, peer = spot(request)
        return await handler(request, person_id, people.find(self.world, peer).id)

    async def _custom_method(self, request: Request, person_id: int, bot_id: int) -> Any:
        body = await body_of(request, {"method": str}, {"params": object})
        params = body.get("params") or {}
        try:
            if not isinstance(params, dict):
                raise CustomMethodError("PARAMS_INVALID")
            return {"result": self._custom(person_id, bot_id, body["method"], params)}
        except CustomMethodError as error:
            return {"error": str(error)}

    def _custom(self, person_id: int, bot_id: int, method: str, params: dict[str, Any]) -> Any:
        kept = apps.storage(self.world, person_id, bot_id, "cloud")
        if method == "getStorageKeys":
            return list(kept)
        if method == "getStorageValues":
            return {key: kept.get(key, "") for key in storage_keys(params.get("keys"))}
        if method == "deleteStorageValues":
            apps.store(self.world, person_id, bot_id, "cloud", dict.fromkeys(storage_keys(params.get("keys"))))
            return True
        if method == "saveStorageValue":
            (key,) = storage_keys([params.get("key")])
            value = params.get("value")
            if not isinstance(value, str) or len(value) > CLOUD_VALUE:
                raise CustomMethodError("VALUE_INVALID")
            if key not in kept and len(kept) >= CLOUD_KEYS:
                raise CustomMethodError("QUOTA_EXCEEDED")
            apps.store(self.world, person_id, bot_id, "cloud", {key: value})
            return True
        if method == "getRequestedContact":
            return self._requested_contact(person_id, bot_id)
        raise CustomMethodError("METHOD_INVALID")

    def _requested_contact(self, person_id: int, bot_id: int) -> str:
        """The phone number the person shared from the app, signed as initData is; empty when they did not."""
        shared = apps.storage(self.world, person_id, bot_id, "host").get("phone")
        if shared is None:
            return ""
        contact = {**people.own_contact(self.world, person_id), "phone_number": shared}
        token = people.bot_of(self.world, bot_id).token
        return init_data({"contact": contact, "auth_date": self._now()}, token=token, bot_id=bot_id, key=self.world.key)

    async def _device_storage(self, request: Request, person_id: int, bot_id: int) -> Any:
        """`save` (a null value removes), `get` and `clear` of what the app keeps on this device."""
        body = await body_of(request, {"deed": str}, {"key": object, "value": object})
        kept = apps.storage(self.world, person_id, bot_id, "device")
        key, value = body.get("key"), body.get("value")
        if body["deed"] == "clear":
            apps.store(self.world, person_id, bot_id, "device", dict.fromkeys(kept))
            return {}
        if not isinstance(key, str) or not key:
            return {"error": "KEY_INVALID"}
        if body["deed"] == "get":
            return {"value": kept.get(key)}
        if body["deed"] != "save":
            raise WrongCall("The deed is 'save', 'get' or 'clear'.")
        if value is not None and not isinstance(value, str):
            return {"error": "VALUE_INVALID"}
        after = sum(len(name.encode()) + len(text.encode()) for name, text in {**kept, key: value or ""}.items())
        if after > DEVICE_BYTES:
            return {"error": "QUOTA_EXCEEDED"}
        apps.store(self.world, person_id, bot_id, "device", {key: value})
        return {}

    async def _write_access(self, request: Request, person_id: int, bot_id: int) -> Any:
        """Whether the bot may write to the person; with `allow` it may from now on."""
        body = await body_of(request, {}, {"allow": bool})
        if body.get("allow") and not apps.is_allowed(self.world, person_id, bot_id):
            apps.allow_writing(self.world, person_id, bot_id)
        return {"allowed": apps.is_allowed(self.world, person_id, bot_id)}

    async def _phone(self, request: Request, person_id: int, bot_id: int) -> Any:
        """Shares the person's own number with the bot: the bot gets a contact, the app may fetch it."""
        await body_of(request, {})
        contact = people.own_contact(self.world, person_id)
        acts.sends_contact(self.world, person_id, bot_id, contact)
        apps.store(self.world, person_id, bot_id, "host", {"phone": contact["phone_number"]})
        return {"phone_number": contact["phone_number"]}

    async def _close(self, request: Request, person_id: int, bot_id: int) -> Any:
        body = await body_of(request, {}, {"query_id": str})
        if "query_id" in body:
            apps.close_query(self.world, body["query_id"])


def storage_keys(keys: object) -> list[str]:
    """The keys when each of them is one CloudStorage takes."""
    if not isinstance(keys, list) or not all(isinstance(key, str) and STORAGE_KEY.fullmatch(key) for key in keys):
        raise CustomMethodError("KEY_INVALID")
    return keys
