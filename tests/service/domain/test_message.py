import pytest

from service.domain.message import SenderDetails


@pytest.mark.parametrize(
    ("sender", "anonymous"),
    [
        (SenderDetails(), True),
        (SenderDetails("甲"), False),
        (SenderDetails("", "19900001234"), False),
    ],
)
def test_a_sender_is_anonymous_where_neither_name_nor_phone_is_known(
    sender: SenderDetails, anonymous: bool
) -> None:
    assert sender.is_anonymous is anonymous
