"""What Telegram shows about a bot before anybody writes to it, derived from its DNA.  Pure."""

from __future__ import annotations

from typing import Any

from bot_runtime.dna import AgentDNA
from bot_runtime.introducing import description, short_description
from bot_runtime.polling import Call
from bot_runtime.speech import catalogue, language_for, shortened, title_of

NAME, DESCRIPTION, SHORT_DESCRIPTION, COMMAND_DESCRIPTION = 64, 512, 120, 256  # characters, Bot API


def profile_calls(dna: AgentDNA, app_url: str | None) -> list[Call]:
    """The calls that give the bot its name, texts, command menu and menu button; each may be repeated."""
    about = description(dna, language_for(None, dna))
    params: list[tuple[str, dict[str, Any]]] = [
        ("setMyName", {"name": shortened(dna.name, NAME)}),
        ("setMyDescription", {"description": shortened(about, DESCRIPTION)}),
        ("setMyShortDescription", {"short_description": shortened(short_description(dna), SHORT_DESCRIPTION)}),
        ("setMyCommands", {"commands": commands(dna, has_app=app_url is not None)}),
        ("setChatMenuButton", {"menu_button": menu_button(dna, app_url)}),
    ]
    return [Call(method=method, params=values, chat_key="-") for method, values in params]


def owner_commands(dna: AgentDNA, owner_id: int, *, has_app: bool) -> Call:
    """The call that adds the owner's own commands in their chat.  Telegram refuses it before they pressed Start."""
    return Call(
        method="setMyCommands",
        params={
            "commands": commands(dna, has_app=has_app, for_owner=True),
            "scope": {"type": "chat", "chat_id": owner_id},
        },
        chat_key=f"c{owner_id}",
        expendable=True,
    )


def commands(dna: AgentDNA, *, has_app: bool, for_owner: bool = False) -> list[dict[str, str]]:
    """The command menu: the features first; the maker's own descriptions win."""
    texts, language = catalogue(), language_for(None, dna)
    own = {command.command: command.description for command in dna.commands}
    menu = {feature.command: title_of(feature) for feature in dna.features}
    if for_owner and dna.features:
        menu["answers"] = texts.plain("bot.command_answers", language)
    everywhere = ["app", "help", "privacy", "forget"] if has_app else ["help", "privacy", "forget"]
    menu |= {name: texts.plain(f"bot.command_{name}", language) for name in everywhere}
    return [
        {"command": name, "description": shortened(own.get(name, text), COMMAND_DESCRIPTION)}
        for name, text in menu.items()
    ]


def menu_button(dna: AgentDNA, app_url: str | None) -> dict[str, Any]:
    """The button beside the input field: the Mini App, or the commands where there is no address for one."""
    if app_url is None:
        return {"type": "commands"}
    text = catalogue().plain("bot.menu_button", language_for(None, dna))
    return {"type": "web_app", "text": text, "web_app": {"url": app_url}}
