"""Front door 2: time."""

from factory_bot.schedule.scheduling import Duty, scheduling

__all__ = ["Duty", "scheduling"]
