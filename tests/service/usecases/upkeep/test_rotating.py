"""Keys are rotated while messages come in: nothing is lost, doubled, or left under the old key."""

from __future__ import annotations

import os
import signal
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from classifier.matching.profile import PROFILE, as_records
from service.domain.access import Account, Role, TokenScope
from service.domain.attachment import Upload
from service.domain.erasure import ErasureGround
from service.domain.key_ring import KeyRing
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.relation import Relation
from service.errors import BackupError, InvalidInputError, NotFoundError, SettingsError, TokenError
from service.settings import Settings
from service.storage import tables
from service.storage.database import Connection, Database
from service.storage.delivery.webhooks import insert_webhook
from service.storage.rows import share_key_lock, take_account_lock, take_intake_lock
from service.storage.sealing.sealer import Sealer, key_id_of
from service.storage.sealing.senders import read_senders
from service.usecases.accounts import passwords
from service.usecases.accounts.accounts import ensure_administrator
from service.usecases.accounts.api_tokens import account_of_token, add_token
from service.usecases.accounts.second_factor import begin_enrolment, pending_enrolment
from service.usecases.casework.erasing import erase_message
from service.usecases.casework.receipts import look_up
from service.usecases.context import Context
from service.usecases.intake import receive
from service.usecases.intake.attaching import attach_under_receipt
from service.usecases.intake.idempotency import Answer, replay_or_run
from service.usecases.intake.receive import receive_messages
from service.usecases.mailing.mails import take_in_mail
from service.usecases.matching.known_senders import bring_forward, number_of
from service.usecases.matters import taking_out
from service.usecases.matters.taking_out import take_out
from service.usecases.upkeep import rotating
from service.usecases.upkeep.audit import seal_histories, verify_histories
from service.usecases.upkeep.backup import make_backup, restore_backup
from service.usecases.upkeep.rotating import list_keys, prepare_key, retire_key, rotate_keys
from tests.makers import Clock, a_message, shown
from tests.service.intake.test_attachments import pdf
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.mailing.test_mails import letter
from tests.tiny_triage import tiny_triage_anew

ADMIN = Account("admin", Role.ADMINISTRATOR)
ANSWER: Answer = (201, {"pin": "123456"})
LATER = {"minutes": 11}


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "PasswordHasher", quick)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotating, "BATCH", 4)


def person(number: int) -> SenderDetails:
    return SenderDetails(f"郑{number}", f"1390000{number:04d}")


def complaint(number: int, external_id: str) -> IncomingMessage:
    text = f"庄里镇三合村{number}组的路灯坏了半个月，晚上出门看不见路。"
    return a_message(text, sender=person(number), external_id=external_id)


def fill(context: Context, count: int = 10) -> None:
    receive_messages(context, [complaint(n, f"early {n}") for n in range(count)])


def another_worker(context: Context) -> Context:
    """What another process has: a key file and a sealer of its own."""
    return replace(context, sealer=Sealer(context.settings.secret_key))


def sealed_by(context: Context) -> dict[str, set[int]]:
    """The keys under which anything is sealed, by table."""
    found = {
        "sender": {key_id_of(row["sealed"]) for row in rows(context, tables.sender)},
        "message": {key_id_of(row["pin"]) for row in rows(context, tables.message) if row["pin"]},
    }
    for table in (tables.redaction, tables.api_token, tables.recovery_code):
        found[table.name] = {row["key_id"] for row in rows(context, table)}
    return found


def at(context: Context, settings: Settings) -> Context:
    """The same desk on another installation."""
    sealer = Sealer(settings.secret_key)
    return replace(context, settings=settings, database=Database(settings.url), sealer=sealer)


def put_key(settings: Settings, content: bytes) -> None:
    """Give an installation a key file."""
    (settings.home / "secret.key").write_bytes(content)
    (settings.home / "secret.key").chmod(0o600)


def check_readable(context: Context) -> None:
    """Each sender opens with the keys that are there."""
    with context.database.reading() as connection:
        ids = list(connection.execute(select(tables.sender.c.id)).scalars())
        assert len(read_senders(connection, context.sealer, ids)) == len(ids)


