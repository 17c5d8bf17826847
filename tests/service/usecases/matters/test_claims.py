"""Claiming a matter: one at a time, for a time, in the track; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from service.domain.access import Account, Role
from service.domain.claim import Claim
from service.domain.message import SenderDetails
from service.errors import (
    ClaimedError,
    IllegalMoveError,
    InvalidInputError,
    MergedError,
    MinqingError,
    NotClaimedError,
    NotFoundError,
)
from service.storage import tables
from service.storage.accounts import accounts
from service.storage.matters.claims import delete_claims
from service.storage.matters.queue_filter import QueueFilter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.casework.reassigning import reassign_to_account, reassign_to_studio
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.bulk import MAX_MATTERS, do_for_each
from service.usecases.matters.claims import (
    claim_matter,
    claim_next,
    find_claim,
    release_claim,
    renew_claim,
)
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters
from service.usecases.matters.queue import list_queue
from service.usecases.upkeep.audit import verify_histories
from tests.makers import NOW, Clock, a_message, close_matter, dispatch_matter
from tests.service.usecases.books import rows
from tests.service.usecases.intake.test_receive_at_once import separate

TEXTS = (
    "东巷的路灯从上个月起就不亮。",
    "学校操场租给人停车，体育课改在走廊里上。",
    "自来水发黄，烧开有沉淀。",
    "桥头路面塌陷一个大坑，车掉下去了。",
    "末班公交提前一个半钟头。",
)
CLERK, OTHER = "王科", "李科"
CORRECTION = Correction("1402", "教育局", "question", False, "T2")


@pytest.fixture
def ids(context: Context) -> list[int]:
    """Matters in the queue's order."""
    receive_messages(
        context,
        [a_message(text, title="", sender=SenderDetails(f"某{n}")) for n, text in enumerate(TEXTS)],
    )
    return [matter.id for matter in list_queue(context, QueueFilter()).matters]


def kinds(context: Context, matter_id: int) -> list[str]:
    return [event.kind for event in show_matter(context, matter_id).events]


def with_accounts(context: Context, *names: str) -> None:
    with context.database.transaction() as connection:
        for name in names:
            accounts.insert_account(connection, name, "", Role.CLERK)


def test_a_claim_holds_for_the_time_of_the_settings(
    context: Context, ids: list[int], clock: Clock
) -> None:
    claim = claim_matter(context, ids[0], CLERK)
    assert claim == Claim(ids[0], CLERK, NOW, NOW + timedelta(minutes=30))
    assert find_claim(context, ids[0]) == claim
    assert kinds(context, ids[0])[-1] == "claimed"
    clock.forward(minutes=29, seconds=59)
    assert find_claim(context, ids[0]) == claim
    clock.forward(seconds=1)
    assert find_claim(context, ids[0]) is None


def test_another_hears_who_has_it_and_until_when(context: Context, ids: list[int]) -> None:
    claim_matter(context, ids[0], CLERK, 45)
    with pytest.raises(ClaimedError, match=r"王科，到 2026-03-04 10:15"):
        claim_matter(context, ids[0], OTHER)
    assert kinds(context, ids[0]).count("claimed") == 1


def test_after_its_end_another_may_claim_it_and_the_first_is_told(
    context: Context, ids: list[int], clock: Clock
) -> None:
    claim_matter(context, ids[0], CLERK)
    clock.forward(minutes=31)
    claim_matter(context, ids[0], OTHER)
    for late in (renew_claim, release_claim, claim_matter):
        with pytest.raises(ClaimedError, match=OTHER):
            late(context, ids[0], CLERK)


@pytest.mark.parametrize("back", [1, 60])
def test_a_clock_that_goes_back_lets_no_two_hold_one(
    context: Context, ids: list[int], clock: Clock, back: int
) -> None:
    claim_matter(context, ids[0], CLERK)
    clock.forward(minutes=-back)
    with pytest.raises(ClaimedError):
        claim_matter(context, ids[0], OTHER)
    clock.forward(minutes=back + 31)
    claim_matter(context, ids[0], OTHER)
    clock.forward(minutes=-back - 20)  # now the first one's time would not be over
    with pytest.raises(ClaimedError, match=OTHER):
        claim_matter(context, ids[0], CLERK)
    with pytest.raises(ClaimedError, match=OTHER):
        correct_matter(context, ids[0], CORRECTION, CLERK)


def test_claiming_again_and_renewing_begin_the_time_anew(
    context: Context, ids: list[int], clock: Clock
) -> None:
    claim_matter(context, ids[0], CLERK)
    clock.forward(minutes=20)
    again = claim_matter(context, ids[0], CLERK, 5)
    assert (again.claimed_at, again.ends_at) == (NOW, NOW + timedelta(minutes=25))
    renewed = renew_claim(context, ids[0], CLERK)
    assert (renewed.claimed_at, renewed.ends_at) == (NOW, NOW + timedelta(minutes=50))
    assert find_claim(context, ids[0]) == renewed
    assert kinds(context, ids[0]).count("claimed") == 1


