"""A message's text as Telegram stores it: cleaned, trimmed, with passed and found entities in order."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.entities import ParseFault, find, formatted, parse


def fault(text: str, entities: Any = None, **options: Any) -> str:
    with pytest.raises(ParseFault) as caught:
        formatted(text, entities=entities, **options)
    return caught.value.description.removeprefix("Bad Request: ")


def entity(kind: str, offset: int, length: int, **extra: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **extra}


def found(text: str) -> list[tuple[str, str]]:
    wide = text.encode("utf-16-le")
    return [
        (one["type"], wide[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in find(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("/start", [("bot_command", "/start")], id="command"),
        pytest.param("/start@a_bot now", [("bot_command", "/start@a_bot")], id="command with a name"),
        pytest.param("a/b /c/d </e>", [], id="no commands"),
        pytest.param("(/help)", [("bot_command", "/help")], id="command in brackets"),
        pytest.param("@alice_b, @bob @abc a@dora", [("mention", "@alice_b")], id="mentions have four letters"),
        pytest.param("@gif @vid", [("mention", "@gif"), ("mention", "@vid")], id="short mentions"),
        pytest.param("#tag #été #12 a#b #a#b", [("hashtag", "#tag"), ("hashtag", "#été")], id="hashtags"),
        pytest.param("#tag@channel", [("hashtag", "#tag@channel")], id="hashtag of a channel"),
        pytest.param("$USD $usd $TOOLONGNAME a$EUR", [("cashtag", "$USD")], id="cashtags"),
        pytest.param("x@y.com", [("email", "x@y.com")], id="mail"),
        pytest.param("mailto:x@y.com", [("email", "x@y.com")], id="mail with protocol"),
        pytest.param("see example.com.", [("url", "example.com")], id="domain"),
        pytest.param("end.Begin of.it", [("url", "of.it")], id="a new sentence is no domain"),
        pytest.param("http://a.bc/c?d=(e) f", [("url", "http://a.bc/c?d=(e)")], id="brackets that balance"),
        pytest.param("(http://a.bc/c)", [("url", "http://a.bc/c")], id="brackets around"),
        pytest.param("http://192.168.0.1:8080/x", [("url", "http://192.168.0.1:8080/x")], id="numbers"),
        pytest.param("HTTPS://пример.рф/путь", [("url", "HTTPS://пример.рф/путь")], id="other letters"),
        pytest.param("http://localhost/ a.nosuchtld x.c", [], id="no domains"),
        pytest.param("tg://resolve?domain=x", [("url", "tg://resolve?domain=x")], id="tg"),
        pytest.param("😀 t.me/x", [("url", "t.me/x")], id="after a wide character"),
        pytest.param("call +1-212-555-0123", [("phone_number", "+1-212-555-0123")], id="telephone"),
        pytest.param("1+234567890 +12", [], id="no telephones"),
    ],
)
def test_telegram_finds_entities_in_plain_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        pytest.param("  a \n", "a", id="trimmed"),
        pytest.param("a\tb\x00c\r\nd", "a b c\nd", id="control characters"),
        pytest.param("a\u202eb\u2028c", "abc", id="direction and separators"),
        pytest.param("a\u200f\u200f\u200fb", "a\u200c\u200c\u200fb", id="runs of marks"),
    ],
)
def test_texts_are_cleaned(text: str, stored: str) -> None:
    assert formatted(text)[0] == stored


def test_entities_move_along_when_the_text_is_cleaned() -> None:
    text, entities = formatted(" a\r b ", entities=[entity("bold", 4, 1), entity("italic", 5, 1)])
    assert text == "a b"
    assert entities == [entity("bold", 2, 1)]


def test_blanks_at_the_beginning_stay_where_formatting_begins_on_them() -> None:
    assert formatted("  x", entities=[entity("code", 1, 2)]) == (" x", [entity("code", 0, 2)])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "message text is empty", id="empty"),
        pytest.param(" \n ", "text must be non-empty", id="blank"),
        pytest.param("\u200b\u2800", "text must be non-empty", id="invisible"),
        pytest.param("x" * 4097, "message is too long", id="long"),
        pytest.param("x" * 32769, "text is too long", id="very long"),
        pytest.param("\ud800", "strings must be encoded in UTF-8", id="half a character"),
    ],
)
def test_texts_that_cannot_be_sent(text: str, says: str) -> None:
    assert fault(text) == says


def test_lengths_count_characters_after_parsing() -> None:
    assert len(formatted("<b>" + "😀" * 4096 + "</b>", parse_mode="HTML")[0]) == 4096
    assert fault("x" * 1025, what="caption") == "message caption is too long"
    assert formatted("x" * 1024, what="caption")[0]
    assert formatted("", what="caption", may_be_empty=True) == ("", [])
    assert formatted(" ", what="caption", may_be_empty=True) == ("", [])


@pytest.mark.parametrize(
    ("entities", "says"),
    [
        pytest.param([5], "can't parse MessageEntity: expected an Object", id="no object"),
        pytest.param([{"type": "bold"}], "can't parse MessageEntity: Can't find field \"offset\"", id="no offset"),
        pytest.param([entity("loud", 0, 1)], "can't parse MessageEntity: Unsupported type specified", id="type"),
        pytest.param([entity("text_link", 0, 1)], "can't parse MessageEntity: Can't find field \"url\"", id="no url"),
        pytest.param([entity("text_link", 0, 1, url="x")], "entity URL 'x' is invalid: Wrong HTTP URL", id="bad url"),
        pytest.param([entity("bold", -1, 1)], "receive an entity with incorrect offset -1", id="before"),
        pytest.param([entity("bold", 9, 1)], "entity begins after the end of the text at UTF-16 offset 9", id="after"),
        pytest.param(
            [entity("bold", 2, 4)],
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 6",
            id="too long",
        ),
        pytest.param(
            [entity("bold", 1, 1)], "entity begins in a middle of a UTF-16 symbol at byte offset 4", id="in a character"
        ),
        pytest.param(
            [entity("bold", 0, 1)],
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
            id="ends in a character",
        ),
        pytest.param(
            [entity("custom_emoji", 0, 2, custom_emoji_id="x")],
            'can\'t parse MessageEntity: Field "custom_emoji_id" must be a valid Number',
            id="emoji",
        ),
    ],
)
def test_passed_entities_that_make_no_sense(entities: Any, says: str) -> None:
    assert fault("😀ab", entities) == says


def test_passed_entities_are_sorted_and_made_consistent() -> None:
    given_entities = [entity("italic", 2, 3), entity("bold", 0, 4), entity("url", 0, 1), entity("bold", 4, 0)]
    assert formatted("abcdef", entities=given_entities)[1] == [
        entity("bold", 0, 2),
        entity("italic", 2, 3),
        entity("bold", 2, 2),
    ]


def test_found_entities_leave_passed_ones_alone() -> None:
    entities = [entity("code", 0, 6), entity("bold", 7, 6)]
    assert formatted("/start /start", entities=entities)[1] == [
        entity("code", 0, 6),
        entity("bot_command", 7, 6),
        entity("bold", 7, 6),
    ]


def test_no_more_than_a_hundred_entities_are_kept() -> None:
    assert len(formatted("<b>a</b> " * 120, parse_mode="HTML")[1]) == 100


# ── whatever is written ─────────────────────────────────────────────────────

PIECES = ["<b>", "</b>", "<i>", "</i>", '<a href="x.y">', "</a>", "<pre>", "<code class='language-x'>", "</", "<", ">"]
PIECES += [
    "*",
    "_",
    "__",
    "~",
    "||",
    "`",
    "```",
    "[",
    "](",
    ")",
    "![",
    "\\",
    ">",
    "\n",
    "\r",
    "&lt;",
    "&#x1F600;",
    "&#",
]
PIECES += [
    "a",
    "é",
    "😀",
    " ",
    "\u200f",
    "\0",
    "@alice",
    "/go",
    "#t",
    "http://a.b",
    "x@y.com",
    ".",
    ":8",
    "tg://user?id=1",
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["bold", "italic", "code", "pre", "blockquote", "spoiler", "underline", "custom_emoji"]
            ),
            "offset": st.integers(-1, 30),
            "length": st.integers(-1, 30),
            "custom_emoji_id": st.just("5"),
        }
    ),
    max_size=8,
)


def check_spans(text: str, entities: list[dict[str, Any]]) -> None:
    """Every entity lies in the text, on whole characters, in order, and none crosses another."""
    wide = text.encode("utf-16-le")
    order = [(one["offset"], -one["length"]) for one in entities]
    assert order == sorted(order)
    for one in entities:
        assert one["length"] > 0
        wide[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        assert 2 * (one["offset"] + one["length"]) <= len(wide)
        for other in entities:
            begins_inside = one["offset"] < other["offset"] < one["offset"] + one["length"]
            assert not begins_inside or other["offset"] + other["length"] <= one["offset"] + one["length"]


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, mode=st.sampled_from(["HTML", "Markdown", "MarkdownV2", ""]))
def test_any_markup_gives_sound_entities_or_a_fault(text: str, mode: str) -> None:
    with suppress(ParseFault):
        check_spans(*formatted(text, parse_mode=mode))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, entities=ENTITIES)
def test_any_passed_entities_give_sound_ones_or_a_fault(text: str, entities: list[dict[str, Any]]) -> None:
    with suppress(ParseFault):
        check_spans(*formatted(text, entities=entities))


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse(escaped, "HTML") == (text, [])
    assert parse("".join(f"\\{char}" if char.isascii() else char for char in text if char != "\x7f"), "MarkdownV2") == (
        text.replace("\x7f", ""),
        [],
    )
