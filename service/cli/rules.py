"""``minqing rules``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service.cli.context import ACTOR, begin_context, open_context
from service.cli.help import ChineseGroup

_FILE = click.Path(path_type=Path)


@click.group("rules", cls=ChineseGroup)
def rules() -> None:
    """管理办理规则：与模型的判断并列的意见。"""


@rules.command("list")
def list_command() -> None:
    """列出现行的规则。"""
    from service.usecases.administration.rules import list_rules

    for number, rule in enumerate(list_rules(open_context()), start=1):
        said = [
            f"指定工作室{rule.studio}" if rule.studio else "",
            f"建议由{rule.department}承办" if rule.department else "",
            "复核" if rule.needs_review else "",
            "提示不予受理" if rule.refusal else "",
            "紧急" if rule.is_urgent else "",
            "提示" if rule.advice else "",
        ]
        words = f"（{len(rule.words)} 个词语）" if rule.words else ""
        click.echo(f"{number}. {rule.name}{words}：{'；'.join(filter(None, said))}")


@rules.command("export")
@click.argument("file", type=_FILE)
def export_command(file: Path) -> None:
    """把现行的规则写成 CSV 文件。"""
    from service.intake.rule_rows import BOM, write_rules_text
    from service.usecases.administration.rules import list_rules
    from service.usecases.files.output_files import written_whole

    in_force = list_rules(open_context())
    with written_whole(file) as stream:
        stream.write(BOM + write_rules_text(in_force))
    click.echo(f"已写出 {len(in_force)} 条规则到 {file}")


@rules.command("import")
@click.argument("file", type=_FILE)
def import_command(file: Path) -> None:
    """用一个 CSV 文件替换全部规则，先整体检查；对此后收到的留言有效。"""
    from service.composition import with_directory
    from service.usecases.administration.rules import import_rules

    count, warnings = import_rules(with_directory(begin_context(file)), file, ACTOR)
    for line in warnings:
        click.echo(f"提醒：{line}", err=True)
    click.echo(f"已载入 {count} 条规则，对此后收到的留言有效")


@rules.command("try")
@click.argument("draft", type=_FILE)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="只看这一天起收到的留言")
@click.option("-o", "--output", type=_FILE, help="把会变的决定写成 CSV 文件")
def try_command(draft: Path, since: datetime | None, output: Path | None) -> None:
    """用已有留言试运行一份规则：列出会变的决定，不作任何更改。"""
    from service.composition import with_directory
    from service.intake.rule_rows import read_rules_file
    from service.usecases.administration.rules import known_names
    from service.usecases.administration.trial_texts import change_writer, told, trial_lines
    from service.usecases.administration.try_rules import try_rules
    from service.usecases.files.output_files import check_output, written_whole

    context = with_directory(open_context())
    wanted = read_rules_file(draft, known_names(context))
    first_day = since.date() if since else None
    if output is None:
        trial = try_rules(context, wanted, lambda one: click.echo(told(one)), first_day)
    else:
        check_output(output, draft)
        with written_whole(output) as stream:
            trial = try_rules(context, wanted, change_writer(stream), first_day)
    for line in trial_lines(trial):
        click.echo(line)
