"""A desk whose settings' own model is a small one, and what its people decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from service.domain.kind import Kind
from service.settings import Settings
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.training.small import write_small_model

PLACES = ("东街", "西关", "北桥", "南塬", "河湾", "石坡", "柳巷", "槐院", "新村", "老城")
# what is written, level 1, level 2, department, kind
PROBLEMS = (
    ("水管爆了没水用", "城乡建设", "城市建设和市政管理", "水利局", Kind.HELP),
    ("路灯都不亮", "城乡建设", "城市建设和市政管理", "街道乡镇", Kind.COMPLAINT),
    ("垃圾堆着没人清运", "城乡建设", "城市建设和市政管理", "街道乡镇", Kind.COMPLAINT),
    ("小学招生要什么证件", "教育文体", "考试招生", "教育局", Kind.QUESTION),
    ("房子漏水没人修", "城乡建设", "住房保障与房地产", "住建局", Kind.HELP),
)


def with_small_model(context: Context, folder: Path) -> Context:
    """The context of a desk whose shipped model is the small one; none judges what comes in."""
    shipped = Settings().data
    folder.mkdir()
    for entry in shipped.iterdir():
        if entry.name != "model":
            (folder / entry.name).symlink_to(entry)
    (folder / "model").mkdir()
    write_small_model(folder / "model" / "default.mqm")
    settings = context.settings.model_copy(update={"data": folder})
    triage = replace(context.triage, model=None, pair_model=None)
    return replace(context, settings=settings, triage=triage)


def take_in(context: Context, text: str) -> int:
    """Take a message in that opens a matter of its own, and give the matter's id."""
    (received,) = receive_messages(context, [a_message(text, title="")])
    return received.matter_id


def decide(context: Context, places: tuple[str, ...] = PLACES) -> list[int]:
    """Messages from these places, each corrected by a person; the matters."""
    return [
        correct(context, take_in(context, f"{place}{words}。"), labels)
        for place in places
        for words, *labels in PROBLEMS
    ]


def correct(context: Context, matter_id: int, labels: list[object]) -> int:
    """A person's decision on a matter."""
    first, second, department, kind = labels
    code = context.triage.taxonomy.code(str(first), str(second))
    assert isinstance(kind, Kind)
    correction = Correction(code, str(department), kind.value, False, "")
    correct_matter(context, matter_id, correction, "王科")
    return matter_id
