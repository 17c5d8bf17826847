"""Search: the same finds on both databases, held against going through all texts by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from classifier.spans import Span
from classifier.text.clean import clean
from service.domain.access import Scope, ScopeKind
from service.domain.channel import Channel
from service.domain.document import Document, DocumentKind
from service.domain.erasure import ErasureGround
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.receipt import show_receipt
from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.storage.matters.matters import change_matter
from service.storage.messages.messages import read_messages
from service.storage.search import document_walk as walk_module
from service.storage.search import few_documents as few_module
from service.storage.search.documents import forget_documents, index_documents
from service.storage.tables import demand, document, message
from service.triage.search_words import MAX_CHARS, read_words
from service.usecases.casework.erasing import erase_message
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matching import index_messages as index_module
from service.usecases.matching.index_messages import index_messages
from service.usecases.matters import search as module
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.search import SearchFilter, SearchPage, search
from tests.makers import NOW, a_message
from tests.service.usecases.books import rows

EVERYTHING = SearchFilter()
LETTERS = [
    ("路灯不亮", "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见。"),
    ("學校門口堵車", "縣第一小學門口放學時堵車，家長接送不便。"),
    ("停水", "老街停水三天了，家里没有水，居民做饭困难，水厂电话没人接。"),
    ("公交车改线", "２０３路公交车改线以后老人出行不便，希望恢复原来的线路。"),
    ("WiFi 信号差", "县图书馆的 WiFi 信号很差，Led 屏也坏了，编号 A-17 的座位没有插座。"),
    ("路灯与停电", "昨晚停电，今天路灯不亮，居民希望给个说法。"),
    ("", "市场监管局应当查一查农贸市场的短斤少两！"),
    ("噪音", "工地夜里施工，噪音很大，影响学生休息😀，请管一管。"),
    ("路，灯", "路边的灯笼掉了，没有人管。"),
]


@pytest.fixture
def letters(context: Context) -> list[int]:
    """The messages' ids; one is sent each day, the first one first."""
    first = NOW - timedelta(days=20)
    messages = [
        a_message(
            text,
            title=title,
            sent_at=first + timedelta(days=place),
            sender=SenderDetails(f"{place}", f"199000{place:05d}"),
        )
        for place, (title, text) in enumerate(LETTERS)
    ]
    return [each.message_id for each in receive_messages(context, messages)]


def found(context: Context, typed: str, wanted: SearchFilter = EVERYTHING) -> list[int]:
    """The ids of all messages found, page by page of two."""
    seen: list[int] = []
    cursor = ""
    while True:
        page = search(context, typed, wanted, cursor, 2)
        assert len(page.hits) <= 2
        seen += [hit.message_id for hit in page.hits]
        cursor = page.next_cursor
        if not cursor:
            return seen


def places(ids: list[int], letters: list[int]) -> list[int]:
    return [letters.index(each) for each in ids]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("路灯", [5, 0]),
        ("路灯 停电", [5]),
        ("停电路灯", [5]),
        ("路灯 -停电", [0]),
        ("路灯 -“停电，今天”", [0]),
        ('"路灯不亮"', [5, 0]),
        ("“今天路灯不亮”", [5]),
        ('"停电 今天"', [5]),
        ("路灯 “今天停电”", []),
        ("学校门口", [1]),
        ("學校", [1]),
        ("公交", [3]),
        ("公交车", [3]),
        ("203路", [3]),
        ("２０３", [3]),
        ("20", []),
        ("wifi", [4]),
        ("WIFI led", [4]),
        ("A-17", [4]),
        ("水", [2]),
        ("水 居民", [2]),
        ("居民", [5, 2]),
        ("居民 -水", [5]),
        ("市场监管局", [6]),
        ("监管", [6]),
        ("灯笼", [8]),
        ("月球", []),
        ("路灯 月球", []),
        ("路灯的", [5, 0]),
    ],
)
def test_words_phrases_and_exclusions(
    context: Context, letters: list[int], typed: str, expected: list[int]
) -> None:
    assert places(found(context, typed), letters) == expected


