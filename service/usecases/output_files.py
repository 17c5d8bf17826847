"""Files that a use case writes beside the one it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from service.errors import FileUnwritableError, InvalidInputError


def check_output(source: Path, output: Path) -> None:
    """Refuse to write over the file that is read.

    Raises
    ------
    InvalidInputError
        Both are one file.
    """
    try:
        is_same = output.samefile(source)
    except OSError:  # one of them is not there
        is_same = False
    if is_same:
        raise InvalidInputError(f"{output.name} 正是要读的文件，请另写一个文件名")


@contextmanager
def written_whole(output: Path) -> Iterator[TextIO]:
    """A text file (UTF-8) that takes the place of an old one only when all is written.

    Raises
    ------
    FileUnwritableError
        It cannot be written; what stood there before still does.
    """
    target = output.resolve()
    draft = target.with_name(f".{target.name}.part")
    if target.exists() and not target.is_file():
        raise FileUnwritableError(f"{output} 不是普通文件")
    try:
        stream = draft.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise FileUnwritableError(str(output)) from error
    try:
        with stream:
            yield stream
        draft.replace(target)
    except OSError as error:
        raise FileUnwritableError(str(output)) from error
    finally:
        draft.unlink(missing_ok=True)
