"""HTML, Markdown and MarkdownV2 become text and entities, or the error Telegram gives, as its parser does."""

from __future__ import annotations

from typing import Any

import pytest

from playground.entities import ParseFault, formatted, parse

Spans = list[tuple[str, int, int]]


def spans(entities: list[dict[str, Any]]) -> Spans:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


def fault(text: str, mode: str) -> str:
    with pytest.raises(ParseFault) as caught:
        parse(text, mode)
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("markup", "text", "expected"),
    [
        pytest.param("plain", "plain", [], id="plain"),
        pytest.param("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 2)], id="two that are one"),
        pytest.param("<i>a</i> <em>b</em>", "a b", [("italic", 0, 1), ("italic", 2, 1)], id="italic"),
        pytest.param("<u>a</u> <ins>b</ins>", "a b", [("underline", 0, 1), ("underline", 2, 1)], id="underline"),
        pytest.param(
            "<s>a</s>_<strike>b</strike>_<del>c</del>",
            "a_b_c",
            [("strikethrough", i, 1) for i in (0, 2, 4)],
            id="struck",
        ),
        pytest.param("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)], id="spoiler"),
        pytest.param('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)], id="spoiler as span"),
        pytest.param("<code>a</code>", "a", [("code", 0, 1)], id="code"),
        pytest.param("<pre>a\nb</pre>", "a\nb", [("pre", 0, 3)], id="pre"),
        pytest.param("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)], id="quotation"),
        pytest.param("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)], id="expandable"),
        pytest.param(
            '<blockquote expandable="">a</blockquote>', "a", [("expandable_blockquote", 0, 1)], id="expandable="
        ),
        pytest.param("<B>a</b >", "a", [("bold", 0, 1)], id="case and blanks in tags"),
        pytest.param("<b>a</>", "a", [("bold", 0, 1)], id="nameless end"),
        pytest.param("<b></b>", "", [], id="empty"),
        pytest.param("&lt;&gt;&amp;&quot;&#65;&#x42;&apos;", '<>&"AB&apos;', [], id="references"),
        pytest.param("&lt b &unknown; &", "< b &unknown; &", [], id="references without end"),
        pytest.param("😀<b>😀</b>", "😀😀", [("bold", 2, 2)], id="UTF-16"),
        pytest.param(
            "<b>a<i>b</i></b>", "ab", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)], id="nested styles are split"
        ),
        pytest.param(
            "<blockquote>a <b>b</b></blockquote>",
            "a b",
            [("blockquote", 0, 3), ("bold", 2, 1)],
            id="style in quotation",
        ),
        pytest.param("<code>a<b>b</b></code>", "ab", [("code", 0, 2)], id="nothing inside code"),
        pytest.param(
            "<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)], id="style around code"
        ),
        pytest.param('<a href="t.me/x">a</a>', "a", [("text_link", 0, 1)], id="link"),
        pytest.param('<a href="nowhere">a</a>', "a", [], id="link to nowhere"),
        pytest.param("<a>t.me/x</a>", "t.me/x", [("text_link", 0, 6)], id="link by its text"),
        pytest.param('<a href="tg://user?id=7">a</a>', "a", [("text_mention", 0, 1)], id="mention"),
        pytest.param('<tg-emoji emoji-id="5">😀</tg-emoji>', "😀", [("custom_emoji", 0, 2)], id="emoji"),
        pytest.param('<tg-time unix="1700000000" format="wDT">x</tg-time>', "x", [("date_time", 0, 1)], id="time"),
    ],
)
def test_html(markup: str, text: str, expected: Spans) -> None:
    plain, entities = parse(markup, "HTML")
    assert (plain, spans(entities)) == (text, expected)


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        pytest.param("a<x>", 'Unsupported start tag "x" at byte offset 1', id="unknown tag"),
        pytest.param("é<p>", 'Unsupported start tag "p" at byte offset 2', id="offset in bytes"),
        pytest.param("<br/>", 'Unsupported start tag "br/" at byte offset 0', id="line break"),
        pytest.param("2 < 3", 'Unsupported start tag "" at byte offset 2', id="a bare bracket"),
        pytest.param("x<b", "Unclosed start tag at byte offset 1", id="unclosed"),
        pytest.param("<b>x", 'Can\'t find end tag corresponding to start tag "b"', id="no end"),
        pytest.param("x</b>", "Unexpected end tag at byte offset 1", id="no start"),
        pytest.param("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"', id="crossed"),
        pytest.param("<b>x</b", "Unclosed end tag at byte offset 4", id="unclosed end"),
        pytest.param("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0', id="span"),
        pytest.param('<a ="x">', 'Empty attribute name in the tag "a" at byte offset 0', id="nameless attribute"),
        pytest.param("<a href", 'Unclosed start tag "a" at byte offset 0', id="cut attribute"),
        pytest.param("<a href=x/y>", "Unexpected end of name token at byte offset 8", id="bare value"),
        pytest.param('<a href="x', "Unclosed start tag at byte offset 0", id="cut value"),
        pytest.param(
            '<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified", id="bad emoji"
        ),
        pytest.param('<tg-time unix="5" format="x">y</tg-time>', "Invalid date format used", id="bad time"),
        pytest.param(
            "&#xD800;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
            id="half a character",
        ),
    ],
)
def test_html_faults(markup: str, says: str) -> None:
    assert fault(markup, "html") == says


def test_a_language_is_kept_whichever_tag_is_outside() -> None:
    for markup in (
        '<pre><code class="language-python">x</code></pre>',
        '<code class="language-python"><pre>x</pre></code>',
    ):
        assert parse(markup, "HTML")[1] == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    assert parse('<code class="language-python">x</code>', "HTML")[1] == [{"type": "code", "offset": 0, "length": 1}]


def test_what_an_entity_says_comes_along() -> None:
    link = parse('<a href="HTTP://User@Example.com:80?q=a b&amp;c">x</a>', "HTML")[1][0]
    assert link["url"] == "http://User@example.com:80/?q=a%20b&c"
    assert parse("[x](tg://user?id=42)", "MarkdownV2")[1][0]["user"] == {"id": 42}
    assert parse("![x](tg://emoji?id=5)", "MarkdownV2")[1][0]["custom_emoji_id"] == "5"
    assert parse("![x](tg://time?unix=5&format=r)", "MarkdownV2")[1][0]["unix_time"] == 5
    assert parse("```rust\nx```", "Markdown")[1][0]["language"] == "rust"


@pytest.mark.parametrize(
    ("markup", "text", "expected"),
    [
        pytest.param("*a* _b_ `c`", "a b c", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)], id="marks"),
        pytest.param("[a](http://x.y)", "a", [("text_link", 0, 1)], id="link"),
        pytest.param("[x.com]", "x.com", [("text_link", 0, 5)], id="link by its text"),
        pytest.param("[a](http://x.y", "a", [("text_link", 0, 1)], id="address to the end"),
        pytest.param("```\nx\n```", "x\n", [("pre", 0, 2)], id="block"),
        pytest.param("\\*a\\*", "*a*", [], id="escaped"),
        pytest.param("a-b. (c)!", "a-b. (c)!", [], id="no other character is reserved"),
        pytest.param("*a_b*", "a_b", [("bold", 0, 3)], id="no nesting"),
        pytest.param("**", "", [], id="empty"),
    ],
)
def test_markdown(markup: str, text: str, expected: Spans) -> None:
    plain, entities = parse(markup, "markdown")
    assert (plain, spans(entities)) == (text, expected)