@pytest.mark.parametrize("typed", ["路灯", "居民 -水", "“路灯不亮”", "路灯 停电", "公交车"])
def test_it_finds_what_going_through_all_texts_finds(
    context: Context, letters: list[int], typed: str
) -> None:
    words = read_words(typed, context.triage.reader.segmenter)
    with context.database.reading() as connection:
        stored = read_messages(connection, letters)
    by_hand = [m.id for m in stored if words.are_in(clean(m.title), clean(m.text))]
    assert found(context, typed) == by_hand[::-1]


def test_nobody_is_found_by_name_or_telephone(context: Context) -> None:
    text = "我叫韩梅梅，电话19912345678，反映庄里镇的路灯坏了。"
    receive_messages(context, [a_message(text, sender=SenderDetails("韩梅梅", "19912345678"))])
    assert found(context, "19912345678") == []
    assert found(context, "韩梅梅") == []
    (hit,) = search(context, "路灯", EVERYTHING).hits
    assert "韩梅梅" not in hit.snippet.text
    assert "19912345678" not in hit.snippet.text


def test_marks_show_the_words_in_title_and_text(context: Context, letters: list[int]) -> None:
    hit = search(context, "门口 堵车", EVERYTHING).hits[0]
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["門口堵車"]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["門口", "堵車"]
    assert (hit.kind, hit.channel) == (DocumentKind.MESSAGE, Channel.WEB)
    assert hit.matter.number


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "的", "我们 的", "-路灯", "-“路灯”", '""', '"', "!!!", "😀", "\x00", "\ud800"),
        *("-", "*", "路" * (MAX_CHARS + 1), "x" * 10_000, "\u202e", "“的”", "(((", ":^*"),
    ],
)
def test_nothing_to_search_for_is_told(context: Context, typed: str) -> None:
    with pytest.raises(InvalidInputError):
        search(context, typed, EVERYTHING)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("路灯 OR 停水", []),
        ("路灯 AND 停电", []),
        ("NOT 路灯", []),
        ("NEAR(路灯 停电)", []),
        ("路灯*", [5, 0]),
        ("terms:路灯", []),
        ("^路灯", [5, 0]),
        ("路灯\x00停电", [5]),
        ("路灯\u202e 停电", [5]),
        ("路\u200b灯", [5, 0]),
        ("路灯 \ud83d", [5, 0]),
        ("路灯 😀", [5, 0]),
        ("'路灯' & !'停电' | x <-> y", []),
        ("路灯'); DROP TABLE message; --", []),
        ('"路灯', [5, 0]),
        ("--路灯 停电", []),
        ("路灯 -", [5, 0]),
        ("路灯{1}[2](3)\\", []),
        ("路灯%_", [5, 0]),
        ("路灯" * 100, [5, 0]),
        ("AND", []),
        ("OR NOT NEAR", []),
    ],
)
def test_every_other_character_is_data(
    context: Context, letters: list[int], typed: str, expected: list[int]
) -> None:
    assert places(found(context, typed), letters) == expected