def check_people(context: Context, count: int) -> None:
    """Each sender is there once, readable, and found by the current key."""
    stored = {row["id"]: row["digest"] for row in rows(context, tables.sender)}
    with context.database.reading() as connection:
        people = read_senders(connection, context.sealer, list(stored))
    assert sorted(each.name for each in people.values()) == sorted(
        person(n).name for n in range(count)
    )
    assert all(context.sealer.digest(people[n]) == bytes(stored[n]) for n in stored)
    sender_of = {row["id"]: row["sender_id"] for row in rows(context, tables.message)}
    for row in rows(context, tables.exemplar):
        profile = as_records([row["profile"]])[0]
        sender_id = sender_of[row["message_id"]]
        assert int(profile["sender"]) == (number_of(stored[sender_id]) if sender_id else 0)


def test_while_messages_come_in_none_is_lost_or_left_under_the_old_key(context: Context) -> None:
    fill(context)
    seal_histories(context)
    done, worker = Event(), another_worker(context)

    def keep_sending() -> int:
        sent = 0
        while not done.is_set() or sent < 20:
            receive_messages(worker, [complaint(sent % 20, f"late {sent}")])
            receive_messages(
                worker, [a_message("井盖响。", sender=SenderDetails(), external_id=f"n{sent}")]
            )
            sent += 1
        return sent

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(keep_sending)
        rotated = rotate_keys(context)
        done.set()
        sent = sending.result()
    assert (rotated.key_id, rotated.is_new) == (2, True)
    assert len(rows(context, tables.message)) == 10 + 2 * sent
    assert sealed_by(context)["sender"] == {2}
    check_people(context, 20)
    check_books(context)
    assert verify_histories(context).faults == []


def test_everything_sealed_goes_over_and_still_opens(context: Context, clock: Clock) -> None:
    fill(context, 3)
    (nameless,) = receive_messages(context, [a_message(external_id="x", sender=SenderDetails())])
    password = ensure_administrator(context) or ""
    enrolment = begin_enrolment(context, ADMIN, password)
    token = add_token(context, ADMIN, "表单", [TokenScope.INTAKE], 30).token
    with context.database.transaction() as connection:
        secret = context.sealer.seal_secret(b"whsec")
        hook = insert_webhook(connection, "https://a.example/", [], secret, "甲", clock())
        former = update(tables.webhook).where(tables.webhook.c.id == hook)
        connection.execute(former.values(former_secret=context.sealer.seal_secret(b"former")))
    replay_or_run(context, "key", b"d" * 32, lambda: ANSWER)
    erase_message(context, 1, "甲", ErasureGround.WITHDRAWN, "申请书")
    assert rows(context, tables.redaction)

    rotated = rotate_keys(context)
    assert {kind for kind, count in rotated.resealed.items() if count} == {
        *("来信人", "查询密码", "验证器", "推送签名", "推送的前一签名", "留存的应答", "遮去的经过")
    }
    pin = nameless.pin
    assert pin
    assert look_up(context, shown(nameless.receipt, pin))
    assert pending_enrolment(context, ADMIN) == enrolment
    (row,) = rows(context, tables.webhook)
    assert context.sealer.open_secret(row["secret"]) == b"whsec"
    assert context.sealer.open_secret(row["former_secret"]) == b"former"
    assert replay_or_run(context, "key", b"d" * 32, lambda: (500, {})) == ANSWER
    assert verify_histories(context).faults == []

    # The token goes over when it is used; nothing is under the old key any more then.
    clock.forward(**LATER)
    with pytest.raises(InvalidInputError, match="访问令牌 1"):
        retire_key(context, 1)
    assert account_of_token(context, token).name == "admin"
    retire_key(context, 1)
    assert account_of_token(context, token).name == "admin"
    assert [(each.id, each.is_retired) for each in list_keys(context)] == [(1, True), (2, False)]
    assert look_up(context, shown(nameless.receipt, pin))
    assert verify_histories(context).faults == []


def test_the_same_person_is_the_same_before_amid_and_after(context: Context) -> None:
    (first,) = receive_messages(context, [complaint(7, "a")])
    ring_file = context.settings.secret_key
    prepare_key(context)
    ring_file.change(lambda ring: ring.sealing_with_newest(context.now()))
    # Amid: what this person wrote before is under the old key still.
    (again,) = receive_messages(another_worker(context), [complaint(7, "b")])
    assert len(rows(context, tables.sender)) == 1
    rotate_keys(context)
    (last,) = receive_messages(context, [complaint(7, "c")])
    assert {again.matter_id, last.matter_id} == {first.matter_id}
    assert {row["relation"] for row in rows(context, tables.demand)[1:]} <= {
        Relation.COPY.value,
        Relation.RESUBMISSION.value,
    }
    assert len(rows(context, tables.sender)) == 1


