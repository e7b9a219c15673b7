"""Parameters of Bot API calls: the table of all methods, and the check that types and refuses as Telegram does."""

from __future__ import annotations

from playground.parameters.check import check
from playground.parameters.keyboards import check_for_chat
from playground.parameters.reading import ParameterFault, Upload
from playground.parameters.table import METHODS, Parameter, canonical

__all__ = ["METHODS", "Parameter", "ParameterFault", "Upload", "canonical", "check", "check_for_chat"]
