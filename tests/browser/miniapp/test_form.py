"""The form in the Mini App: sent by the main button, faults beside their fields, own answers withdrawn."""

from __future__ import annotations

import base64
import re

from playwright.async_api import BrowserContext, expect

from tests.browser.miniapp.visits import visit
from tests.browser.miniapp.world import (
    CATALOGUE,
    FORM,
    LIGHT,
    World,
)

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_form_is_sent_by_the_main_button_and_thanked_for(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    button = await person.main_button(text="Send", is_visible=True, is_active=True)
    assert (button["color"], button["text_color"]) == (LIGHT["button_color"], LIGHT["button_text_color"])
    await person.fills_in()
    await person.app.get_by_text("Olives").click()
    await person.app.get_by_label("4 stars").focus()
    await person.page.keyboard.press("Space")
    await person.app.get_by_label("A photo of your table").set_input_files(
        {"name": "table.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    await expect(person.app.get_by_alt_text("The photo you chose")).to_be_visible()
    await person.presses_main()
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    await expect(person.app.get_by_text(FORM.thanks)).to_be_visible()
    await person.main_button(is_visible=False)
    answers = {answer["id"]: answer["text"] for answer in world.submissions[0]["answers"]}
    assert answers == {
        "name": "Anna Müller", "phone": "+49 170 1234567", "size": "Medium", "extras": "['Olives']", "pieces": "2",
        "day": "2026-12-24", "stars": "4", "picture": "photo",
    }  # fmt: skip
    assert world.photos["picture"][:3] == b"\xff\xd8\xff", "a photo travels as JPEG, without its place and date"
    assert [data["need_confirmation"] for data in await person.recorded("web_app_setup_closing_behavior")] == [
        True,
        False,
    ]
    assert {"type": "notification", "notification_type": "success"} in await person.recorded(
        "web_app_trigger_haptic_feedback"
    )
    assert person.complaints == []


async def test_faults_stand_beside_their_fields_and_the_first_gets_the_focus(
    context: BrowserContext, world: World
) -> None:
    person = await visit(context, world, FORM.title)
    await person.app.get_by_label("Your name").fill("Anna")
    await person.app.get_by_label("Phone").fill("call me")
    await person.app.get_by_label("E-mail").fill("anna at home")
    await person.app.get_by_label("How many").fill("21")
    await person.presses_main()
    phone = person.app.get_by_label("Phone")
    await expect(phone).to_be_focused()
    await expect(phone).to_have_attribute("aria-invalid", "true")
    await expect(phone).to_have_accessible_description(CATALOGUE.plain("app.bad_phone"))
    await expect(person.app.get_by_label("E-mail")).to_have_accessible_description(CATALOGUE.plain("app.bad_email"))
    await expect(person.app.get_by_label("How many")).to_have_accessible_description(re.compile("From 1 to 20"))
    await expect(person.app.get_by_role("radiogroup", name="Size")).to_have_accessible_description(
        CATALOGUE.plain("app.bad_required")
    )
    await expect(person.app.locator("#say")).to_have_text("Please look at 5 answers.")
    await phone.fill("+49 170 1234567")
    await expect(phone).not_to_have_attribute("aria-invalid", "true")
    assert world.submissions == []


async def test_the_servers_sentences_are_shown_and_sending_again_counts_once(
    context: BrowserContext, world: World
) -> None:
    person = await visit(context, world, FORM.title)
    await person.fills_in()
    world.faults = {"phone": "This number is too short."}
    await person.presses_main()
    await expect(person.app.get_by_label("Phone")).to_have_accessible_description("This number is too short.")
    await person.main_button(is_active=True, is_progress_visible=False)
    await person.presses_main()
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    assert len(world.keys) == 2
    assert len(set(world.keys)) == 1, "the same filled form has one key, whatever is tried again"
    await person.app.get_by_role("button", name="Fill it in again").click()
    await expect(person.app.get_by_label("Your name")).to_have_value("")
    await person.fills_in()
    await person.presses_main()
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    assert len(set(world.keys)) == 2


async def test_a_double_press_sends_once(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    await person.fills_in()
    await person.page.evaluate("() => { for (let n = 0; n < 5; n += 1) tell('main_button_pressed'); }")
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    assert len(world.submissions) == 1


async def test_the_return_key_goes_on_to_the_next_field(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    await person.app.get_by_label("Phone").fill("+49 170 1234567")
    await person.page.keyboard.press("Enter")
    await expect(person.app.get_by_label("E-mail")).to_be_focused()
    await person.page.keyboard.press("Enter")
    await expect(person.app.get_by_label("Small")).to_be_focused()
    await expect(person.app.locator(".fault:visible")).to_have_count(0)


async def test_own_answers_are_listed_and_withdrawn_after_a_question(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    await person.fills_in()
    await person.presses_main()
    await person.app.get_by_role("button", name="Withdraw").wait_for()
    await person.answers_popups(None)
    await person.app.get_by_role("button", name="Withdraw").click()
    await person.page.wait_for_function("() => recorded.some(([type]) => type === 'web_app_open_popup')")
    assert len(world.submissions) == 1
    await person.answers_popups("withdraw")
    await person.app.get_by_role("button", name="Withdraw").click()
    await expect(person.app.get_by_role("button", name="Withdraw")).to_have_count(0)
    await expect(person.app.locator("#say")).to_have_text("Your answers have been withdrawn.")
    assert world.submissions == []


async def test_leaving_a_half_filled_form_is_asked_first(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    assert await person.recorded("web_app_setup_back_button") == [{"is_visible": True}]
    await person.app.get_by_label("Your name").fill("Anna")
    await person.answers_popups("stay")
    await person.goes_back()
    await person.page.wait_for_function("() => recorded.some(([type]) => type === 'web_app_open_popup')")
    await expect(person.app.get_by_label("Your name")).to_have_value("Anna")
    await person.answers_popups("leave")
    await person.goes_back()
    await expect(person.app.locator("h1")).to_have_text("Bella Napoli")
    assert (await person.recorded("web_app_setup_back_button"))[-1] == {"is_visible": False}
    assert (await person.recorded("web_app_setup_closing_behavior"))[-1] == {"need_confirmation": False}
