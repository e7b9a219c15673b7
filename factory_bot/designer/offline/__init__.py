"""The offline reader: understands plain English descriptions of bots without any model, by rules."""

from factory_bot.designer.offline.reader import read

__all__ = ["read"]
