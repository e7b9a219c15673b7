"""How the world says no: to a bot in Telegram's words, to the control API in one sentence."""

from __future__ import annotations

from typing import Any

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    501: "Not Implemented",
}


class Refusal(Exception):
    """A Bot API call that Telegram refuses; `description` is the whole text it answers."""

    def __init__(
        self, reason: str, code: int = 400, parameters: dict[str, Any] | None = None, *, as_is: bool = False
    ) -> None:
        self.code = code
        self.parameters = parameters
        self.description = reason if as_is else worded(reason, code)
        super().__init__(self.description)


class WrongCall(Exception):
    """Something a person cannot do; the message is one sentence for whoever drives the playground."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def worded(reason: str, code: int) -> str:
    """The reason as the server words it: prefixed, and begun in lower case unless it begins with a code."""
    prefix = PREFIXES.get(code)
    if prefix is None or reason.startswith(prefix):
        return reason
    if not (len(reason) >= 2 and (reason[1].isupper() or reason[1] == "_")):
        reason = reason[:1].lower() + reason[1:]
    return f"{prefix}: {reason}"


def too_many(retry_after: int) -> Refusal:
    """The 429 of a bot that is too fast."""
    return Refusal(f"Too Many Requests: retry after {retry_after}", 429, {"retry_after": retry_after})
