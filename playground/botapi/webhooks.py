"""Setting, removing and describing a webhook."""

from __future__ import annotations

import ipaddress
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

from playground.botapi.call import Call, Said, deed
from playground.trust import trust
from playground.world.refusals import Refusal, too_many

SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = (443, 80, 88, 8443)
CONNECTIONS = 40  # as Telegram does when the bot says nothing
LARGEST_CERTIFICATE = 3 << 20  # bytes
TERMINATED = "Conflict: terminated by setWebhook request"


@deed("setWebhook")
def set_webhook(call: Call) -> Any:
    url = str(call.get("url", "")).strip()
    if not url:
        return _remove(call)
    _not_too_fast(call)
    secret = call.get("secret_token", "")
    if len(secret) > 256:
        raise Refusal("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise Refusal("secret token contains unallowed characters")
    _check_url(call, url)
    queues = call.world.queues
    queues.allow(call.bot.id, call.get("allowed_updates"))
    wanted = {
        "url": url,
        "secret_token": secret,
        "max_connections": min(max(call.get("max_connections", CONNECTIONS), 1), 100),
        "ip_address": call.get("ip_address", ""),
        "certificate": _certificate(call),
    }
    drop = bool(call.get("drop_pending_updates"))
    before = {name: call.bot.webhook.get(name) for name in wanted}
    if before == wanted and not drop and not wanted["certificate"]:
        return Said(True, "Webhook is already set")
    queues.end_poll(call.bot.id, TERMINATED)
    if drop:
        queues.drop_pending(call.bot.id)
    call.bot.webhook = wanted
    call.world.changed(call.bot)
    call.world.wake("webhooks")
    return Said(True, "Webhook was set")


@deed("deleteWebhook")
def delete_webhook(call: Call) -> Any:
    return _remove(call)


def _remove(call: Call) -> Said:
    had = bool(call.bot.webhook)
    if call.get("drop_pending_updates"):
        call.world.queues.drop_pending(call.bot.id)
    call.bot.webhook = {}
    call.world.changed(call.bot)
    call.world.wake("webhooks")
    if not had and not call.get("drop_pending_updates"):
        return Said(True, "Webhook is already deleted")
    return Said(True, "Webhook was deleted")


@deed("getWebhookInfo")
def get_webhook_info(call: Call) -> Any:
    webhook = call.bot.webhook
    line = call.world.queues.of(call.bot.id)
    info: dict[str, Any] = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": bool(webhook.get("certificate")),
        "pending_update_count": len(call.world.queues.pending(call.bot.id)),
    }
    if webhook.get("last_error_date"):
        info.update(last_error_date=webhook["last_error_date"], last_error_message=webhook["last_error_message"])
    if webhook:
        info.update(max_connections=webhook["max_connections"], ip_address=webhook["ip_address"] or "<unknown>")
    if line.queue.allowed is not None:
        info["allowed_updates"] = line.queue.allowed
    return info


def _not_too_fast(call: Call) -> None:
    line = call.world.queues.of(call.bot.id)
    now = call.world.clock.now()
    if now < line.next_set_webhook:
        raise too_many(1)
    line.next_set_webhook = now + 1


def _certificate(call: Call) -> str:
    """The uploaded certificate, empty without one; a file that is none is refused."""
    upload = call.get("certificate")
    if upload is None:
        return ""
    if len(upload.content) > LARGEST_CERTIFICATE:
        raise Refusal(f"certificate size is too big ({len(upload.content)} bytes)")
    text = str(upload.content.decode("ascii", "replace"))
    try:
        trust(text)
    except (ssl.SSLError, ValueError):
        raise Refusal("bad webhook: Failed to set custom certificate file") from None
    return text


def _check_url(call: Call, url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refusal("invalid webhook URL specified") from None
    address = call.get("ip_address", "")
    if address and not is_address(address):
        raise Refusal("bad webhook: Invalid IP address specified")
    here = is_this_machine(address or host)
    if parts.scheme == "http" and call.world.http_apps and here:
        return
    if parts.scheme != "https":
        raise Refusal("bad webhook: An HTTPS URL must be provided for webhook")
    if not host:
        raise Refusal("invalid webhook URL specified")
    if (port or 443) not in PORTS and not here:
        raise Refusal("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_this_machine(host: str) -> bool:
    """True for loopback addresses and names."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return is_address(host) and ipaddress.ip_address(host).is_loopback
