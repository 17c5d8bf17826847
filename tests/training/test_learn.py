"""Learning from corrections upon a small model."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from classifier.modelfile import ModelFile, write_model_file
from tests.training.small import segmenter, small_examples, write_small_model
from tests.training.taught import PLACES, taught
from training import learn as module
from training.examples import Example, make_text
from training.learn import Learned, learn
from training.lessons import Lesson


def silent(step: str, done: int, total: int) -> None:
    """No progress is shown."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("base") / "m.mqm"
    write_small_model(path)
    return Model.load(path)


@pytest.fixture(scope="module")
def learned(base: Model) -> Learned:
    return learn(base, base, taught(), 0.3, silent)


def written(file: ModelFile, path: Path) -> bytes:
    write_model_file(path, file.header, file.sections)
    return path.read_bytes()


def said(model: Model, head: str, body: str) -> str:
    return model.answer(make_text("", body, segmenter()))[head].label


def test_the_challenger_beats_a_base_that_does_not_know_the_county(learned: Learned) -> None:
    found = learned.comparison
    assert found.is_better
    department = next(q for q in found.questions if q.name == "department")
    assert department.whole.challenger > department.whole.champion + 0.2
    assert department.whole.support == 18


def test_a_department_new_to_the_base_is_learned(base: Model, learned: Learned) -> None:
    model = Model(learned.file)
    assert "水务局" not in base.heads["department"].labels
    assert "水务局" in model.heads["department"].labels
    assert said(model, "department", "柏林路的水管爆了没水用") == "水务局"
    assert list(model.heads) == list(base.heads)


def test_where_no_lesson_is_near_the_base_keeps_speaking(base: Model, learned: Learned) -> None:
    model = Model(learned.file)
    far = [example.text for example in small_examples(Taxonomy.load())[8:11]]
    for text in far:
        assert model.answer(text)["topic"].label == base.answer(text)["topic"].label


def test_all_lessons_are_in_the_model_that_is_kept(base: Model, learned: Learned) -> None:
    assert learned.file.header["learned"] == {"base": base.version, "lessons": 60}
    assert len(learned.split.learned) + len(learned.split.held_out) == 60
    model = Model(learned.file)
    right = [
        model.answer(lesson.example.text)["department"].label == lesson.example.labels["department"]
        for lesson in learned.split.held_out
    ]
    assert np.mean(right) >= 0.9


def test_order_and_numbers_change_no_byte(base: Model, learned: Learned, tmp_path: Path) -> None:
    shuffled = [replace(lesson, group=lesson.group + 500) for lesson in taught()]
    random.Random(5).shuffle(shuffled)
    again = learn(base, base, shuffled, 0.3, silent)
    assert written(again.file, tmp_path / "a") == written(learned.file, tmp_path / "b")
    assert again.comparison == learned.comparison


