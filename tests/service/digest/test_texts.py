from hypothesis import given
from hypothesis import strategies as st

from service.digest.texts import fit


def test_control_characters_and_direction_marks_go() -> None:
    assert fit("a\x00b\x0bc\u202ed\ud800e\ufffff") == "abcdef"


def test_a_text_becomes_one_line() -> None:
    assert fit(" 一\r\n二\t三 ") == "一 二 三"


def test_a_megabyte_is_cut_with_an_ellipsis() -> None:
    assert fit("长" * 1_000_000) == "长" * 59 + "…"


@given(st.text(), st.integers(1, 50))
def test_fitting_twice_is_fitting_once(text: str, length: int) -> None:
    once = fit(text, length)
    assert fit(once, length) == once
    assert len(once) <= length
    once.encode()