@pytest.mark.parametrize("few", [0, 1, 6_000])
@pytest.mark.parametrize("few_matters", [0, 50_000])
@pytest.mark.parametrize("at_first", [1, 400])
def test_filters_hold_with_words(
    context: Context,
    letters: list[int],
    few: int,
    few_matters: int,
    at_first: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(few_module, "FEW", few)
    monkeypatch.setattr(few_module, "FEW_MATTERS", few_matters)
    monkeypatch.setattr(module, "_AT_FIRST", at_first)

    def lamps(**wanted: Any) -> list[int]:
        return places(found(context, "路灯", SearchFilter(**wanted)), letters)

    hit, other = search(context, "路灯", EVERYTHING).hits
    with context.database.transaction() as connection:
        helped = {"department": "住建局", "helping": ["水利局"]}
        change_matter(connection, other.matter.id, topic="1402", kind="help", **helped)
        change_matter(
            connection,
            hit.matter.id,
            department="城管局",
            topic="0102",
            kind="complaint",
            status=MatterStatus.CLOSED.value,
            studio="T2",
            is_urgent=True,
            place="富平县老城",
        )
    assert lamps(department="城管局") == [5]
    assert lamps(topic="01") == [5]
    assert lamps(topic="0102", kind="complaint", studio="T2", status="closed") == [5]
    assert lamps(topic="0102", department="住建局") == []
    for kind, code, there in (
        (ScopeKind.STUDIO, "T2", [5]),
        (ScopeKind.STUDIO, "T9", []),
        (ScopeKind.DEPARTMENT, "城管局", [5]),
        (ScopeKind.DEPARTMENT, "水利局", [0]),
    ):
        assert lamps(scope=Scope(kind, frozenset({code}))) == there
    assert lamps(urgent=True) == [5]
    assert lamps(urgent=False) == [0]
    assert lamps(place="老城") == [5]
    assert lamps(place="%") == []
    assert lamps(channel="web") == [5, 0]
    assert lamps(channel="phone") == []
    assert lamps(document="message") == [5, 0]
    assert lamps(document="reply") == []
    day = hit.day
    assert lamps(since=day) == [5]
    assert lamps(since=day, until=day) == [5]
    assert lamps(until=day - timedelta(days=1)) == [0]
    assert lamps(since=day + timedelta(days=1)) == []
    assert lamps(since=date.min, until=date.max) == [5, 0]
    with pytest.raises(InvalidInputError, match="起始日期"):
        lamps(since=day, until=day - timedelta(days=1))


def test_a_day_is_one_in_shanghai(context: Context) -> None:
    late = replace(a_message(), sent_at=NOW.replace(hour=0, minute=30))
    receive_messages(context, [late])
    assert len(found(context, "路灯", SearchFilter(since=NOW.date(), until=NOW.date()))) == 1


@pytest.mark.parametrize("few", [0, 6_000])
@pytest.mark.parametrize("at_first", [1, 400])
def test_a_matter_with_a_part_of_the_message_counts_too(
    context: Context, few: int, at_first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few_module, "FEW", few)
    monkeypatch.setattr(module, "_AT_FIRST", at_first)
    receive_messages(context, [a_message("路灯又坏了。", sent_at=NOW + timedelta(days=1))])
    text = "东巷的路灯坏了半个月没人修。小学食堂的饭菜里吃出虫子。"
    (received,) = receive_messages(context, [a_message(text)])
    middle = text.index("小学")
    confirm_parts(context, received.message_id, [Span(0, middle), Span(middle, len(text))], "clerk")
    (part_id,) = {row["matter_id"] for row in rows(context, demand) if row["part_start"] == middle}
    with context.database.transaction() as connection:
        change_matter(connection, received.matter_id, department="城管局")
        change_matter(connection, part_id, department="教育局")
    assert found(context, "食堂") == [received.message_id]
    assert found(context, "路灯", SearchFilter(department="教育局")) == [received.message_id]
    assert found(context, "路灯", SearchFilter(department="公安局")) == []


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "9" * 30, "１", "1.0", "\x00"])
def test_a_cursor_of_nobodys_is_refused(context: Context, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="翻页"):
        search(context, "路灯", EVERYTHING, cursor)


def many(count: int) -> list[IncomingMessage]:
    return [
        a_message(f"第{n}条，{'路灯' if n % 3 else '水管'}坏了。", title="", external_id=str(n))
        for n in range(count)
    ]


