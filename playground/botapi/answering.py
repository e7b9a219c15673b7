"""Answers to what people ask by pressing and typing: callbacks, inline queries, Mini Apps."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.results import content_of
from playground.world.inline import send_result
from playground.world.records import Pressed
from playground.world.refusals import Refusal

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@deed("answerCallbackQuery")
def answer_callback_query(call: Call) -> Any:
    text = call.get("text", "")
    if len(text) > 200:
        raise Refusal("MESSAGE_TOO_LONG")
    question = open_question(call, "callback_query_id", "callback")
    answer = {name: call[name] for name in ("text", "show_alert", "url") if call.get(name)}
    settle(call, question, answer)
    return True


def open_question(call: Call, name: str, kind: str) -> Pressed:
    """The question this bot was asked, if it still may be answered."""
    question = call.world.questions.get(str(call[name]))
    if (
        question is None
        or question.type != kind
        or question.bot != call.bot.id
        or question.answer is not None
        or question.expires <= call.world.clock.now()
    ):
        raise Refusal(TOO_OLD)
    return question


def settle(call: Call, question: Pressed, answer: dict[str, Any]) -> None:
    """Give the answer to whoever waits for it."""
    question.answer = answer
    call.world.changed(question)
    call.world.wake(question.id)


@deed("answerInlineQuery")
def answer_inline_query(call: Call) -> Any:
    question = open_question(call, "inline_query_id", "inline")
    results = [
        {**result, "content": content_of(call, result), "reply_markup": result.get("reply_markup")}
        for result in call["results"]
    ]
    answer = {"results": results, "next_offset": call.get("next_offset", "")}
    if "button" in call:
        answer["button"] = call["button"]
    settle(call, question, answer)
    return True


@deed("answerWebAppQuery")
def answer_web_app_query(call: Call) -> Any:
    question = open_question(call, "web_app_query_id", "web_app")
    result = call["result"]
    chosen = {**result, "content": content_of(call, result), "reply_markup": result.get("reply_markup")}
    sent = send_result(call.world, question.person, call.bot, call.bot.id, chosen, tell=False)
    settle(call, question, {"sent": True})
    return {"inline_message_id": sent["inline_message_id"]}
