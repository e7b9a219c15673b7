"""Whom a webhook's HTTPS connection trusts, and how Telegram words a connection that came to nothing."""

from __future__ import annotations

import functools
import ssl

import aiohttp

# OpenSSL's numbers of the faults that people meet; Python tells only their names.
NUMBERS = {"CERTIFICATE_VERIFY_FAILED": "0A000086", "WRONG_VERSION_NUMBER": "0A00010B"}


def trust(certificate: str) -> ssl.SSLContext:
    """The uploaded certificate and no other; where there is none, the authorities of this machine.

    Raises `ssl.SSLError` or `ValueError` for what is no certificate in PEM form.
    """
    return _only(certificate) if certificate else _usual()


def _only(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate)
    return context


@functools.cache
def _usual() -> ssl.SSLContext:
    return ssl.create_default_context()  # loading them takes 0.1 s


def fault_words(fault: Exception) -> str:
    """What getWebhookInfo tells of it."""
    if isinstance(fault, TimeoutError):
        return "Connection timed out" if isinstance(fault, aiohttp.ConnectionTimeoutError) else "Read timeout expired"
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return "Failed to resolve host: No address associated with hostname"
    cause = fault.certificate_error if isinstance(fault, aiohttp.ClientConnectorCertificateError) else fault
    cause = getattr(cause, "os_error", cause)
    if isinstance(cause, ssl.SSLError):
        return _ssl_words(cause)
    if isinstance(cause, ConnectionResetError | aiohttp.ServerDisconnectedError):
        return "Connection reset by peer"
    return "Connection refused"


def _ssl_words(fault: ssl.SSLError) -> str:
    name = fault.reason or "UNKNOWN"
    number = f"error:{NUMBERS[name]}:" if name in NUMBERS else ""
    return f"SSL error {{{number}SSL routines::{name.lower().replace('_', ' ')}}}"
