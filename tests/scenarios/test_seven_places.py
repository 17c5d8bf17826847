"""Each place of the design works for a month as it does today, with its own words and numbers."""

from __future__ import annotations

import json
from functools import partial

from service.client.shapes import ReceiptOut
from service.digest.periods import parse_period
from service.usecases.casework.reminding import remind
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.upkeep.audit import seal_histories, verify_histories
from tests.scenarios.desk import SAMPLES, Desk
from tests.service.usecases.books import check_books


def matters_of(received: list[ReceiptOut]) -> list[int]:
    return list(dict.fromkeys(one["matter"]["id"] for one in received))


def studios_of(received: list[ReceiptOut]) -> set[str]:
    """The codes of the studios that these were routed to."""
    return {one["triage"]["studio"]["code"] for one in received if one["triage"]["studio"]}


def check_month(desk: Desk) -> None:
    """However it went: nothing is lost, and every history holds together."""
    seal_histories(desk.context)
    check_books(desk.context)
    assert verify_histories(desk.context).faults == []


def test_chenzhou_collects_monthly_and_reports_by_studio(desk: Desk) -> None:
    received = desk.write("chenzhou", 24)
    studios = studios_of(received)
    assert len(studios) > 3
    assert all(code.startswith("CZ-") for code in studios)
    for matter in matters_of(received):
        desk.send_out(matter)
        desk.move(matter, "signed")
        desk.answer(matter)
        desk.move(matter, "closed", note="已办结")
    month = make_digest(desk.context, parse_period("2026-03"))
    quarter = make_digest(desk.context, parse_period("2026-Q1"))
    assert month.overview.tally.messages.value == quarter.overview.tally.messages.value == 24
    one = sorted(studios)[0]
    own = make_digest(desk.context, parse_period("2026-03"), find_scope(desk.context, studio=one))
    assert 0 < own.overview.tally.messages.value < 24
    check_month(desk)


def test_fuping_routes_by_sector_and_each_sector_answers(desk: Desk) -> None:
    received = desk.write("fuping", 16)
    studios = studios_of(received)
    kinds = {desk.api.get_studio(code).body["kind"] for code in studios}
    assert "sector" in kinds <= {"sector", "online"}
    members = {m["code"] for one in received for m in one["triage"]["members"]}
    assert members
    for matter in matters_of(received)[:6]:
        desk.send_out(matter)
        file = desk.file(matter)
        assert any(line.startswith("委员") for line in file["assignment"]["because"])
        desk.move(matter, "signed")
        desk.answer(matter)
    check_month(desk)


def test_dingbian_receives_twice_a_month_and_takes_the_five_steps(desk: Desk) -> None:
    lines = (SAMPLES / "dingbian.jsonl").read_text("utf-8").splitlines()
    samples = [json.loads(line) for line in lines[:8]]
    desk.wait(1)
    for number, day in enumerate(("2026-03-05", "2026-03-20")):
        wanted = {"studio": "DB-01", "held_on": day, "place": "便民服务中心"}
        reception = desk.api.post_reception(wanted).body["id"]
        hand_in = partial(desk.api.post_message_at, reception)
        for sample in samples[4 * number : 4 * number + 4]:
            desk.take_in(sample, hand_in)
        desk.api.post_closing(reception, {"result": "登记诉求四件"})
        desk.wait(15)
    held = desk.api.get_receptions(studio="DB-01").body["receptions"]
    assert [one["messages"] for one in held] == [4, 4]
    matter = desk.api.get_matters().body["matters"][0]["id"]
    for step in ("set", "asked", "proposed", "consulted", "answered"):
        desk.api.post_step(matter, {"step": step, "note": "记下"})
    steps = desk.api.get_consultations(matter).body["steps"]
    assert [one["name"] for one in steps] == [
        "党政点题", "群众出题", "委员荐题", "协商解题", "政府答题",
    ]  # fmt: skip
    check_month(desk)


def test_yangxian_routes_by_specialty_and_consults(desk: Desk) -> None:
    received = desk.write("yangxian", 12)
    named = studios_of(received)
    assert named
    assert all(desk.api.get_studio(code).body["contact"] for code in named)
    matter = matters_of(received)[0]
    held = {
        "kind": "consulted",
        "held_on": "2026-03-03",
        "who": "召集人、承办单位、来信人",
        "outcome": "商定由镇上先行处理",
        "is_solved": True,
    }
    desk.api.post_consultation(matter, held)
    assert desk.api.get_consultations(matter).body["consultations"] == [held]
    check_month(desk)


def test_pingli_follows_a_matter_all_the_way_on_one_page(desk: Desk) -> None:
    received = desk.write("pingli", 10)
    studios = studios_of(received)
    homes = {desk.api.get_studio(code).body["committee"] for code in studios}
    assert any(code.startswith("PL-L") for code in homes)  # liaison groups of townships
    matter, receipt = received[0]["matter"]["id"], received[0]["receipt"]
    desk.send_out(matter)
    desk.move(matter, "signed")
    desk.move(matter, "supplement_asked", note="请写明在哪一户门前")
    desk.supplement(receipt, received[0]["matter"]["number"], "就在村口第二户门前。")
    desk.move(matter, "extension_asked", days=5)
    desk.move(matter, "extension_granted")
    reply = desk.answer(matter)
    assert desk.rate(receipt, reply, "dissatisfied", "还没有修好")
    desk.answer(matter, "{来信人}：已经再次处理。")
    desk.move(matter, "closed", note="回访满意")
    page = desk.clerk.get(f"/matters/{matter}").text
    for word in ("签收", "要求补正", "收到补正", "同意延期", "来信人评价", "重新办理", "办结"):
        assert word in page
    assert len(desk.look_up(receipt)["matters"][0]["answers"]) == 2
    check_month(desk)


def test_zhashui_counts_consultations_and_what_they_solved(desk: Desk) -> None:
    received = desk.write("zhashui", 12)
    matters = matters_of(received)
    for number, matter in enumerate(matters[:6]):
        held = {
            "kind": "consulted",
            "held_on": "2026-03-02",
            "who": f"第{number + 1}组委员",
            "outcome": "协商一次",
            "is_solved": number % 3 != 0,
        }
        desk.api.post_consultation(matter, held)
    shown = [desk.api.get_consultations(each).body for each in matters[:6]]
    solved = sum(one["is_solved"] for each in shown for one in each["consultations"])
    assert (sum(len(each["consultations"]) for each in shown), solved) == (6, 4)
    desk.clock.forward(days=60)
    assert remind(desk.context).escalated > 0
    check_month(desk)


def test_the_province_hands_down_and_the_county_hands_up(desk: Desk) -> None:
    received = desk.write("shaanxi", 8)
    matter = matters_of(received)[0]
    desk.send_out(matter)
    top = desk.file(matter)
    assert top["assignment"]["studio"] == "" or top["assignment"]["studio"].startswith("SX")
    assert desk.move(matter, "handed_down", committee="FP") == "review"
    assert desk.move(matter, "handed_up", committee="SX") == "review"
    kinds = [event["kind"] for event in desk.file(matter)["events"]]
    assert kinds[-2:] == ["handed_down", "handed_up"]
    check_month(desk)
