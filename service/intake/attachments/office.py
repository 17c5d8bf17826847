"""Word and Excel files, packed anew part by part: no macros, no embedded files, no outside links.

A package is a ZIP archive of parts, with the type of each in ``[Content_Types].xml`` and what
refers to what in files ending in ``.rels`` (ECMA-376, part 2).
"""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from service.domain.attachment import AttachmentKind
from service.errors import AttachmentRefusedError, FileUnreadableError
from service.intake.archive_check import DAMAGE, check_entries
from service.intake.attachments.images import clean_image
from service.intake.xlsx_check import is_xml
from service.intake.xml_check import XmlCheck

HEADER = b"PK\x03\x04"
MAX_ELEMENTS = 2_000_000
_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": AttachmentKind.DOCX,
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": AttachmentKind.XLSX,
}
_ACTIVE = re.compile(
    r"vbaproject|vbadata|macrosheets|activex|ctrlprops|embeddings/|oleobject|externallinks/"
    r"|webextensions|afchunk|\.(?:html?|mht|rtf|exe|dll|js|vbs|swf)$"
)
_ACTIVE_TYPES = re.compile(r"macroenabled|vbaproject|oleobject|activex", re.IGNORECASE)
_DDE = re.compile(r"\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\b", re.IGNORECASE)
# Who wrote it, when, in which house: the parts stay, since others refer to them, with nothing in.
_EMPTY = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
    b'2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/custom-properties"/>',
}
_PICTURES = (".jpg", ".jpeg", ".png")
_PRINTER = re.compile(r"printersettings[^/]*\.bin$")


def clean_office(content: bytes) -> tuple[AttachmentKind, bytes]:
    """The package, packed anew: its properties emptied, its pictures drawn anew.

    Raises
    ------
    AttachmentRefusedError
        It is neither Word nor Excel, damaged, a bomb, or holds macros, other files, entities or
        links to files outside.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            check_entries("文件", entries)
            _check_names([each.filename for each in entries])
            _check_xml(archive, entries)
            kind = _kind_of(archive)
            return kind, _pack([(each.filename, _part(archive, each)) for each in entries])
    except FileUnreadableError as error:
        raise AttachmentRefusedError(error.detail) from None
    except DAMAGE:
        raise AttachmentRefusedError("文件已损坏或不完整") from None


def _check_names(names: list[str]) -> None:
    if len({name.lower() for name in names}) < len(names):
        raise AttachmentRefusedError("文件内有同名的部分")
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise AttachmentRefusedError("文件内有越界的路径")
        if _ACTIVE.search(name.lower()):
            raise AttachmentRefusedError(
                "文件含有宏、控件、嵌入的文件或外部链接，请另存为 PDF 后再传"
            )


def _check_xml(archive: ZipFile, entries: list[ZipInfo]) -> None:
    element_count = 0
    for entry in entries:
        if not entry.file_size or not is_xml(archive, entry):
            continue
        check = XmlCheck()
        with archive.open(entry) as file:
            try:
                check.run(file)
            except FileUnreadableError:
                raise AttachmentRefusedError("文件内部的 XML 有误、过大或含有实体声明") from None
        element_count += check.element_count
        if element_count > MAX_ELEMENTS:
            raise AttachmentRefusedError("文件内容过多")


def _kind_of(archive: ZipFile) -> AttachmentKind:
    if _TYPES not in archive.namelist():
        raise AttachmentRefusedError("不是 Word 或 Excel 文件，压缩包请解开后再传")
    told = [one.get("ContentType", "") for one in _parse(archive.read(_TYPES))]
    if any(map(_ACTIVE_TYPES.search, told)):
        raise AttachmentRefusedError("文件含有宏或控件，请另存为 PDF 后再传")
    kinds = {_MAIN[each] for each in told if each in _MAIN}
    if len(kinds) != 1:
        raise AttachmentRefusedError("不是 Word（.docx）或 Excel（.xlsx）文件")
    return kinds.pop()


def _part(archive: ZipFile, entry: ZipInfo) -> bytes:
    name, content = entry.filename, archive.read(entry)
    if name.endswith(".rels"):
        _check_relations(content)
    elif name.startswith("word/") and name.endswith(".xml"):
        _check_fields(content)
    elif name.lower().endswith(_PICTURES):
        return clean_image(content)[1]
    elif _PRINTER.search(name.lower()):
        return bytes(len(content))  # the printer's name and place
    return _EMPTY.get(name, content)


def _check_relations(content: bytes) -> None:
    for one in _parse(content):
        is_outside = one.get("TargetMode", "").lower() == "external"
        is_link = one.get("Type", "").endswith("/hyperlink")
        is_address = one.get("Target", "").lower().startswith(("http://", "https://", "mailto:"))
        if is_outside and not (is_link and is_address):
            raise AttachmentRefusedError("文件引用了外部的文件或模板，请另存为 PDF 后再传")


def _check_fields(content: bytes) -> None:
    """Fields of Word that start programs or fetch files; one may be written in several pieces."""
    told = [
        (one.text or "") if one.tag.endswith("}instrText") else _instruction(one)
        for one in _parse(content).iter()
        if one.tag.endswith(("}instrText", "}fldSimple"))
    ]
    if _DDE.search("".join(told)):
        raise AttachmentRefusedError("文件含有调用外部程序或文件的域，请另存为 PDF 后再传")


def _instruction(field: ElementTree.Element) -> str:
    return next((f" {text} " for name, text in field.items() if name.endswith("}instr")), "")


def _parse(content: bytes) -> ElementTree.Element:
    # It was seen to be well-formed and to declare no document type, so no entity either.
    return ElementTree.fromstring(content)  # noqa: S314


def _pack(parts: list[tuple[str, bytes]]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(parts, key=lambda part: part[0] != _TYPES):
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)  # of no date
    return packed.getvalue()
