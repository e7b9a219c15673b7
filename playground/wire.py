"""What is wrong with a request, in Telegram's own words: the one error that parsing raises."""

from __future__ import annotations


class WireFault(Exception):
    """A request that Telegram would refuse; `description` is the whole text it would answer."""

    code = 400

    def __init__(self, reason: str) -> None:
        self.description = refusal(reason)
        super().__init__(self.description)


def refusal(reason: str) -> str:
    """The reason as the server words it: prefixed, and begun in lower case unless it begins with a code."""
    if len(reason) >= 2 and (reason[1].isupper() or reason[1] == "_"):
        return f"Bad Request: {reason}"
    return f"Bad Request: {reason[:1].lower()}{reason[1:]}"
