"""Files that a use case writes beside the one it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from service.errors import FileUnwritableError, InvalidInputError


def check_output(output: Path, *sources: Path) -> None:
    """Refuse to write over a file that is read.

    Raises
    ------
    InvalidInputError
        One of the sources is the output.
    """
    if any(_is_same(output, source) for source in sources):
        raise InvalidInputError(f"{output.name} 正是要读的文件，请另写一个文件名")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def check_is_new(output: Path) -> None:
    """Refuse to write over anything.

    Raises
    ------
    FileUnwritableError
        Something of this name is there, or nothing can be.
    """
    try:
        is_there = output.exists()
    except OSError as error:  # too long a name
        raise FileUnwritableError(str(output)) from error
    if is_there:
        raise FileUnwritableError(f"{output} 已经存在，请另写一个文件名")


def resolve_output(output: Path) -> Path:
    """Where an output really lies, behind links: a regular file, or none yet in a folder.

    Raises
    ------
    FileUnwritableError
        Something else lies there (a folder, a device), there is no folder, or no such name is
        possible.
    """
    try:
        target = output.resolve()
        is_possible = target.is_file() or not target.exists()
    except (OSError, RuntimeError) as error:  # too long a name, links in a circle
        raise FileUnwritableError(str(output)) from error
    if not is_possible:
        raise FileUnwritableError(f"{output} 不是普通文件")
    if not target.parent.is_dir():
        raise FileUnwritableError(f"文件夹 {output.parent} 不存在")
    return target


def write_bytes(output: Path, content: bytes) -> None:
    """Write a file whole.

    Raises
    ------
    FileUnwritableError
        It cannot be written.
    """
    try:
        resolve_output(output).write_bytes(content)
    except OSError as error:
        raise FileUnwritableError(str(output)) from error


@contextmanager
def written_whole(output: Path) -> Iterator[TextIO]:
    """A text file (UTF-8) that takes the place of an old one only when all is written.

    Raises
    ------
    FileUnwritableError
        It cannot be written; what stood there before still does.
    """
    target = resolve_output(output)
    draft = target.with_name(f".{target.name}.part")
    try:
        # What is no character (a damaged byte) is written as its escape, not dropped.
        stream = draft.open("w", encoding="utf-8", errors="backslashreplace", newline="")
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
