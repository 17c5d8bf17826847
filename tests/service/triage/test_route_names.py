"""How the directory's names are recognised in a text."""

from __future__ import annotations

import pytest

from service.domain.organisation import CommitteeLevel, Member, Organisation, Studio, StudioKind
from service.triage.employers import employer_names
from service.triage.named import NameFinder

STUDIOS = (
    Studio("T1", "「三农之声」委员工作室", StudioKind.SECTOR, "F"),
    Studio("T2", "「乡村振兴」线上委员工作室", StudioKind.ONLINE, "S"),
    Studio("T3", "老县镇「山上」片区委员工作室", StudioKind.AREA, "F"),
    Studio("T4", "吴新雨委员工作室", StudioKind.PERSONAL, "F"),
    Studio("T5", "", StudioKind.PERSONAL, "F"),
)
MEMBER = Member("m1", "吴新雨", "F", CommitteeLevel.COUNTY, "")
FINDER = NameFinder(Organisation(studios=STUDIOS, members=(MEMBER,)))


@pytest.mark.parametrize(
    ("text", "studios"),
    [
        ("请转三农之声工作室", ("T1",)),
        ("请转「三农之声」委员工作室", ("T1",)),
        ("请转“三农之声”政协委员工作室", ("T1",)),
        ("大家都说三农之声办得好", ()),
        ("镇里的乡村振兴工作室没人", ()),
        ("请转乡村振兴线上委员工作室", ("T2",)),
        ("山上工作室和三农之声工作室", ("T3", "T1")),
        ("山上片区委员工作室", ("T3",)),
        ("请转吴新雨委员工作室", ("T4",)),
        ("委员工作室", ()),
    ],
)
def test_a_studio_is_named_by_its_nickname_with_the_word_studio(
    text: str, studios: tuple[str, ...]
) -> None:
    assert FINDER.find(text).studios == studios


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("尊敬的吴新雨委员:您好", ("m1",)),
        ("我想请政协的吴新雨委员来看看", ("m1",)),
        ("吴新雨委员家占了地", ()),
        ("请吴新雨来看看委员们的路", ()),
        ("请大家看看,吴新雨委员家占了地", ()),
    ],
)
def test_a_member_is_asked_for_by_name_and_title_after_a_word_of_asking(
    text: str, members: tuple[str, ...]
) -> None:
    assert FINDER.find(text).members == members


def test_an_employer_goes_by_its_short_names_too() -> None:
    places = ["富平县", "庄里镇"]
    names = employer_names(
        ["富平县庄里镇清流水务有限公司", "庄里镇柳湾村村民委员会", "富平酒店", "退休教师"], places
    )
    assert set(names["富平县庄里镇清流水务有限公司"]) == {
        "富平县庄里镇清流水务有限公司",
        "清流水务有限公司",
        "富平县庄里镇清流水务",
        "清流水务",
    }
    assert "柳湾村村委会" in names["庄里镇柳湾村村民委员会"]
    assert names["富平酒店"] == ("富平酒店",)
    assert names["退休教师"] == ()
