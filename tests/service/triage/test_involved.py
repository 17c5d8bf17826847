"""By which names a member is a party to a message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.triage.involved import Involvement
from tests.makers import a_member, a_small_organisation


@pytest.mark.parametrize(
    ("name", "text", "senders", "found"),
    [
        ("周明义", "听说是周明义包的工程。", (), "周明义"),
        ("周明义", "路灯不亮。", ("周明义",), "周明义"),
        ("周明义", "路灯不亮。", ("周明",), ""),
        ("周", "周围都黑,上周就报修了。", (), ""),
        ("周", "路灯不亮。", ("周",), "周"),
        ("", "路灯不亮。", ("",), ""),
    ],
)
def test_a_name_of_one_character_stands_for_nobody_in_a_text(
    name: str, text: str, senders: tuple[str, ...], found: str
) -> None:
    member = replace(a_member("T1", name), employer="")
    organisation = replace(a_small_organisation(), members=(member,))
    assert Involvement(organisation, ()).name_found(member, text, senders) == found
