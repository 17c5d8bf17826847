"""What is erased by law stands nowhere any more, and all that is left still fits together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select, update

from classifier.spans import Span
from service.digest.periods import Period, parse_period
from service.domain.access import Account, Role
from service.domain.deadline import SHANGHAI
from service.domain.erasure import ERASED_ZH, MAX_ERASURE_REASON_CHARS, ErasureGround
from service.domain.history import NOTHING, entry_digest
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.domain.reply import Satisfaction
from service.errors import ErasedError, InvalidInputError, NotFoundError
from service.storage import tables
from service.storage.matching.auxiliary import AuxiliaryIndex
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Understood
from service.usecases.archive.complete import complete_waiting
from service.usecases.casework import erasing
from service.usecases.casework.answering import draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.erasing import Erased, erase_message, find_by_receipt, list_erasures
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.casework.proofs import Presented
from service.usecases.casework.receipts import look_up, rate_answer, supplement_message
from service.usecases.context import Context
from service.usecases.digests.kept_digests import keep_digest, list_kept_digests, read_kept_file
from service.usecases.intake.receive import receive_messages
from service.usecases.matching.index_messages import index_messages
from service.usecases.matters import parting, taking_out
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.search import SearchFilter, search
from service.usecases.matters.taking_out import take_out
from service.usecases.matters.undo_parting import undo_parts
from service.usecases.upkeep.audit import seal_histories, verify_histories
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, found_by, rows

WORDS = "庄里镇碧桐巷的路灯和窨井盖都坏了，井盖夜里被车压翻，孩子险些掉下去"
SENDER = SenderDetails("欧阳蕴", "13612345678")
SAID = ("碧桐巷", "窨井盖", "压翻", "欧阳蕴", "13612345678", "补漏翡翠", "仍不平整")
MINE = a_message(f"{WORDS}。请尽快修好。", title="碧桐巷窨井盖坏了", sender=SENDER)
GROUND, WHY = ErasureGround.WITHDRAWN, "来信人书面申请，登记簿第 12 号"
ADMIN = Account("admin", Role.ADMINISTRATOR)


def erased(context: Context, message_id: int) -> Erased:
    return erase_message(context, message_id, "管理员甲", GROUND, WHY)


def week_of(at: datetime) -> Period:
    year, week, _ = at.astimezone(SHANGHAI).isocalendar()
    return parse_period(f"{year}-W{week:02d}")


def everything(context: Context) -> str:
    """All that stands in all tables, in one text."""
    found = []
    with context.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            found += [repr(tuple(row)) for row in connection.execute(select(table))]
    return "\n".join(found)


def worked_on(context: Context) -> int:
    """A matter of one message that was asked, supplemented, answered and rated; its message."""
    (received,) = receive_messages(context, [MINE])
    matter_id, receipt = received.matter_id, received.receipt
    for move, note in ((Move.SIGN, ""), (Move.START, ""), (Move.ASK, "在哪一段？")):
        move_matter(context, matter_id, Order(move, note=note), "甲")
    mine = Presented(receipt, SENDER.phone[-4:])
    supplement_message(context, mine, received.matter_number, "在补漏翡翠店门口")
    moved = Correction("1402", "教育局", "question", False, "T2")
    assert correct_matter(context, matter_id, moved, "王科")  # only proposed: it is in hand
    reply_id = draft_reply(context, matter_id, "已经换了井盖。", "甲")
    send_reply(context, reply_id, "甲")
    rate_answer(context, mine, reply_id, Satisfaction.DISSATISFIED, "换过之后仍不平整")
    return received.message_id


def test_nothing_of_it_stands_anywhere(context: Context) -> None:
    message_id = worked_on(context)
    before = everything(context)
    assert all(each in before for each in SAID if each not in (SENDER.name, SENDER.phone))
    result = erased(context, message_id)
    assert result.message_ids == (message_id,)
    assert result.entry_count >= 3
    left = everything(context)
    assert [each for each in SAID if each in left] == []
    assert rows(context, tables.sender) == []
    assert not verify_histories(context).faults
    check_books(context)


def test_what_is_left_tells_that_it_was(context: Context, clock: Clock) -> None:
    message_id = worked_on(context)
    (matter_id,) = (row["id"] for row in rows(context, tables.matter))
    receipt = show_matter(context, matter_id).opened.message.receipt
    clock.forward(hours=1)
    erased(context, message_id)
    file = show_matter(context, matter_id)
    assert (file.matter.title, file.opened.is_erased) == (ERASED_ZH, True)
    assert (file.opened.message.text, file.opened.sender) == ("", SenderDetails())
    last = file.events[-1]
    assert (last.kind_zh, last.actor) == ("依法删除", "管理员甲")
    assert last.detail == f"{ERASED_ZH}；{GROUND.label_zh}"
    found = look_up(context, Presented(receipt))
    assert (found.is_erased, found.title) == (True, "")
    # What proved whose it is went too: nothing that was written to the sender is shown.
    assert found.matters[0].answers == ()
    (told,) = list_erasures(context)
    assert (told.message_id, told.receipt, told.at) == (message_id, receipt, clock.at)
    assert (told.ground, told.reason) == (GROUND, WHY)


def test_it_is_found_by_nothing_and_comes_back_by_nothing(context: Context) -> None:
    (received,) = receive_messages(context, [MINE])
    assert search(context, "窨井盖", SearchFilter()).hits
    erased(context, received.message_id)
    assert search(context, "窨井盖", SearchFilter()).hits == ()
    assert index_messages(context) == 0
    assert complete_waiting(context) == 0
    # The same letter by another person is a matter of its own.
    (again,) = receive_messages(context, [replace(MINE, sender=SenderDetails("李四"))])
    assert again.matter_id != received.matter_id
    # The same file once more does not bring it back.
    numbered = replace(MINE, source="县长信箱", external_id="77")
    (first,) = receive_messages(context, [numbered])
    erased(context, first.message_id)
    (second,) = receive_messages(context, [numbered])
    assert (second.message_id, second.is_new) == (first.message_id, False)
    (stored,) = (row for row in rows(context, tables.message) if row["id"] == first.message_id)
    assert (stored["title"], stored["text"], stored["sender_id"]) == ("", "", None)


def test_others_matters_and_senders_stay(context: Context) -> None:
    theirs = a_message(f"{WORDS}，大家都怕。", sender=SenderDetails("李四", "13900139000"))
    (mine, other) = receive_messages(context, [MINE, theirs])
    assert mine.matter_id == other.matter_id
    (own,) = receive_messages(context, [a_message("小学门口的红绿灯坏了三天", sender=SENDER)])
    erased(context, mine.message_id)
    file = show_matter(context, mine.matter_id)
    assert (file.matter.message_count, file.matter.people_count) == (2, 2)
    assert file.matter.title == "路灯不亮"  # by the other's words
    assert len(rows(context, tables.sender)) == 2
    view = show_matter(context, own.matter_id).opened
    assert view.sender == SENDER
    check_books(context)
    # A third one finds the matter by the words of the second.
    (third,) = receive_messages(context, [replace(theirs, sender=SenderDetails("王五"))])
    assert third.matter_id == mine.matter_id


def test_a_message_of_parts_goes_whole(context: Context) -> None:
    text = f"{WORDS}。中心小学食堂的饭菜里两次吃出虫子。"
    cut = text.index("中心")
    (received,) = receive_messages(context, [a_message(text, sender=SENDER)])
    spans = [Span(0, cut), Span(cut, len(text))]
    confirm_parts(context, received.message_id, spans, "甲")
    part = next(row["id"] for row in rows(context, tables.message) if row["part_of"])
    result = erased(context, part)
    assert result.message_ids == (received.message_id, part)
    left = everything(context)
    assert [each for each in ("碧桐巷", "窨井盖", "食堂", SENDER.name) if each in left] == []
    titles = {row["title"] for row in rows(context, tables.matter)}
    assert titles == {ERASED_ZH}
    assert not verify_histories(context).faults


@pytest.mark.parametrize("whose", ["the part's", "another's"])
def test_undoing_parts_would_not_give_back_by_which_words_matters_were_alike(
    context: Context, whose: str
) -> None:
    apart = replace(context.triage, join_at=1.0, suggest_at=0.0)
    context = replace(context, triage=apart)
    (other,) = receive_messages(context, [a_message(f"{WORDS}。", sender=SENDER)])
    text = f"中心小学食堂的饭菜里两次吃出虫子。{WORDS}，还没有修。"
    cut = text.index(WORDS)
    (received,) = receive_messages(context, [a_message(text, title="", sender=SENDER)])
    confirm_parts(context, received.message_id, [Span(0, cut), Span(cut, len(text))], "甲")
    (kept,) = [row for row in rows(context, tables.parting) if row["went"]]
    assert any(pair[-1] for each in kept["went"] for pair, _ in each["suggested"])
    erased(context, received.message_id if whose == "the part's" else other.message_id)
    (kept,) = [row for row in rows(context, tables.parting) if row["went"]]
    assert not any(pair[-1] for each in kept["went"] for pair, _ in each["suggested"])


@pytest.mark.parametrize("is_undone", [False, True])
@pytest.mark.parametrize("round_size", [1, 99])
def test_no_key_of_it_stays_whatever_it_was_taken_as(
    context: Context, round_size: int, is_undone: bool
) -> None:
    context = replace(context, auxiliary=AuxiliaryIndex(round_size))
    other = a_message("公交车站的座椅断了，坐不了人")
    receive_messages(context, [other])
    before = found_by(context)
    text = f"{WORDS}。中心小学食堂的饭菜里两次吃出虫子。"
    cut = text.index("中心")
    (received,) = receive_messages(context, [a_message(text)])
    confirm_parts(context, received.message_id, [Span(0, cut), Span(cut, len(text))], "甲")
    if is_undone:
        undo_parts(context, received.message_id, "甲")
    (late,) = receive_messages(context, [a_message("图书馆周末不开门")])  # earlier ones are merged
    erased(context, received.message_id)
    assert before < found_by(context)
    found = {message_id for _, message_id in found_by(context)}
    assert found == {message_id for _, message_id in before} | {late.message_id}


@pytest.mark.parametrize(
    ("module", "name"), [(parting, "understand_anew"), (taking_out, "understand_stored")]
)
def test_what_is_erased_while_somebody_works_on_it_does_not_come_back(
    context: Context, module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = replace(MINE, sender=SenderDetails("李四"), text=f"{MINE.text}都怕。")
    (first, received) = receive_messages(context, [a_message(f"{WORDS}，怕人。"), mine])
    assert first.matter_id == received.matter_id
    message_id, cut = received.message_id, len(mine.text) // 2
    understand = getattr(module, name)

    def erased_meanwhile(*given: object) -> object:
        understood = understand(*given)
        monkeypatch.undo()
        erased(context, message_id)
        return understood

    monkeypatch.setattr(module, name, erased_meanwhile)
    if module is parting:
        with pytest.raises(ErasedError):
            confirm_parts(context, message_id, [Span(0, cut), Span(cut, len(mine.text))], "甲")
    else:
        take_out(context, first.matter_id, message_id, "甲")
    assert {first.message_id} == {message_id for _, message_id in found_by(context)}
    erased(context, first.message_id)
    assert [each for each in SAID if each in everything(context)] == []


def test_parts_of_what_was_erased_are_not_undone(context: Context) -> None:
    (received,) = receive_messages(context, [MINE])
    cut = MINE.text.index(WORDS) + len(WORDS) // 2
    confirm_parts(context, received.message_id, [Span(0, cut), Span(cut, len(MINE.text))], "甲")
    erased(context, received.message_id)
    with pytest.raises(ErasedError):
        undo_parts(context, received.message_id, "甲")


def test_a_sealed_history_stays_verified_and_a_forged_redaction_is_found(
    context: Context, clock: Clock
) -> None:
    message_id = worked_on(context)
    seal_histories(context)
    clock.forward(days=1)
    erased(context, message_id)
    assert not verify_histories(context).faults
    seal_histories(context)
    redacted = rows(context, tables.redaction)
    where = tables.event.c.id == redacted[0]["event_id"]
    for change in ({"actor": "乙"}, {"details": {"changes": ["什么也没有"]}}):
        with context.database.transaction() as connection:
            was = connection.execute(select(tables.event).where(where)).one()._asdict()
            connection.execute(update(tables.event).where(where).values(change))
        assert any("被改动" in fault for fault in verify_histories(context).faults)
        with context.database.transaction() as connection:
            back = {name: was[name] for name in change}
            connection.execute(update(tables.event).where(where).values(back))
    assert not verify_histories(context).faults
    with context.database.transaction() as connection:
        forged = update(tables.redaction).values(mac=b"\0" * 32)
        connection.execute(forged.where(tables.redaction.c.event_id == redacted[0]["event_id"]))
    assert any("被改动" in fault for fault in verify_histories(context).faults)


def test_a_guess_at_what_was_redacted_cannot_be_confirmed(context: Context) -> None:
    message_id = worked_on(context)
    before = {row["id"]: row for row in rows(context, tables.event)}
    erased(context, message_id)
    after = rows(context, tables.event)
    digests = {row["number"]: row["digest"] for row in after}
    redacted = {row["event_id"] for row in rows(context, tables.redaction)}
    assert redacted
    for row in after:
        was = before.get(row["id"])
        if was is None or row["id"] not in redacted:
            continue
        # The right guess, with all else that the database tells of the entry.
        told = (row["matter_id"], row["number"], row["at"], row["actor"], row["kind"])
        guess = (digests.get(row["number"] - 1, NOTHING), *told, was["details"])
        assert entry_digest(*guess, was["salt"]) == row["digest"] == was["digest"]
        assert row["salt"] is None
        assert entry_digest(*guess) != row["digest"]
    assert verify_histories(context).faults == []


def test_who_stands_in_is_looked_for_again_where_others_work_meanwhile(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race exactly: the successor leaves between the look and the lock."""
    same = [replace(MINE, external_id=str(number)) for number in range(3)]
    first, second, third = receive_messages(context, same)
    assert first.matter_id == third.matter_id
    assert [row["message_id"] for row in rows(context, tables.exemplar)] == [first.message_id]
    real, calls = erasing.understand_stored, []

    def meanwhile(context: Context, ids: list[int]) -> dict[int, Understood]:
        understood = real(context, ids)
        calls.append(ids)
        if len(calls) == 1:
            assert second.message_id in ids
            take_out(context, first.matter_id, second.message_id, "甲")
        return understood

    monkeypatch.setattr(erasing, "understand_stored", meanwhile)
    erased(context, first.message_id)
    standing = {row["message_id"]: row["matter_id"] for row in rows(context, tables.exemplar)}
    assert standing[third.message_id] == first.matter_id
    check_books(context)


