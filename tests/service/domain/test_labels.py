import pytest

from service.domain.channel import Channel
from service.domain.document import DocumentKind
from service.domain.kind import Kind
from service.domain.labels import Labelled
from service.domain.organisation import CommitteeLevel, StudioKind
from service.domain.relation import Relation
from service.domain.status import MatterStatus

ALL = [Channel, DocumentKind, Kind, CommitteeLevel, StudioKind, Relation, MatterStatus]


@pytest.mark.parametrize("kind", ALL)
def test_values_are_english_and_labels_chinese_and_both_find_the_member(
    kind: type[Labelled],
) -> None:
    for member in kind:
        assert member.value.isascii()
        assert member.label_zh
        assert not member.label_zh.isascii()
        assert kind(member.value) is member
        assert kind.from_label(member.label_zh) is member


@pytest.mark.parametrize("kind", ALL)
def test_no_label_stands_twice(kind: type[Labelled]) -> None:
    labels = [member.label_zh for member in kind]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("label", ["", "complaint", "投诉 ", "没有的"])
def test_an_unknown_label_is_an_error(label: str) -> None:
    with pytest.raises(ValueError, match="Kind"):
        Kind.from_label(label)


def test_an_unknown_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Kind("nothing")
