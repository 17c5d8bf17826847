"""Drafts of information: verbatim or counting sentences only, each with what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.digest import Digest, build_digest
from service.digest.materials import MATERIAL_COUNT
from service.digest.outline import outline
from service.digest.outline.blocks import Paragraph, Quote
from service.digest.quotes import Text
from service.digest.voices import give_voice
from tests.service.digest.makers import NAMES, WEEK, a_matter, a_message, some_facts

DAY = WEEK.first_day
BODIES = (
    "柳河湾小区的电梯停了三个月，九楼老人下不了楼。希望维修基金早一点批下来用在电梯上。",
    "电梯停了三个月没有人来修，买菜都靠邻居捎上楼。建议由街道出面把电梯先修起来再说。",
    "三号楼的电梯停了以后，病人只能由人背着下楼。",
)


def digest_of(bodies: dict[int, str], departments: tuple[str, ...] = ("住建局",)) -> Digest:
    messages = [
        a_message(each, matter_id=1 + each % len(departments), sender_key=each, place="庄里镇",
                  sent_on=DAY + timedelta(each % 7))
        for each in bodies
    ]  # fmt: skip
    matters = tuple(a_matter(n, department=name) for n, name in enumerate(departments, start=1))
    together = (tuple(range(1, len(departments) + 1)),)
    facts = replace(some_facts(tuple(messages), matters), concerns=together)
    texts = [Text(each, each, "柳河湾小区电梯停运", body) for each, body in bodies.items()]
    return give_voice(build_digest(WEEK, facts, NAMES), texts, lambda line: "老人" not in line)


def test_a_draft_counts_tells_examples_and_what_is_asked_for() -> None:
    (material,) = digest_of(dict(enumerate(BODIES, start=1)), ("住建局", "城市管理局")).materials
    assert material.departments == ("城市管理局", "住建局")  # most people first
    assert [each.text for each in material.wishes] == [
        "建议由街道出面把电梯先修起来再说。",
        "希望维修基金早一点批下来用在电梯上。",
    ]
    assert [each.text for each in material.examples] == [
        "电梯停了三个月没有人来修，买菜都靠邻居捎上楼。",
        "三号楼的电梯停了以后，病人只能由人背着下楼。",
    ]
    assert material.worth == 2 * 3 + 3 + 5 + 5


def test_every_sentence_of_a_draft_names_what_it_rests_on() -> None:
    digest = digest_of(dict(enumerate(BODIES, start=1)))
    blocks = outline(digest).sections[-1].blocks
    table = outline(digest).annex.tables[-1]
    assert table.caption == "社情民意素材的依据"
    told = "".join(block.text for block in blocks if isinstance(block, Quote))
    assert [row.cells[0] for row in table.rows] == list(range(1, len(table.rows) + 1))
    assert all(f"［{row.cells[0]}］" in told and row.message_ids for row in table.rows)
    assert told.count("［") == len(table.rows)
    assert table.rows[0].message_ids == digest.hot[0].tally.messages.message_ids


def test_where_nothing_can_be_quoted_there_is_no_draft() -> None:
    digest = digest_of({1: "老人摔了。", 2: "老人摔跤。"})
    assert digest.materials == ()
    (block,) = outline(digest).sections[-1].blocks
    assert block == Paragraph("没有可成稿的社情民意素材。")


@given(st.dictionaries(st.integers(1, 9), st.sampled_from(BODIES) | st.text(max_size=60)))
def test_no_draft_says_what_nobody_wrote(bodies: dict[int, str]) -> None:
    digest = digest_of(bodies)
    assert len(digest.materials) <= MATERIAL_COUNT
    for material in digest.materials:
        for sentence in material.sentences:
            (each,) = sentence.message_ids
            assert sentence.text in " ".join(bodies[each].split())
