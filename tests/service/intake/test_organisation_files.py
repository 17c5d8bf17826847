from datetime import date
from pathlib import Path

import pytest

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import CommitteeLevel, StudioKind
from service.errors import OrganisationFileError
from service.intake.organisation_files import read_organisation
from tests.service.intake.hostile_files import PNG, write

FILES = {
    "committees.csv": "编号,名称,级别,上级,区划代码\n"
    "SX,某省政协,省,,61\nFP,某县政协,县,SX,610528\n",
    "studios.csv": "编号,名称,类别,政协,地域,界别,专题,召集人,副召集人,"
    "联系领导,开放时间,容量,年度经费\n"
    "FP-01,庄里工作室,区域,FP,庄里镇;曹村镇,,,FP-M1,FP-M2,张某,每月5日,30,20000\n"
    "FP-02,教育工作室,特色,FP,,教育界,教育文体；民政/社会救助,FP-M2,,,,,\n",
    "members.csv": "编号,姓名,政协,级别,界别,专长,工作室,单位,缺席起,缺席止,代理委员,展示\n"
    "FP-M1,甲,FP,县,农业界,农村农业,FP-01,某合作社,2026-03-01,2026/4/1,FP-M2,1\n"
    "FP-M2,乙,FP,市,教育界,教育文体/考试招生,FP-01;FP-02,,,,,\n",
    "activities.csv": "编号,工作室,类别,日期,主题,委员,服务人数,成果\n"
    "HD-1,FP-01,微协商,2026-03-05,路灯,FP-M1;FP-M2,12,已修\n",
    "departments.csv": "名称,别名,职责\n教育局,教体局;教委,管学校。\n公安局,交警,管治安。\n",
}
TAXONOMY = Taxonomy.load()
DATA = Path(__file__).resolve().parents[3] / "data"


@pytest.fixture
def read(tmp_path):
    def make(**changes):
        """Read the files, each ``committees="…"`` put in place of the good one (None: left out)."""
        shipped = write(
            tmp_path / "shipped.csv", FILES["departments.csv"].replace("教委", "学校科")
        )
        for name, good in FILES.items():
            content = changes.get(name.removesuffix(".csv"), good)
            (tmp_path / name).unlink(missing_ok=True)
            if content is not None:
                write(tmp_path / name, content)
        return read_organisation(tmp_path, shipped, TAXONOMY)

    return make


def errors(read, **changes):
    with pytest.raises(OrganisationFileError) as refusal:
        read(**changes)
    return refusal.value.detail.splitlines()


def swapped(name, old, new):
    assert old in FILES[f"{name}.csv"]
    return {name: FILES[f"{name}.csv"].replace(old, new)}


def test_everything_a_folder_holds_is_read(read):
    files = read()
    organisation = files.organisation
    assert organisation.committee_by_code["FP"].parent == "SX"
    studio = organisation.studio_by_code["FP-01"]
    assert (studio.kind, studio.areas) == (StudioKind.AREA, ("庄里镇", "曹村镇"))
    assert (studio.capacity, studio.yearly_allocation, studio.deputies) == (30, 20_000, ("FP-M2",))
    assert organisation.studio_by_code["FP-02"].topics == ("教育文体", "民政/社会救助")
    member = organisation.member_by_code["FP-M1"]
    assert (member.absent_from, member.absent_to) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (member.deputy, member.is_shown, member.level) == ("FP-M2", True, CommitteeLevel.COUNTY)
    assert [each.code for each in organisation.members_of["FP-01"]] == ["FP-M1", "FP-M2"]
    assert organisation.departments[0].aliases == ("教体局", "教委")
    assert files.activities[0].held_on == date(2026, 3, 5)
    assert files.activities[0].people_served == 12


def test_a_folder_may_lack_activities_and_departments(read):
    files = read(activities=None, departments=None)
    assert files.activities == ()
    assert files.organisation.departments[0].aliases == ("教体局", "学校科")


