import codecs

import pytest

from service.errors import FileUnreadableError
from service.intake.encodings import detect_encoding, open_text
from tests.service.intake.hostile_files import HEADER, PNG, ROW, as_csv, write

TEXT = as_csv(HEADER, ROW)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (as_csv(HEADER, ["龘𠮷€"]).encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (b"id,text,time\r\n1,hello,2026-01-01\r\n", "utf-8-sig"),
    ],
)
def test_each_encoding_is_told_and_read(tmp_path, content, encoding):
    path = write(tmp_path / "a.csv", content)
    assert detect_encoding(path) == encoding
    with open_text(path) as stream:
        assert not stream.read().startswith("\ufeff")


def test_one_damaged_line_does_not_change_the_encoding_of_the_rest(tmp_path):
    content = TEXT.encode() + b"102,\xb5\xc6\r\n" + as_csv(ROW).encode()
    path = write(tmp_path / "a.csv", content)
    with open_text(path) as stream:
        lines = stream.readlines()
    assert lines[1] == lines[3]
    assert lines[2] == "102,\udcb5\udcc6\r\n"


def test_a_sample_that_ends_within_a_character_is_still_told(tmp_path):
    path = write(tmp_path / "a.csv", "路" * 400_000)
    assert detect_encoding(path) == "utf-8-sig"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空文件"),
        (PNG, "PNG"),
        (b"\xff\xd8\xff\xe0rest", "JPEG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
        (b"\x1f\x8b\x08", "gzip"),
        (bytes(range(256)) * 50, "不是文本"),
        (b"\x00" * 5_000, "不是文本"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "UTF-32"),
        (TEXT.encode("utf-16")[:-1], "UTF-16"),
        (b"a\xff\xffb\n" * 50, "既不是"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(tmp_path, content, why):
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(FileUnreadableError, match=why):
        detect_encoding(path)


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(FileUnreadableError, match=r"找不到 a\.csv"):
        detect_encoding(tmp_path / "a.csv")
    with pytest.raises(FileUnreadableError, match="是文件夹"):
        detect_encoding(tmp_path)
