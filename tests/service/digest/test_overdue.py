from datetime import datetime, timedelta

from service.digest.overdue import find_overdue
from service.domain.deadline import SHANGHAI
from tests.service.digest.makers import a_matter

END = datetime(2019, 7, 15, tzinfo=SHANGHAI)
OPENED = datetime(2019, 5, 6, 9, tzinfo=SHANGHAI)


def late(id: int, days: int, **changes: object) -> object:
    return a_matter(id, opened_at=OPENED, due_at=END - timedelta(days=days), **changes)


def test_a_matter_due_at_the_end_is_overdue_and_one_due_later_is_not() -> None:
    assert [one.matter.id for one in find_overdue([late(1, 0), late(2, -1)], END).matters] == [1]


def test_what_was_closed_before_the_end_is_not_overdue_but_what_was_closed_after_is() -> None:
    closed = late(1, 5, closed_at=END - timedelta(hours=1))
    closed_after = late(2, 5, closed_at=END + timedelta(hours=1))
    assert [one.matter.id for one in find_overdue([closed, closed_after], END).matters] == [2]


def test_the_longest_delay_comes_first_with_its_days() -> None:
    first, second = find_overdue([late(1, 3), late(2, 9)], END).matters
    assert (first.matter.id, first.overdue_days, second.overdue_days) == (2, 9, 3)
    assert first.open_days == 69


def test_departments_are_ordered_by_how_many_matters_wait_and_can_be_opened() -> None:
    rows = find_overdue(
        [late(1, 3, department="教育局"), late(2, 4), late(3, 9), late(4, 1, department="")], END
    ).departments
    assert [(row.department, row.matters.matter_ids, row.longest_days) for row in rows] == [
        ("住建局", (2, 3), 9),
        ("", (4,), 1),
        ("教育局", (1,), 3),
    ]
