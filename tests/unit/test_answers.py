"""The spreadsheet of the answers opens whatever the poll is called."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from bot_runtime.answers import xlsx
from bot_runtime.features import Results


@pytest.mark.parametrize(
    "title",
    [
        "Answers", "answers", "ANSWERS", "???", "\U0001f355\U0001f354", "", "'quoted'", "a[b]:c*d?e/f\\g", "History",
        "-", "'", "x" * 80, "\U0001d49c" * 40, "Answers" * 9, "東京" * 30, "Tea or coffee?",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sheet", ["Answers", "Respuestas", "History"])
def test_sheets_have_names_of_their_own_that_excel_allows(title: str, sheet: str) -> None:
    results = Results(
        title=title, columns=["Who", "Vote"], rows=[["Ann", "Tea"]], summary=[["Vote", "Number"], ["Tea", 1]]
    )
    book = openpyxl.load_workbook(io.BytesIO(xlsx(results, sheet)))
    summary, votes = book.sheetnames
    assert summary.casefold() != votes.casefold()
    for name in (summary, votes):
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.strip("'") == name
        assert name.casefold() != "history"
    assert [[cell.value for cell in row] for row in book[summary].iter_rows()] == [["Vote", "Number"], ["Tea", 1]]
    assert [[cell.value for cell in row] for row in book[votes].iter_rows()] == [["Who", "Vote"], ["Ann", "Tea"]]
