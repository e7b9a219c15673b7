"""Words → DNA: reads what a maker says into typed facts, by a model or by the offline reader behind the same agent."""

from factory_bot.designer.designer import Designer, open_designer
from factory_bot.designer.kit import load_kit

__all__ = ["Designer", "load_kit", "open_designer"]
