"""What a Mini App is launched with: signed initData and the address that carries it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

APP_VERSION = "9.6"


def new_key() -> Ed25519PrivateKey:
    """A signing key of the playground's own; apps must be told its public half instead of Telegram's."""
    return Ed25519PrivateKey.generate()


def key_from_hex(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def seed_hex(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()


def public_key_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def init_data(fields: Mapping[str, Any], *, token: str, bot_id: int, key: Ed25519PrivateKey) -> str:
    """The query string an app receives: its fields, signed for anyone by the key and for the bot by its token."""
    pairs = {name: _spelled(value) for name, value in fields.items() if value is not None}
    pairs["signature"] = signature(pairs, bot_id=bot_id, key=key)
    pairs["hash"] = hash_by_token(pairs, token=token)
    return urlencode(pairs, quote_via=quote, safe="")


def hash_by_token(pairs: Mapping[str, str], *, token: str) -> str:
    """What the bot itself can check: keyed by its token, over every field but the hash."""
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(secret, _check_string(pairs, without={"hash"}).encode(), hashlib.sha256).hexdigest()


def signature(pairs: Mapping[str, str], *, bot_id: int, key: Ed25519PrivateKey) -> str:
    """What anyone can check who knows the public key: over the bot's id and every field but hash and signature."""
    return base64.urlsafe_b64encode(key.sign(signed_message(pairs, bot_id=bot_id))).rstrip(b"=").decode()


def signed_message(pairs: Mapping[str, str], *, bot_id: int) -> bytes:
    return f"{bot_id}:WebAppData\n{_check_string(pairs, without={'hash', 'signature'})}".encode()


def _check_string(pairs: Mapping[str, str], *, without: set[str]) -> str:
    return "\n".join(f"{name}={value}" for name, value in sorted(pairs.items()) if name not in without)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def launch_url(
    url: str,
    *,
    init_data: str | None,
    theme: Mapping[str, str],
    version: str = APP_VERSION,
    platform: str = "web",
    start_param: str | None = None,
    bot_inline: bool = False,
    fullscreen: bool = False,
    show_settings: bool = False,
    default_colors: Mapping[str, str] | None = None,
) -> str:
    """The app's address with its launch parameters in the fragment; one launched from a keyboard has no initData."""
    parameters = {
        "tgWebAppStartParam": start_param,
        "tgWebAppData": init_data,
        "tgWebAppVersion": version,
        "tgWebAppPlatform": platform,
        "tgWebAppThemeParams": _spelled(dict(theme)),
        "tgWebAppBotInline": "1" if bot_inline else None,
        "tgWebAppFullscreen": "1" if fullscreen else None,
        "tgWebAppShowSettings": "1" if show_settings else None,
        "tgWebAppDefaultColors": _spelled(dict(default_colors)) if default_colors else None,
    }
    launch = urlencode(
        {name: value for name, value in parameters.items() if value is not None}, quote_via=quote, safe=""
    )
    address, hash_mark, fragment = url.partition("#")
    if start_param is not None:
        address = f"{address}{'&' if '?' in address else '?'}{urlencode({'tgWebAppStartParam': start_param})}"
    return f"{address}#{_joined(fragment, launch) if hash_mark else launch}"


def _joined(fragment: str, launch: str) -> str:
    """A page's own fragment is kept: the launch parameters go on where it has parameters, or begin there."""
    if "=" in fragment or "?" in fragment:
        return f"{fragment}&{launch}"
    return f"{fragment}?{launch}" if fragment else launch
