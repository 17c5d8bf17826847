"""``minqing train-default``: the weights that ship, from the shared labelled data."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train-default")
@click.option(
    "--shared", type=click.Path(path_type=Path), required=True, help="标注数据所在文件夹。"
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="模型文件。")
def train_default(shared: Path, output: Path) -> None:
    """用标注数据训练随附的分类与并案模型。"""
    from training.default import train_default as train

    train(shared, output, click.echo)
    click.echo(f"模型已写入 {output}")