def test_pages_lead_through_all_whatever_is_looked_at_for_each(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [each.message_id for each in receive_messages(context, many(60))]
    lamps = [each for n, each in enumerate(ids) if n % 3][::-1]
    monkeypatch.setattr(walk_module, "AT_ONCE", 7)
    assert found(context, "路灯") == lamps
    monkeypatch.setattr(module, "_MOST_TEXTS", 5)
    assert found(context, "“路灯坏了”") == lamps
    page = search(context, "坏了 “水管”", EVERYTHING, limit=100)
    while page.next_cursor:
        assert page.until_now == (NOW - timedelta(hours=1)).date()
        page = search(context, "坏了 “水管”", EVERYTHING, page.next_cursor, 100)
    assert page.until_now is None


def test_receipts_numbers_and_departments_are_known_by_their_form(context: Context) -> None:
    (received,) = receive_messages(context, [a_message()])

    def exact(typed: str) -> list[str]:
        return [each.number for each in search(context, typed, EVERYTHING).exact]

    assert exact(show_receipt(received.receipt)) == [received.matter_number]
    assert exact(f" {received.receipt.lower()} ") == [received.matter_number]
    assert exact(received.matter_number) == [received.matter_number]
    assert exact("2099-999999") == []
    assert exact("路灯") == []
    assert search(context, " 城管局", EVERYTHING).department == "城管局"
    assert search(context, "路灯", EVERYTHING).department == ""


def test_answers_are_found_beside_messages_and_forgotten(context: Context) -> None:
    (received,) = receive_messages(context, [a_message()])
    answer = Document(
        DocumentKind.REPLY, 7, received.message_id, NOW.date(), "已经 更换 灯泡", "灯泡已经更换。"
    )
    with context.database.transaction() as connection:
        index_documents(connection, [answer])
    (hit,) = search(context, "灯泡", EVERYTHING).hits
    assert (hit.kind, hit.message_id, hit.snippet.text) == (
        DocumentKind.REPLY,
        received.message_id,
        "灯泡已经更换。",
    )
    assert found(context, "灯泡", SearchFilter(document="message")) == []
    with context.database.transaction() as connection:
        forget_documents(connection, [answer, replace(answer, item_id=8)])
    assert found(context, "灯泡") == []
    assert found(context, "路灯") == [received.message_id]


def age(context: Context) -> None:
    """Leave the database as the version before full-text search had it."""
    with context.database.transaction() as connection:
        connection.execute(document.delete())
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "INSERT INTO document_terms (document_terms) VALUES ('delete-all')"
            )


def test_messages_of_an_earlier_version_become_findable(
    context: Context, letters: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(context, document)
    age(context)
    assert found(context, "路灯") == []
    monkeypatch.setattr(index_module, "BATCH", 2)
    told: list[int] = []

    def stop(done: int) -> None:
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_messages(context, stop)
    receive_messages(context, [a_message("新来的信说路灯。", external_id="new")])
    assert index_messages(context) == len(LETTERS) - 2
    assert index_messages(context) == 0
    assert told == [2]
    assert rows(context, document)[:-1] == before
    assert places(found(context, "路灯")[1:], letters) == [5, 0]


def test_an_answer_known_before_its_message_hides_nothing(context: Context) -> None:
    (received,) = receive_messages(context, [a_message()])
    age(context)
    answer = Document(DocumentKind.REPLY, 1, received.message_id, NOW.date(), "灯泡", "灯泡")
    with context.database.transaction() as connection:
        index_documents(connection, [answer])
    assert index_messages(context) == 1


def test_what_is_undone_leaves_nothing_to_find(context: Context) -> None:
    class BrokenError(Exception):
        pass

    def store() -> SearchPage:
        with context.database.transaction() as connection:
            connection.execute(message.select())
            index_documents(connection, [broken])
            raise BrokenError

    (received,) = receive_messages(context, [a_message()])
    broken = Document(DocumentKind.REPLY, 1, received.message_id, NOW.date(), "灯泡", "灯泡")
    with pytest.raises(BrokenError):
        store()
    assert found(context, "灯泡") == []


def test_a_text_of_any_length_is_stored(context: Context) -> None:
    hanzi = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    texts = [hanzi * 4, "x" * 90_000, "a1b2c3 " * 12_000, "😀\x01" * 40_000 + "路灯"]
    receive_messages(context, [a_message(text, title="", external_id="n") for text in texts[:1]])
    for number, text in enumerate(texts[1:]):
        receive_messages(context, [a_message(text, title="", external_id=str(number))])
    assert len(found(context, "路灯")) == 1


def test_what_is_erased_while_others_become_findable_does_not(
    context: Context, letters: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {row["message_id"] for row in rows(context, document)}
    age(context)
    understand = index_module.document_of

    def erased_meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        erase_message(context, letters[0], "甲", ErasureGround.WITHDRAWN, "来信人申请")
        return understand(*given)

    monkeypatch.setattr(index_module, "document_of", erased_meanwhile)
    assert index_messages(context) == len(LETTERS) - 1
    assert {row["message_id"] for row in rows(context, document)} == before - {letters[0]}