def test_nobody_without_the_key_redacts(context: Context) -> None:
    message_id = worked_on(context)
    other = replace(context, sealer=Sealer(b"y" * 32))
    kept = context.sealer
    # Who has the database alone redacts an entry as if by law.
    with context.database.transaction() as connection:
        (entry,) = connection.execute(
            select(tables.event).where(tables.event.c.kind == "rated")
        ).all()
        where = tables.event.c.id == entry.id
        connection.execute(update(tables.event).where(where).values(details={"erased": message_id}))
        connection.execute(tables.redaction.insert().values(event_id=entry.id, mac=b"\1" * 32))
    assert verify_histories(context).faults
    assert kept.current.history_key != other.sealer.current.history_key


def test_kept_digests_that_quote_it_are_withdrawn(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    clock.forward(days=8)
    period = week_of(MINE.sent_at)
    quoting = keep_digest(context, period, "王科")
    result = erased(context, received.message_id)
    assert result.digest_count == 1
    (told,) = list_kept_digests(context, ADMIN)
    assert (told.id, told.is_withdrawn) == (quoting, True)
    with pytest.raises(NotFoundError):
        read_kept_file(context, quoting, "json", ADMIN)
    again = keep_digest(context, period, "王科")
    assert not list_kept_digests(context, ADMIN)[0].is_withdrawn
    text = read_kept_file(context, again, "json", ADMIN).content.decode()
    assert [each for each in SAID if each in text] == []


def test_a_kept_digest_that_does_not_quote_it_stays(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    earlier = MINE.sent_at - timedelta(days=30)
    receive_messages(context, [a_message("河边的垃圾堆了半个月没人清运", sent_at=earlier)])
    clock.forward(days=8)
    kept = keep_digest(context, week_of(earlier), "王科")
    assert erased(context, received.message_id).digest_count == 0
    assert read_kept_file(context, kept, "json", ADMIN).content


@pytest.mark.parametrize("reason", ["", "  \n", "长" * (MAX_ERASURE_REASON_CHARS + 1)])
def test_without_a_reason_nothing_is_erased(context: Context, reason: str) -> None:
    (received,) = receive_messages(context, [MINE])
    with pytest.raises(InvalidInputError):
        erase_message(context, received.message_id, "甲", GROUND, reason)
    assert "窨井盖" in everything(context)


def test_nobody_speaks_for_its_sender_any_more(context: Context) -> None:
    message_id = worked_on(context)
    receipt = rows(context, tables.message)[0]["receipt"]
    (answer,) = (row["id"] for row in rows(context, tables.reply))
    erased(context, message_id)
    with pytest.raises(ErasedError):
        rate_answer(context, Presented(receipt), answer, Satisfaction.SATISFIED, "")
    with pytest.raises(ErasedError):
        number = rows(context, tables.matter)[0]["number"]
        supplement_message(context, Presented(receipt), number, "再补一句")


def test_a_message_of_short_words_is_withdrawn_too(context: Context, clock: Clock) -> None:
    short = replace(MINE, title="井盖坏了", text="井盖坏了。很危险。")
    (received,) = receive_messages(context, [short])
    clock.forward(days=8)
    keep_digest(context, week_of(MINE.sent_at), "王科")
    assert erased(context, received.message_id).digest_count == 1


def test_it_is_erased_once(context: Context) -> None:
    (received,) = receive_messages(context, [MINE])
    assert find_by_receipt(context, received.receipt) == received.message_id
    erased(context, received.message_id)
    with pytest.raises(ErasedError):
        erased(context, received.message_id)


@pytest.mark.parametrize("message_id", [0, -1, 999, 10**30])
def test_what_is_not_there_is_not_erased(context: Context, message_id: int) -> None:
    with pytest.raises(NotFoundError):
        erased(context, message_id)


@pytest.mark.parametrize("typed", ["", "七", "0000-0000-0000", "\ud800"])
def test_what_is_no_receipt_leads_to_nothing(context: Context, typed: str) -> None:
    with pytest.raises(NotFoundError):
        find_by_receipt(context, typed)


def test_its_words_are_overwritten_in_the_file(context: Context, tmp_path: Path) -> None:
    """On SQLite; PostgreSQL's own VACUUM does it there."""
    message_id = worked_on(context)
    erased(context, message_id)
    context.database.close()
    if context.database.engine.dialect.name != "sqlite":
        return
    written = b"".join(each.read_bytes() for each in tmp_path.glob("minqing.sqlite3*"))
    assert [each for each in SAID if each.encode() in written] == []
