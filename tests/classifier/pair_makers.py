"""Profiles of own-written messages, made with a pair model set by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from classifier.matching.profile import PROFILE, Records, make_profile
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from tests.tiny_model import tiny_pair_model

READER = Reader(Segmenter(), Gazetteer((), ()))
MODEL = tiny_pair_model()
STATISTICS = MODEL.statistics
DAY = 86_400

LAMP = ("路灯不亮", "东巷的路灯坏了半个月，晚上走路看不见，请派人来修。")
LAMP_AGAIN = ("东巷路灯还没修", "东巷路灯坏了，晚上走路看不见，老人摔了一跤，请快来修。")
SCHOOL = ("学校食堂", "孩子说食堂的菜是凉的，米饭夹生，家长想去看一看后厨。")

_pieces = st.sampled_from(
    ["路灯", "坏了", "学校", "食堂", "。", "，", " ", "A1区", "三合村", "阳光小区", "请修", "😀"]
)
texts = st.lists(_pieces, max_size=30).map("".join) | st.text(max_size=60)


def profile(
    title: str,
    body: str,
    sender: int = 0,
    sent_at: int = 0,
    judged: tuple[tuple[str, float], ...] = (),
) -> Records:
    """The profile of a message."""
    return make_profile(READER.read(title, body), STATISTICS, sender, sent_at, judged)


def many(*profiles: Records) -> Records:
    """Profiles as one array."""
    return np.array(list(profiles), dtype=PROFILE)
