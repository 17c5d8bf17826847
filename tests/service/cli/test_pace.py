"""How quickly it goes on is told in plain words."""

from __future__ import annotations

import pytest

from service.cli.pace import pace_zh


@pytest.mark.parametrize(
    ("done", "share", "seconds", "told"),
    [
        (0, 0.0, 0.0, "每秒 0 件"),
        (500, None, 2.0, "每秒 250 件"),
        (500, 0.5, 2.0, "每秒 250 件，约剩 2 秒"),
        (600_000, 0.25, 600.0, "每秒 1,000 件，约剩 30 分钟"),
        (600_000, 0.1, 1200.0, "每秒 500 件，约剩 3.0 小时"),
        (100, 1.2, 10.0, "每秒 10 件，约剩 0 秒"),
    ],
)
def test_pace_and_time_left(done: int, share: float | None, seconds: float, told: str) -> None:
    assert pace_zh(done, share, seconds) == told