def test_what_is_not_held_cannot_be_renewed(context: Context, ids: list[int], clock: Clock) -> None:
    with pytest.raises(NotClaimedError):
        renew_claim(context, ids[0], CLERK)
    claim_matter(context, ids[0], CLERK)
    clock.forward(minutes=30)
    with pytest.raises(NotClaimedError):
        renew_claim(context, ids[0], CLERK)


def test_a_released_matter_is_free_at_once(context: Context, ids: list[int]) -> None:
    claim_matter(context, ids[0], CLERK)
    with pytest.raises(ClaimedError, match=CLERK):
        release_claim(context, ids[0], OTHER)
    release_claim(context, ids[0], CLERK)
    assert kinds(context, ids[0])[-2:] == ["claimed", "released"]
    release_claim(context, ids[0], CLERK)  # nothing to do
    assert kinds(context, ids[0])[-1] == "released"
    assert claim_matter(context, ids[0], OTHER).account == OTHER


def test_only_the_holder_decides_and_closing_ends_the_claim(
    context: Context, ids: list[int]
) -> None:
    claim_matter(context, ids[0], CLERK)
    for decide in (
        lambda: correct_matter(context, ids[0], CORRECTION, OTHER),
        lambda: dispatch_matter(context, ids[0], OTHER),
        lambda: close_matter(context, ids[0], OTHER, "办好了"),
    ):
        before = show_matter(context, ids[0])
        with pytest.raises(ClaimedError, match=CLERK):
            decide()
        assert show_matter(context, ids[0]) == before
    correct_matter(context, ids[0], CORRECTION, CLERK)
    if show_matter(context, ids[0]).matter.status.value == "review":
        dispatch_matter(context, ids[0], CLERK)
    close_matter(context, ids[0], CLERK, "办好了")
    assert find_claim(context, ids[0]) is None
    assert rows(context, tables.claim) == []


def test_what_is_closed_merged_or_missing_cannot_be_claimed(
    context: Context, ids: list[int]
) -> None:
    merge_matters(context, ids[0], ids[1], CLERK)
    with pytest.raises(MergedError):
        claim_matter(context, ids[0], CLERK)
    correct_matter(context, ids[2], CORRECTION, CLERK)
    if show_matter(context, ids[2]).matter.status.value == "review":
        dispatch_matter(context, ids[2], CLERK)
    close_matter(context, ids[2], CLERK, "办好了")
    with pytest.raises(IllegalMoveError, match="已办结，不能认领"):
        claim_matter(context, ids[2], CLERK)
    for missing in (999, 0, -1, 2**63, 10**30):
        for act in (claim_matter, renew_claim, release_claim):
            with pytest.raises(NotFoundError):
                act(context, missing, CLERK)
    assert rows(context, tables.claim) == []


def test_a_matter_goes_to_another_account(context: Context, ids: list[int], clock: Clock) -> None:
    with_accounts(context, CLERK, OTHER)
    clerk, other, chief = (
        Account(name, role)
        for name, role in ((CLERK, Role.CLERK), (OTHER, Role.CLERK), ("管", Role.ADMINISTRATOR))
    )
    claim_matter(context, ids[0], CLERK)
    with pytest.raises(ClaimedError, match=CLERK):
        reassign_to_account(context, ids[0], OTHER, other)
    clock.forward(minutes=10)
    reassign_to_account(context, ids[0], OTHER, clerk)
    claim = find_claim(context, ids[0])
    assert claim is not None
    assert (claim.account, claim.ends_at) == (OTHER, NOW + timedelta(minutes=40))
    reassign_to_account(context, ids[0], CLERK, chief)  # may always
    assert show_matter(context, ids[0]).events[-1].detail == "转交 王科"
    with pytest.raises(NotFoundError, match="无此人"):
        reassign_to_account(context, ids[0], "无此人", chief)


def test_a_matter_goes_to_another_studio_and_is_free(context: Context, ids: list[int]) -> None:
    clerk = Account(CLERK, Role.CLERK)
    claim_matter(context, ids[0], CLERK)
    with pytest.raises(ClaimedError):
        reassign_to_studio(context, ids[0], "T2", Account(OTHER, Role.CLERK))
    reassign_to_studio(context, ids[0], "T2", clerk)
    file = show_matter(context, ids[0])
    assert (file.matter.studio, file.assignment.members) == ("T2", ("T2-M1",))
    assert file.events[-1].detail == "转交 教育界委员工作室"
    assert find_claim(context, ids[0]) is None
    with pytest.raises(InvalidInputError, match="名录"):
        reassign_to_studio(context, ids[0], "T9", clerk)


