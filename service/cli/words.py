"""``minqing words``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.context import ACTOR, begin_context, open_context
from service.cli.help import ChineseGroup

if TYPE_CHECKING:
    from service.domain.provision import Word
    from service.usecases.administration.words import Preview, WordList

_SHOWN, _TITLE_CHARS = 50, 30


@click.group("words", cls=ChineseGroup)
def words() -> None:
    """管理词典中另加的词：先改草稿，看会改变哪些判断，再发布。"""


@words.command("list")
def list_command() -> None:
    """列出已发布的词和草稿中的改动。"""
    from service.usecases.administration.words import list_words

    found = list_words(open_context())
    for word in found.published:
        click.echo(_shown(word))
    click.echo(f"已发布 {len(found.published)} 个词")
    _show_draft(found)


@words.command("add")
@click.argument("word")
@click.argument("freq", type=click.IntRange(min=1), required=False)
def add_command(word: str, freq: int | None) -> None:
    """把一个词加入草稿，词频可省；不改变任何判断。"""
    from service.usecases.administration.words import add_word

    _show_draft(add_word(begin_context(), word, freq, ACTOR))


@words.command("remove")
@click.argument("word")
def remove_command(word: str) -> None:
    """从草稿中去掉一个词；不改变任何判断。"""
    from service.usecases.administration.words import remove_word

    _show_draft(remove_word(open_context(), word, ACTOR))


@words.command("preview")
@click.argument("word", required=False)
@click.argument("freq", type=click.IntRange(min=1), required=False)
@click.option("--count", type=click.IntRange(1, 1_000_000), default=5_000, help="看最近多少件。")
def preview_command(word: str | None, freq: int | None, count: int) -> None:
    """看草稿（或另加一个词）会改变最近留言中的哪些判断；不改变任何判断。"""
    from service.usecases.administration.words import list_words, preview_word, preview_words

    context = open_context()
    if word is None:
        _show_preview(preview_words(context, list_words(context).draft, count))
    else:
        _show_preview(preview_word(context, word, freq, count))


@words.command("publish")
def publish_command() -> None:
    """发布草稿。"""
    from service.usecases.administration.words import publish_words

    before = publish_words(open_context(), ACTOR)
    click.echo(f"已发布：新增或更改 {len(before.added)} 个词，去掉 {len(before.removed)} 个")
    click.echo("正在运行的工作台重新启动后采用新的词典")


def _shown(word: Word) -> str:
    return word.text if word.frequency is None else f"{word.text} {word.frequency}"


def _show_draft(found: WordList) -> None:
    for sign, changed in (("+", found.added), ("-", found.removed)):
        for word in changed:
            click.echo(f"{sign} {_shown(word)}")
    if found.added or found.removed:
        click.echo("以上改动待发布：minqing words preview 查看影响，minqing words publish 发布")
    else:
        click.echo("没有待发布的改动")


def _show_preview(found: Preview) -> None:
    for one in found.changed[:_SHOWN]:
        title = "".join(filter(str.isprintable, " ".join(one.title.split())))[:_TITLE_CHARS]
        click.echo(f"{one.message_id}　{title}　{'；'.join(one.changes)}")
    if len(found.changed) > _SHOWN:
        click.echo(f"……只列出最近的 {_SHOWN} 件")
    click.echo(f"最近 {found.looked_at:,} 件留言中，{len(found.changed):,} 件的判断会改变")
