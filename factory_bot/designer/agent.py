"""The pydantic-ai agent behind the designer, and the models it can run on.  Imported at the first reading only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pydantic_ai import Agent
from pydantic_ai.models import Model
from pydantic_ai.usage import UsageLimits

from factory_bot.designer.offline_model import offline_model
from factory_bot.designer.prompt import INSTRUCTIONS, prompt
from factory_bot.model.draft import Draft
from factory_bot.model.reading import Reading
from factory_bot.model.steps import Place

RETRIES = 1  # how often a model may mend an answer that does not validate
REQUESTS = 3  # to the provider, for one reading
LONGEST_ANSWER = 4000  # tokens

Closing = Callable[[], Awaitable[None]]


class Reader:
    """One model that reads words through the agent."""

    def __init__(self, model: Model, closing: Closing | None = None) -> None:
        self._agent: Agent[None, Reading] = Agent(
            model,
            output_type=Reading,
            deps_type=type(None),
            instructions=INSTRUCTIONS,
            retries=RETRIES,
            name="designer",
            model_settings={"max_tokens": LONGEST_ANSWER},
        )
        self._closing = closing

    async def read(self, words: str, draft: Draft, asked: Place | None, timeout: float) -> Reading:
        """The model's reading.  Raises whatever its provider raises, and TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            result = await self._agent.run(
                prompt(words, draft, asked), usage_limits=UsageLimits(request_limit=REQUESTS)
            )
        return result.output

    async def close(self) -> None:
        """Close the connections to the provider."""
        if self._closing is not None:
            await self._closing()


def open_reader(name: str, *, base_url: str | None, api_key: str | None, timeout: float) -> Reader:
    """The reader for `offline`, `openai:<model>` (also any address that speaks its format) or `anthropic:<model>`."""
    provider, _, model = name.partition(":")
    if provider == "openai":
        return _openai(model, base_url, api_key, timeout)
    if provider == "anthropic":
        return _anthropic(model, base_url, api_key, timeout)
    if name == "offline":
        return Reader(offline_model())
    raise ValueError(f"there is no model {name!r}")


def _openai(model: str, base_url: str | None, api_key: str | None, timeout: float) -> Reader:
    import openai
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key or "none", max_retries=0, timeout=timeout)
    return Reader(OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client)), client.close)


def _anthropic(model: str, base_url: str | None, api_key: str | None, timeout: float) -> Reader:
    import anthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = anthropic.AsyncAnthropic(base_url=base_url, api_key=api_key or "none", max_retries=0, timeout=timeout)
    return Reader(AnthropicModel(model, provider=AnthropicProvider(anthropic_client=client)), client.close)