def test_two_of_one_person_become_one(context: Context) -> None:
    """As it may happen where the machines of one database have not the same key file yet."""
    receive_messages(context, [complaint(1, "a")])
    stale = KeyRing(context.settings.secret_key.ring().keys)
    rotate_keys(context)
    other = replace(context, sealer=Sealer(stale.newest.secret))
    receive_messages(other, [complaint(1, "b")])
    assert len(rows(context, tables.sender)) == 2
    assert not rotate_keys(context).is_new
    (sender,) = rows(context, tables.sender)
    assert [row["sender_id"] for row in rows(context, tables.message)] == [sender["id"]] * 2
    check_books(context)


def rotate_slowly(settings: Settings, told: Pipe) -> None:
    """What the process does that is killed: it tells of each batch and waits for an answer."""
    rotating.BATCH = 4
    context = Context(
        settings, Database(settings.url), tiny_triage_anew(), Sealer(settings.secret_key), Clock()
    )

    def progress(kind: str, done: int) -> None:
        told.send(done)
        told.recv()

    rotate_keys(context, progress)


@pytest.mark.parametrize("batch_count", [1, 2, 4])
def test_a_rotation_that_is_killed_goes_on_where_it_was(context: Context, batch_count: int) -> None:
    fill(context)
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=rotate_slowly, args=(context.settings, there))
    process.start()
    for _ in range(batch_count - 1):
        here.recv()
        here.send(None)
    here.recv()
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert 2 in sealed_by(context)["sender"]
    assert len(context.settings.secret_key.ring().keys) == 2
    receive_messages(context, [complaint(n, f"after {n}") for n in range(12)])
    rotated = rotate_keys(context)
    assert (rotated.key_id, rotated.is_new) == (2, False)
    assert len(context.settings.secret_key.ring().keys) == 2
    assert sealed_by(context)["sender"] == {2}
    check_people(context, 12)
    assert verify_histories(context).faults == []
    check_books(context)


@pytest.fixture
def empty(request: pytest.FixtureRequest, context: Context, tmp_path: Path) -> Iterator[Settings]:
    home = tmp_path / "new"
    home.mkdir()
    if context.settings.url.startswith("sqlite"):
        yield Settings(home=home)
        return
    with request.getfixturevalue("postgres_server").fresh_database() as url:
        yield Settings(home=home, database_url=url)


def test_a_backup_from_before_opens_with_the_ring_until_its_key_retires(
    context: Context, clock: Clock, tmp_path: Path, empty: Settings
) -> None:
    fill(context, 3)
    seal_histories(context)
    make_backup(context, tmp_path / "before.tar.gz")
    rotate_keys(context)
    key = context.settings.secret_key.path
    ring_of_both = key.read_bytes()
    clock.forward(**LATER)
    retire_key(context, 1)

    put_key(empty, key.read_bytes())
    with pytest.raises(Exception, match="密钥文件"):
        restore_backup(empty, tmp_path / "before.tar.gz")
    put_key(empty, ring_of_both)
    restore_backup(empty, tmp_path / "before.tar.gz")
    there = at(context, empty)
    assert verify_histories(there).faults == []
    assert not rotate_keys(there).is_new  # what the backup brought is sealed anew
    check_people(there, 3)
    there.database.close()


