"""How quickly a long command goes on, and for how long still."""

from __future__ import annotations

from time import perf_counter

import click

PROCESSES = click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="同时使用的进程数；默认与处理器数相同。",
)
_MINUTE, _HOUR = 60, 3600


class Pace:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        self._began = perf_counter()

    def told(self, done: int, share: float | None) -> str:
        """Pace and time left, in Chinese.

        Parameters
        ----------
        done
            What is done so far.
        share
            The share (0–1) of the work that this is; None where it is not known.
        """
        return pace_zh(done, share, perf_counter() - self._began)


def pace_zh(done: int, share: float | None, seconds: float) -> str:
    """Pace and time left after so many seconds of work; see ``Pace.told``."""
    pace = f"每秒 {done / max(seconds, 1e-3):,.0f} 件"
    if not share:
        return pace
    return f"{pace}，约剩 {_span_zh(seconds * max(1 / share - 1, 0))}"


def _span_zh(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} 秒"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} 分钟"
    return f"{seconds / _HOUR:.1f} 小时"
