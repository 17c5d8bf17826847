"""The parts of a message, checked and put together: the one door for files and for the API."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.channel import Channel
from service.domain.message import IncomingMessage, SenderDetails
from service.errors import (
    EmptyTextError,
    FieldTooLongError,
    InvalidInputError,
    MissingDateError,
    TextTooLongError,
    UnknownChannelError,
    UnreadableCountError,
    UnusableCharactersError,
)
from service.intake.columns import Field
from service.intake.dates import parse_when
from service.intake.rows import Cell, show_cell

MAX_TEXT_CHARS = 100_000
_MAX_CHARS = {Field.TITLE: 1_000, Field.SENDER: 100, Field.PHONE: 100, Field.EXTERNAL_ID: 200}
_MAX_COUNT = 2**31 - 1
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")  # no database stores them as text
# By the value and by the name that people know it under.
_CHANNELS = {name: each for each in Channel for name in (each.value, each.label_zh)}
_NOBODY = frozenset(["匿名", "匿名用户", "匿名网友", "匿名者", "无", "无名", "未知", "-", "—", "/"])


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What reading needs to know besides the file.

    ``now`` is aware and bounds what dates are believed; ``overrides`` are columns named by hand
    (``columns.parse_overrides``); ``channel`` counts where a row names none. A row without a time
    takes ``undated``; where that is None it is refused. ``retime`` moves the times that are
    written: an example may be told as if it had come lately.
    """

    now: datetime
    overrides: Mapping[str, Field] = field(default_factory=dict)
    max_text_chars: int = MAX_TEXT_CHARS
    channel: Channel = Channel.IMPORT
    undated: datetime | None = None
    retime: Callable[[datetime], datetime] | None = None


def build_message(
    values: Mapping[Field, Cell], source: str, options: ReadOptions
) -> IncomingMessage:
    """The message that the values make; those that are missing are empty. The text stays as is.

    Raises
    ------
    InvalidInputError
        One of its kinds, by the first thing wrong: no text, too long a text or other value, no
        time or none that can be read, characters no database takes, an odd count or channel.
    """
    text = _text(values, options.max_text_chars)
    return IncomingMessage(
        title=_short(values, Field.TITLE),
        text=text,
        sent_at=_sent_at(values, options),
        channel=_channel(values, options.channel),
        source=source,
        external_id=_short(values, Field.EXTERNAL_ID),
        sender=SenderDetails(_sender_name(values), _short(values, Field.PHONE)),
        like_count=_count(values, Field.LIKE_COUNT),
        dislike_count=_count(values, Field.DISLIKE_COUNT),
    )


def _written(values: Mapping[Field, Cell], part: Field) -> str:
    value = values.get(part)
    if isinstance(value, str):
        written = value
    elif isinstance(value, bool | list | dict):
        raise InvalidInputError(f"{part.label_zh}应为文字")
    else:
        written = show_cell(value)
    if _UNUSABLE.search(written):
        raise UnusableCharactersError(part.label_zh)
    return written


def _short(values: Mapping[Field, Cell], part: Field) -> str:
    written = _written(values, part).strip()
    if len(written) > _MAX_CHARS[part]:
        raise FieldTooLongError(f"{part.label_zh}有 {len(written)} 字，上限 {_MAX_CHARS[part]}")
    return written


def _text(values: Mapping[Field, Cell], max_chars: int) -> str:
    written = _written(values, Field.TEXT)
    if len(written) > max_chars:
        raise TextTooLongError(f"有 {len(written)} 字，上限 {max_chars}")
    if not any(unicodedata.category(sign)[0] not in "CZ" for sign in written):
        raise EmptyTextError
    return written


def _sent_at(values: Mapping[Field, Cell], options: ReadOptions) -> datetime:
    value = values.get(Field.SENT_AT)
    if value is not None and not (isinstance(value, str) and not value.strip()):
        written = parse_when(value, options.now)
        return options.retime(written) if options.retime else written
    if options.undated is None:
        raise MissingDateError
    return options.undated


def _channel(values: Mapping[Field, Cell], default: Channel) -> Channel:
    written = _written(values, Field.CHANNEL).strip()
    if not written:
        return default
    if written not in _CHANNELS:
        raise UnknownChannelError(f"“{written[:20]}”")
    return _CHANNELS[written]


def _sender_name(values: Mapping[Field, Cell]) -> str:
    name = _short(values, Field.SENDER)
    return "" if name in _NOBODY else name


def _count(values: Mapping[Field, Cell], part: Field) -> int:
    value = values.get(part)
    if type(value) is int and 0 <= value <= _MAX_COUNT:  # a bool is none
        return value
    written = unicodedata.normalize("NFKC", _written(values, part)).strip().replace(",", "")
    if not written:
        return 0
    if not re.fullmatch(r"[0-9]{1,10}", written) or int(written) > _MAX_COUNT:
        raise UnreadableCountError(f"{part.label_zh}“{written[:20]}”")
    return int(written)
