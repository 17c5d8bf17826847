"""Titles: what many wrote about as 关于…的…, made of their own words.

Of the titles they gave, the most central one is taken; what only says that somebody writes
(投诉, 请问, 何时能解决) is taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.digest.quotes import Text, centrality, weighted
from service.digest.texts import fit
from service.domain.kind import Kind

LONGEST_TITLE = 40
_SHORTEST_SUBJECT = 4
# What only says that somebody writes; the longer word stands before one that begins it.
_OPENINGS = """
再次 强烈 紧急 实名 坚决 联名 严重 我要 我们 我 有关 对于 对 关于
请问 请教 咨询 询问 问问 投诉 举报 反映 反应 质疑 建议 希望 请求 恳请
恳求 请能否 请 求助 求 要求 强烈要求 呼吁 控诉 申请 督促 尽快 尽早 早日 解决
帮忙 领导 政府 能否 是否能 是否 可否 关注 书记 市长 县长 局长 给 再问 二问 三问 盼 盼望 急
"""
_TAG = r"[【\[（(][^】\]）)]{1,8}[】\]）)] ?"
_WRITES = re.compile(f"^(?:{_TAG}|(?:{'|'.join(_OPENINGS.split())})[ ，,:：！!]*)+")
_ENDS = re.compile(
    "(?:[ ，,。.!！?？~～…]|的?(?:联名)?(?:控诉书|举报信|公开信|投诉书|请愿书)|"
    "的(?:投诉|建议|反映|举报|咨询|问题|疑问|情况|请求|诉求|几点建议"
    "|(?:相关|有关)(?:问题|事项)|事项)"
    "|(?:等|相关|有关|一些|诸多)?问题|"
    "(?:请|望|求|盼|急需|要求|希望)?(?:尽快|尽早|早日)?(?:解决|处理|查处|回复|关注|答复|管管)"
    "|(?:到底|究竟)?(?:还?要)?(?:拖到|等到|待)?(?:何时|什么时候|何年何月|怎么办|怎么回事|合理吗|合法吗|为什么|吗|呢|没人管|无人管|谁来管|有人管吗|谁为民众做主|谁来为(?:我们|民)做主)|"
    "(?:何时|什么时候)[^，,。]{1,8}|[，,](?:恳请|请求|请|望|盼|求|希望)[^，,。]{1,8}|了)+$"
)
_KINDS = {Kind.QUESTION: "问题", Kind.SUGGESTION: "建议"}
_PROBLEM = "问题"
_MASK = re.compile("〔[^〕]*〕")


def make_title(
    texts: Sequence[Text],
    kind: Kind | None,
    place: str,
    topic: str,
    is_sure: Callable[[str], bool],
) -> str:
    """A title of at most ``LONGEST_TITLE`` characters.

    Parameters
    ----------
    texts
        Masked texts of those who wrote, in any order.
    kind
        What they want, for the word at the end.
    place, topic
        Chinese names that make the title where none of theirs can; may be empty.
    is_sure
        Whether a title surely names nobody.
    """
    word = _KINDS.get(kind, _PROBLEM) if kind else _PROBLEM
    room = LONGEST_TITLE - len(f"关于的{word}")
    for subject in _by_centrality(texts, place, room):
        if is_sure(subject):
            return f"关于{subject}的{word}"
    subject = fit(f"{place}{topic.rpartition('／')[2]}", room)
    return f"关于{subject}的{word}" if subject else ""


def _by_centrality(texts: Sequence[Text], place: str, room: int) -> list[str]:
    ordered = sorted(texts, key=lambda text: text.message_id)
    held = [(_subject(text.title), text.sender) for text in ordered]
    held = [(subject, sender) for subject, sender in held if len(subject) >= _SHORTEST_SUBJECT]
    vectors = weighted([subject for subject, _ in held])
    scores = centrality(vectors, [sender for _, sender in held])
    order = sorted(range(len(held)), key=lambda at: (-round(scores[at], 9), at))
    subjects = (held[at][0] for at in order)
    return [_placed(subject, place, room) for subject in subjects if len(subject) <= room]


def _subject(title: str) -> str:
    """A title without what only says that somebody writes; "" where something is masked in it."""
    if _MASK.search(title):
        return ""
    line = re.split("[。！!？?；;\n]", fit(title, 2 * LONGEST_TITLE).strip(" “”\"'"))[0]
    return _ENDS.sub("", _WRITES.sub("", line)).strip(" ，,、:：\"'”“")


def _placed(subject: str, place: str, room: int) -> str:
    """The subject, behind the place where it does not name it itself."""
    names = {place[at : at + 2] for at in range(len(place) - 1)}
    is_named = not names or any(name in subject for name in names)
    return subject if is_named or len(place) + len(subject) > room else place + subject
