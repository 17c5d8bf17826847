"""What can go wrong in training; a class's docstring opens with its Chinese message."""

from __future__ import annotations


class TrainingError(Exception):
    """训练数据无法使用。"""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{(type(self).__doc__ or '').rstrip('。')}：{reason}")
        self.reason = reason
