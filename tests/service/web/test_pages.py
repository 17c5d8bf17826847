"""The desk's pages: what stands on them and what can be done there."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from service.domain.consent import consent_for
from service.domain.message import SenderDetails
from service.domain.retention import KEPT_ALWAYS
from service.errors import InvalidInputError
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters import matter_file
from service.usecases.matters.matter_file import MatterFile, show_matter
from service.usecases.status import count_all
from tests.makers import NOW, Clock, a_message
from tests.service.web.visitor import Visitor

CONSENT = consent_for(KEPT_ALWAYS).version

HOSTILE = "<script>alert('x')</script><b>粗体</b>'; DROP TABLE matter; --"


def take_in(
    context: Context, text: str = "庄里镇三合村的路灯坏了。", **changes: object
) -> Received:
    (received,) = receive_messages(context, [a_message(text, **changes)])
    return received


def correction(file: MatterFile, **changes: str) -> dict[str, str]:
    plain = {
        "topic": file.matter.topic or "0101",
        "department": file.matter.department or "住建局",
        "kind": file.matter.kind,
        "studio": file.matter.studio,
    }
    return plain | changes


def test_an_empty_queue_says_so_kindly(clerk: Visitor) -> None:
    assert "待办都处理完了" in clerk.get("/").text
    assert "没有符合条件的事项" in clerk.get("/?urgent=1").text


def test_the_queue_shows_matters_and_filters_them(clerk: Visitor, context: Context) -> None:
    take_in(context, title="路灯全黑")
    take_in(context, "学校食堂饭菜不干净。", title="食堂卫生")
    both = clerk.get("/").text
    assert "路灯全黑" in both
    assert "食堂卫生" in both
    one = clerk.get("/?words=%E8%B7%AF%E7%81%AF").text
    assert "路灯全黑" in one
    assert "食堂卫生" not in one
    assert "清除" in one


def test_an_overdue_matter_is_marked_in_words(
    clerk: Visitor, context: Context, clock: Clock
) -> None:
    take_in(context, sent_at=NOW - timedelta(days=60))
    page = clerk.get("/?overdue=1").text
    assert re.search(r"超期 \d+ 天", page)


def test_a_wrong_filter_is_a_page_of_error(clerk: Visitor) -> None:
    response = clerk.get("/?status=lost")
    assert response.status_code == 422
    assert "状态不正确" in response.text


def test_days_in_the_wrong_order_are_told_beside_the_filter(
    clerk: Visitor, context: Context
) -> None:
    take_in(context)
    response = clerk.get("/?opened_from=2026-03-05&opened_to=2026-03-04&studio=T1")
    assert response.status_code == 422
    assert "受理的起始日期晚于截止日期" in response.text
    assert 'name="opened_from" value="2026-03-05"' in response.text
    assert "没有符合条件的事项" not in response.text
    assert "存为视图" not in response.text
    kept = clerk.fill(
        "/", "/views", name="倒置", query="opened_from=2026-03-05&opened_to=2026-03-04"
    )
    assert kept.status_code == 422
    assert clerk.get("/?opened_from=2026-03-04&opened_to=2026-03-04").status_code == 200


def test_the_case_file_shows_text_sender_decision_and_track(
    clerk: Visitor, context: Context
) -> None:
    page = clerk.get(f"/matters/{take_in(context).matter_id}").text
    for words in ("陈某", "19900001111", "首件", "判断", "理由", "办理经过", "更正", "承办单位"):
        assert words in page


@pytest.mark.parametrize("head", ["topic", "department", "kind"])
def test_the_words_that_spoke_are_marked(clerk: Visitor, context: Context, head: str) -> None:
    text = "庄里镇的路灯坏了半个月，晚上漆黑一片，请尽快维修。"
    page = clerk.get(f"/matters/{take_in(context, text).matter_id}?head={head}").text
    shown = re.search(r'<div class="text citizen" tabindex="0">(.*?)</div>', page, re.DOTALL)
    assert shown
    assert re.search(r'<mark class="(for|against)-[123]"', page)
    assert re.sub(r"<[^>]+>", "", shown[1]) == text


def test_messages_of_a_matter_are_told_apart_with_their_reasons(
    clerk: Visitor, context: Context
) -> None:
    text = "庄里镇三合村东巷的路灯从腊月起全黑，老人摔了两跤，请尽快修好。"
    first = take_in(context, text)
    again = take_in(context, text, sent_at=NOW, sender=SenderDetails("王某", "19900003333"))
    assert again.matter_id == first.matter_id
    page = clerk.get(f"/matters/{first.matter_id}?message={again.message_id}").text
    assert "重复件" in page
    assert "为何并入本事项" in page
    assert "本事项的其他来信" in page
    whole = re.sub(r"<[^>]+>", "", clerk.get(f"/matters/{first.matter_id}").text)
    assert "并入依据：全文相同" in whole
    assert whole.count("老人摔了两跤") == 1  # a letter that many copied is shown once


def test_hostile_text_is_shown_as_text(clerk: Visitor, context: Context) -> None:
    sender = SenderDetails("<i>名</i>", '"><img src=x>')
    received = take_in(context, HOSTILE, title=HOSTILE, sender=sender)
    for path in ("/", f"/matters/{received.matter_id}"):
        page = clerk.get(path).text
        assert "<script>alert" not in page
        assert "<b>粗体" not in page
        assert "<img src=x>" not in page
        assert "<i>名" not in page
    assert count_all(context)["matters"] == 1


@pytest.mark.parametrize("text", ["\x01\x1b[2J清屏", "\u202e反过来", "😀" * 200, "字" * 100_000])
def test_odd_text_is_shown_and_control_characters_are_visible(
    clerk: Visitor, context: Context, text: str
) -> None:
    response = clerk.get(f"/matters/{take_in(context, text).matter_id}")
    assert response.status_code == 200
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e]", response.text)
    if "\x1b" in text:
        assert "␛[2J" in response.text


def test_a_correction_wins_and_the_models_view_stays(clerk: Visitor, context: Context) -> None:
    received = take_in(context)
    page = f"/matters/{received.matter_id}"
    file = show_matter(context, received.matter_id)
    fields = correction(file, topic="1401", department="教育局", kind="praise", note="试一试")
    response = clerk.fill(page, f"{page}/correct", **fields, is_urgent="1")
    assert response.headers["location"] == f"{page}?done=corrected"
    shown = clerk.get(f"{page}?done=corrected").text
    assert "更正已保存" in shown
    assert "由 admin 更正" in shown
    assert "模型原来的判断" in shown
    corrected = show_matter(context, received.matter_id)
    assert (corrected.matter.topic, corrected.matter.department) == ("1401", "教育局")
    assert corrected.matter.is_urgent
    assert corrected.proposed == received.classification


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "9999"},
        {"topic": ""},
        {"department": "天庭"},
        {"kind": "wish"},
        {"studio": "T9"},
        {"note": "字" * 2001},
        {"topic": "<script>"},
    ],
)
def test_a_correction_to_what_does_not_exist_is_refused(
    clerk: Visitor, context: Context, changes: dict[str, str]
) -> None:
    received = take_in(context)
    page = f"/matters/{received.matter_id}"
    fields = correction(show_matter(context, received.matter_id), **changes)
    assert clerk.fill(page, f"{page}/correct", **fields).status_code == 422


def test_a_matter_is_dispatched_closed_and_not_closed_twice(
    clerk: Visitor, context: Context
) -> None:
    received = take_in(context)
    page = f"/matters/{received.matter_id}"
    if received.status.value == "review":
        assert clerk.fill(page, f"{page}/move", move="dispatched").status_code == 303
    again = clerk.fill(page, f"{page}/move", move="dispatched")
    assert again.status_code == 409
    assert "不允许此操作" in again.text
    assert clerk.fill(page, f"{page}/move", move="closed", note=" ").status_code == 422
    assert clerk.fill(page, f"{page}/move", move="closed", note="路灯已修好").status_code == 303
    assert clerk.fill(page, f"{page}/move", move="closed", note="再来").status_code == 409
    shown = clerk.get(page).text
    assert "已办结" in shown
    assert "路灯已修好" in shown


def test_a_matter_of_many_messages_is_shown_in_pages(
    clerk: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matter_file, "DEMANDS_SHOWN", 3)
    monkeypatch.setattr(matter_file, "EVENTS_SHOWN", 4)
    received = [take_in(context, sender=SenderDetails(f"某{n}")) for n in range(8)]
    (matter_id,) = {one.matter_id for one in received}
    path, seen = f"/matters/{matter_id}", []
    while path:
        page = clerk.get(path).text
        assert '本事项的其他来信 <span class="soft">7 条' in page
        seen += re.findall(r'<p class="citizen"><a href="\?message=(\d+)', page)
        onward = re.search(r'rel="next" href="(\?message=\d+&amp;after=\d+)#others"', page)
        path = f"/matters/{matter_id}{onward[1].replace('&amp;', '&')}" if onward else ""
    assert "回到第一页" in page
    # The message that stands open, the same on every page, is not listed beside itself.
    assert len(seen) == len(set(seen)) == 7
    earlier = re.search(r'href="(\?message=\d+&amp;before=\d+)#track"', page)
    assert earlier
    older = clerk.get(f"/matters/{matter_id}{earlier[1].replace('&amp;', '&')}").text
    assert (older.count("收到留言"), older.count("拟定交办")) == (3, 1)
    assert "最近的经过" in older


def test_reading_another_message_keeps_the_page(
    clerk: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matter_file, "DEMANDS_SHOWN", 2)
    received = [take_in(context, sender=SenderDetails(f"某{n}")) for n in range(5)]
    page = clerk.get(f"/matters/{received[0].matter_id}?after={received[1].message_id}").text
    assert f'href="?message={received[3].message_id}&amp;after={received[1].message_id}"' in page


@pytest.mark.parametrize("query", ["after=99", "before=1", "message=99", "after=9&before=9"])
def test_a_page_that_is_not_there_shows_the_matter(
    clerk: Visitor, context: Context, query: str
) -> None:
    response = clerk.get(f"/matters/{take_in(context).matter_id}?{query}")
    assert response.status_code == 200
    assert "庄里镇三合村的路灯坏了" in re.sub(r"<[^>]+>", "", response.text)


@pytest.mark.parametrize("query", ["after=-1", "before=x", f"message={2**63}"])
def test_a_page_that_cannot_be_is_an_error(clerk: Visitor, context: Context, query: str) -> None:
    assert clerk.get(f"/matters/{take_in(context).matter_id}?{query}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/matters/999", "/matters/0", "/matters/x", "/matters/" + "9" * 40]
)
def test_a_matter_that_is_not_there_is_a_kind_page(clerk: Visitor, path: str) -> None:
    response = clerk.get(path)
    assert response.status_code in (404, 422)
    assert "回到待办" in response.text


def test_a_clerk_takes_a_message_in_and_prints_the_slip(clerk: Visitor, context: Context) -> None:
    response = clerk.fill(
        "/intake", channel="phone", title="停水", text="庄里镇停水三天。", sender_name="周某"
    )
    assert response.status_code == 201
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}", response.text)
    assert "打印回执" in response.text
    file = show_matter(context, 1)
    assert file.demands[0].message.channel.value == "phone"
    assert file.demands[0].sender.name == "周某"


def test_the_same_form_twice_is_one_message_and_other_words_are_another(
    clerk: Visitor, context: Context
) -> None:
    html = clerk.get("/intake").text
    token = re.findall(r'name="csrf_token" value="([0-9a-f]+)"', html)[-1]
    form_id = re.search(r'name="form_id" value="([^"]+)"', html)
    assert form_id
    fields = {"csrf_token": token, "form_id": form_id[1], "text": "下水道堵了。"}
    answers = [clerk.post("/intake", data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert "此前已经登记" in answers[1].text
    assert clerk.post("/intake", data=fields | {"text": "下水道又堵了。"}).status_code == 201
    assert count_all(context)["messages"] == 2


def test_the_clerks_choice_of_studio_wins(clerk: Visitor, context: Context) -> None:
    text = "庄里镇永安村小学门口没有红绿灯，车开得飞快。"
    response = clerk.fill("/intake", text=text, studio="T2")
    assert response.status_code == 201
    assert "登记时指定工作室" in response.text
    assert show_matter(context, 1).matter.studio == "T2"


def test_a_choice_of_studio_that_cannot_be_kept_is_told_and_loses_nothing(
    clerk: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise InvalidInputError("承办单位不在名录中")

    monkeypatch.setattr("service.usecases.intake.receive_for_studio.correct_matter", refuse)
    response = clerk.fill("/intake", text="庄里镇永安村小学门口没有红绿灯。", studio="T2")
    assert response.status_code == 201
    assert "未改动现有交办" in response.text
    assert count_all(context)["messages"] == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "没有文字内容"),
        ({"text": "x", "sent_at": "昨天"}, "日期无法识别"),
        ({"text": "x", "channel": "鸽子"}, "渠道名称无法识别"),
        ({"text": "x", "studio": "T9"}, "不在名录中"),
        ({"text": "字" * 100_001}, "留言文字过长"),
        ({"text": "a\x00b"}, "无法保存的字符"),
        ({"text": "x", "title": "题" * 1001}, "内容过长"),
    ],
)
def test_a_form_with_a_mistake_comes_back_filled_in(
    clerk: Visitor, fields: dict[str, str], words: str
) -> None:
    response = clerk.fill("/intake", **({"sender_name": "留住我"} | fields))
    assert response.status_code == 422
    assert words in response.text
    assert "留住我" in response.text


def test_a_citizen_submits_and_gets_only_a_receipt(citizen: Visitor, context: Context) -> None:
    response = citizen.fill(
        "/submit",
        consent=CONSENT,
        text="庄里镇停电了。",
        channel="phone",
        sent_at="2020-01-01",
        studio="T2",
    )
    assert response.status_code == 201
    assert "留言已收到" in response.text
    assert "工作室</dt>" not in response.text
    message = show_matter(context, 1).demands[0].message
    assert message.channel.value == "web"
    assert message.sent_at == NOW


def test_a_citizens_empty_form_is_told_what_is_missing(citizen: Visitor) -> None:
    response = citizen.fill("/submit", consent=CONSENT, text="  ", title="<b>题</b>")
    assert response.status_code == 422
    assert "没有文字内容" in response.text
    assert "&lt;b&gt;题" in response.text


def test_the_digest_is_shown_and_offered_under_a_red_head(clerk: Visitor) -> None:
    head = {"red_head": "富平县政协文件", "document_number": "富政协〔2026〕9号"}
    page = clerk.get("/digest", params={"period": "2026-W09", **head}).text
    addresses = [unescape(one) for one in re.findall(r'(?:href|src)="(/digest/[^"]+)"', page)]
    assert len(addresses) == 5
    for address in addresses:
        assert "red_head=%E5%AF%8C" in address
    shown = clerk.get(next(one for one in addresses if "inline" in one))
    assert '<p class="mark">富平县政协文件</p>' in shown.text


def test_a_red_head_that_no_document_could_bear_is_told(clerk: Visitor) -> None:
    answer = clerk.get("/digest", params={"red_head": "<b>甲</b>", "document_number": "9"})
    assert answer.status_code == 422
    assert "发文字号“9”应形如" in answer.text
    assert 'value="&lt;b&gt;甲&lt;/b&gt;"' in answer.text


def test_the_digest_offers_its_documents(clerk: Visitor, context: Context) -> None:
    take_in(context, sent_at=NOW - timedelta(days=7))
    page = clerk.get("/digest").text
    assert "2026年第9周" in page
    for form in ("docx", "xlsx", "html", "json"):
        address = re.search(rf'href="(/digest/2026-W09\.{form})"', page)
        assert address
        file = clerk.get(address[1])
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
    frame = clerk.get("/digest/2026-W09.html?inline=1")
    assert "frame-ancestors 'self'" in frame.headers["content-security-policy"]
    assert "'sha256-" in frame.headers["content-security-policy"]
    assert "content-disposition" not in frame.headers


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("period=2026-02", "2026年2月"),
        ("kind=quarter&day=2025-12-31", "2025年第4季度"),
        ("kind=year&day=2026-01-01", "2026年"),
        ("period=2026-W09&studio=T1", "庄里镇委员工作室"),
        ("period=2026-W09&scope=topic:04", "主题：环境保护"),
        ("period=all&department=住建局", "全部时间，承办单位：住建局"),
    ],
)
def test_a_period_is_chosen_by_code_or_by_a_day(clerk: Visitor, query: str, chosen: str) -> None:
    response = clerk.get(f"/digest?{query}")
    assert response.status_code == 200
    assert chosen in response.text


@pytest.mark.parametrize(
    "query",
    [
        "period=x",
        "period=2026-W60",
        "period=9999",
        "kind=week&day=x",
        "kind=eon&day=2026-01-01",
        "kind=week&day=0001-01-01",
    ],
)
def test_a_wrong_period_is_told_on_the_page(clerk: Visitor, query: str) -> None:
    response = clerk.get(f"/digest?{query}")
    assert response.status_code == 422
    assert 'class="notice bad"' in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/digest/2026-W09.exe", 422),
        ("/digest/x.html", 422),
        ("/digest/2027-W09.html", 422),
        ("/digest/2026-W09.html?studio=T9", 404),
        ("/digest/2026-W09.html?topic=0x", 404),
        ("/digest/2026-W09.html?topic=04&studio=T1", 422),
        ("/digest?scope=committee:T9", 404),
        ("/digest/all.html", 422),
    ],
)
def test_a_document_that_cannot_be_made(clerk: Visitor, path: str, status: int) -> None:
    assert clerk.get(path).status_code == status
