"""Own-written lessons of a county that calls two departments otherwise than the small model."""

from __future__ import annotations

from classifier.judging.heads import DEPARTMENT, KIND, TOPIC, URGENT
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import segmenter
from training.examples import Example, make_text
from training.lessons import Lesson

PLACES = ("东街", "西关", "北桥", "南塬", "河湾", "石坡", "柳巷", "槐院", "新村", "老城")
# what is written, level 1, level 2, department, kind, urgent
PROBLEMS = (
    ("水管爆了没水用", "城乡建设", "城市建设和市政管理", "水务局", "求助", "0"),
    ("路灯都不亮", "城乡建设", "城市建设和市政管理", "综合执法局", "投诉", "0"),
    ("垃圾堆着没人清运", "城乡建设", "城市建设和市政管理", "综合执法局", "投诉", "0"),
    ("小学招生要什么证件", "教育文体", "考试招生", "教育局", "咨询", "0"),
    ("工地拖欠工资", "劳动和社会保障", "工资福利", "人社局", "求助", "0"),
    ("煤气泄漏很危险", "城乡建设", "城市建设和市政管理", "供水供电供气公司", "求助", "1"),
)  # fmt: skip


def taught(is_new: bool = True) -> list[Lesson]:
    """Sixty lessons, each of a matter of its own."""
    taxonomy = Taxonomy.load()
    rows = [(place, problem) for place in PLACES for problem in PROBLEMS]
    return [
        Lesson(_example(place, problem, taxonomy), number, is_new)
        for number, (place, problem) in enumerate(rows)
    ]


def _example(place: str, problem: tuple[str, ...], taxonomy: Taxonomy) -> Example:
    words, first, second, department, kind, urgent = problem
    values = (taxonomy.code(first, second), department, kind, urgent)
    labels = dict(zip((TOPIC, DEPARTMENT, KIND, URGENT), values, strict=True))
    return Example(make_text("", f"{place}{words}。", segmenter()), labels)
