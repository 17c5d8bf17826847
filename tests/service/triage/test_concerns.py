"""Which matters are spoken of as one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.triage.concerns import Link, find_concerns, heaviest_links, links_between
from tests.classifier.pair_makers import LAMP, LAMP_AGAIN, MODEL, SCHOOL, many, profile

PROFILES = {
    1: many(profile(*LAMP)),
    2: many(profile(*LAMP_AGAIN)),
    3: many(profile(*SCHOOL)),
    4: many(profile(*LAMP)),
}


def test_matters_that_agree_along_a_link_are_one_concern() -> None:
    links = [Link(1, 2, 0.5), Link(2, 3, 0.9)]
    assert find_concerns(links, frozenset(), PROFILES, MODEL) == ((1, 2),)


def test_without_a_link_nothing_is_counted_together() -> None:
    assert find_concerns([], frozenset(), PROFILES, MODEL) == ()


def test_what_a_person_said_are_two_stay_two_even_through_a_third() -> None:
    links = [Link(1, 2, 0.9), Link(2, 4, 0.8)]
    apart = frozenset({(1, 4)})
    assert find_concerns(links, apart, PROFILES, MODEL) == ((1, 2),)


def test_a_matter_without_exemplars_stays_alone() -> None:
    assert find_concerns([Link(1, 9, 1.0)], frozenset(), PROFILES, MODEL) == ()


LINKS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.floats(0, 1))
    .filter(lambda link: link[0] < link[1])
    .map(Link._make),
    max_size=8,
    unique_by=lambda link: link[:2],
)


@given(LINKS)
def test_no_matter_stands_in_two_and_the_order_of_links_does_not_matter(
    links: list[Link],
) -> None:
    found = find_concerns(links, frozenset(), PROFILES, MODEL)
    held = [each for group in found for each in group]
    assert len(held) == len(set(held))
    assert all(len(group) > 1 and list(group) == sorted(group) for group in found)
    assert find_concerns(links[::-1], frozenset(), PROFILES, MODEL) == found


def test_only_the_heaviest_clusters_are_looked_at() -> None:
    links = [Link(1, 2, 0.4), Link(2, 3, 0.4), Link(7, 8, 0.9), Link(9, 10, 0.5)]
    weight = {1: 5, 7: 3, 8: 1, 9: 100}
    assert heaviest_links(links, weight, 2) == (links[0], links[1], links[3])
    assert heaviest_links(links, weight, 9) == tuple(links)


OLD_ROAD = ("A3区枫林路改造", "枫林路的改造停了两年，沟盖板都没有铺，请问什么时候开工？")
OLD_ROAD_TOO = ("盼望枫林路改造", "前年说要改造枫林路，如今围挡还在，居民进出不便。")


def test_those_who_name_the_same_are_linked_though_nobody_suggested_it() -> None:
    judged = (("0102", 0.9), ("住建局", 0.9))
    profiles = {
        4: many(profile(*OLD_ROAD, judged=judged)),
        6: many(profile(*SCHOOL, judged=(("1401", 0.9),))),
        9: many(profile(*OLD_ROAD_TOO, judged=judged)),
    }
    [link] = links_between(profiles, MODEL)
    assert (link.low_id, link.high_id) == (4, 9)
    [score] = MODEL.score(profiles[4][0], profiles[9])
    assert link.probability == score.same
    assert links_between({}, MODEL) == ()


def test_form_letters_for_other_districts_are_no_concern_of_one() -> None:
    body = "底层商铺没有装排烟管道，烧烤的油烟从早到晚往楼上飘，窗户一天也不敢开，找了物业三回。"
    profiles = {
        1: many(profile("A3区阳光小区油烟扰民", body, 1)),
        2: many(profile("A5区枫林苑油烟扰民", body, 2)),
        3: many(profile("A3区阳光小区油烟呛人", body, 3)),
    }
    links = [Link(1, 2, 0.9), Link(1, 3, 0.8)]
    assert find_concerns(links, frozenset(), profiles, MODEL) == ((1, 3),)
