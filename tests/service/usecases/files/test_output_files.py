"""Files that are written: never over what is read, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.errors import FileUnwritableError, InvalidInputError
from service.usecases.files.output_files import (
    check_is_new,
    check_output,
    resolve_output,
    written_whole,
)


def test_no_source_is_written_over_by_whatever_name(tmp_path: Path) -> None:
    source, other = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("x", "utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    check_output(other, source, tmp_path / "none")
    for output in (source, link, tmp_path / "." / "a.csv"):
        with pytest.raises(InvalidInputError, match="正是要读的文件"):
            check_output(output, other, source)


def test_only_a_regular_file_in_a_folder_can_be_an_output(tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for output in (tmp_path, circle, pipe, tmp_path / "no" / "a", tmp_path / ("名" * 300)):
        with pytest.raises(FileUnwritableError):
            resolve_output(output)
    assert resolve_output(tmp_path / "new.csv") == (tmp_path / "new.csv").resolve()


def test_what_takes_the_place_of_nothing_finds_nothing_there(tmp_path: Path) -> None:
    there, link, new = tmp_path / "a", tmp_path / "link", tmp_path / "new"
    there.write_text("x", "utf-8")
    link.symlink_to(there)
    for output in (there, link):
        with pytest.raises(FileUnwritableError, match="已经存在"):
            check_is_new(output)
    with pytest.raises(FileUnwritableError):
        check_is_new(tmp_path / ("名" * 300))
    check_is_new(new)


def test_what_is_no_character_is_written_as_its_escape(tmp_path: Path) -> None:
    with written_whole(tmp_path / "a.csv") as stream:
        stream.write("路灯\ud83d")
    assert (tmp_path / "a.csv").read_text("utf-8") == "路灯\\ud83d"


def test_what_stood_there_stays_where_writing_ends_early(tmp_path: Path) -> None:
    output = tmp_path / "a.csv"
    output.write_text("old", "utf-8")
    with pytest.raises(RuntimeError), written_whole(output) as stream:
        stream.write("new")
        raise RuntimeError
    assert output.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [output]
