"""What can go wrong in the classifier; a class's docstring opens with its Chinese message."""

from __future__ import annotations

from pathlib import Path


class ClassifierError(Exception):
    """分类器出错。

    ``str(error)`` is one Chinese line: the message and, where known, the file and the reason.
    """

    def __init__(self, path: Path | None = None, reason: str = "") -> None:
        message = (type(self).__doc__ or "").split("\n", 1)[0].rstrip("。")
        where = f" {path}" if path is not None else ""
        super().__init__(f"{message}{where}{'：' if reason else ''}{reason}")
        self.path = path
        self.reason = reason


class TaxonomyError(ClassifierError):
    """主题分类表无法使用。"""


class ModelFileError(ClassifierError):
    """模型文件无法使用。"""
