"""Files that come with messages: what is taken is made anew, and what could act is refused."""

from __future__ import annotations

import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from random import Random

import pikepdf
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from service.domain.attachment import AttachmentKind, Upload
from service.errors import AttachmentRefusedError
from service.intake.attachments import apart
from service.intake.attachments.apart import clean_apart
from service.intake.attachments.clean import clean_file
from service.intake.attachments.names import MAX_STEM_CHARS, display_name

GPS = 34853


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **more)
    return out.getvalue()


def photograph() -> bytes:
    """A photograph that lies on its side and tells where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x013B] = "摄影者王某"
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif.tobytes(), comment=b"secret comment")


def pdf(change: object = None, **save: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Author"] = "作者王某"
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = ["作者王某"]
    if callable(change):
        change(made)
    out = BytesIO()
    made.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def word(**properties: str) -> bytes:
    document = Document()
    document.add_paragraph("路灯坏了半个月。")
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def sheet() -> bytes:
    out, book = BytesIO(), Workbook()
    book.active["A1"] = "=1+1"
    book.properties.creator = "作者王某"
    book.save(out)
    return out.getvalue()


def repacked(package: bytes, **parts: bytes | None) -> bytes:
    """A package with other parts; None leaves one out."""
    changed = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, part in changed.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def mail(*files: tuple[str, bytes], html: str = "") -> bytes:
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"] = "王某 <wang@example.cn>", "desk@example.cn"
    made["Date"], made["Subject"] = "Mon, 02 Mar 2026 08:00:00 +0800", "路灯"
    made["X-Originating-IP"], made["Received"] = "203.0.113.9", "from [203.0.113.9]"
    made.set_content("路灯坏了。")
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def clean(content: bytes, name: str = "路灯.bin") -> tuple[AttachmentKind, bytes]:
    file = clean_file(Upload(name, content))
    return file.kind, file.content


def refused(content: bytes) -> str:
    with pytest.raises(AttachmentRefusedError) as raised:
        clean_file(Upload("x", content))
    return raised.value.detail


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), AttachmentKind.JPEG),
        (picture("PNG"), AttachmentKind.PNG),
        (picture("GIF"), AttachmentKind.PNG),
        (picture("WEBP"), AttachmentKind.PNG),
        (pdf(), AttachmentKind.PDF),
        (word(), AttachmentKind.DOCX),
        (sheet(), AttachmentKind.XLSX),
        (mail(), AttachmentKind.EML),
    ],
    ids=["jpeg", "png", "gif", "webp", "pdf", "docx", "xlsx", "eml"],
)
def test_what_is_taken_is_known_by_its_content_and_made_anew(
    content: bytes, kind: AttachmentKind
) -> None:
    found, made = clean(content, "evil.exe")
    assert found is kind
    # Made anew once more nothing changes its kind, and nothing in it is refused.
    assert clean(made)[0] is kind


def test_a_photograph_loses_place_and_author_and_stands_upright() -> None:
    _, made = clean(photograph())
    image = Image.open(BytesIO(made))
    assert image.size == (20, 40)
    assert not image.getexif()
    assert not [sign for sign in (b"secret", "王某".encode(), b"Exif") if sign in made]


@pytest.mark.parametrize("content", [pdf(), word(author="作者王某", comments="内部"), sheet()])
def test_documents_lose_who_made_them(content: bytes) -> None:
    kind, made = clean(content)
    if kind is AttachmentKind.PDF:
        with pikepdf.open(BytesIO(made)) as opened:
            assert "/Info" not in opened.trailer
            assert "/Metadata" not in opened.Root
        return
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert not any("王某".encode() in archive.read(name) for name in archive.namelist())
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_word_and_excel_files_still_open() -> None:
    assert Document(BytesIO(clean(word())[1])).paragraphs[0].text == "路灯坏了半个月。"
    with zipfile.ZipFile(BytesIO(clean(sheet())[1])) as archive:
        assert archive.testzip() is None


@pytest.mark.hostile
@pytest.mark.parametrize(
    "tail", [zipped(("a.txt", b"x" * 9)), b"<script>alert(1)</script>", b"PK\x05\x06" + bytes(18)]
)
@pytest.mark.parametrize(
    "head", [picture(), picture("PNG"), picture("GIF"), pdf()], ids=list("jpgd")
)
def test_what_stands_behind_a_file_is_gone(head: bytes, tail: bytes) -> None:
    made = clean(head + tail)[1]
    assert tail[:8] not in made
    assert not zipfile.is_zipfile(BytesIO(made))


def with_script(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.OpenAction = made.make_indirect(action)
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["a", action]),
        EmbeddedFiles=pikepdf.Dictionary(Names=["evil.exe", pikepdf.Dictionary()]),
    )
    made.pages[0].AA = pikepdf.Dictionary(O=action)


def with_launch(made: pikepdf.Pdf) -> None:
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch
    )
    made.pages[0].Annots = pikepdf.Array([link])


@pytest.mark.hostile
@pytest.mark.parametrize("change", [with_script, with_launch])
def test_nothing_in_a_pdf_acts(change: object) -> None:
    made = clean(pdf(change, compress_streams=False))[1]
    with pikepdf.open(BytesIO(made)) as opened:
        out = BytesIO()
        opened.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for sign in (b"/JavaScript", b"/Launch", b"app.alert", b"cmd.exe", b"/OpenAction", b"/AA"):
        assert sign not in out.getvalue(), sign


BOMB = zipped(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"0" * 300_000_000))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>'
OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" TargetMode="External" Type="x/attachedTemplate"'
    b' Target="file://server/evil.dotm"/></Relationships>'
)
FIELD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>'
    b"<w:instrText>DDE</w:instrText><w:instrText>AUTO cmd.exe</w:instrText></w:p></w:document>"
)
HUGE_PICTURE = picture("PNG", (9_000, 9_000))
LOCKED = pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
HOSTILE = {
    "empty": b"",
    "nothing but zeros": bytes(1_000),
    "HTML": b"<!DOCTYPE html><script>alert(1)</script>",
    "HTML called a picture": b"\x89PN<script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program": b"MZ" + bytes(500),
    "ELF": b"\x7fELF" + bytes(500),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "pickle": b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system",
    "archive": zipped(("a.txt", b"a")),
    "archive of a web page": zipped(("index.html", b"<script>")),
    "RAR": b"Rar!\x1a\x07\x00" + bytes(100),
    "gzip": b"\x1f\x8b\x08" + bytes(100),
    "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "TIFF": b"II*\x00" + bytes(100),
    "picture cut off": picture(size=(300, 300))[:400],
    "picture of noise": b"\xff\xd8\xff" + Random(1).randbytes(500),
    "PNG of noise": b"\x89PNG\r\n\x1a\n" + Random(2).randbytes(500),
    "too many pixels": HUGE_PICTURE,
    "PDF cut off": pdf()[:300],
    "PDF of noise": b"%PDF-1.7\n" + Random(3).randbytes(500) + b"%%EOF",
    "PDF before an archive": pdf() + zipped(("evil.jar", Random(5).randbytes(2_000))),
    "PDF with a password": LOCKED,
    "PDF without pages": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type"
    b"/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "bomb": BOMB,
    "10,000 entries": zipped(*((f"word/{n}.xml", b"") for n in range(10_001))),
    "macros": repacked(word(), word__vbaProject_dot_bin=b"x"),
    "ActiveX": repacked(word(), word__activeX__activeX1_dot_xml=b"<a/>"),
    "embedded file": repacked(word(), word__embeddings__evil_dot_exe=b"MZ"),
    "outside template": repacked(word(), word___rels__settings_dot_xml_dot_rels=OUTSIDE),
    "DDE in two pieces": repacked(word(), word__document_dot_xml=FIELD),
    "entities": repacked(word(), word__document_dot_xml=ENTITY),
    "no XML": repacked(word(), word__document_dot_xml=b"<w:document"),
    "links of a sheet": repacked(sheet(), xl__externalLinks__externalLink1_dot_xml=b"<a/>"),
    "path tricks": zipped(("[Content_Types].xml", b"<a/>"), ("../../etc/passwd", b"x")),
    "path from the root": zipped(("[Content_Types].xml", b"<a/>"), ("/etc/passwd", b"x")),
    "path of Windows": zipped(("[Content_Types].xml", b"<a/>"), ("C:\\evil.exe", b"x")),
    "two of one name": repacked(word(), WORD__document_dot_xml=b"<a/>"),
    "no types": zipped(("word/document.xml", b"<a/>")),
    "damaged package": word()[:-200],
    "package of noise": b"PK\x03\x04" + Random(4).randbytes(800),
}  # fmt: skip


@pytest.mark.hostile
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hostile_is_refused_in_chinese(content: bytes) -> None:
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refused(content))


def test_of_a_mail_stays_what_was_written_and_what_may_be_taken() -> None:
    page = "<p>路灯</p><img src='https://tracker.example/1.gif'><script>alert(1)</script>"
    kind, made = clean(
        mail(("灯.jpg", photograph()), ("evil.exe", b"MZ"), ("mail.eml", mail()), html=page)
    )
    assert kind is AttachmentKind.EML
    for sign in (b"203.0.113.9", b"tracker.example", b"<script", b"MZ"):
        assert sign not in made
    read = message_from_bytes(made, policy=policy.default)
    assert [part.get_filename() for part in read.iter_attachments()] == ["灯.jpg"]
    text = read.get_body(("plain",)).get_content()
    assert "路灯坏了。" in text
    assert "另有 2 个附件没有接收" in text


@pytest.mark.hostile
def test_a_mail_of_a_thousand_boxes_in_boxes_is_refused() -> None:
    head = b"From: a@b.cn\r\nDate: x\r\nSubject: y\r\n"
    boxes = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(1_000)
    )
    assert refused(head + boxes)


@pytest.mark.hostile
def test_a_header_of_countless_parameters_takes_no_longer_than_a_mail() -> None:
    head = b"From: a@b.cn\r\nDate: x\r\nSubject: y\r\nContent-Disposition: inline"
    _, made = clean(head + b"; a=b" * 1_000_000 + b"\r\n\r\nwords\r\n")
    assert b"words" in made


NAMES = {
    "../../etc/passwd": "passwd.pdf",
    "..\\..\\boot.ini": "boot.pdf",
    "a\x00b.exe": "ab.pdf",
    "\u202egnp.exe": "gnp.pdf",
    "": "附件.pdf",
    "...": "附件.pdf",
    "CON.txt": "_CON.pdf",
    'a"b<c>.pdf': "a_b_c_.pdf",
    "路灯\r\nSet-Cookie: a=b.jpg": "路灯Set-Cookie_ a=b.pdf",
    "\ud800灯.jpg": "灯.pdf",
    "x" * 5_000 + ".jpg": "x" * MAX_STEM_CHARS + ".pdf",
}


@pytest.mark.hostile
@pytest.mark.parametrize(("given_name", "shown"), NAMES.items(), ids=range(len(NAMES)))
def test_names_lead_nowhere_and_mislead_nobody(given_name: str, shown: str) -> None:
    assert display_name(given_name, AttachmentKind.PDF) == shown


@given(st.text())
def test_any_name_becomes_a_safe_one(name: str) -> None:
    shown = display_name(name, AttachmentKind.JPEG)
    assert shown.endswith(".jpg")
    assert not set(shown) & set('\\/<>:"|?*\r\n\x00\u202e')
    assert shown.isprintable()


def test_the_process_apart_does_the_same_and_outlives_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = Upload("../灯.jpeg", photograph())
    assert clean_apart(upload) == clean_file(upload)
    with pytest.raises(AttachmentRefusedError, match="只接收"):
        clean_apart(Upload("x", b"MZ"))
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.01)
    with pytest.raises(AttachmentRefusedError, match="限定的时间"):
        clean_apart(upload)