@pytest.mark.parametrize("of_when", ["then", "later"])
def test_a_backup_from_amid_a_rotation_opens_with_the_key_file_of_then_and_of_later(
    context: Context, clock: Clock, tmp_path: Path, empty: Settings, of_when: str
) -> None:
    fill(context, 10)
    key = context.settings.secret_key.path

    def break_off(kind: str, done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rotate_keys(context, break_off)
    assert sealed_by(context)["sender"] == {1, 2}
    make_backup(context, tmp_path / "amid.tar.gz")
    of_then = key.read_bytes()
    assert not rotate_keys(context).is_new
    of_later = key.read_bytes()
    clock.forward(**LATER)
    retire_key(context, 1)
    of_the_end = key.read_bytes()

    put_key(empty, of_the_end)
    with pytest.raises(BackupError, match="放回作备份时的密钥文件"):
        restore_backup(empty, tmp_path / "amid.tar.gz")
    put_key(empty, {"then": of_then, "later": of_later}[of_when])
    restore_backup(empty, tmp_path / "amid.tar.gz")
    there = at(context, empty)
    receive_messages(there, [complaint(9, "late")])  # whom the rotation had not come to
    assert not rotate_keys(there).is_new
    assert sealed_by(there)["sender"] == {2}
    check_people(there, 10)
    check_books(there)
    there.database.close()


def test_a_key_waits_until_all_machines_have_it(context: Context, clock: Clock) -> None:
    fill(context, 2)
    assert prepare_key(context) == prepare_key(context) == 2
    receive_messages(context, [complaint(2, "x")])
    assert sealed_by(context)["sender"] == {1}
    clock.forward(days=3)
    assert rotate_keys(context).key_id == 2
    with pytest.raises(InvalidInputError, match="十分钟"):
        retire_key(context, 1)
    assert sealed_by(context)["sender"] == {2}
    assert rotate_keys(context).key_id == 3


@pytest.mark.parametrize("lock", [take_intake_lock, take_account_lock, share_key_lock])
def test_what_is_about_to_be_stored_keeps_its_key(
    context: Context, clock: Clock, lock: Callable[[Connection], None]
) -> None:
    """Sealed with the old key and not committed yet when the key is to be retired."""
    fill(context, 3)
    one = rows(context, tables.sender)[0]["id"]
    former = Sealer(context.settings.secret_key.ring().newest.secret)
    rotate_keys(context)
    clock.forward(**LATER)
    held, release = Event(), Event()

    def store_slowly() -> None:
        with context.database.transaction() as connection:
            lock(connection)
            sealed = former.seal(person(0))
            held.set()
            release.wait(10)
            connection.execute(
                update(tables.sender).where(tables.sender.c.id == one).values(sealed=sealed)
            )

    with ThreadPoolExecutor(2) as pool:
        storing = pool.submit(store_slowly)
        assert held.wait(10)
        retiring = pool.submit(retire_key, context, 1)
        assert not wait([retiring], timeout=0.3).done  # it waits
        release.set()
        storing.result()
        with pytest.raises(InvalidInputError, match="还有记录在用：来信人 1"):
            retiring.result()
    check_readable(context)
    assert not rotate_keys(context).is_new  # it is finished with what came late
    retire_key(context, 1)


def test_keys_come_and_go_while_messages_come_in_and_every_record_opens(
    context: Context, clock: Clock
) -> None:
    fill(context)
    done, worker = Event(), another_worker(context)

    def keep_sending() -> int:
        sent = 0
        while not done.is_set() or sent < 20:
            receive_messages(worker, [complaint(sent % 20, f"late {sent}")])
            sent += 1
        return sent

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(keep_sending)
        for key_id in (1, 2, 3):
            rotate_keys(context)
            clock.forward(**LATER)
            retire_key(context, key_id)
        done.set()
        sent = sending.result()
    assert len(rows(context, tables.message)) == 10 + sent
    assert sealed_by(context)["sender"] == {4}
    check_people(context, 20)


def test_a_key_that_comes_amid_an_intake_leaves_the_message_with_its_senders_number(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(context, 1)
    _take_a_new_key(context)

    def bring_forward_late(*given: Any) -> dict[int, bytes]:
        _take_a_new_key(context)
        return bring_forward(*given)

    monkeypatch.setattr(receive, "bring_forward", bring_forward_late)
    other = "县二中门口天天堵车，接孩子的家长只好把车停在快车道上。"
    receive_messages(context, [a_message(other, sender=person(0), external_id="late")])
    check_people(context, 1)


def _take_a_new_key(context: Context) -> None:
    """Let a new key seal from now on, with nothing sealed anew yet."""
    context.settings.secret_key.change(lambda ring: ring.with_new(context.now()))
    context.settings.secret_key.change(lambda ring: ring.sealing_with_newest(context.now()))


def test_amid_a_rotation_all_that_is_written_is_sealed_with_the_newest_key(
    context: Context,
) -> None:
    """Whoever writes: mail, files that are handed in later, answers, factors, tokens, hooks."""
    (early,) = receive_messages(context, [a_message(sender=SenderDetails(), external_id="early")])
    ensure_administrator(context)
    take_in_mail(context, letter(1), context.now(), is_answered=False)
    _take_a_new_key(context)

    taken = take_in_mail(context, letter(2), context.now(), is_answered=False)
    attach_under_receipt(context, shown(early.receipt, early.pin), [Upload("a.pdf", pdf())])
    replay_or_run(context, "key", bytes(32), lambda: ANSWER)
    add_token(context, ADMIN, "表单", [TokenScope.INTAKE], 30)
    with context.database.transaction() as connection:
        sealed = context.sealer.seal_secret(b"x" * 24)
        insert_webhook(connection, "https://a.example", [], sealed, "甲", context.now())

    (sender,) = rows(context, tables.sender)  # the same person, known again and brought forward
    assert key_id_of(sender["sealed"]) == key_id_of(sender["email"]) == 2
    (file,) = rows(context, tables.attachment)
    assert key_id_of(file["content"]) == key_id_of(file["name"]) == 2
    (hook,) = rows(context, tables.webhook)
    assert key_id_of(hook["secret"]) == 2
    (answer,) = rows(context, tables.idempotency)
    assert key_id_of(b64decode(answer["response"]["sealed"])) == 2
    assert {row["key_id"] for row in rows(context, tables.api_token)} == {2}
    pins = {row["id"]: key_id_of(row["pin"]) for row in rows(context, tables.message)}
    assert pins.pop(taken.received.message_id) == 2
    assert set(pins.values()) == {1}  # those that were there wait for the rotation
    assert not rotate_keys(context).is_new
    assert sealed_by(context)["message"] == {2}


@pytest.mark.parametrize("is_amid", [False, True])
def test_a_message_that_is_handled_anew_stands_under_the_number_that_is_stored(
    context: Context, monkeypatch: pytest.MonkeyPatch, is_amid: bool
) -> None:
    """Its sender was numbered by another key than the one by which it is found now."""
    first, second = receive_messages(context, [complaint(1, "a"), complaint(1, "b")])
    assert first.matter_id == second.matter_id
    understand = taking_out.understand_stored

    def rotate_meanwhile(*given: Any, **more: Any) -> Any:
        understood = understand(*given, **more)
        rotate_keys(context)
        return understood

    if is_amid:  # the sender still waits to be brought forward
        context.settings.secret_key.change(lambda ring: ring.with_new(context.now()))
        context.settings.secret_key.change(lambda ring: ring.sealing_with_newest(context.now()))
    else:
        monkeypatch.setattr(taking_out, "understand_stored", rotate_meanwhile)
    take_out(context, second.matter_id, second.message_id, "甲")
    with context.database.reading() as connection:
        (digest,) = connection.execute(select(tables.sender.c.digest)).scalars()
    numbers = {
        int(as_records([row["profile"]])[0]["sender"]) for row in rows(context, tables.exemplar)
    }
    assert numbers == {number_of(bytes(digest))}


def test_what_is_in_use_does_not_retire(context: Context, clock: Clock) -> None:
    fill(context, 2)
    for key_id in (0, 9, -1, 2**70):
        with pytest.raises(NotFoundError):
            retire_key(context, key_id)
    with pytest.raises(InvalidInputError, match="在用"):
        retire_key(context, 1)
    rotate_keys(context)
    with pytest.raises(InvalidInputError, match="十分钟"):
        retire_key(context, 1)
    clock.forward(**LATER)
    retire_key(context, 1)
    with pytest.raises(NotFoundError):
        retire_key(context, 1)


def test_a_record_of_a_key_that_is_gone_is_told_not_guessed(context: Context) -> None:
    fill(context, 1)
    (sender,) = rows(context, tables.sender)
    stranger = bytes((1, 7)) + bytes(sender["sealed"])[2:]
    with pytest.raises(SettingsError, match=r"放回原来的密钥文件 secret\.key"):
        context.sealer.open(stranger)


def test_a_stolen_retired_key_redacts_nothing(context: Context, clock: Clock) -> None:
    """Who has the old secret and the database makes no change look like an erasure."""
    fill(context, 2)
    thief = another_worker(context)
    thief = replace(thief, sealer=Sealer(context.settings.secret_key.ring().newest.secret))
    rotate_keys(context)
    clock.forward(**LATER)
    retire_key(context, 1)
    clock.forward(days=1)
    seal_histories(context)
    with context.database.transaction() as connection:
        connection.execute(update(tables.sender).values(sealed=thief.sealer.seal(person(0))))
    erase_message(replace(thief, triage=context.triage), 1, "甲", ErasureGround.WITHDRAWN, "申请书")
    assert any("被改动" in each for each in verify_histories(context).faults)


def test_a_token_of_a_retired_key_opens_nothing(context: Context, clock: Clock) -> None:
    ensure_administrator(context)
    token = add_token(context, ADMIN, "表单", [TokenScope.INTAKE], 1).token
    rotate_keys(context)
    clock.forward(days=2)
    with pytest.raises(TokenError):
        account_of_token(context, token)


def test_the_profile_has_the_place_that_is_written_to() -> None:
    assert PROFILE["sender"].itemsize == 8
