"""The control API `/play/v1` and the chat page: how people and tests act in the playground (docs/playground.md)."""

from playground.control.page import page_routes
from playground.control.routes import control_routes

__all__ = ["control_routes", "page_routes"]
