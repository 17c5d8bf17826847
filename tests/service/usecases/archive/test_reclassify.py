"""Another model judges what is stored; what people decided goes on to hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.judging.judgement import Judgement
from classifier.reading.reader import Reading
from service.domain.deadline import URGENT_DAYS, deadline
from service.domain.status import MatterStatus
from service.errors import ModelUnavailableError
from service.storage import tables
from service.triage.calendar import is_working_day
from service.usecases.archive import reclassify as module
from service.usecases.archive.reclassify import Reclassified, reclassify
from service.usecases.context import Context
from service.usecases.matching.crew import Alone
from service.usecases.matters.matter_file import show_matter
from tests.makers import NOW, Clock, dispatch_matter
from tests.service.usecases.archive.test_complete import SCHOOL, all_rows, take_in
from tests.service.usecases.books import check_books, rows
from tests.tiny_model import TinyModel

UNKNOWN = "这里的事情总是没有人管，说了又说。"


class OtherModel(TinyModel):
    """Takes everything for a matter of the school, and all of it for urgent where told."""

    version = "tiny-2"
    is_urgent = False

    def judge(self, reading: Reading) -> Judgement:
        judged = super().judge(replace(reading, title=reading.title, body=reading.body))
        code = self._taxonomy.code("教育文体", "教育行政管理")
        return replace(
            judged,
            topic_l1=replace(judged.topic_l1, label=code[:2]),
            topic=replace(judged.topic, label=code),
            department=replace(judged.department, label="教育局"),
            is_urgent=self.is_urgent,
        )


class HurriedModel(OtherModel):
    version = "tiny-3"
    is_urgent = True


def with_model(context: Context, model: type[TinyModel]) -> Context:
    return replace(context, triage=replace(context.triage, model=model(context.triage.taxonomy)))


def judged_again(context: Context, model: type[TinyModel] = OtherModel) -> Reclassified:
    other = with_model(context, model)
    return reclassify(other, Alone(other.triage))


def test_the_new_judgement_stands_beside_the_old(context: Context) -> None:
    lamp = take_in(context)
    done = judged_again(context)
    assert (done.total, done.judged_count, done.changed_count) == (1, 1, 1)
    judged = rows(context, tables.classification)
    assert [row["model_version"] for row in judged] == ["tiny-1", "tiny-2"]
    assert [row["department"] for row in judged] == ["住建局", "教育局"]
    file = show_matter(context, lamp.matter_id)
    assert file.classification is not None
    assert file.classification.department.label == file.matter.department == "教育局"
    assert file.matter.topic == file.classification.topic.label
    check_books(context)


def test_it_is_done_once(context: Context) -> None:
    take_in(context)
    take_in(context, SCHOOL)
    judged_again(context)
    before = all_rows(context)
    assert judged_again(context).total == 0
    assert all_rows(context) == before


def test_going_back_to_a_model_judges_once_more(context: Context) -> None:
    take_in(context)
    judged_again(context)
    assert judged_again(context, TinyModel).changed_count == 1
    assert [row["model_version"] for row in rows(context, tables.classification)] == [
        "tiny-1", "tiny-2", "tiny-1",
    ]  # fmt: skip


def test_what_was_sent_out_stays_with_whom_it_was_sent_to(context: Context) -> None:
    lamp = take_in(context)
    before = show_matter(context, lamp.matter_id)
    assert before.matter.status is MatterStatus.ASSIGNED
    judged_again(context)
    after = show_matter(context, lamp.matter_id)
    assert (after.matter.studio, after.matter.due_at) == (
        before.matter.studio,
        before.matter.due_at,
    )
    assert after.matter.status is MatterStatus.ASSIGNED


def test_what_waits_in_review_gets_a_new_proposal_and_waits_still(context: Context) -> None:
    unknown = take_in(context, UNKNOWN, title="")
    assert unknown.status is MatterStatus.REVIEW
    judged_again(context)
    matter = show_matter(context, unknown.matter_id).matter
    assert (matter.studio, matter.department) == ("T2", "教育局")
    assert matter.status is MatterStatus.REVIEW


def test_a_matter_that_a_person_acted_on_is_not_touched(context: Context) -> None:
    unknown = take_in(context, UNKNOWN, title="")
    dispatch_matter(context, unknown.matter_id, "admin")
    before = rows(context, tables.matter)
    done = judged_again(context)
    assert (done.changed_count, done.matter_count) == (1, 0)
    assert rows(context, tables.matter) == before


def test_urgency_is_raised_and_never_lowered(context: Context, clock: Clock) -> None:
    lamp = take_in(context)
    clock.forward(hours=3)
    judged_again(context, HurriedModel)
    matter = show_matter(context, lamp.matter_id).matter
    assert matter.is_urgent
    assert matter.due_at == deadline(clock(), URGENT_DAYS, is_working_day)
    judged_again(context)
    assert show_matter(context, lamp.matter_id).matter.is_urgent


def test_what_was_stopped_goes_on(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(5):
        take_in(context, f"第{number}条街的路灯坏了。", external_id=str(number))
    other = with_model(context, OtherModel)

    def stop(done: Reclassified) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reclassify(other, Alone(other.triage), stop)
    assert reclassify(other, Alone(other.triage)).total == 3
    versions = [row["model_version"] for row in rows(context, tables.classification)]
    assert versions.count("tiny-2") == 5


def test_without_a_model_it_is_refused(by_hand: Context) -> None:
    with pytest.raises(ModelUnavailableError):
        reclassify(by_hand, Alone(by_hand.triage))


def test_the_time_is_that_of_the_judgement(context: Context, clock: Clock) -> None:
    take_in(context)
    clock.forward(days=2)
    judged_again(context)
    at = [row["decided_at"] for row in rows(context, tables.classification)]
    assert at == [NOW, clock()]
