"""The help of the commands, in Chinese where click's own words are English."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_TEXTS = {
    "Show this message and exit.": "显示帮助。",
    "Show the version and exit.": "显示版本。",
    "[required]": "[必填]",
    "[OPTIONS]": "[选项]",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "FLOAT RANGE": "数",
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "[default: ": "[默认 ",
}
_BETWEEN = re.compile(r"(?P<low>[-0-9.]+)<=x<=(?P<high>[-0-9.]+)")
_FROM = re.compile(r"x>=([-0-9.]+)")
_TO = re.compile(r"x<=([-0-9.]+)")


def _in_chinese(text: str) -> str:
    for english, chinese in _TEXTS.items():
        text = text.replace(english, chinese)
    text = _BETWEEN.sub(r"在 \g<low> 与 \g<high> 之间", text)
    return _TO.sub(r"不大于 \1", _FROM.sub(r"不小于 \1", text))


class ChineseFormatter(click.HelpFormatter):
    """Writes click's headings and set phrases in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is called."""
        super().write_usage(prog, _in_chinese(args), "用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options or commands, each with what it does."""
        rows = [(_in_chinese(name), _in_chinese(text)) for name, text in rows]
        super().write_dl(rows, col_max, col_spacing)


class ChineseContext(click.Context):
    """A call of a command whose help is in Chinese."""

    formatter_class = ChineseFormatter


class ChineseGroup(click.Group):
    """A group whose help, and that of its commands, is in Chinese."""

    context_class = ChineseContext

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Take a command in."""
        cmd.context_class = ChineseContext
        super().add_command(cmd, name)
