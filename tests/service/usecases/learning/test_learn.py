"""Learning from what people decided: the challenger, its registration, and what erasure leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from classifier.errors import ModelFileError
from classifier.judging.features import Text
from classifier.judging.model import Model
from service.composition import build_triage
from service.domain.erasure import ErasureGround
from service.domain.model_record import ModelState
from service.domain.order import Order
from service.domain.organisation import Committee, CommitteeLevel
from service.domain.path import Move, ReturnReason
from service.domain.teaching import Teaching
from service.errors import FileUnwritableError, InvalidInputError
from service.storage.database import Connection
from service.storage.learning.teachings import read_teachings
from service.storage.matters.matters import change_matter
from service.storage.messages.messages import find_leading
from service.storage.tables import classification, demand, document, event, matter, message, ruling
from service.usecases.casework.casework import move_matter
from service.usecases.casework.erasing import erase_message
from service.usecases.context import Context
from service.usecases.in_force.models import (
    active_model_path,
    learned_path,
    list_models,
    roll_back_model,
)
from service.usecases.learning.learn import LearnReport, alone, learn, relearn
from tests.makers import Clock, dispatch_matter
from tests.service.usecases.taught import (
    PLACES,
    PROBLEMS,
    correct,
    decide,
    take_in,
    with_small_model,
)
from training.errors import TrainingError

SECRET = "塔寺的祖坟夜里被人挖了。"


def silent(step: str, done: int, total: int) -> None:
    """No progress is shown."""


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Context:
    return with_small_model(context, tmp_path / "data")


def learned(desk: Context, promote: bool = True, margin: float = 0.05) -> LearnReport:
    return learn(desk, margin, 0.3, promote, silent)


def file_of(desk: Context, version: str) -> bytes:
    return learned_path(desk.settings, version).read_bytes()


def erase(connection: Connection, matter_id: int) -> None:
    """Take a matter with its only message out of the database."""
    leading = find_leading(connection, matter_id)
    for table in (classification, document, ruling, demand):
        connection.execute(delete(table).where(table.c.message_id == leading))
    connection.execute(delete(event).where(event.c.matter_id == matter_id))
    connection.execute(delete(message).where(message.c.id == leading))
    connection.execute(delete(matter).where(matter.c.id == matter_id))


def test_a_better_challenger_is_promoted_and_judges_from_the_next_start(desk: Context) -> None:
    decide(desk)
    report = learned(desk)
    assert report.is_promoted
    assert report.comparison.is_better
    assert (report.stated_count, report.tacit_count) == (50, 0)
    (record,) = list_models(desk).learned
    assert (record.version, record.state) == (report.version, ModelState.ACTIVE)
    assert (record.base, record.lesson_count) == (report.champion, 50)
    assert record.figures["challenger"] > record.figures["champion"]
    path = active_model_path(desk.settings, desk.database)
    triage = build_triage(desk.settings, desk.triage.organisation, (), path)
    judged = triage.classify(triage.reader.read("", "柏林路的水管爆了没水用"))
    assert judged is not None
    assert (judged.department.label, judged.model_version) == ("水利局", report.version)


def test_without_promote_the_challenger_waits(desk: Context) -> None:
    decide(desk)
    report = learned(desk, promote=False)
    assert not report.is_promoted
    assert list_models(desk).learned[0].state is ModelState.CHALLENGER
    assert active_model_path(desk.settings, desk.database) == desk.settings.model_path
    assert file_of(desk, report.version)


def test_an_older_challenger_gives_way(desk: Context) -> None:
    decide(desk)
    first = learned(desk, promote=False)
    decide(desk, ("塔寺",))
    second = learned(desk, promote=False)
    assert [one.version for one in list_models(desk).learned] == [second.version]
    assert not learned_path(desk.settings, first.version).exists()


def test_too_few_decisions_are_refused_with_the_number_needed(desk: Context) -> None:
    decide(desk, PLACES[:2])
    with pytest.raises(TrainingError, match="未学过的有 10 条，至少要有 40 条"):
        learned(desk)
    assert not list_models(desk).learned


def test_what_was_learned_once_is_not_tried_on_again(desk: Context, clock: Clock) -> None:
    decide(desk)
    learned(desk)
    clock.forward(days=1)
    decide(desk, ("塔寺",))
    with pytest.raises(TrainingError, match="未学过的有 5 条"):
        learned(desk)


def test_a_matter_sent_out_unchanged_counts_as_confirmed(desk: Context, clock: Clock) -> None:
    (corrected,) = decide(desk, PLACES[:1])[:1]
    judging = replace(desk, triage=replace(desk.triage, model=Model.load(desk.settings.model_path)))
    left = take_in(judging, "学校招生怎么报名？")
    untouched = take_in(judging, "幼儿园收费多少？")
    for matter_id in (corrected, left):
        with desk.database.transaction() as connection:
            change_matter(connection, matter_id, status="review")
        clock.forward(minutes=1)
        dispatch_matter(desk, matter_id, "李科")
    with desk.database.reading() as connection:
        found = {one.matter_id: one for one in read_teachings(connection)}
    assert len(found) == 6
    assert untouched not in found
    assert (found[left].is_tacit, found[left].decided_by) == (True, "李科")
    assert (found[left].decided_at, found[left].title) == (clock(), "")
    assert found[left].topic and found[left].department and found[left].kind
    assert (found[corrected].is_tacit, found[corrected].decided_by) == (False, "王科")


def test_a_department_that_sent_a_matter_back_is_not_taught(desk: Context) -> None:
    judging = replace(desk, triage=replace(desk.triage, model=Model.load(desk.settings.model_path)))
    matter_id = take_in(judging, "学校招生怎么报名？")
    with desk.database.transaction() as connection:
        change_matter(connection, matter_id, status="review")
    dispatch_matter(desk, matter_id, "李科")

    def taught() -> list[str]:
        with desk.database.reading() as connection:
            return [one.decided_by for one in read_teachings(connection)]

    assert taught() == ["李科"]
    reason = {"return_reason": ReturnReason.NOT_OURS.value, "note": "不归我局"}
    move_matter(desk, matter_id, Order(Move.RETURN, **reason), "张科")
    assert taught() == []
    move_matter(desk, matter_id, Order(Move.UPHOLD, note="按职责目录属于该局"), "王科")
    assert taught() == ["王科"]


def send_back(desk: Context, matter_id: int, reason: ReturnReason = ReturnReason.NOT_OURS) -> None:
    """Send a matter out, and let the department send it back."""
    with desk.database.transaction() as connection:
        change_matter(connection, matter_id, status="review")
    dispatch_matter(desk, matter_id, "李科")
    returned = Order(Move.RETURN, return_reason=reason.value, note="请另交")
    move_matter(desk, matter_id, returned, "张科")


def hand_up(desk: Context, matter_id: int) -> None:
    """Hand a matter of the county to the city."""
    county = desk.triage.organisation.committee_by_code["FP"]
    city = Committee("WN", "渭南市政协", CommitteeLevel.CITY, "", "6105")
    wider = replace(desk.triage.organisation, committees=(city, replace(county, parent="WN")))
    apart = replace(desk, triage=replace(desk.triage, organisation=wider))
    with desk.database.transaction() as connection:
        change_matter(connection, matter_id, committee="FP")
    move_matter(apart, matter_id, Order(Move.HAND_UP, committee="WN", note="请市级定"), "王科")


def teaching_of(desk: Context, matter_id: int) -> Teaching | None:
    with desk.database.reading() as connection:
        found = {one.matter_id: one for one in read_teachings(connection)}
    return found.get(matter_id)


def judging(desk: Context) -> Context:
    """The desk whose small model judges what comes in."""
    return replace(desk, triage=replace(desk.triage, model=Model.load(desk.settings.model_path)))


def test_an_accepted_return_tells_which_department_is_wrong(desk: Context, clock: Clock) -> None:
    matter_id = take_in(judging(desk), "学校招生怎么报名？")
    send_back(desk, matter_id)
    assert teaching_of(desk, matter_id) is None
    clock.forward(minutes=1)
    hand_up(desk, matter_id)
    found = teaching_of(desk, matter_id)
    assert found is not None
    assert (found.department, found.ruled_out) == ("", frozenset({"教育局"}))
    assert (found.decided_by, found.decided_at, found.is_tacit) == ("王科", clock(), True)
    correct(desk, matter_id, list(PROBLEMS[0][1:]))
    found = teaching_of(desk, matter_id)
    assert found is not None
    assert (found.department, found.ruled_out) == ("水利局", frozenset())


def test_a_stated_department_that_sent_the_matter_back_is_no_longer_taught(desk: Context) -> None:
    matter_id = decide(desk, PLACES[:1])[0]
    send_back(desk, matter_id)
    hand_up(desk, matter_id)
    found = teaching_of(desk, matter_id)
    assert found is not None
    assert (found.department, found.ruled_out) == ("", frozenset({"水利局"}))
    assert (found.decided_by, found.is_tacit) == ("王科", False)
    assert found.topic and found.kind


@pytest.mark.parametrize("reason", [r for r in ReturnReason if r is not ReturnReason.NOT_OURS])
def test_a_return_for_another_reason_says_nothing_of_the_duty(
    desk: Context, reason: ReturnReason
) -> None:
    matter_id = decide(desk, PLACES[:1])[0]
    send_back(desk, matter_id, reason)
    hand_up(desk, matter_id)
    found = teaching_of(desk, matter_id)
    assert found is not None
    assert (found.department, found.ruled_out) == ("水利局", frozenset())


def share(model: Model, department: str, text: str, desk: Context) -> float:
    verdict = model.answer(Text.of(desk.triage.reader.read("", text)))["department"]
    return dict([(verdict.label, verdict.probability), *verdict.alternatives]).get(department, 0.0)


def test_returns_lower_what_the_challenger_thinks_of_the_department(desk: Context) -> None:
    decide(desk)
    sent_back = [take_in(judging(desk), f"{place}幼儿园收费太高。") for place in PLACES[:6]]
    base = Model.load(desk.settings.model_path)
    for matter_id in sent_back:
        send_back(desk, matter_id)
        hand_up(desk, matter_id)
    report = learned(desk)
    assert (report.stated_count, report.tacit_count, report.returned_count) == (50, 0, 6)
    assert report.is_promoted and not report.falls
    taught = Model.load(learned_path(desk.settings, report.version))
    similar = "塔寺村幼儿园收费太高。"
    assert share(taught, "教育局", similar, desk) < share(base, "教育局", similar, desk) / 2
    for words, _, _, department, _ in PROBLEMS:
        verdict = taught.answer(Text.of(desk.triage.reader.read("", f"塔寺{words}。")))
        assert verdict["department"].label == department


def test_an_erased_return_teaches_nothing(desk: Context) -> None:
    matter_id = take_in(judging(desk), SECRET)
    send_back(desk, matter_id)
    hand_up(desk, matter_id)
    assert teaching_of(desk, matter_id) is not None
    with desk.database.reading() as connection:
        written = find_leading(connection, matter_id)
    erase_message(desk, written, "管理员", ErasureGround.WITHDRAWN, "本人来电")
    assert teaching_of(desk, matter_id) is None


def test_the_last_correction_counts(desk: Context) -> None:
    matter_id = decide(desk, PLACES[:1])[0]
    correct(desk, matter_id, list(PROBLEMS[3][1:]))
    with desk.database.reading() as connection:
        (found,) = [one for one in read_teachings(connection) if one.matter_id == matter_id]
    assert found.department == "教育局"


def test_an_erased_message_leaves_no_trace_in_the_next_model(desk: Context) -> None:
    secret = correct(desk, take_in(desk, SECRET), list(PROBLEMS[4][1:]))
    decide(desk)
    before = learned(desk, promote=False)
    with_secret = file_of(desk, before.version)
    with desk.database.transaction() as connection:
        erase(connection, secret)
    after = file_of(desk, learned(desk, promote=False).version)
    with desk.database.transaction() as connection:
        for one in (ruling, classification, demand, document, event):
            connection.execute(delete(one))
        connection.execute(delete(matter))
        connection.execute(delete(message))
    decide(desk)
    never = file_of(desk, learned(desk, promote=False).version)
    assert after == never != with_secret


def test_learning_anew_removes_all_that_was_learned_before(desk: Context, clock: Clock) -> None:
    secret = correct(desk, take_in(desk, SECRET), list(PROBLEMS[4][1:]))
    decide(desk)
    old = learned(desk)
    assert old.is_promoted
    with desk.database.transaction() as connection:
        erase(connection, secret)
    clock.forward(days=1)
    report = relearn(desk, silent)
    (record,) = list_models(desk).learned
    assert (record.version, record.state) == (report.version, ModelState.ACTIVE)
    assert record.lesson_count == 50
    assert report.removed_count == 1
    assert not learned_path(desk.settings, old.version).exists()
    assert roll_back_model(desk).active is None


def test_learning_anew_from_too_little_goes_back_to_the_shipped_model(desk: Context) -> None:
    decide(desk)
    learned(desk)
    with desk.database.transaction() as connection:
        for one in (ruling, classification, demand, event):
            connection.execute(delete(one))
    report = relearn(desk, silent)
    assert (report.version, report.lesson_count, report.removed_count) == ("", 0, 1)
    assert active_model_path(desk.settings, desk.database) == desk.settings.model_path
    assert not list(learned_path(desk.settings, "x").parent.iterdir())


def test_a_damaged_champion_stops_learning(desk: Context) -> None:
    decide(desk)
    report = learned(desk)
    learned_path(desk.settings, report.version).write_bytes(b"\x89MINQING broken")
    with pytest.raises(ModelFileError):
        learned(desk)


def test_a_folder_that_cannot_be_written_is_told(desk: Context) -> None:
    decide(desk)
    (desk.settings.home / "models").write_text("in the way")
    with pytest.raises(FileUnwritableError):
        learned(desk)
    assert not list_models(desk).learned


def test_a_second_learning_is_kept_out_until_the_first_ends(desk: Context) -> None:
    again = pytest.raises(InvalidInputError, match="另一次学习")
    with alone(desk.settings), again, alone(desk.settings):
        pass
    with alone(desk.settings):
        pass


def test_learning_anew_sweeps_out_what_broken_off_learnings_left(desk: Context) -> None:
    decide(desk)
    learned(desk)
    left = [learned_path(desk.settings, "0123456789ab"), learned_path(desk.settings, ".learning-7")]
    left.append(left[1].with_name(f"{left[1].name}.partial"))
    for path in left:
        path.write_bytes(b"trace")
    found = relearn(desk, silent)
    kept = learned_path(desk.settings, found.version)
    assert sorted(kept.parent.glob("*.mqm*")) == [kept]