_IN_A_PROCESS = """
import sys
from pathlib import Path
from classifier.judging.model import Model
from classifier.modelfile import write_model_file
from training.learn import learn
from tests.training.taught import PLACES, taught
base = Model.load(Path(sys.argv[1]))
file = learn(base, base, taught(), 0.3, lambda *step: None).file
sys.stdout.write(write_model_file(Path(sys.argv[2]), file.header, file.sections))
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_changes_no_byte(
    learned: Learned, tmp_path: Path, threads: str
) -> None:
    write_small_model(tmp_path / "m.mqm")
    command = [sys.executable, "-c", _IN_A_PROCESS, str(tmp_path / "m.mqm"), str(tmp_path / "x")]
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    root = Path(__file__).resolve().parents[2]
    subprocess.run(command, check=True, cwd=root, env=dict.fromkeys(names, threads))
    assert (tmp_path / "x").read_bytes() == written(learned.file, tmp_path / "y")


def test_what_is_gone_leaves_no_trace(base: Model, tmp_path: Path) -> None:
    others = taught()
    secret = Lesson(
        replace(others[0].example, text=make_text("", "塔寺的祖坟被人挖了。", segmenter())),
        99,
        True,
    )
    never = learn(base, base, others, 0.3, silent)
    with_it = learn(base, base, [*others, secret], 0.3, silent)
    after = learn(base, Model(with_it.file), others, 0.3, silent)
    assert written(after.file, tmp_path / "a") == written(never.file, tmp_path / "b")
    assert written(with_it.file, tmp_path / "c") != written(never.file, tmp_path / "d")


def test_lessons_that_say_nothing_new_leave_the_base_as_it_is(
    base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PENALTIES", ())
    found = learn(base, base, taught(), 0.3, silent)
    assert set(found.penalties.values()) == {None}
    topics = base.heads["topic"].columns
    assert np.array_equal(
        found.file.sections["rows"].array[:, topics], base.weights.rows[:, topics]
    )


def test_lines_are_fitted_again_where_there_are_enough(
    base: Model, learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {head["name"]: head["slope"] for head in learned.file.header["heads"]}
    assert kept == {name: head.slope for name, head in base.heads.items()}
    monkeypatch.setattr(module, "ENOUGH", 60)
    found = learn(base, base, taught(), 0.3, silent)
    fitted = {head["name"]: head["slope"] for head in found.file.header["heads"]}
    assert fitted["department"] != kept["department"]
    assert fitted["urgent"] == kept["urgent"]
    Model(found.file)


def test_what_was_measured_of_the_base_is_not_the_challengers(
    base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"figures": {}, "curves": {"kind": [[0.5, 1.0, 1.0]]}, "class_limits": {"kind": {}}}
    header = {**base.file.header, **told}
    measured = Model(ModelFile(header, base.file.sections, base.version))
    few = learn(measured, measured, taught(), 0.3, silent).file.header
    assert not set(told) & set(few)
    assert few["limits"] == base.file.header["limits"]
    monkeypatch.setattr(module, "ENOUGH", 60)
    many = learn(measured, measured, taught(), 0.3, silent).file.header
    assert set(many["curves"]) == {"topic_l1", "department", "kind"}
    assert many["curves"]["kind"] != told["curves"]["kind"]
    assert "综合执法局" in many["class_limits"]["department"]
    assert "figures" not in many


def test_strange_lessons_are_learned_from_without_fail(base: Model) -> None:
    strange = ["", "。", "\x00", "a" * 5000, "😀😀", "\u202e反", "路" * 30_000, "\ud800"]
    plain = taught()[0].example
    lessons = [
        Lesson(
            replace(plain, text=plain.text._replace(body=body, body_tokens=(body,))), 200 + n, True
        )
        for n, body in enumerate(strange)
    ]
    one_of_a_kind = replace(plain, labels={**plain.labels, "department": "只出现一次的局"})
    lessons.append(Lesson(one_of_a_kind, 300, True))
    found = learn(base, base, [*taught(), *lessons], 0.3, silent)
    assert "只出现一次的局" not in Model(found.file).heads["department"].labels


def with_ruled_out(lessons: list[Lesson], words: str, department: str) -> list[Lesson]:
    """The same, but of those with these words only a department is known that is wrong."""

    def changed(lesson: Lesson) -> Lesson:
        if words not in lesson.example.text.body:
            return lesson
        labels = {n: label for n, label in lesson.example.labels.items() if n != "department"}
        ruled_out = {"department": frozenset({department})}
        return replace(lesson, example=replace(lesson.example, labels=labels, ruled_out=ruled_out))

    return [changed(lesson) for lesson in lessons]


def share(model: Model, department: str, body: str) -> float:
    verdict = model.answer(make_text("", body, segmenter()))["department"]
    return dict([(verdict.label, verdict.probability), *verdict.alternatives]).get(department, 0.0)


def test_what_is_only_known_to_be_wrong_is_judged_so_less(base: Model) -> None:
    body = "柏林路的路灯都不亮"
    wrong = said(base, "department", body)
    found = learn(base, base, with_ruled_out(taught(), "路灯", wrong), 0.3, silent)
    model = Model(found.file)
    assert said(model, "department", body) != wrong
    assert share(model, wrong, body) < share(base, wrong, body)
    assert not any(lesson.example.ruled_out for lesson in found.split.held_out)
    assert found.file.header["learned"]["lessons"] == 60


def test_a_wrong_department_that_the_base_does_not_know_tells_nothing(
    base: Model, tmp_path: Path
) -> None:
    unknown = learn(base, base, with_ruled_out(taught(), "煤气", "水文站"), 0.3, silent)
    untold = [
        replace(lesson, example=replace(lesson.example, ruled_out={}))
        for lesson in with_ruled_out(taught(), "煤气", "水文站")
    ]
    left_out = learn(base, base, untold, 0.3, silent)
    assert unknown.penalties == left_out.penalties
    assert unknown.comparison == left_out.comparison


def sent_back(count: int, department: str) -> list[Lesson]:
    """Lessons on what no other is about, of which only a department is known that is wrong."""
    plain = taught()[3].example
    return [
        Lesson(
            Example(
                make_text("", f"{place}幼儿园收费太高。", segmenter()),
                {name: label for name, label in plain.labels.items() if name != "department"},
                ruled_out={"department": frozenset({department})},
            ),
            400 + number,
            True,
        )
        for number, place in enumerate(PLACES[:count])
    ]


def test_each_return_lowers_the_department_and_hurts_no_other_answer(base: Model) -> None:
    body = "塔寺幼儿园收费太高。"
    wrong = said(base, "department", body)
    models = [
        Model(learn(base, base, [*taught(), *sent_back(count, wrong)], 0.3, silent).file)
        for count in (0, 3, 10)
    ]
    shares = [share(model, wrong, body) for model in models]
    assert shares[0] > shares[1] > shares[2]
    assert shares[2] < shares[0] / 2
    for lesson in taught():
        right = lesson.example.labels["department"]
        assert models[2].answer(lesson.example.text)["department"].label == right
