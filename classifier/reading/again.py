"""Again: whether a letter says that its writer has written before."""

from __future__ import annotations

import re

from classifier.reading.reader import Reading

_OPENING = 60  # characters; further down, what was reported before is told of others as well
_REPORT = (
    "(?:反映|反应|投诉|举报|咨询|询问|求助|申诉|写信|来信|致信|留言|发帖|上访|信访|申请|提问|致电)"
)
_TIMES = "(?:[1-9][0-9]|[2-9]|[二三四五六七八九十几数多屡])"
# Most characters begin none of these, which is seen before any of them is tried.
_FIRST = "(?=[再又上前第曾已之此以先反一几数多屡二三四五六七八九十1-9投举咨询求申写来致留发信提])"
_AGAIN = re.compile(
    _FIRST
    + "(?:"
    + "|".join(
        (
            "再次|再一次|再度|又一次|[上前]一?[次回]",
            f"再(?:{_REPORT}|[请问求追])",
            f"第{_TIMES}{{1,4}}次",
            f"{_TIMES}次{_REPORT}",
            f"{_REPORT}过",
            f"(?:曾|已|之前|此前|以前|先前|{_TIMES}次|反复|一直)[^，。！？；]{{0,8}}{_REPORT}",
        )
    )
    + ")"
)


def says_again(reading: Reading) -> bool:
    """Whether the title or the opening of a message speaks of an earlier letter: 再次反映."""
    opening = reading.body.plain.lstrip()[:_OPENING]
    return any(_AGAIN.search(text) for text in (reading.title.plain, opening))
