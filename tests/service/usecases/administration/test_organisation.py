"""The organisation as a whole: put in force, refused, kept, and followed by other processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.domain.organisation import (
    Activity,
    Department,
    Organisation,
    OrganisationBook,
    Shift,
)
from service.domain.organisation_change import ChangeAction
from service.domain.standing_rule import StandingRule
from service.errors import (
    OrganisationChangedError,
    OrganisationFileError,
)
from service.storage import tables
from service.storage.database import Database
from service.usecases.administration.organisation import (
    change_book,
    list_organisation_changes,
    read_book,
    save_book,
)
from service.usecases.administration.organisation_workbook import (
    export_book,
    import_book,
    import_workbook,
)
from service.usecases.administration.rules import save_rules
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import follow_organisation
from service.usecases.intake.receive import Workload, draft_messages, receive_messages, take_in
from service.usecases.matching.crew import understand_task
from tests.makers import a_member, a_message, a_small_organisation, a_studio, close_matter
from tests.service.usecases.books import rows

SMALL = a_small_organisation()
BOOK = OrganisationBook(SMALL)
DID = Activity("A1", "T1", "微协商", date(2026, 3, 1), "路灯", ("T1-M1",), 30, "已修好")


@pytest.fixture
def stored(context: Context) -> Context:
    """The small organisation is in force, as its first version."""
    save_book(context, BOOK, "甲")
    return follow_organisation(context)


@pytest.fixture
def other(stored: Context) -> Iterator[Context]:
    """Another process on the same database."""
    database = Database(stored.settings.url)
    yield Context(
        stored.settings,
        database,
        stored.triage,
        stored.sealer,
        stored.now,
        stored.organisation_version,
    )
    database.close()


def changed(**changes: Any) -> OrganisationBook:
    return OrganisationBook(replace(SMALL, **changes))


def refusal(context: Context, book: OrganisationBook) -> list[str]:
    before = read_book(context)
    with pytest.raises(OrganisationFileError) as told:
        save_book(context, book, "甲")
    assert read_book(context) == before
    return told.value.detail.splitlines()


def without_second() -> OrganisationBook:
    return changed(studios=SMALL.studios[:1], members=SMALL.members[:1])


def test_a_change_gives_a_version_and_is_kept(stored: Context) -> None:
    renamed = changed(studios=(a_studio("T1", "新名"), SMALL.studios[1]))
    saved = save_book(stored, renamed, "乙")
    assert saved.version == 2
    assert read_book(stored).book == renamed
    (kept,) = list_organisation_changes(stored, 1)
    assert (kept.version, kept.actor, kept.at) == (2, "乙", stored.now())
    assert kept.row == saved.changes[0]
    assert kept.row.action is ChangeAction.CHANGED
    assert ("名称", "庄里镇委员工作室", "新名") in kept.row.fields


def test_the_record_is_read_by_row_and_in_pages(stored: Context) -> None:
    everything = list_organisation_changes(stored, 100)
    assert {change.version for change in everything} == {1}
    pages = list_organisation_changes(stored, 2)
    pages += list_organisation_changes(stored, 100, before=pages[-1].id)
    assert pages == everything
    (one,) = list_organisation_changes(stored, 100, sheet="委员", code="T2-M1")
    assert one.row.name == "乙委员"


def test_what_changes_nothing_makes_no_version(stored: Context) -> None:
    assert save_book(stored, BOOK, "乙") == replace(save_book(stored, BOOK, "丙"), changes=())
    assert read_book(stored).version == 1


def test_a_trial_tells_and_changes_nothing(stored: Context) -> None:
    told = save_book(stored, without_second(), "甲", is_trial=True)
    assert [(row.sheet, row.code) for row in told.changes] == [("工作室", "T2"), ("委员", "T2-M1")]
    assert read_book(stored).book == BOOK
    assert told.version == 1


def test_who_looked_at_an_older_version_is_refused(stored: Context) -> None:
    save_book(stored, changed(departments=SMALL.departments[:9]), "乙", version=1)
    with pytest.raises(OrganisationChangedError, match="现行版本为 2"):
        save_book(stored, BOOK, "甲", version=1)
    assert read_book(stored).version == 2


def test_what_is_wrong_changes_nothing(stored: Context) -> None:
    found = refusal(stored, changed(members=SMALL.members[:1]))
    assert found == ["工作室 T2：“召集人”中的“T2-M1”不存在，请改正或先登记"]


def test_what_open_matters_need_does_not_go(stored: Context) -> None:
    first, second = receive_messages(stored, [a_message(), a_message(text="庄里镇的渠堵了半月")])
    assert {first.assignment.studio, second.assignment.studio} == {"T1"}
    gone = changed(studios=SMALL.studios[1:], members=SMALL.members[1:])
    found = refusal(stored, gone)
    numbers = "、".join(sorted({first.matter_number, second.matter_number}))
    count = len({first.matter_id, second.matter_id})
    assert found == [
        f"{what}不能删去：还有 {count} 件未办结的事项用到（{numbers}），请先改派或办结"
        for what in ("工作室“T1”（庄里镇委员工作室）", "委员“T1-M1”（甲委员）")
    ]
    for received in {first.matter_id, second.matter_id}:
        decided = Correction("0101", "城管局", "help", False, "T2")
        correct_matter(stored, received, decided, "甲")
    assert save_book(stored, gone, "甲").version == 2


def test_closed_matters_keep_nothing(stored: Context) -> None:
    (received,) = receive_messages(stored, [a_message()])
    decided = Correction("0101", "城管局", "help", False, "T1")
    correct_matter(stored, received.matter_id, decided, "甲")
    without = changed(
        departments=tuple(d for d in SMALL.departments if d.name != "城管局"),
    )
    assert any("承办单位“城管局”不能删去" in line for line in refusal(stored, without))
    close_matter(stored, received.matter_id, "甲", "修好了")
    assert save_book(stored, without, "甲").changes


def test_a_department_that_a_rule_names_does_not_go(stored: Context) -> None:
    save_rules(stored, (StandingRule("积水", ("积水",), department="水利局"),), "甲")
    without = changed(departments=tuple(d for d in SMALL.departments if d.name != "水利局"))
    assert refusal(stored, without) == [
        "承办单位“水利局”不在名录中，而办理规则“积水”建议由它承办，请保留它，或先改这条规则"
    ]
    save_rules(stored, (), "甲")
    assert save_book(stored, without, "甲").version == 2


def test_another_process_takes_a_change_without_a_restart(stored: Context, other: Context) -> None:
    assert follow_organisation(other) is other
    new = a_studio("T3", "曹村镇委员工作室", areas=("曹村镇",))
    book = changed(
        studios=(*SMALL.studios, new),
        members=(*SMALL.members, a_member("T3", "丙委员", "城乡建设")),
        departments=(*SMALL.departments, Department("林草局", ("护林站",))),
    )
    save_book(stored, book, "甲")
    following = follow_organisation(other)
    assert following.triage.organisation == book.organisation
    assert following.organisation_version == 2
    assert following.triage.model is other.triage.model
    assert follow_organisation(following) is following
    assert follow_organisation(other).triage.router is following.triage.router
    assert "护林站" in following.triage.reader.segmenter.cut("请护林站来")
    text = "曹村镇陈家堡的水管爆了三天。"
    (received,) = receive_messages(following, [a_message(text=text)])
    assert received.assignment.studio == "T3"


def test_a_message_under_way_is_routed_by_what_is_in_force_then(
    stored: Context, other: Context
) -> None:
    draft = draft_messages(other, [a_message()])
    understood = understand_task(other.triage, draft.task)
    gone = changed(studios=SMALL.studios[1:], members=SMALL.members[1:])
    save_book(stored, gone, "甲")
    take_in(other, draft, understood, Workload())
    (matter,) = rows(stored, tables.matter)
    assert matter["studio"] != "T1"
    assert "T1-M1" not in matter["members"]


def test_the_workbook_of_one_goes_into_another(stored: Context, tmp_path: Path) -> None:
    shift = Shift("T1", "T1-M1", date(2026, 3, 2), date(2026, 3, 6), (1,), "09:00-11:30")
    book = OrganisationBook(replace(SMALL, shifts=(shift,)), (DID,))
    save_book(stored, book, "甲")
    version, content = export_book(stored)
    assert version == 2
    save_book(stored, BOOK, "甲")
    assert import_workbook(stored, content, "乙", 3).version == 4
    assert read_book(stored).book == book
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert import_book(stored, path, "乙").changes == ()


def test_a_workbook_thought_of_an_older_version_is_refused(stored: Context) -> None:
    _, content = export_book(stored)
    save_book(stored, changed(departments=SMALL.departments[:9]), "乙")
    with pytest.raises(OrganisationChangedError):
        import_workbook(stored, content, "甲", 1)


def test_two_at_once_change_one_after_the_other(stored: Context, other: Context) -> None:
    def renamed(context: Context, code: str, name: str) -> None:
        def change(book: OrganisationBook) -> OrganisationBook:
            old = book.organisation
            studios = tuple(replace(s, name=name) if s.code == code else s for s in old.studios)
            return replace(book, organisation=replace(old, studios=studios))

        change_book(context, change, name)

    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(renamed, context, code, f"{code}{n}室")
            for n in range(6)
            for context, code in ((stored, "T1"), (other, "T2"))
        ]
        for job in jobs:
            job.result()
    found = read_book(stored)
    assert found.version == 13
    versions = [change.version for change in list_organisation_changes(stored, 12)]
    assert versions == list(range(13, 1, -1))
    assert {s.name[2:] for s in found.book.organisation.studios} <= {f"{n}室" for n in range(6)}


def test_an_empty_database_has_version_nought(context: Context) -> None:
    assert read_book(context).book == OrganisationBook(Organisation())
    assert read_book(context).version == 0
    assert follow_organisation(context) is context
