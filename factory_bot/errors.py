"""The tree of errors, split by who can act on one.

MancerError
├── PersonError        the person can mend it: `sentence` is sent to them
├── SettingsError      the operator can mend it: printed, exit code 2
├── TemplateError      a template of ours is broken
├── ChildError         a made bot's process misbehaved
├── TelegramError      Telegram (or the playground) refused or could not be reached
└── StorageError       the database refused or could not be reached
"""

from __future__ import annotations


class MancerError(Exception):
    """Something went wrong in the factory."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")


class PersonError(MancerError):
    """That did not work."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key  # of the message catalogue
        self.values = values


class SettingsError(MancerError):
    """The settings have faults."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class TemplateError(MancerError):
    """A template does not render to a sound project."""


class ChildError(MancerError):
    """A made bot's process could not be started or stopped."""


class StorageError(MancerError):
    """The database cannot be used."""


class TelegramError(MancerError):
    """Telegram refused a call."""

    def __init__(self, code: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code  # HTTP status; 0 where Telegram could not be reached
        self.description = description
        self.retry_after = retry_after  # seconds
