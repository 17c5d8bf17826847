"""The table from traditional to simplified characters."""

from __future__ import annotations

from classifier.text.traditional import simplified_table


def test_one_character_becomes_one_character() -> None:
    table = simplified_table()
    assert chr(table[ord("縣")]) == "县"
    assert chr(table[ord("裡")]) == "里"
    assert len(table) > 3000


def test_simplified_characters_stay() -> None:
    table = simplified_table()
    assert not [character for character in "县里庄电梯的了是" if ord(character) in table]


def test_no_result_is_converted_further() -> None:
    table = simplified_table()
    assert not set(table.values()) & table.keys()