def test_the_next_ones_come_in_the_order_of_the_queue(
    context: Context, ids: list[int], clock: Clock
) -> None:
    claim_matter(context, ids[1], OTHER)
    taken = [claim_next(context, QueueFilter(), CLERK) for _ in ids]
    assert [claim.matter_id for claim in taken if claim] == [ids[0], *ids[2:]]
    assert taken[-1] is None
    clock.forward(minutes=30)
    freed = [claim_next(context, QueueFilter(claim="me"), OTHER) for _ in ids]
    assert [claim.matter_id for claim in freed if claim] == ids


def test_one_whose_claim_has_ended_comes_before_free_ones_behind_it(
    context: Context, ids: list[int], clock: Clock
) -> None:
    claim_matter(context, ids[0], OTHER)
    claim_matter(context, ids[1], OTHER, 60)
    clock.forward(minutes=30)
    taken = [claim_next(context, QueueFilter(), CLERK) for _ in range(2)]
    assert [claim.matter_id for claim in taken if claim] == [ids[0], ids[2]]
    assert kinds(context, ids[0]).count("claimed") == 2


def test_what_is_overdue_is_asked_anew_each_time(
    context: Context, ids: list[int], clock: Clock
) -> None:
    late = QueueFilter(overdue=True)
    assert claim_next(context, late, CLERK) is None
    clock.forward(days=400)
    claim = claim_next(context, late, CLERK)
    assert claim is not None
    assert (claim.matter_id, claim.claimed_at) == (ids[0], NOW + timedelta(days=400))
    assert claim_next(context, QueueFilter(overdue=False), CLERK) is None


def test_a_claim_that_cannot_be_kept_leaves_nothing(context: Context, ids: list[int]) -> None:
    """As if the queue held a matter to be free that somebody claimed."""
    claim_matter(context, ids[0], OTHER)
    with context.database.transaction() as connection:
        free = tables.matter.update().where(tables.matter.c.id == ids[0])
        connection.execute(free.values(claim_ends_at=None))
    before = kinds(context, ids[0])
    with pytest.raises(IntegrityError):
        claim_next(context, QueueFilter(), CLERK)
    assert kinds(context, ids[0]) == before
    assert [row["account"] for row in rows(context, tables.claim)] == [OTHER]


def test_the_next_one_is_of_the_filter(context: Context, ids: list[int]) -> None:
    assert claim_next(context, QueueFilter(statuses=("closed",)), CLERK) is None
    assert claim_next(context, QueueFilter(studio="T9"), CLERK) is None
    urgent = claim_next(context, QueueFilter(urgent=True), CLERK)
    assert urgent is not None
    assert urgent.matter_id == ids[0]
    waiting = [one.id for one in list_queue(context, QueueFilter(waits=True)).matters]
    while claim := claim_next(context, QueueFilter(waits=False), CLERK):
        assert claim.matter_id not in waiting
    while claim := claim_next(context, QueueFilter(waits=True), CLERK):
        assert claim.matter_id in waiting
    assert list_queue(context, QueueFilter(claim="nobody")).matters == ()
    assert claim_next(context, QueueFilter(urgent=True), CLERK) is None


def test_the_queue_tells_who_holds_what(context: Context, ids: list[int], clock: Clock) -> None:
    claim_matter(context, ids[0], CLERK)
    claim_matter(context, ids[1], OTHER)

    def seen(state: str) -> list[int]:
        wanted = QueueFilter(claim=state, account=CLERK)
        return [matter.id for matter in list_queue(context, wanted).matters]

    assert (seen("me"), seen("someone"), seen("nobody")) == (ids[:1], ids[:2], ids[2:])
    page = list_queue(context, QueueFilter())
    assert {each: claim.account for each, claim in page.claims.items()} == {
        ids[0]: CLERK,
        ids[1]: OTHER,
    }
    clock.forward(minutes=30)
    assert (seen("me"), seen("someone"), seen("nobody")) == ([], [], ids)
    assert list_queue(context, QueueFilter()).claims == {}


def test_of_eight_at_once_one_wins_and_the_others_hear_who(
    context: Context, ids: list[int]
) -> None:
    workers = [separate(context) for _ in range(8)]
    start = Barrier(8)

    def claim(number: int, matter_id: int) -> str:
        start.wait(60)
        try:
            return claim_matter(workers[number], matter_id, f"{number}号").account
        except ClaimedError as error:
            return error.detail

    with ThreadPoolExecutor(8) as pool:
        for matter_id in ids:
            told = list(pool.map(lambda n, each=matter_id: claim(n, each), range(8)))
            holder = find_claim(context, matter_id)
            assert holder is not None
            assert told.count(holder.account) == 1
            assert told.count(f"{holder.account}，到 2026-03-04 10:00") == 7
            assert kinds(context, matter_id).count("claimed") == 1
    for worker in workers:
        worker.database.close()


