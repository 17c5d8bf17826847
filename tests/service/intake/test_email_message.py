"""Mails as they come: what was written, by whom and when; nothing crafted breaks the reading."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import AutomaticMailError, InvalidInputError, MailUnreadableError
from service.intake.email_message import MAX_MAIL_BYTES, Mail, read_mail
from service.intake.html_text import html_to_text

ARRIVED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORDS = "三合村的路灯坏了半个月。"


def mail(body: bytes = WORDS.encode(), **headers: str | bytes) -> bytes:
    told: dict[str, str | bytes] = {
        "From": "=?utf-8?B?546L5p+Q?= <Wang@Example.cn>",
        "Subject": "路灯",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0800",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [
        name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
        for name, value in told.items()
    ]
    return b"".join(lines) + b"\r\n" + body


def read(raw: bytes) -> Mail:
    return read_mail(raw, ARRIVED, {"desk@county.cn"})


def test_a_plain_mail() -> None:
    found = read(mail(Message_ID="<1@example.cn>"))
    assert (found.subject, found.text) == ("路灯", WORDS)
    assert (found.sender_name, found.address) == ("王某", "wang@example.cn")
    assert found.sent_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert found.may_be_answered
    assert found.files == ()


ENCODED = {
    "gbk": mail(WORDS.encode("gbk"), Content_Type="text/plain; charset=gb2312"),
    "gb18030 declared as utf-8": mail(WORDS.encode("gb18030")),
    "big5": mail("路燈壞了。".encode("big5"), Content_Type="text/plain; charset=big5"),
    "no charset": mail(WORDS.encode("gbk"), Content_Type="text/plain"),
    "unknown charset": mail(Content_Type="text/plain; charset=klingon"),
    "base64": mail(b64encode(WORDS.encode()), Content_Transfer_Encoding="base64"),
    "quoted printable": mail(
        "".join(f"={byte:02X}" for byte in WORDS.encode()).encode(),
        Content_Transfer_Encoding="quoted-printable",
    ),
    "html": mail(f"<p>{WORDS}</p>".encode(), Content_Type="text/html; charset=utf-8"),
    "byte order mark": mail(b"\xef\xbb\xbf" + WORDS.encode()),
}


@pytest.mark.parametrize("raw", ENCODED.values(), ids=ENCODED.keys())
def test_whatever_the_encoding_the_words_are_read(raw: bytes) -> None:
    assert read(raw).text in (WORDS, "路燈壞了。")


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (b"=?gbk?B?" + b64encode("路灯".encode("gbk")) + b"?=", "路灯"),
        ("路灯".encode("gbk"), "路灯"),
        (b"=?utf-8?Q?=E8=B7=AF?= =?utf-8?Q?=E7=81=AF?=", "路灯"),
        (b"=?utf-8?B?cut", "=?utf-8?B?cut"),
        (b"a\r\n b", "a b"),
        (b"", ""),
    ],
)
def test_subjects(subject: bytes, told: str) -> None:
    assert read(mail(Subject=subject)).subject == told


def test_older_mails_and_signatures_are_cut_but_not_what_was_forwarded() -> None:
    history = f"{WORDS}\n\n-- \n王某\n\n在 2026年3月1日，甲写道：\n> 请说明地点\n> 谢谢\n"
    assert read(mail(history.encode())).text == WORDS
    assert "请说明地点" in read(mail(history.encode(), Subject="Fwd: 路灯")).text
    assert read(mail(b"> only a quote\n> of two lines\n")).text.startswith("> only")


AUTOMATIC = {
    "bounce": mail(Return_Path="<>"),
    "absence": mail(Auto_Submitted="auto-replied"),
    "bulk": mail(Precedence="bulk"),
    "report": mail(Content_Type="multipart/report; boundary=x"),
    "postmaster": mail(From="MAILER-DAEMON@mail.cn"),
    "our own": mail(From="desk@county.cn"),
    "failed": mail(X_Failed_Recipients="a@b.cn"),
}


@pytest.mark.parametrize("raw", AUTOMATIC.values(), ids=AUTOMATIC.keys())
def test_what_a_program_sent_is_no_letter(raw: bytes) -> None:
    with pytest.raises(AutomaticMailError):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        mail(From="no-reply@shop.cn"),
        mail(From="nobody"),
        mail(From=""),
        mail(List_Id="<a.b>"),
        mail(From="a@b@c"),
        mail(From="x" * 500 + "@b.cn"),
    ],
)
def test_who_would_not_read_an_answer_gets_none(raw: bytes) -> None:
    assert not read(raw).may_be_answered


def test_no_second_address_stands_in_one() -> None:
    assert "evil" not in read(mail(From="a@b.cn\n\tBcc: evil@c.cn")).address


def boxes(count: int) -> bytes:
    box = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n'
    return b"From: a@b.cn\r\nSubject: x\r\n" + b"".join(box % (n, n) for n in range(count))


HOSTILE = {
    "nothing": b"",
    "no headers": b"\r\n\r\nhello",
    "zeros": bytes(5_000),
    "a picture": b"\xff\xd8\xff" + bytes(1_000),
    "too large": b"Subject: x\r\n\r\n" + bytes(MAX_MAIL_BYTES),
    "a thousand boxes": boxes(1_000),
    "99 boxes": boxes(99),
    "a thousand mails": b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 1_000,
    "299 mails": b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 299,
    "zeros in headers": b"Subject: a\0b\r\nFrom: \0@c.cn\r\nMessage-ID: \0\r\n\r\nx\0y",
    "many parts": b"Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
    + b"--a\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 500,
    "a header of megabytes": b"Subject: " + b"x" * 2_000_000 + b"\r\n\r\nx",
    "100,000 headers": b"X-Y: z\r\n" * 100_000 + b"Subject: x\r\n\r\nx",
    "parentheses": mail(From="(" * 5_000 + "a@b.cn"),
    "cut base64": mail(b"5LiJ5ZCI5p2", Content_Transfer_Encoding="base64"),
    "base64 of nothing": mail(b"!!!!", Content_Transfer_Encoding="base64"),
    "unknown encoding": mail(Content_Transfer_Encoding="rot13"),
    "uuencode cut": mail(b"begin 644 a\r\nM86", Content_Transfer_Encoding="x-uuencode"),
    "bad boundary": mail(Content_Type='multipart/mixed; boundary="'),
    "no boundary": mail(Content_Type="multipart/mixed"),
    "parameters that never end": mail(Content_Type="text/plain; charset*0*=a; charset*1000=b"),
    "parameters of nothing": mail(Content_Type=b'text/plain; a="' + b";" * 1_000_000),
    "many parameters": mail(Content_Disposition=b"inline" + b"; a=b" * 1_000_000),
    "charset of bytes": mail(Content_Type=b"text/plain; charset=\xff\xfe"),
    "charset of a codec": mail(Content_Type="text/plain; charset=zlib"),
    "charset idna": mail(Content_Type="text/plain; charset=idna"),
    "date of the year 0": mail(Date="Mon, 00 Foo 0000 99:99:99 +9999"),
    "date far ahead": mail(Date="Mon, 02 Mar 9999 09:00:00 +0800"),
    "date of bytes": mail(Date=b"\xff\xff"),
    "winmail.dat": mail(
        b"\x78\x9f\x3e\x22" + bytes(99), Content_Type="application/ms-tnef; name=winmail.dat"
    ),
    "signed": mail(Content_Type="application/pkcs7-mime; smime-type=enveloped-data"),
    "a mail in itself": mail(mail(mail()), Content_Type="message/rfc822"),
    "partial": mail(Content_Type="message/partial; id=a; number=1; total=9"),
    "external body": mail(Content_Type="message/external-body; access-type=local-file"),
    "right to left": mail("\u202egnp.exe\u0000\u2066灯".encode()),
    "surrogates": mail(b"\xed\xa0\x80\xed\xb0\x80"),
    "script": mail(b"<script>alert(1)</script>", Content_Type="text/html"),
    "nested html": mail(b"<div>" * 50_000, Content_Type="text/html"),
    "a page of a million tags": mail(b"<p>a</p>" * 3_000_000, Content_Type="text/html"),
    "many pages of many tags": b"Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
    + (b"--a\r\nContent-Type: text/html\r\n\r\n" + b"<p>a</p>" * 12_000 + b"\r\n") * 200,
    "entities": mail(
        b'<!DOCTYPE a [<!ENTITY b "c">]><p>&b;</p>', Content_Type="text/html; charset=utf-8"
    ),
    "html of zeros": mail(bytes(100_000), Content_Type="text/html"),
    "name with a folder": mail(
        b"x", Content_Type="application/pdf", Content_Disposition="attachment; filename=../../a"
    ),
    "name encoded": mail(
        b"x", Content_Disposition="attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd"
    ),
    "one line for ever": b"Subject: x\r\n\r\n" + b"x" * 5_000_000,
    "carriage returns": mail(b"\r" * 100_000),
    "two subjects": b"Subject: a\r\nSubject: b\r\nFrom: c@d.cn\r\n\r\nx",
    "mbox line": b"From a@b Mon\n" + mail(),
    "quotes": mail(b"> a\n" * 100_000),
    "signatures": mail(b"-- \n" * 20_000),
}  # fmt: skip


@pytest.mark.hostile
@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_crafted_mail_is_read_or_refused_never_more(raw: bytes) -> None:
    try:
        found = read(raw)
    except InvalidInputError as error:
        assert isinstance(error, MailUnreadableError | AutomaticMailError)
        return
    assert found.sent_at <= ARRIVED
    assert "\n" not in found.subject
    assert not any("/" in file.name or "\\" in file.name for file in found.files)
    assert "<script" not in found.text


@given(st.binary(max_size=400), st.sampled_from([b"", b"Subject: a\r\nFrom: b@c.cn\r\n"]))
def test_any_bytes_are_read_or_refused(content: bytes, head: bytes) -> None:
    try:
        read(head + content)
    except (MailUnreadableError, AutomaticMailError):
        return


def test_files_come_with_their_names() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.cn", "灯"
    made.set_content(WORDS)
    made.add_attachment(b"1", maintype="image", subtype="jpeg", filename="路灯.jpg")
    made.add_attachment(b"2", maintype="application", subtype="pdf")
    files = read(made.as_bytes()).files
    assert [(one.name, one.content) for one in files] == [("路灯.jpg", b"1"), ("附件", b"2")]


def test_of_a_page_nothing_unseen_is_read() -> None:
    page = (
        "<style>p{}</style><title>x</title><p>看得见</p><p style='display:none'>看不见</p>"
        "<blockquote>引用</blockquote><img src='http://a.b/c.gif'>"
    )
    text = html_to_text(page)
    assert "看得见" in text
    assert "看不见" not in text
    assert "> 引用" in text
    assert "http" not in text
