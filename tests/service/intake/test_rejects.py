import csv

from hypothesis import given
from hypothesis import strategies as st

from service.errors import EmptyTextError
from service.intake.rejects import Reject, RejectsWriter, disarm, refuse
from tests.service.intake.hostile_files import HEADER, ROW, as_csv, read_all, with_text, write


def written(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_reject_bears_the_error_s_code_and_message():
    reject = refuse(7, EmptyTextError(), ("101", ""), ("编号", "内容"))
    assert (reject.line, reject.reason_code, reject.reason_zh) == (
        7,
        "empty_text",
        "留言没有文字内容。",
    )


def test_no_rejects_leave_no_file(tmp_path):
    with RejectsWriter(tmp_path / "a.rejects.csv") as writer:
        pass
    assert writer.count == 0
    assert not writer.path.exists()


def test_rejects_are_written_whole_for_excel(tmp_path):
    path = tmp_path / "a.rejects.csv"
    with RejectsWriter(path) as writer:
        writer.write(Reject(2, "empty_text", "没有文字", ("101", '甲,"乙"\n'), ("编号", "内容")))
        writer.write(Reject(3, "column_count", "列数不同", ("1", "2", "3"), ("编号", "内容")))
    assert writer.count == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert written(path) == [
        ["行号", "原因代码", "原因", "编号", "内容"],
        ["2", "empty_text", "没有文字", "101", '甲,"乙"\n'],
        ["3", "column_count", "列数不同", "1", "2", "3"],
    ]


def test_no_cell_can_be_a_formula(tmp_path):
    path = tmp_path / "a.rejects.csv"
    cells = ("=1+1", "+86", "-", "@SUM(A1)", "\t=1", "＝1", "'quoted", "普通=")
    with RejectsWriter(path) as writer:
        writer.write(Reject(2, "x", "y", cells, ("=HYPERLINK()",)))
    heading, row = written(path)
    assert heading[3] == "'=HYPERLINK()"
    assert all(cell.startswith("'") for cell in row[3:-1])
    assert row[-1] == "普通="


@given(st.text(max_size=5))
def test_disarming_is_undone_by_taking_one_apostrophe_away(cell):
    shown = disarm(cell)
    assert (shown[1:] if shown.startswith("'") else shown) == cell


def test_damaged_bytes_are_written_as_their_escapes(tmp_path):
    path = tmp_path / "a.rejects.csv"
    with RejectsWriter(path) as writer:
        writer.write(Reject(2, "x", "y", ("灯\udcb5\x00",)))
    assert written(path)[1][3] == "灯\\udcb5\x00"


def test_a_mended_rejects_file_can_be_imported(tmp_path):
    path = write(tmp_path / "a.csv", as_csv(HEADER, ROW, with_text("")))
    _, rejects = read_all(path)
    mended = tmp_path / "a.rejects.csv"
    with RejectsWriter(mended) as writer:
        for reject in rejects:
            writer.write(reject)
    text = mended.read_text("utf-8-sig").replace('"",', '"现在有文字了",')
    messages, rejects = read_all(write(mended, text))
    assert [each.message.external_id for each in messages] == ["102"]
    assert messages[0].message.text == "现在有文字了"
    assert rejects == []
