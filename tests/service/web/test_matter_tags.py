"""Nobody acts upon a matter that has changed since they read it, if they say what they read."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from service.domain.access import Account, Role, TokenScope
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.merging import merge_matters
from tests.makers import a_message
from tests.service.usecases.books import check_books
from tests.service.web.access_world import log_in_as
from tests.service.web.problem_shape import the_problem
from tests.service.web.test_token_matrix import with_token
from tests.service.web.visitor import Visitor

HELD = {"kind": "consulted", "held_on": "2026-03-01", "who": "甲", "outcome": "好"}


@pytest.fixture
def received(context: Context) -> Received:
    return receive_messages(context, [a_message()])[0]


@pytest.fixture
def other(context: Context) -> Received:
    text = "学校要求自愿交的钱为什么非交不可？"
    return receive_messages(context, [a_message(text, title="学校")])[0]


@pytest.fixture
def program(app: FastAPI, context: Context) -> Visitor:
    """It bears a token for casework."""
    log_in_as(app, Role.ADMINISTRATOR)
    owner = Account("administrator", Role.ADMINISTRATOR)
    return with_token(app, context, owner, TokenScope.READ, TokenScope.CASEWORK)


def tag_of(visitor: Visitor, received: Received) -> str:
    answer = visitor.get(f"/api/v1/matters/{received.matter_id}")
    return str(answer.headers["etag"])


def test_a_tag_is_good_until_somebody_acts(clerk: Visitor, received: Received) -> None:
    tag = tag_of(clerk, received)
    assert tag == tag_of(clerk, received)
    path = f"/api/v1/matters/{received.matter_id}/moves"
    header = {"If-Match": tag}
    assert clerk.post(path, json={"move": "signed"}, headers=header).status_code == 200
    late = clerk.post(path, json={"move": "started"}, headers=header)
    the_problem(late, 412, "matter_changed")
    assert tag_of(clerk, received) != tag
    fresh = {"If-Match": f'"1-1", {tag_of(clerk, received)}'}
    assert clerk.post(path, json={"move": "started"}, headers=fresh).status_code == 200


def test_another_voice_changes_the_tag(
    clerk: Visitor, context: Context, received: Received
) -> None:
    tag = tag_of(clerk, received)
    receive_messages(context, [a_message(external_id="又一封")])
    assert tag_of(clerk, received) != tag
    path = f"/api/v1/matters/{received.matter_id}/moves"
    answer = clerk.post(path, json={"move": "signed"}, headers={"If-Match": tag})
    the_problem(answer, 412, "matter_changed")
    check_books(context)


@pytest.mark.parametrize(
    "tag", ["x", '""', '"0-0"', 'W/"1-2', "1-2", '"999-1"', '"1-' + "9" * 400 + '"', "'1'"]
)
def test_a_tag_of_nothing_never_matches(clerk: Visitor, received: Received, tag: str) -> None:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    answer = clerk.post(path, json={"move": "signed"}, headers={"If-Match": tag})
    the_problem(answer, 412, "matter_changed")


def test_a_person_may_do_without_and_any_will_do(clerk: Visitor, received: Received) -> None:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    assert clerk.post(path, json={"move": "signed"}).status_code == 200
    answer = clerk.post(path, json={"move": "started"}, headers={"If-Match": "*"})
    assert answer.status_code == 200


def test_a_program_must_say_what_it_read(program: Visitor, received: Received) -> None:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    the_problem(program.post(path, json={"move": "signed"}), 428, "matter_version_missing")
    header = {"If-Match": tag_of(program, received)}
    assert program.post(path, json={"move": "signed"}, headers=header).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (":merge", {"into": 2}),
        (":reassign", {"account": "administrator"}),
        (":reassign", {"studio": "T2"}),
        (":correct", {"topic": "1402"}),
        ("/moves", {"move": "signed"}),
        ("/consultations", HELD | {"is_solved": False}),
        ("/steps", {"step": "set", "note": "好"}),
        ("/replies", {"text": "好"}),
    ],
)
def test_each_way_to_change_a_matter_looks(
    clerk: Visitor,
    program: Visitor,
    context: Context,
    received: Received,
    other: Received,
    path: str,
    body: dict[str, object],
) -> None:
    address = f"/api/v1/matters/{received.matter_id}{path}"
    wrong = clerk.post(address, json=body, headers={"If-Match": '"1-99"'})
    the_problem(wrong, 412, "matter_changed")
    the_problem(program.post(address, json=body), 428, "matter_version_missing")
    right = {"If-Match": tag_of(program, received)}
    assert program.post(address, json=body, headers=right).status_code < 300
    check_books(context)


def test_splitting_and_taking_out_look_too(
    clerk: Visitor, context: Context, received: Received, other: Received
) -> None:
    merge_matters(context, other.matter_id, received.matter_id, "甲")
    wrong = {"If-Match": '"1-99"'}
    taken = {"message": other.message_id}
    address = f"/api/v1/matters/{received.matter_id}:take-out"
    the_problem(clerk.post(address, json=taken, headers=wrong), 412, "matter_changed")
    address = f"/api/v1/matters/{other.matter_id}:split"
    the_problem(clerk.post(address, json={}, headers=wrong), 412, "matter_changed")
    right = {"If-Match": tag_of(clerk, other)}
    assert clerk.post(address, json={}, headers=right).status_code < 300


def test_the_tag_of_a_merged_matter_is_that_of_the_one_that_holds_it(
    clerk: Visitor, context: Context, received: Received, other: Received
) -> None:
    merge_matters(context, other.matter_id, received.matter_id, "甲")
    assert tag_of(clerk, other) == tag_of(clerk, received)
