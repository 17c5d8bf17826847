"""Several workers at once on one database, each with its own connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from threading import Barrier
from typing import Any, TypeVar

from service.domain.message import IncomingMessage, SenderDetails
from service.domain.relation import Relation
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows, stored_texts
from tests.tiny_triage import tiny_triage_anew

T = TypeVar("T")

THINGS = {
    "东巷": "东巷的路灯从上个月起就不亮，老人夜里不敢出门。",
    "操场": "学校操场租给人停车，体育课改在走廊里上。",
    "自来水": "自来水发黄，烧开有沉淀，洗白衣服都染色。",
    "公交": "末班公交提前一个半钟头，下班只好拼车回家。",
}
ENDS = ("请有关部门来人看一看。", "我们反映过两回没有下文。", "盼回复。", "谢谢！")
WORKERS = 2


def together(works: list[Callable[[], T]]) -> list[T]:
    """Begin all at the same moment and wait for all."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], T]) -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def complaint(thing: str, person: int, **changes: object) -> IncomingMessage:
    sender = SenderDetails(f"某{person}", f"1990000{person:04d}")
    return a_message(THINGS[thing] + ENDS[person], title=thing, sender=sender, **changes)


def separate(context: Context) -> Context:
    """As another process would have it: its own engine on the same database."""
    return replace(context, database=Database(context.settings.url))


def test_two_people_at_once_on_one_thing_make_one_matter(context: Context) -> None:
    workers = [separate(context) for _ in range(WORKERS)]

    def worker(thing: str, person: int) -> Callable[[], Received]:
        mine = workers[person]
        return lambda: receive_messages(mine, [complaint(thing, person)])[0]

    for thing in THINGS:
        both = together([worker(thing, person) for person in range(WORKERS)])
        assert len({one.matter_id for one in both}) == 1
        relations = Counter(one.relation for one in both)
        assert relations[Relation.FIRST] == 1
        assert len({one.receipt for one in both}) == WORKERS
    for mine in workers:
        mine.database.close()
    check_books(context)


def test_the_same_message_at_once_is_one_message(context: Context) -> None:
    workers = [separate(context) for _ in range(WORKERS)]
    for thing in THINGS:
        messages = [complaint(thing, 1, external_id=thing)]
        both = together(
            [lambda m=mine, batch=messages: receive_messages(m, batch) for mine in workers]
        )
        (one,), (other,) = both
        assert one.receipt == other.receipt
        assert one.is_new != other.is_new
    for mine in workers:
        mine.database.close()
    assert len(stored_texts(context)) == len(THINGS)
    check_books(context)


def test_batches_that_overlap_at_once_lose_and_double_nothing(context: Context) -> None:
    batches = [
        [
            complaint(thing, person, external_id=f"{thing}{person}")
            for thing in THINGS
            for person in ids
        ]
        for ids in ((0, 1, 2), (2, 1, 3), (3, 0))
    ]
    received = together([lambda batch=b: receive_messages(context, batch) for b in batches])
    assert sum(one.is_new for group in received for one in group) == len(THINGS) * 4
    assert len(stored_texts(context)) == len(THINGS) * 4
    assert len({one.matter_id for group in received for one in group}) == len(THINGS)
    check_books(context)


ROUNDS = 6


def begin_worker(settings: Settings, barrier: Any) -> None:
    """What a process of ``test_two_processes…`` keeps: its own engine, and the common start."""
    at_hand["context"] = Context(
        settings, Database(settings.url), tiny_triage_anew(), Sealer(settings.secret_key), Clock()
    )
    at_hand["barrier"] = barrier


def post(person: int, thing: str, round_number: int) -> tuple[int, Relation]:
    """Post one complaint when the other process is ready too."""
    mine: Context = at_hand["context"]
    at_hand["barrier"].wait(60)
    number = f"{thing}{round_number}-{person}"
    (received,) = receive_messages(mine, [complaint(thing, person, external_id=number)])
    return received.matter_id, received.relation


at_hand: dict[str, Any] = {}


def test_two_processes_at_once_on_one_thing_make_one_matter(context: Context) -> None:
    spawn = get_context("spawn")
    common = (context.settings, spawn.Barrier(WORKERS))
    with ProcessPoolExecutor(WORKERS, spawn, begin_worker, common) as pool:
        for round_number in range(ROUNDS):
            for thing in THINGS:
                asked = [
                    pool.submit(post, person, thing, round_number) for person in range(WORKERS)
                ]
                both = [each.result() for each in asked]
                assert len({matter_id for matter_id, _ in both}) == 1
                opened = [relation for _, relation in both if relation is Relation.FIRST]
                assert len(opened) == (round_number == 0)
    assert len(rows(context, tables.matter)) == len(THINGS)
    assert len(stored_texts(context)) == ROUNDS * WORKERS * len(THINGS)
    check_books(context)
