"""The offline model: the offline reader as a pydantic-ai model, so that the same agent runs without any provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from factory_bot.designer.offline import read
from factory_bot.designer.prompt import ASKED, KNOWN
from factory_bot.model.draft import Draft
from factory_bot.model.steps import Place

T = TypeVar("T", bound=BaseModel)


def offline_model() -> FunctionModel:
    """A model named `offline` that understands plain English descriptions."""
    return FunctionModel(_answer, model_name="offline")


def _answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    words, draft, asked = _asked(messages)
    reading = read(words, draft, asked)
    output = info.output_tools[0]
    return ModelResponse(parts=[ToolCallPart(output.name, reading.model_dump(mode="json"))])


def _asked(messages: Sequence[ModelMessage]) -> tuple[str, Draft | None, Place | None]:
    """The maker's words, what is known and what was asked, from the message that `prompt` made."""
    parts = [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart)
    ]
    content = parts[-1] if parts else ""
    if isinstance(content, str):
        return content, None, None
    *told, words = [text for text in content if isinstance(text, str)] or [""]
    return words, _told(Draft, told, KNOWN) or Draft(), _told(Place, told, ASKED)


def _told(kind: type[T], told: list[str], heading: str) -> T | None:
    text = next((text.removeprefix(heading) for text in told if text.startswith(heading)), None)
    try:
        return kind.model_validate_json(text) if text is not None else None
    except ValidationError:
        return None
