"""Which column of a file holds which part of a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from service.domain.labels import Labelled
from service.errors import FileUnreadableError, InvalidInputError, UnknownColumnsError

MAX_COLUMNS = 1_000
_NAME_CHARS = 100  # a longer cell is no name; what follows tells nothing
_SHOWN_COLUMNS = 20
_SHOWN_CHARS = 16


class Field(Labelled):
    """A part of a message that a column may hold."""

    EXTERNAL_ID = "external_id", "留言编号"
    TITLE = "title", "留言主题"
    TEXT = "text", "留言详情"
    SENT_AT = "sent_at", "留言时间"
    SENDER = "sender", "留言用户"
    PHONE = "phone", "电话"
    LIKE_COUNT = "like_count", "点赞数"
    DISLIKE_COUNT = "dislike_count", "反对数"
    CHANNEL = "channel", "渠道"


# Names people and systems give to columns, the surest first: where a file has two that fit one
# field, the earlier in this list is taken.
_NAMES: dict[Field, str] = {
    Field.EXTERNAL_ID: """
        留言编号 信件编号 工单编号 诉求编号 工单号 受理编号 编号 序号 id external_id message_id
    """,
    Field.TITLE: "留言主题 信件主题 信件标题 留言标题 诉求标题 主题 标题 题目 title subject",
    Field.TEXT: """
        留言详情 留言内容 信件内容 诉求内容 反映内容 来信内容 工单内容 详情 内容 正文
        text content body message
    """,
    Field.SENT_AT: """
        留言时间 留言日期 来信时间 来信日期 提交时间 受理时间 登记时间 诉求时间 发布时间 创建时间
        时间 日期 sent_at sent time date datetime created_at
    """,
    Field.SENDER: """
        留言用户 留言人 来信人 诉求人 反映人 姓名 用户 用户名 联系人 sender name user author
    """,
    Field.PHONE: """
        联系电话 手机号码 手机号 手机 电话 电话号码 联系方式 来电号码 phone mobile tel telephone
    """,
    Field.LIKE_COUNT: "点赞数 点赞 支持数 赞成数 like likes like_count",
    Field.DISLIKE_COUNT: "反对数 反对 点踩数 dislike dislikes dislike_count",
    Field.CHANNEL: "渠道 来源渠道 诉求渠道 受理渠道 channel",
}


Needed = tuple[Field, ...]
DATED: Needed = (Field.TEXT, Field.SENT_AT)
UNDATED: Needed = (Field.TEXT,)


def plain_name(name: str) -> str:
    """A column's name as it is compared: width, case, spaces and dashes do not count."""
    folded = unicodedata.normalize("NFKC", name[:_NAME_CHARS]).casefold()
    return "".join(sign for sign in folded if sign.isalnum()) or folded.strip()


_RANKED: dict[Field, tuple[str, ...]] = {
    field: tuple(plain_name(name) for name in names.split()) for field, names in _NAMES.items()
}
_FIELD_OF = {name: field for field, names in _RANKED.items() for name in names}


def parse_overrides(pairs: Iterable[str]) -> dict[str, Field]:
    """Read ``列=字段`` pairs of ``--map``; the field by its English or any Chinese name.

    Raises
    ------
    InvalidInputError
        A pair has no ``=`` or names no field, or two pairs name one field.
    """
    overrides: dict[str, Field] = {}
    for pair in pairs:
        column, sign, name = pair.rpartition("=")
        field = _FIELD_OF.get(plain_name(name))
        if not (sign and column.strip()) or field is None:
            known = "、".join(f"{each.label_zh}({each.value})" for each in Field)
            raise InvalidInputError(f"--map “{pair}” 应写作 列=字段，字段可以是：{known}")
        if field in overrides.values():
            raise InvalidInputError(f"--map 把两列都指为“{field.label_zh}”")
        overrides[column.strip()] = field
    return overrides


def match_columns(names: Sequence[str], overrides: Mapping[str, Field]) -> dict[Field, int]:
    """The position of each field that the names tell of; ``overrides`` win over known names.

    Raises
    ------
    UnknownColumnsError
        Two columns of the same name would serve for one field.
    """
    plain = [plain_name(name) for name in names]
    chosen = {field: plain_name(column) for column, field in overrides.items()}
    taken = set(chosen.values())
    for field, known in _RANKED.items():
        here = [name for name in known if name in plain and name not in taken]
        if field not in chosen and here:
            chosen[field] = here[0]
    return {
        field: _only_place(name, plain, names) for field, name in chosen.items() if name in plain
    }


def _only_place(name: str, plain: Sequence[str], names: Sequence[str]) -> int:
    place = plain.index(name)
    if plain.count(name) > 1:
        raise UnknownColumnsError(f"列“{names[place]}”出现了 {plain.count(name)} 次")
    return place


def unused_columns(names: Sequence[str], overrides: Mapping[str, Field]) -> tuple[str, ...]:
    """The names, fit to be shown, of the columns that are taken for nothing.

    Raises
    ------
    UnknownColumnsError
        Two columns of the same name would serve for one field.
    """
    used = set(match_columns(names, overrides).values())
    shown = (_show_name(name) for place, name in enumerate(names) if place not in used)
    return tuple(name for name in shown if name)


def has_text_column(names: Sequence[str], overrides: Mapping[str, Field]) -> bool:
    """Whether these names can be a header: one of them is the text's."""
    texts = {plain_name(name) for name, field in overrides.items() if field is Field.TEXT}
    texts = texts or set(_RANKED[Field.TEXT])
    return any(plain_name(name) in texts for name in names)


def known_count(names: Sequence[str], overrides: Mapping[str, Field]) -> int:
    """How many of the names tell of a field."""
    plain = {plain_name(name) for name in names}
    return len(plain & (_FIELD_OF.keys() | {plain_name(column) for column in overrides}))


def check_header(
    names: Sequence[str], overrides: Mapping[str, Field], needed: Needed = DATED
) -> None:
    """Let a header pass that has what is needed and every column named by ``overrides``.

    Raises
    ------
    UnknownColumnsError
        One of them is missing or stands there twice.
    FileUnreadableError
        There are too many columns.
    """
    if len(names) > MAX_COLUMNS:
        raise FileUnreadableError(f"共有 {len(names)} 列，最多 {MAX_COLUMNS} 列")
    plain = {plain_name(name) for name in names}
    for column in overrides:
        if plain_name(column) not in plain:
            raise UnknownColumnsError(f"没有 --map 所指的列“{column}”；{show_names(names)}")
    found = match_columns(names, overrides)
    for field in needed:
        if field not in found:
            raise UnknownColumnsError(f"没有“{field.label_zh}”列；{show_names(names)}")


def show_names(names: Sequence[str]) -> str:
    """The columns of a file in one short line, each cut so that no content shows."""
    return f"文件中的列：{'、'.join(_show_name(name) for name in names[:_SHOWN_COLUMNS])}"


def _show_name(name: str) -> str:
    in_one_line = " ".join(name[:_NAME_CHARS].split())
    return "".join(sign for sign in in_one_line if sign.isprintable())[:_SHOWN_CHARS]
