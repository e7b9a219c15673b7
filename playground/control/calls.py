"""What every control call shares: reading its body, and one clear sentence when something is wrong with it."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playground.wire import WireFault
from playground.world.refusals import Refusal, WrongCall

LONGEST_WAIT = 60.0  # seconds a `wait` may last
KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
}
KINDS[dict] = "an object"

Handler = Callable[[Request], Awaitable[Any]]


def control(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler as an endpoint: what it returns becomes JSON, what is wrong becomes `{"error": sentence}`."""

    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        try:
            answer = await handler(request)
        except WrongCall as refused:
            return JSONResponse({"error": sentence(str(refused))}, status_code=refused.status)
        except (WireFault, Refusal) as fault:
            return JSONResponse({"error": sentence(fault.description)}, status_code=400)
        return answer if isinstance(answer, Response) else JSONResponse({} if answer is None else answer)

    return endpoint


def sentence(words: str) -> str:
    """The words as one sentence: begun with a capital, unless they begin with a name or code, and ended with a stop."""
    begun = words[:1].upper() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."


async def body_of(request: Request, required: Mapping[str, type], optional: Mapping[str, type] | None = None) -> Any:
    """The JSON object of a call, checked: nothing missing, nothing unknown, every value of its kind."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise WrongCall("The body is not JSON.") from error
    return checked(body, required, optional or {})


def checked(body: object, required: Mapping[str, type], optional: Mapping[str, type]) -> dict[str, Any]:
    """The object itself when it holds what it must and only what it may; raises `WrongCall` otherwise."""
    if not isinstance(body, dict):
        raise WrongCall("The body must be a JSON object.")
    for name in required:
        if body.get(name) is None:
            raise WrongCall(f"The field {name!r} is missing.")
    for name, value in body.items():
        kind = required.get(name) or optional.get(name)
        if kind is None:
            raise WrongCall(f"There is no field {name!r} in this call.")
        if value is not None and not is_kind(value, kind):
            raise WrongCall(f"The field {name!r} must be {KINDS.get(kind, kind.__name__)}.")
    return {name: value for name, value in body.items() if value is not None}


def is_kind(value: object, kind: type) -> bool:
    """True when the JSON value is of this kind; a whole number is a number too, true and false are not."""
    if kind in (int, float) and isinstance(value, bool):
        return False
    return kind is object or isinstance(value, (int, float) if kind is float else kind)


def number(request: Request, name: str, default: int = 0) -> int:
    """A whole number from the query."""
    text = request.query_params.get(name, str(default))
    try:
        return int(text)
    except ValueError as error:
        raise WrongCall(f"The parameter {name!r} must be a whole number, not {text!r}.") from error


def waiting(request: Request) -> float:
    """The seconds of `wait`, within limits."""
    text = request.query_params.get("wait", "0")
    try:
        seconds = float(text)
    except ValueError as error:
        raise WrongCall(f"The parameter 'wait' must be a number of seconds, not {text!r}.") from error
    if not seconds >= 0:
        raise WrongCall("The parameter 'wait' must not be negative.")
    return min(seconds, LONGEST_WAIT)
