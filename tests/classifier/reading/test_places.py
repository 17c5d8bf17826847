"""Places named in a text, and the one a message is about."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.reading.places import NOWHERE, Division, Gazetteer, Place, read_divisions
from classifier.text.clean import clean

DATA = Path(__file__).resolve().parents[3] / "data"
SERVED = ["4310", "610528", "610723", "610825", "610926", "611026"]
CODED = ["西地省", "A市", "A3区", "K8县", "经济技术开发区"]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(read_divisions(DATA / "divisions", SERVED), SERVED, CODED)


def resolve(gazetteer: Gazetteer, text: str, context: str = "") -> Place:
    return gazetteer.resolve(gazetteer.find(clean(text).plain), context)


def test_mentions_stand_where_they_are_said_to_stand(gazetteer: Gazetteer) -> None:
    text = "富平县庄里镇的路"
    assert [(text[slice(*m.span)], m.name, m.is_full) for m in gazetteer.find(text)] == [
        ("富平县", "富平县", True),
        ("庄里镇", "庄里镇", True),
    ]


def test_of_names_that_overlap_the_longest_is_meant(gazetteer: Gazetteer) -> None:
    assert [mention.name for mention in gazetteer.find("富平县城")] == ["富平县"]
    assert [mention.codes for mention in gazetteer.find("陕西省")] == [("61",)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("富平县庄里镇路灯不亮", "富平县庄里镇"),
        ("富平庄里路灯不亮", "富平县庄里镇"),
        ("富平縣莊里鎮路燈不亮", "富平县庄里镇"),
        ("庄里镇路灯不亮", "富平县庄里镇"),
        ("富平县城的路灯不亮", "富平县"),
        ("富平城区的路灯不亮", "富平县"),
        ("郴州市区的路灯不亮", "郴州市"),
        ("桂阳仁义镇的路灯不亮", "桂阳县仁义镇"),
        ("富平柿饼出名,富平人多,富平的事:我住庄里镇", "富平县庄里镇"),
        ("庄里镇的路灯。我在西安打工,西安的路灯亮", "富平县庄里镇"),
        ("路灯不亮", ""),
        ("", ""),
    ],
)
def test_the_place_of_a_message(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert resolve(gazetteer, text).name == name


def test_a_town_is_given_with_its_county(gazetteer: Gazetteer) -> None:
    place = resolve(gazetteer, "庄里镇")
    assert (place.county, place.town) == ("富平县", "庄里镇")
    assert place.code.startswith("610528")


def test_the_door_a_message_came_through_decides_between_towns_of_one_name() -> None:
    divisions = [
        Division("610528", "富平县"),
        Division("610528101", "城关镇"),
        Division("610926", "平利县"),
        Division("610926101", "城关镇"),
    ]
    gazetteer = Gazetteer(divisions, ["610528", "610926"])
    assert resolve(gazetteer, "城关镇的路") == NOWHERE
    assert resolve(gazetteer, "城关镇的路", "610926").code == "610926101"
    assert resolve(gazetteer, "平利城关镇的路").code == "610926101"
    assert resolve(gazetteer, "没写地方", "610528").name == "富平县"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("西地省A市A3区的路", "A3区"),
        ("A市A市A市,A3区", "A3区"),
        ("从北京市朝阳区回到A市", "A市"),
        ("西地省的A市", "A市"),
        ("西地省西地省", "西地省"),
        ("K8县的路", "K8县"),
        ("A市经济技术开发区", "经济技术开发区"),
        ("B7县的路", ""),
    ],
)
def test_the_most_specific_coded_place_is_meant(gazetteer: Gazetteer, text: str, code: str) -> None:
    assert resolve(gazetteer, text).code == code


def test_coded_places_are_found_though_the_directory_does_not_know_them() -> None:
    gazetteer = Gazetteer([], [])
    assert [m.name for m in gazetteer.find("西地省B市B7县,WA市,GB2县")] == ["西地省", "B市", "B7县"]
    assert gazetteer.find("没有") == []
    assert gazetteer.words() == []
    assert gazetteer.name("61") == ""


def test_the_segmenter_learns_the_names_of_the_served(gazetteer: Gazetteer) -> None:
    words = gazetteer.words()
    assert {"富平县", "庄里镇", "渭南市", "陕西省"} <= set(words)
    assert "朝阳区" not in words
    assert gazetteer.name("610528") == "富平县"


@given(
    st.text(
        st.one_of(
            st.sampled_from("富平县庄里镇西安A市3区\ud800🀄"), st.characters(exclude_categories=())
        )
    )
)
def test_mentions_of_any_text_are_in_order_and_lie_in_it(text: str) -> None:
    gazetteer = Gazetteer(
        [Division("610528", "富平县"), Division("610528101", "庄里镇")], ["610528"], ["A市", "A3区"]
    )
    mentions = gazetteer.find(text)
    end = 0
    for mention in mentions:
        assert end <= mention.span.start
        assert text[slice(*mention.span)] == mention.name
        end = mention.span.end
    assert isinstance(gazetteer.resolve(mentions), Place)


def true_places() -> Iterator[tuple[str, str, str]]:
    """For each sample that names a place below the province: its text, county and town."""
    with (DATA / "samples/truth.csv").open(encoding="utf-8-sig", newline="") as lines:
        places = {row["id"]: row["place"].split("/") for row in csv.DictReader(lines)}
    for path in sorted((DATA / "samples/messages").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            place = [part for part in places[row["编号"]] if part not in ("郴州市", "陕西省", "")]
            if place and not place[0].endswith("市"):
                yield f"{row['主题']}\n{row['内容']}", place[0], (*place, "")[1]


def test_the_samples_are_placed_as_their_truth_says(gazetteer: Gazetteer) -> None:
    found = [(resolve(gazetteer, text), county, town) for text, county, town in true_places()]
    counties = [place.county == county for place, county, _ in found]
    towns = [place.town == town for place, _, town in found if town]
    assert sum(counties) >= 0.97 * len(counties)
    assert sum(towns) >= 0.95 * len(towns) > 300


def test_eight_times_the_text_takes_not_much_more_than_eight_times_as_long(
    gazetteer: Gazetteer,
) -> None:
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.thread_time()
            gazetteer.resolve(gazetteer.find(text))
            best = min(best, time.thread_time() - start)
        return best

    assert seconds("西安A市" * 8_000) < 40 * seconds("西安A市" * 1_000)
