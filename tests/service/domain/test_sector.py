from service.domain.sector import (
    NATIONAL_SECTORS,
    Sector,
    SectorLists,
    split_sectors,
)
from service.triage.sectors import SECTOR_TOPICS

PARENTS = {"S": "", "W": "S", "F": "W", "L": "F", "A": "B", "B": "A"}


def test_there_are_thirty_four_national_sectors() -> None:
    assert len(set(NATIONAL_SECTORS)) == len(NATIONAL_SECTORS) == 34


def test_a_cell_may_hold_several() -> None:
    assert split_sectors(" 农业界；工商联、 ;科协 ") == ("农业界", "工商联", "科协")
    assert split_sectors("") == ()


def test_the_nearest_list_above_holds_and_at_last_the_national_one() -> None:
    lists = SectorLists([Sector("W", "甲界"), Sector("F", "乙界"), Sector("F", "丙界")], PARENTS)
    assert lists.known("L") == lists.known("F") == {"乙界", "丙界"}
    assert lists.known("W") == {"甲界"}
    assert lists.known("S") == lists.known("nowhere") == lists.known("") > set(NATIONAL_SECTORS)


def test_committees_in_a_circle_take_the_national_list() -> None:
    assert SectorLists([], PARENTS).known("A") >= set(NATIONAL_SECTORS)


def test_whatever_brings_topics_is_a_sector_that_everybody_knows() -> None:
    assert SectorLists([], {}).known("") >= SECTOR_TOPICS.keys()