def test_many_who_take_the_next_one_get_each_another(context: Context, ids: list[int]) -> None:
    workers = [separate(context) for _ in range(4)]

    def take_all(number: int) -> list[int]:
        taken = []
        while claim := claim_next(workers[number], QueueFilter(), f"{number}号"):
            taken.append(claim.matter_id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [each for part in pool.map(take_all, range(4)) for each in part]
    assert sorted(taken) == sorted(ids)
    for worker in workers:
        worker.database.close()


def test_claims_and_releases_at_once_keep_the_histories_whole(
    context: Context, ids: list[int]
) -> None:
    workers = [separate(context) for _ in range(4)]

    def take_and_release(worker: Context) -> int:
        account, count = f"{workers.index(worker)}号", 0
        for _ in range(15):
            claim = claim_next(worker, QueueFilter(), account)
            if claim is not None:
                release_claim(worker, claim.matter_id, account)
                count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        count = sum(pool.map(take_and_release, workers))
    told = [event["kind"] for event in rows(context, tables.event)]
    assert (told.count("claimed"), told.count("released")) == (count, count)
    assert verify_histories(context).faults == []
    assert rows(context, tables.claim) == []
    for worker in workers:
        worker.database.close()


steps = st.lists(
    st.tuples(
        st.sampled_from(["claim", "renew", "release", "next", "clock"]),
        st.sampled_from([CLERK, OTHER, "张科"]),
        st.integers(-90, 90),
    ),
    max_size=15,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_happens_no_two_hold_a_matter(
    context: Context, clock: Clock, steps: list[tuple[str, str, int]]
) -> None:
    """Whoever was told to hold it holds it, alone, until the time is over or it is given up."""
    clock.at = NOW
    matter_id = receive_messages(context, [a_message()])[0].matter_id
    acts: dict[str, Callable[[str], object]] = {
        "claim": lambda who: claim_matter(context, matter_id, who),
        "renew": lambda who: renew_claim(context, matter_id, who),
        "release": lambda who: release_claim(context, matter_id, who),
        "next": lambda who: claim_next(context, QueueFilter(), who),
    }
    told: Claim | None = None
    for step, who, minutes in steps:
        if step == "clock":
            clock.forward(minutes=minutes)
            continue
        held = told if told is not None and told.is_held(clock.at) else None
        is_others = held is not None and held.account != who
        try:
            given_now = acts[step](who)
        except ClaimedError:
            assert is_others
        except NotClaimedError:
            assert held is None
        else:
            assert not is_others or given_now is None
            told = (
                given_now if isinstance(given_now, Claim) else None if step == "release" else told
            )
        held = told if told is not None and told.is_held(clock.at) else None
        assert find_claim(context, matter_id) == held
    with context.database.transaction() as connection:
        delete_claims(connection, [matter_id])


def test_many_at_once_each_with_its_own_result(context: Context, ids: list[int]) -> None:
    claim_matter(context, ids[1], OTHER)
    number = show_matter(context, ids[2]).matter.number
    keys = [ids[0], 999, ids[1], number, "2026-999999", ids[0], 0, 2**70]
    results = do_for_each(context, keys, lambda each: claim_matter(context, each, CLERK))
    assert [one.key for one in results] == keys
    assert [type(one.error) for one in results] == [
        type(None),
        NotFoundError,
        ClaimedError,
        type(None),
        NotFoundError,
        type(None),
        NotFoundError,
        NotFoundError,
    ]
    assert find_claim(context, ids[2]) is not None


def test_an_unforeseen_failure_of_one_is_told_and_stops_no_other(
    context: Context, ids: list[int]
) -> None:
    def act(matter_id: int) -> None:
        if matter_id == ids[0]:
            raise RuntimeError("unforeseen")
        claim_matter(context, matter_id, CLERK)

    results = do_for_each(context, ids, act)
    assert type(results[0].error) is MinqingError
    assert [one.error for one in results[1:]] == [None] * (len(ids) - 1)


def test_too_many_at_once_are_refused_before_anything_is_done(
    context: Context, ids: list[int]
) -> None:
    with pytest.raises(InvalidInputError, match="500"):
        do_for_each(context, ids * MAX_MATTERS, lambda each: claim_matter(context, each, CLERK))
    assert rows(context, tables.claim) == []


def test_a_lease_of_the_settings(context: Context, ids: list[int]) -> None:
    shorter = replace(context, settings=context.settings.model_copy(update={"claim_minutes": 5}))
    assert claim_matter(shorter, ids[0], CLERK).ends_at == NOW + timedelta(minutes=5)
