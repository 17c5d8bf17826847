"""A small model of a few own-written messages, for tests of whatever reads models."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from classifier.judging.features import FeatureScheme
from classifier.judging.heads import DEPARTMENT, HEADS, Limits, as_json
from classifier.judging.taxonomy import Taxonomy
from classifier.judging.weights import write_weights
from classifier.modelfile import write_model_file
from classifier.reading.reader import Reading
from classifier.text.clean import clean
from classifier.text.segment import Segmenter
from training.assembling import assemble
from training.desk import desk_heads
from training.examples import Example, make_text
from training.heads_fit import Plan, fit_heads, prepare

PLAN = Plan(scheme=FeatureScheme(bits=14), least_texts=1, size=600_000)
LIMITS = Limits(
    topic_l1=0.4, department=0.4, margin=0.1, known=0.3, letters=5, urgent=0.5
)  # fmt: skip

OWN_LETTER = ("路灯不亮", "弄堂口的路灯坏了好久，晚上老人不敢出门。")
OWN_WORDS = "养老保险 外省 转回 材料"
# s and k with the first 12 digits of the SHA-256 of "路灯不亮|弄堂口…" and of the words
OWN_LETTER_ID, OWN_WORDS_ID = "s6bd59c2a00e3", "k7d1b57e4c76f"

# title, text, level 1, level 2, department, second department, kind, urgent
ROWS = (
    ("路灯坏了", "巷子里路灯坏了半个月，夜里看不见路，请派人修好。",
     "城乡建设", "城市建设和市政管理", "城管局", "-", "投诉", "0"),
    ("垃圾没人清", "楼下垃圾桶满了三天没有人清运，臭味很大。",
     "城乡建设", "城市建设和市政管理", "城管局", "街道乡镇", "投诉", "0"),
    ("房子漏水", "新房子交房不到一年墙面漏水，开发商不来修。",
     "城乡建设", "住房保障与房地产", "住建局", "-", "投诉", "0"),
    ("物业费问题", "物业公司收费不公开，服务又差，请住建部门管一管。",
     "城乡建设", "住房保障与房地产", "住建局", "-", "投诉", "0"),
    ("学校招生", "请问今年小学招生划片范围有变化吗，需要带什么证件？",
     "教育文体", "考试招生", "教育局", "-", "咨询", "0"),
    ("幼儿园收费", "公办幼儿园收费标准是多少，能不能公布一下？",
     "教育文体", "教育收费", "教育局", "-", "咨询", "0"),
    ("老师补课", "中学老师在外面办班补课，建议教育部门查一查。",
     "教育文体", "教育行政管理", "教育局", "-", "建议", "0"),
    ("拖欠工资", "我们在工地干活三个月没有发工资，请帮我们要回血汗钱。",
     "劳动和社会保障", "工资福利", "人社局", "住建局", "求助", "0"),
    ("社保转移", "请问养老保险从外省转回来怎么办理，要多长时间？",
     "劳动和社会保障", "城镇职工社会保险", "人社局", "-", "咨询", "0"),
    ("化工厂排污", "河边化工厂夜里偷排污水，河水发黑，鱼都死了。",
     "环境保护", "环境污染", "生态环境局", "水利局", "举报", "0"),
    ("粉尘扰民", "搅拌站粉尘太大，窗户不敢开，请环保局来查。",
     "环境保护", "环境污染", "生态环境局", "-", "投诉", "0"),
    ("燃气泄漏", "楼道里煤气味很重，怕要爆炸，请马上派人来，太危险了。",
     "城乡建设", "城市建设和市政管理", "供水供电供气公司", "应急管理局", "求助", "1"),
)  # fmt: skip


@cache
def segmenter() -> Segmenter:
    """One for all tests: it takes a moment to make."""
    return Segmenter()


def small_examples(taxonomy: Taxonomy) -> list[Example]:
    """The rows as labelled examples."""
    return [
        Example(
            make_text(title, body, segmenter()),
            dict(zip(HEADS, (taxonomy.code(first, second), department, kind, urgent), strict=True)),
            {} if other == "-" else {DEPARTMENT: other},
        )
        for title, body, first, second, department, other, kind, urgent in ROWS
    ]


def write_small_model(path: Path) -> str:
    """Train on the rows, write a model file and give its version."""
    taxonomy = Taxonomy.load()
    examples = small_examples(taxonomy)
    heads = desk_heads(examples, taxonomy)
    vocabulary, linear = fit_heads(prepare(examples, heads, PLAN), PLAN)
    scaling = np.array([[4.0], [0.0]]) * np.ones(len(linear.biases))
    weights = assemble(linear, vocabulary, PLAN.scheme, scaling)
    header = as_json(heads, (1.0, 0.0), LIMITS, taxonomy) | {"features": PLAN.scheme.as_json()}
    return write_model_file(path, header, write_weights(weights))


def a_reading(title: str, body: str) -> Reading:
    """A message as the model needs it, without places and personal data."""
    clean_title, clean_body = clean(title), clean(body)
    title_tokens, body_tokens = (
        tuple(segmenter().cut(text.plain)) for text in (clean_title, clean_body)
    )
    return Reading(clean_title, clean_body, title_tokens, body_tokens, (), ())


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file as the shared data has them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def write_small_shared(folder: Path) -> None:
    """A folder like the shared data, of the rows and a changed telling of each."""
    told = [(f"{n}", *row) for n, row in enumerate([*ROWS, *map(_retold, ROWS)])]
    label_columns = ("id", "level1", "level2", "department", "department_alt", "kind", "urgent")
    stream, contest = told[:-2], told[-2:]
    write_csv(folder / "stream.csv", ("留言编号", "留言主题", "留言详情"), [r[:3] for r in stream])
    write_csv(folder / "replies.csv", ("留言编号", "留言主题", "留言详情"), [])
    write_csv(folder / "topics_train.csv", ("id", "text"), [(r[0], r[1] + r[2]) for r in contest])
    labels = [(f"h{r[0]}", *r[3:]) for r in stream] + [(f"t{r[0]}", *r[3:]) for r in contest]
    write_csv(folder / "annotated_dev.csv", label_columns, labels[::2])
    write_csv(folder / "annotated_more.csv", label_columns, labels[1::2])
    write_csv(folder / "agency_train.csv", ("title", "content"), [OWN_LETTER])
    write_csv(folder / "topics_train_tokenised.csv", ("label", "tokens"), [("", OWN_WORDS)])


def write_small_data(folder: Path) -> None:
    """A folder like Minqing's own data: a directory, no seeds, labels of our own."""
    write_csv(folder / "departments.csv", ("名称", "别名", "职责"), [("城管局", "", "管市容路灯")])
    (folder / "labels").mkdir()
    columns = ("id", "level1", "level2", "department", "department_alt", "kind", "urgent")
    own = [(OWN_LETTER_ID, *ROWS[0][2:]), (OWN_WORDS_ID, *ROWS[8][2:6], "", "0")]
    write_csv(folder / "labels" / "messages.csv", columns, own)
    grades = [("h0", "0"), ("h11", "3"), (OWN_LETTER_ID, "1")]
    write_csv(folder / "labels" / "urgency.csv", ("id", "grade"), grades)


def _retold(row: tuple[str, ...]) -> tuple[str, ...]:
    title, body, *labels = row
    return (f"再问{title[:2]}", f"上次说过{title}，{body[::-1]}", *labels)
