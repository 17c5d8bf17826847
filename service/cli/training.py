"""``minqing train-default``: the weights that ship, from the shared labelled data."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.errors import FileUnreadableError


@click.command("train-default")
@click.option(
    "--shared", type=click.Path(path_type=Path), required=True, help="标注数据所在文件夹。"
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="模型文件。")
def train_default(shared: Path, output: Path) -> None:
    """用标注数据训练随附的分类与并案模型。"""
    from service.settings import read_settings
    from training.default import Sources
    from training.default import train_default as train
    from training.pair_sections import fit_pair_sections
    from training.pairs import read_judged_pairs, read_shared_texts

    click.echo("拟合并案模型 …")
    try:
        pairs = read_judged_pairs(shared / "matters_dev.tsv")
        texts = read_shared_texts(shared)
    except OSError as error:
        raise FileUnreadableError(str(error.filename)) from error
    sections = fit_pair_sections(texts, pairs)
    sources = Sources(shared, read_settings().data)
    figures = train(sources, output, sections, _show_step)
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    click.echo(f"模型已写入 {output}")


def _show_step(step: str, done: int, total: int) -> None:
    click.echo(f"{step} {done}/{total}")
