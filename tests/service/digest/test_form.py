from pathlib import Path

import pytest

from service.digest import FORMS, render, write
from service.errors import InvalidInputError
from tests.service.digest.makers import a_digest, a_message


@pytest.mark.parametrize("suffix", FORMS)
def test_each_form_is_written_whole(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"周报{suffix.upper()}"
    write(a_digest(a_message(1)), path)
    assert path.read_bytes() == render(a_digest(a_message(1)), suffix)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["digest.pdf", "digest", "digest.docx.exe"])
def test_an_unknown_form_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        write(a_digest(), tmp_path / name)
    assert ".docx、.html、.xlsx、.json" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="无法写入"):
        write(a_digest(), tmp_path / "none" / "digest.json")
