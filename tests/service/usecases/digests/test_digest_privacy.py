"""What people are is in no form of a digest: 500 planted numbers, plates, mailboxes and names.

All are invented. They are imported from a file and told by the digest in every form; each member
of a packed form is looked into, and so is the text of Word documents and sheets without markup.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.digest import FORMS, Digest, parse_period, render
from service.domain.deadline import SHANGHAI
from service.intake.messages import ReadOptions
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.intake.import_file import import_file
from tests.makers import Clock

WEEK = parse_period("2026-W09")
MONDAY = datetime(2026, 2, 23, 9, tzinfo=SHANGHAI)
SIGNS = "10X98765432"
MATTERS = (
    ("柳河湾小区电梯停运", "柳河湾小区三号楼的电梯停了两个月，老人下不了楼。希望尽快修好电梯。"),
    ("东巷路灯不亮", "东巷的路灯坏了半个月，晚上走路什么也看不见。建议换成太阳能路灯。"),
    ("西关小学食堂饭菜变质", "西关小学食堂的饭菜有异味，好几个孩子吃了拉肚子。希望公开检查结果。"),
    ("三合村吃水困难", "三合村的自来水停了半年没有人管，全村人到两里外挑。要求尽快恢复供应。"),
)
SURNAMES = "王李张刘陈杨赵黄吴徐"
GIVEN = ("建伟", "秀兰", "志强", "海燕", "国庆", "丽娟", "文斌", "桂英", "德明", "玉珍")


def id_card(n: int) -> str:
    body = f"61052819{60 + n % 39:02d}{1 + n % 12:02d}{1 + n % 28:02d}{100 + n}"
    return body + SIGNS[sum(int(d) * pow(2, 17 - at, 11) for at, d in enumerate(body)) % 11]


def bank_card(n: int) -> str:
    body = f"62284801{n:010d}"
    total = sum(
        digit * 2 - 9 * (digit > 4) if at % 2 == 0 else digit
        for at, digit in enumerate(map(int, reversed(body)))
    )
    return body + str(-total % 10)


def planted() -> dict[str, list[str]]:
    """By kind, 100 each of four and 50 each of two: 500 in all."""
    return {
        "name": [SURNAMES[n % 10] + GIVEN[n // 10] for n in range(100)],
        "phone": [f"199{n:04d}{7300 + n}" for n in range(100)],
        "id": [id_card(n) for n in range(100)],
        "bank": [bank_card(n) for n in range(100)],
        "plate": [f"陕E{10000 + 37 * n}" for n in range(50)],
        "mail": [f"qun.zhong{n}@youxiang{n}.example" for n in range(50)],
    }


def rows() -> list[list[str]]:
    """A hundred letters on four matters, each with all that its writer would tell of himself."""
    held = planted()
    lines = []
    for n in range(100):
        title, body = MATTERS[n % 4]
        name, phone = held["name"][n], held["phone"][n]
        text = (
            f"我叫{name}，电话{phone}，身份证{held['id'][n]}。{body}"
            f"钱退到银行卡{held['bank'][n]}。{name}的车是{held['plate'][n // 2]}。"
            f"邮箱{held['mail'][n // 2]}。住户{name}再次反映此事，请打{phone}联系。"
        )
        sent = MONDAY + timedelta(hours=n)
        titles = (title, f"{title}，请打{phone}", f"{name}反映{title}")
        lines.append([str(n), name, titles[n % 3], f"{sent:%Y-%m-%d %H:%M:%S}", text, "0", "1"])
    return lines


@pytest.fixture
def digest(context: Context, clock: Clock, tmp_path: Path) -> Digest:
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        heads = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
        writer.writerows([heads, *rows()])
    clock.at = MONDAY + timedelta(days=14)
    options = ReadOptions(clock.at)
    summary = import_file(context, path, "planted", options, rejects_path=tmp_path / "no.csv")
    assert summary.new_count == 100
    return make_digest(context, WEEK)


def inside(content: bytes) -> str:
    """Everything a form holds: each member of a package, with its markup and without."""
    parts = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [package.read(name) for name in package.namelist()]
            parts += [name.encode() for name in package.namelist()]
    text = "\n".join(part.decode("utf-8", "replace") for part in parts)
    return text + re.sub("<[^>]*>", "", text)


def test_500_are_planted_and_no_two_alike() -> None:
    held = [each for kind in planted().values() for each in kind]
    assert len(held) == len(set(held)) == 500


@pytest.mark.parametrize("suffix", FORMS)
def test_none_of_them_is_in_any_form(digest: Digest, suffix: str) -> None:
    text = inside(render(digest, suffix))
    found = [each for kind in planted().values() for each in kind if each in text]
    assert found == []


def test_the_digest_they_are_not_in_speaks_of_their_matters(digest: Digest) -> None:
    """Else the test above would prove little."""
    assert digest.hot
    assert sum(bool(hot.quotes) for hot in digest.hot) >= 2
    assert digest.materials
    text = inside(render(digest, ".html"))
    assert any(body.split("。")[0] in text for _, body in MATTERS)
    assert "我叫" not in text
