"""Rules as rows: what is read, what is refused and where, and what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.channel import Channel
from service.domain.kind import Kind
from service.domain.standing_rule import SenderKind, StandingRule
from service.errors import RulesError
from service.intake.rule_checks import MAX_RULES, KnownNames, check_rules
from service.intake.rule_rows import (
    COLUMNS,
    read_rules_file,
    read_rules_text,
    write_rules_text,
)
from service.settings import Settings

HEAD = ",".join(COLUMNS[:11]) + "\n"
KNOWN = KnownNames({"住建局", "城管局"})
WHOLE = StandingRule(
    name="照明",
    words=("路灯", "灯杆"),
    unless=("谢谢",),
    places=("庄里镇", "6105"),
    channels=(Channel.PHONE, Channel.WEB),
    sender=SenderKind.NAMED,
    department="城管局",
    needs_review=True,
    refusal="理由，“引用”",
    is_urgent=True,
    advice='写两行"和逗号,',
    topics=("城乡建设/村镇建设", "0102"),
    kinds=(Kind.HELP, Kind.QUESTION),
    studio="T1",
    helping=("住建局",),
)


def test_the_shipped_rules_are_sound_and_fit_any_county() -> None:
    rules = read_rules_file(Settings().data / "rules.csv", KnownNames(set()))
    assert len(rules) > 10
    assert {rule.name for rule in rules} >= {"火情", "有人被困", "燃气泄漏", "诉讼"}
    for rule in rules:
        if rule.is_urgent:
            assert any(number in rule.advice for number in ("110", "119", "120"))
        assert rule.words
    court = next(rule for rule in rules if rule.name == "诉讼")
    assert {"法院已受理", "正在诉讼"} <= set(court.words)
    assert court.refusal


def test_what_is_written_is_read_again() -> None:
    assert read_rules_text(write_rules_text([WHOLE]), KNOWN) == (WHOLE,)


def test_columns_may_come_in_any_order_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "规则.csv"
    head = ",".join(reversed(COLUMNS[:11]))
    row = ",".join(reversed(["照明", "路灯；灯杆", "", "", "", "", "城管局", "是", "", "1", ""]))
    path.write_bytes(f"{head}\r\n\r\n{row}\r\n".encode("gb18030"))
    (rule,) = read_rules_file(path, KNOWN)
    assert (rule.words, rule.needs_review, rule.is_urgent) == (("路灯", "灯杆"), True, True)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",路灯,,,,,,是,,,", "“名称”不能为空"),
        ("甲,,,,,,,是,,,", "没有条件"),
        ("甲,路灯,,,,,,,,,", "没有结果"),
        ("甲,灯,,,,,,是,,,", "词语“灯”应为 2 至 30 字"),
        ("甲,路　灯 ,灯,,,,,是,,,", "词语“灯”应为 2 至 30 字"),
        (f"甲,{'路' * 31},,,,,,是,,,", "应为 2 至 30 字"),
        ("甲,,谢谢,,,匿名,,是,,,", "写了“除非”而没有写“词语”"),
        ("甲,路灯,,,传真,,,是,,,", "“渠道”应为"),
        ("甲,路灯,,,,某人,,是,,,", "“来信人”应为"),
        ("甲,路灯,,,,,土地局,,,,", "承办单位“土地局”不在名录中"),
        ("甲,路灯,,,,,,也许,,,", "“复核”应为 1 或 0"),
        ("甲,路灯,,,,,,是,,,,", "应有 11 列，实有 12 列"),
        ("=甲,路灯,,,,,,是,,,", "内容不能以"),
        ("甲\x07,路灯,,,,,,是,,,", "不可见字符"),
        (f"{'甲' * 61},路灯,,,,,,是,,,", "名称不超过 60 字"),
        (f"甲,路灯,,,,,,,{'理' * 501},,", "各不超过 500 字"),
        (f"甲,{';'.join(f'词语{n}' for n in range(201))},,,,,,是,,,", "各不超过 200 个"),
        ("乙,路灯,,,,,,是,,,", "名称“乙”重复"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_row(row: str, told: str) -> None:
    with pytest.raises(RulesError) as error:
        read_rules_text(f"{HEAD}乙,小区,,,,,,是,,,\n{row}\n", KNOWN)
    assert "规则 第 3 行" in error.value.detail
    assert told in error.value.detail


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(RulesError) as error:
        read_rules_text(HEAD + "甲,,,,,,,是,,,\n乙,路灯,,,,,,,,,\n", KNOWN)
    assert len(error.value.detail.splitlines()) == 2


@pytest.mark.parametrize("text", ["", "名称\n甲\n", HEAD.replace("词语", "词"), '"', "\x00" * 50])
def test_a_foreign_table_is_refused(text: str) -> None:
    with pytest.raises(RulesError, match="表头"):
        read_rules_text(text, KNOWN)


def test_a_missing_file_and_a_picture_are_refused(tmp_path: Path) -> None:
    picture = tmp_path / "a.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    for path in (picture, tmp_path / "none.csv"):
        with pytest.raises(RulesError):
            read_rules_file(path, KNOWN)


def test_too_many_are_refused() -> None:
    rows = "".join(f"第{n}条,路灯,,,,,,是,,,\n" for n in range(MAX_RULES + 1))
    with pytest.raises(RulesError, match="不能超过"):
        read_rules_text(HEAD + rows, KNOWN)
    many = tuple(StandingRule(str(n), words=("路灯",), advice="灯") for n in range(MAX_RULES + 1))
    with pytest.raises(RulesError, match="不能超过"):
        check_rules(many, KNOWN)


def test_rules_that_come_as_objects_are_told_by_their_place() -> None:
    wrong = StandingRule("甲\ud800", words=("路灯;灯",), advice="灯")
    with pytest.raises(RulesError) as error:
        check_rules((WHOLE, wrong), KNOWN)
    assert error.value.detail.splitlines() == [
        "第 2 条：含有不可见字符",
        "第 2 条：词语、地点和主题中不能有分号",
    ]


def test_without_a_directory_any_department_passes() -> None:
    check_rules((StandingRule("甲", words=("路灯",), department="某局"),), KnownNames())


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_rules_text(HEAD + text, KNOWN)
    except RulesError as error:
        assert error.detail