def test_columns_may_stand_in_any_order_and_encoding(read):
    files = read(departments="职责,名称,别名\r\n管学校。,教育局,\r\n".encode("gb18030"))
    assert files.organisation.departments[0].name == "教育局"


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("committees", "县,SX", "乡,SX", "committees.csv 第 3 行：“级别”应为 省、市、县、联络组"),
        ("committees", "县,SX", "县,GS", "committees.csv 第 3 行：“上级”中的“GS”不存在"),
        ("committees", "省,,", "省,FP,", "committees.csv 第 2 行：“SX”的上级绕成一圈"),
        ("committees", "FP,某县政协", "SX,某县政协", "committees.csv 第 3 行：编号“SX”重复"),
        ("committees", "某县政协", "", "committees.csv 第 3 行：“名称”不能为空"),
        ("committees", ",610528", "", "committees.csv 第 3 行：应有 5 列，实有 4 列"),
        ("committees", "区划代码", "代码", "committees.csv 第 1 行：表头应为 编号,名称"),
        ("committees", "某县政协", '"某县政协', "committees.csv 第 3 行：这一行的引号用法有误"),
        ("studios", "区域,FP", "地区,FP", "studios.csv 第 2 行：“类别”应为 区域、界别、特色"),
        ("studios", "区域,FP", "区域,XX", "studios.csv 第 2 行：“政协”中的“XX”不存在"),
        ("studios", "FP-02,", "FP-01,", "studios.csv 第 3 行：编号“FP-01”重复"),
        ("studios", "FP-M1,FP-M2,张某", "FP-M9,,", "studios.csv 第 2 行：“召集人”中的“FP-M9”"),
        ("studios", "FP-M1,FP-M2,张某", "FP-M1,FP-M9,", "第 2 行：“副召集人”中的“FP-M9”不存在"),
        ("studios", "民政/社会救助", "民政/天气", "“专题”中的“民政/天气”不在主题分类中"),
        ("studios", "民政/社会救助", "民政/", "“专题”中的“民政/”不在主题分类中"),
        ("studios", ",30,", ",三十,", "studios.csv 第 2 行：“容量”应为整数，而不是“三十”"),
        ("studios", ",30,", ",-1,", "“容量”应为整数"),
        ("members", "农村农业,", "农业农村,", "members.csv 第 2 行：“专长”中的“农业农村”不在"),
        ("members", "FP-01;FP-02", "FP-01;FP-09", "members.csv 第 3 行：“工作室”中的“FP-09”"),
        ("members", "FP-M2,1", "FP-M9,1", "“代理委员”中的“FP-M9”不存在"),
        ("members", "FP-M2,1", "FP-M1,1", "“代理委员”中的“FP-M1”不存在"),
        ("members", "FP-M2,1", "FP-M2,也许", "“展示”应为 1 或 0"),
        ("members", "2026-03-01", "2026-02-30", "“缺席起”应为 年-月-日"),
        ("members", "2026-03-01", "明天", "“缺席起”应为 年-月-日"),
        ("members", "2026-03-01", "2026-05-01", "“缺席止”早于“缺席起”"),
        ("members", "2026-03-01", "", "或者缺少“缺席起”"),
        ("members", "甲", "甲\x07", "“姓名”过长或含有不可见字符"),
        ("activities", "FP-01", "FP-09", "activities.csv 第 2 行：“工作室”中的“FP-09”不存在"),
        ("activities", "FP-M1;", "FP-M9;", "“委员”中的“FP-M9”不存在"),
        ("activities", "2026-03-05", "", "“日期”不能为空"),
        ("departments", "交警", "教委", "departments.csv 第 3 行：名称“教委”重复"),
        ("departments", "公安局", "教育局", "departments.csv 第 3 行：名称“教育局”重复"),
    ],
)
def test_each_error_is_named_with_its_file_and_row(read, name, old, new, complaint):
    found = errors(read, **swapped(name, old, new))
    assert any(complaint in line for line in found), found


def test_all_errors_of_all_files_come_at_once(read):
    changes = swapped("studios", "民政/社会救助", "天气") | swapped("activities", "FP-01", "FP-09")
    found = errors(read, **changes, members=None)
    assert any(line.startswith("members.csv：文件无法读取：找不到") for line in found)
    assert any(line.startswith("studios.csv 第 3 行") for line in found)
    assert any(line.startswith("activities.csv 第 2 行") for line in found)


def test_a_flood_of_errors_is_counted_not_printed(read):
    rows = "".join(f"D{n},重复,\n" for n in range(500))
    found = errors(read, departments="名称,别名,职责\n" + rows)
    assert len(found) == 51
    assert found[-1] == "……共 499 处"


@pytest.mark.parametrize("content", ["", PNG, "\x00" * 100, "编号\n"])
def test_a_file_that_is_no_table_is_an_error_of_the_folder(read, content):
    assert errors(read, committees=content)[0].startswith("committees.csv")


def test_the_demo_county_and_the_shipped_departments_are_whole():
    files = read_organisation(DATA / "samples" / "organisation", DATA / "departments.csv", TAXONOMY)
    assert len(files.organisation.departments) == 33
    assert all(each.duties.endswith("。") for each in files.organisation.departments)
    assert all(each.aliases for each in files.organisation.departments)
    assert len(files.organisation.studios) == 75
    assert files.activities
