import io
import zipfile

from openpyxl import load_workbook

from service.digest import build_digest, render
from tests.service.digest.makers import NAMES, WEEK, a_message, some_facts
from tests.service.digest.test_golden import GOLDEN, digest_of

BUSY = GOLDEN / "busy_week"


def test_every_table_has_a_sheet_with_ids_and_its_chart() -> None:
    content = render(digest_of(BUSY), ".xlsx")
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "概述"
    assert book.sheetnames[-1] == "留言明细"
    sheet = book["按主题统计"]
    assert [cell.value for cell in sheet[1]][-2:] == ["依据留言编号", "依据事项编号"]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        assert len(str(row[-2]).split()) == row[1]
    book.close()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert sum(name.startswith("xl/charts/chart") for name in package.namelist()) >= 8


def test_people_can_be_counted_again_from_the_messages_and_keys_do_not_leak() -> None:
    facts = some_facts((a_message(1, sender_key=987654), a_message(2, sender_key=987654)))
    content = render(build_digest(WEEK, facts, NAMES), ".xlsx")
    book = load_workbook(io.BytesIO(content))
    head, *rows = book["留言明细"].iter_rows(values_only=True)
    assert [row[head.index("来信人序号")] for row in rows] == [1, 1]
    book.close()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [name for name in package.namelist() if b"987654" in package.read(name)]
