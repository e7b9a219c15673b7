"""/answers: the owner's spreadsheet of what people gave, as XLSX and CSV, with the photos in an archive.

Asking only notes that the spreadsheet is owed; it is made when that falls due, outside any transaction, since photos
have to be fetched.  So it also comes when the bot is killed in between.
"""

from __future__ import annotations

import asyncio
import csv
import io
import logging
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram.error import TelegramError

from bot_runtime.features import Cell, Feature, Picture, Results
from bot_runtime.polling import Attachment
from bot_runtime.speech import shortened
from bot_runtime.work import Button, House, Work

log = logging.getLogger(__name__)

KIND = "answers"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60
LONGEST_SHEET_NAME = 29  # Excel takes 31; two are for telling it from another
RESERVED_SHEET_NAME = "history"  # Excel keeps it for itself
ARCHIVE_BYTES = 45 * 1_048_576  # Telegram takes documents up to 50 MB
TRIES = 3


class Answers:
    """Gives the owner what people gave."""

    def __init__(self, house: House, features: Sequence[Feature]) -> None:
        self._house = house
        self._features = {feature.id: feature for feature in features}
        self._failures: dict[str, int] = {}

    async def ask(self, work: Work) -> None:
        """/answers: at once where there is one thing to give, else which one."""
        if not work.is_owner:
            work.say(work.text("bot.owner_only"))
            return
        found = {id_: results for id_, one in self._features.items() if (results := await one.results(work))}
        if not found:
            work.say(work.text("bot.answers_nothing"))
        elif len(found) == 1:
            await self._promise(work, *next(iter(found.items())))
        else:
            rows = [
                [Button(text=shortened(results.title, 60), data=f"-:{KIND}:{id_}")] for id_, results in found.items()
            ]
            work.say(work.text("bot.answers_which"), rows)

    async def press(self, work: Work, feature_id: str) -> None:
        """The owner chose."""
        feature = self._features.get(feature_id)
        results = await feature.results(work) if feature and work.is_owner else None
        if results is None:
            work.toast(work.plain("bot.stale"))
        else:
            await self._promise(work, feature_id, results)

    async def _promise(self, work: Work, feature_id: str, results: Results) -> None:
        if not results.rows:
            work.say(work.text("bot.answers_none"))
            return
        work.call("sendChatAction", {"action": "upload_document"}, expendable=True)
        await work.plan(KIND, feature_id, work.now)

    async def give(self, feature_id: str) -> None:
        """Make the spreadsheet and owe it to the owner."""
        try:
            await self._give(feature_id)
            self._failures.pop(feature_id, None)
        except Exception:
            self._failures[feature_id] = self._failures.get(feature_id, 0) + 1
            if self._failures.pop(feature_id) < TRIES:
                raise
            log.exception("the answers of %s could not be written", feature_id)
            async with self._house.work() as work:
                await work.unplan(KIND, feature_id)
                told = work.for_owner()
                told.say(told.text("bot.answers_failed"))

    async def _give(self, feature_id: str) -> None:
        feature = self._features.get(feature_id)
        async with self._house.work() as work:
            told = work.for_owner()
            results = await feature.results(told) if feature else None
            sheet = told.plain("bot.sheet_answers")
        pictures = await self._pictures(results) if results else []
        files = await asyncio.to_thread(_files, results, pictures, sheet) if results else []
        async with self._house.work() as work:
            await work.unplan(KIND, feature_id)
            if results is not None:
                _hand_over(work.for_owner(), results, files)

    async def _pictures(self, results: Results) -> list[tuple[str, bytes]]:
        found: list[tuple[str, bytes]] = []
        room = ARCHIVE_BYTES
        for picture in (cell for row in results.rows for cell in row if isinstance(cell, Picture)):
            content = picture.content or await self._fetched(picture)
            if content is not None and len(content) <= room:
                found.append((picture.name, content))
                room -= len(content)
        return found

    async def _fetched(self, picture: Picture) -> bytes | None:
        try:
            file = await self._house.caller.get_file(picture.file_id or "")
            return bytes(await file.download_as_bytearray())
        except TelegramError as exc:
            log.warning("a photo could not be fetched: %s", exc)
            return None


def _hand_over(told: Work, results: Results, files: Sequence[Attachment]) -> None:
    number = len(results.rows)
    count = told.plain("bot.answers_count_one" if number == 1 else "bot.answers_count_other", count=number)
    caption = told.text("bot.answers_ready", title=shortened(results.title, 200), count=count)
    for file in files:
        params = {"caption": caption, "parse_mode": "HTML"} if file is files[0] else {}
        told.call("sendDocument", params, attachments=(file,))


def _files(results: Results, pictures: Sequence[tuple[str, bytes]], sheet: str) -> list[Attachment]:
    name = f"{_safe(results.title)}-{datetime.now(UTC):%Y-%m-%d}"
    files = [
        Attachment(field="document", filename=f"{name}.xlsx", content=xlsx(results, sheet)),
        Attachment(field="document", filename=f"{name}.csv", content=csv_file(results)),
    ]
    if pictures:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
            for file_name, content in pictures:
                packed.writestr(_safe_file(file_name), content)
        files.append(Attachment(field="document", filename=f"{name}-photos.zip", content=archive.getvalue()))
    return files


def xlsx(results: Results, sheet: str) -> bytes:
    """The table as an Excel workbook; nothing in it is a formula or a link, whatever people wrote."""
    import xlsxwriter  # rarely needed, and 5 MB

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        name = _sheet_name(sheet)
        tables = [(name, [list(results.columns), *results.rows])]
        if results.summary:
            tables.insert(0, (_sheet_name(results.title, name), [list(row) for row in results.summary]))
        for title, rows in tables:
            page = workbook.add_worksheet(title)
            page.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    value = _plain(cell)
                    form = bold if at == 0 else wrapped
                    if isinstance(value, int | float) and abs(value) < 10**15:
                        page.write_number(at, place, value, form)
                    else:
                        page.write_string(at, place, str(value)[:32_000], form)
            for place in range(len(rows[0])):
                widest = max(len(str(_plain(row[place]))) for row in rows)
                page.set_column(place, place, min(widest + 2, WIDEST))
    return buffer.getvalue()


def csv_file(results: Results) -> bytes:
    """The table as CSV that Excel opens in the right encoding; text that would begin a formula gets an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in [results.columns, *results.rows]:
        writer.writerow([_unarmed(_plain(cell)) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    return _safe_file(cell.name) if isinstance(cell, Picture) else cell


def _unarmed(value: str | int | float) -> str | int | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA) else value


def _safe(title: str) -> str:
    return re.sub(r"[^\w-]+", "-", title).strip("-")[:60] or KIND


def _sheet_name(title: str, taken: str = RESERVED_SHEET_NAME) -> str:
    """A name that Excel allows for a sheet, other than the taken one; Excel looks past capitals, and counts UTF-16."""
    name = _safe(title)
    while len(name.encode("utf-16-le")) > 2 * LONGEST_SHEET_NAME:
        name = name[:-1]
    taken_names = {taken.casefold(), RESERVED_SHEET_NAME}
    names = (name, f"{name}-2", f"{name}-3")
    return next(one for one in names if one.casefold() not in taken_names)


def _safe_file(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:100]
