"""The offline model: the offline reader as a pydantic-ai model, so that the same agent runs without any provider."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from factory_bot.designer.offline import read
from factory_bot.designer.prompt import KNOWN
from factory_bot.model.draft import Draft


def offline_model() -> FunctionModel:
    """A model named `offline` that understands plain English descriptions."""
    return FunctionModel(_answer, model_name="offline")


def _answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    words, draft = _asked(messages)
    reading = read(words, draft)
    output = info.output_tools[0]
    return ModelResponse(parts=[ToolCallPart(output.name, reading.model_dump(mode="json"))])


def _asked(messages: Sequence[ModelMessage]) -> tuple[str, Draft | None]:
    """The maker's words and what is known, from the message that `prompt` made."""
    parts = [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart)
    ]
    content = parts[-1] if parts else ""
    if isinstance(content, str):
        return content, None
    texts = [text for text in content if isinstance(text, str)]
    known = texts[0].removeprefix(KNOWN) if len(texts) > 1 and texts[0].startswith(KNOWN) else "{}"
    return (texts[-1] if texts else ""), _draft(known)


def _draft(known: str) -> Draft | None:
    try:
        return Draft.model_validate_json(known)
    except ValidationError:
        return None
