"""The card that goes with a model trained on a user's own table, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_PAGE = """# 模型说明：{name}

版本 {version}。由 `minqing train` 与模型文件一同写出；数据相同，每个字节都相同。

## 数据

| 项 | 值 |
|---|---|
{data}

## 方法

{method}

下面的数字都是留出检验的：分五份，轮流用四份训练、一份检验，相近的文字总在同一边；区间为
95 % 区间（正确率用精确法，校准误差用自助法）。可接受的第二标签也算对。
{heads}"""
_HEAD = """
## {head}

| 项 | 值 |
|---|---|
| 检验行数 | {rows:,} |
| 准确率 | {accuracy}（{accuracy_low}–{accuracy_high}） |
| 宏平均 F1 | {macro_f1} |
| 校准误差（去偏） | {calibration_error}（{calibration_low}–{calibration_high}） |
{coverage}

| 标签 | 行数 | 精确率 | 召回率 | F1 |
|---|---|---|---|---|
{classes}

{plots}
"""
_COVERAGE = "| 准确 {precision} 时可不经人看的比例 | {share:.1%}（概率不低于 {limit}） |"
_CLASS = "| {label} | {support:,} | {precision} | {recall} | {f1} |"


def own_card(
    name: str,
    version: str,
    data: Mapping[str, str],
    method: str,
    figures: Mapping[str, Mapping[str, Any]],
    plots: Mapping[str, Sequence[str]],
) -> str:
    """The card, in Markdown.

    Parameters
    ----------
    name, version
        Of the model file.
    data
        What it learned from: Chinese names and values.
    method
        How, in Chinese.
    figures
        For each head what ``measures.measure`` gave; a head that could not be tried out is
        missing.
    plots
        For each of these heads the names of its plots' files.
    """
    return _PAGE.format(
        name=_plain(name),
        version=version,
        data="\n".join(f"| {_plain(key)} | {_plain(value)} |" for key, value in data.items()),
        method=method,
        heads="".join(_head(head, figures[head], plots[head]) for head in figures),
    )


def _head(head: str, figures: Mapping[str, Any], plots: Sequence[str]) -> str:
    low, high = figures["accuracy_interval"]
    calibration_low, calibration_high = figures["calibration_interval"]
    coverage = [
        _COVERAGE.format(precision=precision, **found)
        for precision, found in figures["coverage"].items()
    ]
    classes = [
        _CLASS.format(label=_plain(label), **{**found, "support": int(found["support"])})
        for label, found in figures["classes"].items()
    ]
    shown = {key: figures[key] for key in ("rows", "accuracy", "macro_f1", "calibration_error")}
    return _HEAD.format(
        head=_plain(head),
        accuracy_low=low,
        accuracy_high=high,
        calibration_low=calibration_low,
        calibration_high=calibration_high,
        coverage="\n".join(coverage),
        classes="\n".join(classes),
        plots="\n".join(f"![]({name})" for name in plots),
        **shown,
    )


def _plain(text: str) -> str:
    """A text that breaks no table: in one line, without bars."""
    return " ".join(text.split()).replace("|", "｜")
