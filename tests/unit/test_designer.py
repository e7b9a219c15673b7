"""The designer: one agent for every model, honest, and light until it is used."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from pydantic_ai import models

from bot_runtime.dna import FieldKind
from factory_bot.designer import Designer, open_designer
from factory_bot.designer.agent import Reader
from factory_bot.designer.honesty import honest
from factory_bot.designer.offline import read
from factory_bot.model.draft import Draft, FieldDraft, FormDraft
from factory_bot.model.reading import ReadField, ReadForm, Reading, ReadPoll
from factory_bot.model.steps import Place, Step
from factory_bot.settings import Settings


@pytest.fixture(autouse=True)
def _no_real_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", False)


async def test_the_offline_model_reads_through_the_same_agent() -> None:
    designer = open_designer(Settings())
    words = "orders with name and phone, and a vote between red and blue. Be playful."
    assert await designer.read(words, Draft()) == read(words, Draft())
    await designer.close()


async def test_the_offline_model_knows_the_draft() -> None:
    designer = open_designer(Settings())
    draft = Draft(purpose="orders", features=(FormDraft(title="Order", fields=(FieldDraft(label="Name"),)),))
    reading = await designer.read("add a question for the phone number", draft, Place(step=Step.REVIEW))
    assert reading.forms[0].of == "Order"
    assert [field.label for field in reading.forms[0].fields] == ["Name", "Phone number"]


@pytest.mark.parametrize("words", ["", " ", "\x00", "x" * 20_000, "}{", "\ud83c".encode("utf-8", "replace").decode()])
async def test_any_words_get_a_reading(words: str) -> None:
    reading = await open_designer(Settings()).read(words, Draft())
    assert not reading.forms
    assert not reading.polls


def test_importing_the_designer_does_not_import_pydantic_ai() -> None:
    code = "import sys, factory_bot.designer; print([name for name in sys.modules if name.startswith('pydantic_ai')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == "[]"


def test_what_nobody_said_is_taken_out() -> None:
    invented = Reading(
        name="Chez Paul",
        purpose="Sell cars",
        forms=(
            ReadForm(
                fields=(
                    ReadField(label="Phone number", kind=FieldKind.PHONE),
                    ReadField(label="Shoe colour", kind=FieldKind.CHOICE, options=("red", "blue")),
                    ReadField(label="Blood group"),
                )
            ),
        ),
        polls=(ReadPoll(question="Best wine", options=("Merlot", "Rioja"), closes="in a day"),),
    )
    kept = honest(invented, "a form with phone and shoe, and let people vote", Draft())
    assert kept.name is None
    assert kept.purpose == "a form with phone and shoe, and let people vote"
    assert [(field.label, field.kind, field.options) for field in kept.forms[0].fields] == [
        ("Phone number", FieldKind.PHONE, ()),
        ("Shoe colour", FieldKind.TEXT, ()),
    ]
    assert kept.polls == (ReadPoll(),)


def test_what_was_said_stays_in_any_script() -> None:
    reading = Reading(
        name="Пицца Рома",
        forms=(ReadForm(fields=(ReadField(label="Имя"), ReadField(label="サイズ"))),),
        polls=(ReadPoll(question="Цвет", options=("красный", "синий", "🍕")),),
    )
    words = "Бот Пицца Рома: имя, サイズ, цвет красный или синий 🍕"
    assert honest(reading, words, Draft()) == reading


def test_what_is_in_the_draft_already_may_be_said_again() -> None:
    draft = Draft(purpose="x", features=(FormDraft(fields=(FieldDraft(label="Favourite animal"),)),))
    reading = Reading(adds=True, forms=(ReadForm(fields=(ReadField(label="Favourite animal", required=False),)),))
    assert honest(reading, "make it optional", draft) == reading


def test_a_factory_that_ends_does_not_wait_for_the_import() -> None:
    code = (
        "import asyncio, time\n"
        "from factory_bot.designer.designer import Designer\n"
        "async def main():\n"
        "    warming = asyncio.create_task(Designer('offline', lambda name: time.sleep(60), timeout=1).warm())\n"
        "    await asyncio.sleep(0.1)\n"
        "    warming.cancel()\n"
        "asyncio.run(main())\n"
    )
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=50, check=True)
    assert time.monotonic() - began < 30


async def test_an_import_that_fails_leaves_the_maker_with_questions() -> None:
    def broken(name: str) -> Reader:
        raise ImportError("no such library")

    designer = Designer("offline", broken, timeout=1)
    await designer.warm()
    reading = await designer.read("orders with name and phone", Draft())
    assert reading.purpose == "orders with name and phone"
    assert not reading.forms
