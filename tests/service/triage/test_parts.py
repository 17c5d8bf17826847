"""A message with several demands is offered as parts; one demand stays whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.triage.parts import MAX_PARTS, Part, offer_spans, propose_parts
from service.triage.pipeline import Triage
from tests.tiny_model import TinyModel, tiny_pair_model

LAMP, SCHOOL = "村口的路灯坏了半个月没有人修", "学校要求自愿交的钱为什么非交不可"
LAMP_TOO, VAGUE = "西头的路灯也是一样从来不亮", "这件事反映过很多次都没有下文"


@pytest.fixture(scope="module")
def tiny(triage: Triage) -> Triage:
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())


def texts(body: str, parts: tuple[Part, ...]) -> list[list[str]]:
    return [[body[span.start : span.end] for span in part.spans] for part in parts]


def test_two_things_are_two_parts_that_make_up_the_whole(tiny: Triage) -> None:
    body = f"您好！反映两件事：\n１、{LAMP}。\n２、{SCHOOL}？\n谢谢。"
    parts = propose_parts(body, tiny)
    (lamp,), (school,) = texts(body, parts)
    assert lamp + school == body
    assert LAMP in lamp
    assert SCHOOL in school
    assert [part.classification.department.label for part in parts] == ["住建局", "教育局"]


def test_points_of_one_thing_stay_whole(tiny: Triage) -> None:
    assert propose_parts(f"1、{LAMP}。2、{LAMP_TOO}。", tiny) == ()


def test_the_same_thing_again_joins_its_part(tiny: Triage) -> None:
    body = f"1、{LAMP}。2、{SCHOOL}。3、{LAMP_TOO}。"
    lamps, schools = texts(body, propose_parts(body, tiny))
    assert len(lamps) == 2
    assert LAMP_TOO in lamps[1]
    assert len(schools) == 1


def test_what_nobody_can_tell_goes_on_with_what_stands_before(tiny: Triage) -> None:
    body = f"1、{LAMP}。2、{SCHOOL}。3、{VAGUE}。"
    _, (first, second) = texts(body, propose_parts(body, tiny))
    assert SCHOOL in first
    assert VAGUE in second


def test_what_cleaning_drops_at_a_border_is_in_one_of_the_parts(tiny: Triage) -> None:
    body = f"\u200b1、{LAMP}。\u200b\u200b2、{SCHOOL}。\u200b"
    assert "".join(span for part in texts(body, propose_parts(body, tiny)) for span in part) == body


@pytest.mark.parametrize("body", ["", "。", LAMP, f"{LAMP}。{SCHOOL}。"])
def test_without_a_border_there_are_no_parts(tiny: Triage, body: str) -> None:
    assert propose_parts(body, tiny) == ()


def test_without_a_model_nobody_can_tell(triage: Triage) -> None:
    by_hand = replace(triage, model=None, pair_model=None)
    assert propose_parts(f"1、{LAMP}。2、{SCHOOL}。", by_hand) == ()


def offered(body: str, triage: Triage) -> list[str]:
    return [body[span.start : span.end] for span in offer_spans(body, triage)]


def test_what_is_offered_begins_with_the_point_and_is_the_whole(tiny: Triage) -> None:
    body = f"您好！\n１、{LAMP}。\n\n２、{SCHOOL}？\n谢谢。"
    lamp, school = offered(body, tiny)
    assert lamp + school == body
    assert school.startswith("２、")


def test_a_thing_that_comes_back_is_offered_by_itself(tiny: Triage) -> None:
    body = f"1、{LAMP}。2、{LAMP_TOO}。3、{SCHOOL}？4、{LAMP_TOO}。"
    lamps, school, again = offered(body, tiny)
    assert LAMP_TOO in lamps
    assert SCHOOL in school
    assert LAMP_TOO in again
    assert offered(LAMP, tiny) == []


def test_no_more_than_ten_are_offered(tiny: Triage) -> None:
    body = "。另外，".join([LAMP, SCHOOL] * 8)
    parts = offered(body, tiny)
    assert len(parts) == MAX_PARTS
    assert "".join(parts) == body


def test_a_text_that_turns_all_the_time_is_not_judged_piece_by_piece(tiny: Triage) -> None:
    assert offer_spans("。另外，".join([LAMP, SCHOOL] * 100), tiny) == ()
