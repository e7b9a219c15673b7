"""What Telegram is told about a bot is derived from its DNA and stays within Telegram's limits."""

from __future__ import annotations

import pytest

from bot_runtime.dna import AgentDNA, Command, FormFeature, FormField, PollFeature
from bot_runtime.profile import owner_commands, profile_calls

FORM = FormFeature(command="order", title="Order a pizza", fields=(FormField(id="name", label="Name"),))
POLL = PollFeature(command="vote", question="Pizza of the week?", options=("Margherita", "Diavola"))


def calls(dna: AgentDNA, app_url: str | None = "https://x.example.org/app/") -> dict[str, dict[str, object]]:
    return {call.method: call.params for call in profile_calls(dna, app_url)}


def test_the_profile_carries_name_texts_commands_and_menu_button() -> None:
    told = calls(AgentDNA(name="Bella", purpose="Orders\nand votes", features=(FORM, POLL)))
    assert told["setMyName"] == {"name": "Bella"}
    assert told["setMyShortDescription"] == {"short_description": "Order a pizza · Pizza of the week?"}
    assert told["setMyDescription"] == {
        "description": "Here you can:\n• fill in “Order a pizza”\n• vote: Pizza of the week?"
    }
    commands = told["setMyCommands"]["commands"]
    assert isinstance(commands, list)
    assert commands[:2] == [
        {"command": "order", "description": "Order a pizza"},
        {"command": "vote", "description": "Pizza of the week?"},
    ]
    assert [entry["command"] for entry in commands[2:]] == ["app", "help", "privacy", "forget"]
    assert told["setChatMenuButton"]["menu_button"] == {
        "type": "web_app",
        "text": "Open",
        "web_app": {"url": "https://x.example.org/app/"},
    }


def test_guests_read_the_makers_greeting_and_never_the_request_that_the_bot_was_made_from() -> None:
    request = "For my pizzeria: take orders"
    for features in ((FORM,), ()):
        assert request not in str(calls(AgentDNA(name="Bella", purpose=request, features=features)))
    told = calls(AgentDNA(name="Bella", purpose=request, features=(FORM,), greeting="Ciao, hungry?"))
    assert told["setMyDescription"] == {"description": "Ciao, hungry?"}


def test_without_an_address_there_is_no_app_command_and_no_app_button() -> None:
    told = calls(AgentDNA(name="Bella", purpose="x", features=(FORM,)), None)
    assert told["setChatMenuButton"] == {"menu_button": {"type": "commands"}}
    assert "app" not in str(told["setMyCommands"])


def test_long_texts_are_cut_to_telegrams_limits() -> None:
    long = AgentDNA(name="n" * 64, purpose="p" * 500, features=(PollFeature(question="q" * 300, options=("a", "b")),))
    told = calls(long)
    assert len(str(told["setMyName"]["name"])) == 64
    assert len(str(told["setMyShortDescription"]["short_description"])) == 120
    commands = told["setMyCommands"]["commands"]
    assert isinstance(commands, list)
    assert len(commands[0]["description"]) == 256


def test_the_makers_description_wins_and_a_command_nobody_answers_is_not_shown() -> None:
    own = (Command(command="order", description="Get food"), Command(command="dance", description="Dance"))
    commands = str(calls(AgentDNA(name="B", purpose="x", features=(FORM,), commands=own))["setMyCommands"])
    assert "Get food" in commands
    assert "dance" not in commands


@pytest.mark.parametrize(("features", "shown"), [((FORM,), True), ((), False)])
def test_only_the_owner_sees_answers_and_only_where_there_can_be_some(
    features: tuple[FormFeature], shown: bool
) -> None:
    dna = AgentDNA(name="B", purpose="x", features=features)
    call = owner_commands(dna, 77, has_app=False)
    assert call.params["scope"] == {"type": "chat", "chat_id": 77}
    assert ("answers" in str(call.params)) is shown
    assert "answers" not in str(calls(dna)["setMyCommands"])