@pytest.mark.parametrize("markup", ["é*a", "é_a", "é`a", "é[a", "é```a"])
def test_markdown_without_an_end(markup: str) -> None:
    assert fault(markup, "Markdown") == "Can't find end of the entity starting at byte offset 2"


@pytest.mark.parametrize(
    ("markup", "text", "expected"),
    [
        pytest.param(
            "*a* _b_ __c__ ~d~ ||e|| `f`",
            "a b c d e f",
            [
                ("bold", 0, 1),
                ("italic", 2, 1),
                ("underline", 4, 1),
                ("strikethrough", 6, 1),
                ("spoiler", 8, 1),
                ("code", 10, 1),
            ],
            id="marks",
        ),
        pytest.param("_a __b___", "a b", [("italic", 0, 2), ("italic", 2, 1), ("underline", 2, 1)], id="nested"),
        pytest.param(
            "\\_\\*\\[\\]\\(\\)\\~\\`\\>\\#\\+\\-\\=\\|\\{\\}\\.\\!\\\\", "_*[]()~`>#+-=|{}.!\\", [], id="escaped"
        ),
        pytest.param("[a*b*](t.me)", "ab", [("text_link", 0, 2), ("bold", 1, 1)], id="style in a link"),
        pytest.param("[a](http://x.y/\\))", "a", [("text_link", 0, 1)], id="escaped address"),
        pytest.param("![😀](tg://emoji?id=5)", "😀", [("custom_emoji", 0, 2)], id="emoji"),
        pytest.param("```py\na\\`b```", "a`b", [("pre", 0, 3)], id="block"),
        pytest.param("`*a*`", "*a*", [("code", 0, 3)], id="nothing inside code"),
        pytest.param(">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)], id="quotation"),
        pytest.param(">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)], id="expandable quotation"),
        pytest.param(">a||\nb", "a\nb", [("expandable_blockquote", 0, 2)], id="expandable quotation and more"),
        pytest.param("a\n>*b*", "a\nb", [("blockquote", 2, 1), ("bold", 2, 1)], id="quotation later"),
        pytest.param("**", "", [], id="empty"),
    ],
)
def test_markdown_v2(markup: str, text: str, expected: Spans) -> None:
    plain, entities = parse(markup, "MarkdownV2")
    assert (plain, spans(entities)) == (text, expected)


@pytest.mark.parametrize("char", list("]()>#+-=|{}.!"))
def test_markdown_v2_reserves_characters(char: str) -> None:
    assert fault(f"a{char}b", "MarkdownV2") == (
        f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
    )


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        pytest.param("é*a", "Can't find end of Bold entity at byte offset 2", id="bold"),
        pytest.param("_a", "Can't find end of Italic entity at byte offset 0", id="italic"),
        pytest.param("__a_", "Can't find end of Italic entity at byte offset 3", id="underline"),
        pytest.param("~a", "Can't find end of Strikethrough entity at byte offset 0", id="strikethrough"),
        pytest.param("||a", "Can't find end of Spoiler entity at byte offset 0", id="spoiler"),
        pytest.param("`a", "Can't find end of Code entity at byte offset 0", id="code"),
        pytest.param("```a", "Can't find end of Pre entity at byte offset 0", id="pre"),
        pytest.param("```py\na", "Can't find end of PreCode entity at byte offset 0", id="pre with language"),
        pytest.param("[a", "Can't find end of TextUrl entity at byte offset 0", id="link"),
        pytest.param("[a](b", "Can't find end of a URL at byte offset 4", id="address"),
        pytest.param(">*a\nb", "Can't find end of Bold entity at byte offset 1", id="bold beyond a quotation"),
        pytest.param("![a]b", "The entity must contain a tg://emoji or tg://time URL", id="emoji without address"),
        pytest.param("![a](http://x.y)", "Invalid tg://emoji or tg://time URL specified", id="emoji elsewhere"),
    ],
)
def test_markdown_v2_faults(markup: str, says: str) -> None:
    assert fault(markup, "MarkdownV2") == says


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(ParseFault, match=r"^Bad Request: unsupported parse_mode$"):
        formatted("x", parse_mode="BBCode")


def test_parse_mode_wins_over_passed_entities_and_its_case_does_not_matter() -> None:
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    assert formatted("<i>x</i>", parse_mode="hTmL", entities=bold)[1] == [{"type": "italic", "offset": 0, "length": 1}]
    assert formatted("x", parse_mode="None", entities=bold)[1] == bold
