"""What is wrong with a command line, in Chinese."""

from __future__ import annotations

import click


def usage_line(error: click.UsageError) -> str:
    """One line: what is wrong, and where the usage stands."""
    command = error.ctx.command_path if error.ctx else "minqing"
    return f"{_reason(error)}，用法见 {command} --help"


def _reason(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)} 的值不正确"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的用法不正确"
    return "命令的参数不正确"


def _name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return f"选项 {max(parameter.opts, key=len)}"
    return f"参数 {parameter.human_readable_name}" if parameter else "参数"
