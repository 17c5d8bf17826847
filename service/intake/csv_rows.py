"""CSV records put together from physical lines, so that one bad quote costs one line.

A record whose quote does not close within bounds, or closes in the middle of a cell, is refused
by its first line alone; reading goes on at the next physical line. What is read twice that way
is budgeted in proportion to what was read, so time stays linear whatever the file holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from service.errors import BrokenQuotesError, InvalidInputError, RecordTooLongError
from service.intake.columns import Field, known_count
from service.intake.lines import Line
from service.intake.rejects import Reject, refuse
from service.intake.rows import Record

MAX_RECORD_CHARS = 2_000_000
DELIMITERS = (",", "\t", ";")
_REREAD_AT_FIRST = 4 * MAX_RECORD_CHARS
_REREAD_PER_CHAR = 4


class _Cells:
    """The cells of one record, fed line by line."""

    def __init__(self, delimiter: str) -> None:
        self.cells: list[str] = []
        self._delimiter = delimiter
        self._quoted: list[str] | None = None

    def feed(self, text: str) -> bool:
        """Take one physical line; True when the record ends with it.

        Raises
        ------
        BrokenQuotesError
            Something follows a closing quote within its cell.
        """
        if self._quoted is None and '"' not in text:
            self.cells += text.rstrip("\r\n").split(self._delimiter)
            return True
        at = 0
        while True:
            if self._quoted is None and text.startswith('"', at):
                self._quoted = []
                at += 1
            end = self._plain(text, at) if self._quoted is None else self._to_quote(text, at)
            if end is None:
                return False
            if not text.startswith(self._delimiter, end):
                return True
            at = end + len(self._delimiter)

    def _plain(self, text: str, at: int) -> int:
        """Take an unquoted cell; the place after it."""
        end = text.find(self._delimiter, at)
        if end < 0:
            end = len(text.rstrip("\r\n"))
        self.cells.append(text[at:end])
        return end

    def _to_quote(self, text: str, at: int) -> int | None:
        """Take a quoted cell up to its closing quote; the place after it, None if it is open."""
        assert self._quoted is not None  # noqa: S101 - `feed` calls it inside quotes only
        while (quote := text.find('"', at)) >= 0:
            self._quoted.append(text[at:quote])
            at = quote + 1
            if not text.startswith('"', at):
                return self._close(text, at)
            self._quoted.append('"')
            at += 1
        self._quoted.append(text[at:])
        return None

    def _close(self, text: str, at: int) -> int:
        if text[at : at + 1] not in (self._delimiter, "\r", "\n", ""):
            raise BrokenQuotesError("右引号之后还有文字；引号内的引号应写成两个")
        self.cells.append("".join(self._quoted or ()))
        self._quoted = None
        return at


class _Assembler:
    """Joins lines to records; lines looked at in vain wait in ``_waiting``."""

    def __init__(self, lines: Iterator[Line], delimiter: str, max_chars: int) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._max_chars = max_chars
        self._waiting: deque[Line] = deque()
        self._reread_chars = _REREAD_AT_FIRST

    def next_record(self) -> Record | Reject | None:
        """The next record, the reject of a line that begins none, or None at the end."""
        first = self._next_line()
        if first is None:
            return None
        taken = [first]
        try:
            cells = self._assemble(taken)
        except InvalidInputError as error:
            self._put_back(taken[1:])
            return refuse(first.number, error, (first.text.rstrip("\r\n"),))
        return Record(first.number, tuple(cells))

    def _assemble(self, taken: list[Line]) -> list[str]:
        """The cells of the record that begins with ``taken``, which grows by the lines used."""
        scanner = _Cells(self._delimiter)
        char_count = len(taken[0].text)
        bound = min(self._max_chars, max(self._reread_chars, char_count))
        while True:
            if taken[-1].is_cut or char_count > bound:
                raise RecordTooLongError(f"超过 {bound} 字，仅存第一行")
            if scanner.feed(taken[-1].text):
                return scanner.cells
            line = self._next_line()
            if line is None:
                raise BrokenQuotesError("左引号直到文件末尾没有闭合")
            taken.append(line)
            char_count += len(line.text)

    def _next_line(self) -> Line | None:
        if self._waiting:
            return self._waiting.popleft()
        line = next(self._lines, None)
        if line is not None:
            self._reread_chars += _REREAD_PER_CHAR * len(line.text)
        return line

    def _put_back(self, lines: list[Line]) -> None:
        self._waiting.extendleft(reversed(lines))
        self._reread_chars -= sum(len(line.text) for line in lines)


def choose_delimiter(head: Sequence[str], overrides: Mapping[str, Field]) -> str:
    """The delimiter under which a line of ``head`` has the most known column names."""

    def fit(delimiter: str) -> int:
        return max((known_count(line.split(delimiter), overrides) for line in head), default=0)

    return max(DELIMITERS, key=fit)


def csv_records(
    lines: Iterator[Line], delimiter: str, max_chars: int = MAX_RECORD_CHARS
) -> Iterator[Record | Reject]:
    """Records of a CSV in order; memory is bounded by a few times ``max_chars``."""
    assembler = _Assembler(lines, delimiter, max_chars)
    while (record := assembler.next_record()) is not None:
        yield record
