"""Doubt: what no sum of evidence may outweigh, so that a person must say whether two are one."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from classifier.matching.elsewhere import is_form_letter, titles_name_elsewhere
from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.profile import EMPTY_SHORT, Records, wish_in
from classifier.matching.term_statistics import TermStatistics
from classifier.reading.wish import are_opposite

F32 = npt.NDArray[np.float32]

SAME_TEXT = 0.6  # likeness from which a text is the other one, whole or edited
_OWN_WORDS = 0.3  # likeness below which nobody's text was edited to make the other
_LEAST_SUBJECT, _LITTLE_SUBJECT = 0.03, 0.3
_LEAST_TOPIC = 0.1  # affinity of the likeliest topics and departments
_SENDER, _SAME_PLACE, _OTHER_DISTRICT, _OTHER_TITLE_PLACE, _TOPIC = map(
    EVIDENCE.index,
    ("same_sender", "same_place", "other_district", "other_title_place", "topic"),
)


class Doubt(StrEnum):
    """Why two letters are left to a person, however probable it is that they are one."""

    NONE = ""
    SUBJECT = "subject"
    ELSEWHERE = "elsewhere"
    OPPOSITE = "opposite"

    @property
    def reason_zh(self) -> str:
        """What a clerk is told."""
        return _ZH[self]


_ZH = {
    Doubt.NONE: "",
    Doubt.SUBJECT: "但说到的事由不同，请人工判断",
    Doubt.ELSEWHERE: "但写到的地方或名称不同，请人工判断",
    Doubt.OPPOSITE: "但诉求相反，请人工判断",
}


def find_doubt(
    one: Records,
    other: Records,
    statistics: TermStatistics,
    evidence: F32,
    likeness: float,
    subject: float,
) -> Doubt:
    """What speaks against two letters being one, whose texts are not the very same.

    One village, firm or signature is no matter: the subject or the very text must be common to
    both, however rare the words they share. Whoever sends the same letter for another place, or
    tells of another place under its name, has a matter of his own. And who wants a thing gone is
    not answered with him who wants it kept.

    Parameters
    ----------
    one, other
        Profiles, shape ().
    statistics
        Those that both were made with.
    evidence
        The row of ``pair_evidence``.
    likeness, subject
        The cosines of both texts' runs of letters, and of their words of the subject.
    """
    if likeness < SAME_TEXT and subject < _LEAST_SUBJECT:
        return Doubt.SUBJECT
    if likeness < _OWN_WORDS and _are_on_other_topics(one, other, evidence):
        return Doubt.SUBJECT
    if not evidence[_SENDER] and (
        _is_form_letter(one, other, statistics, evidence, likeness)
        if likeness >= _OWN_WORDS
        else subject < _LITTLE_SUBJECT and titles_name_elsewhere(one, other)
    ):
        return Doubt.ELSEWHERE
    if are_opposite(wish_in(int(one["says"])), wish_in(int(other["says"]))):
        return Doubt.OPPOSITE
    return Doubt.NONE


def _are_on_other_topics(one: Records, other: Records, evidence: F32) -> bool:
    """Whether two people's letters were judged, and hardly alike."""
    are_judged = one["labels"][0] != EMPTY_SHORT and other["labels"][0] != EMPTY_SHORT
    return bool(are_judged and not evidence[_SENDER] and evidence[_TOPIC] < _LEAST_TOPIC)


def _is_form_letter(
    one: Records, other: Records, statistics: TermStatistics, evidence: F32, likeness: float
) -> bool:
    is_other_district = bool(evidence[_OTHER_DISTRICT] and not evidence[_SAME_PLACE])
    if is_other_district and evidence[_OTHER_TITLE_PLACE] and likeness >= SAME_TEXT:
        return True
    return is_form_letter(one, other, statistics, is_other_district=is_other_district)
