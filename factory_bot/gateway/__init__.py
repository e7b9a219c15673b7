"""Front door 3: one HTTP address for the Mini Apps of all bots."""

from factory_bot.gateway.addresses import AddressForm, address_form
from factory_bot.gateway.app import gateway_app
from factory_bot.gateway.limits import RateLimit
from factory_bot.gateway.serving import bind, serving

__all__ = ["AddressForm", "RateLimit", "address_form", "bind", "gateway_app", "serving"]
