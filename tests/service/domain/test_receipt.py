import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.receipt import ALPHABET, LENGTH, new_receipt, read_receipt, show_receipt

receipts = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_receipts_are_of_the_alphabet_and_do_not_repeat() -> None:
    drawn = [new_receipt() for _ in range(2000)]
    assert all(len(receipt) == LENGTH and set(receipt) <= set(ALPHABET) for receipt in drawn)
    assert len(set(drawn)) == len(drawn)
    assert set("".join(drawn)) == set(ALPHABET)


def test_the_alphabet_holds_32_letters_none_of_which_looks_like_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) ** LENGTH == 2**65


@given(receipts)
def test_what_is_printed_reads_back(receipt: str) -> None:
    assert read_receipt(show_receipt(receipt)) == receipt


@given(receipts)
def test_letters_that_people_mistake_are_understood(receipt: str) -> None:
    typed = show_receipt(receipt).lower().replace("0", "o").replace("1", "l")
    assert read_receipt(f"  {typed} ") == receipt
    assert read_receipt(show_receipt(receipt).replace("1", "I").replace("-", "")) == receipt


@given(st.text())
def test_any_text_reads_as_letters_of_the_alphabet(typed: str) -> None:
    assert set(read_receipt(typed)) <= set(ALPHABET)


@pytest.mark.parametrize("typed", ["", "-", "  ", "回执码", "\x00\ud800"])
def test_what_is_no_code_reads_as_nothing(typed: str) -> None:
    assert read_receipt(typed) == ""
