"""Forms of the desk's pages, read only when they carry the page's CSRF token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from service.errors import ForbiddenError
from service.web.cookies import browser_name, seal_of, session_token

CSRF_FIELD = "csrf_token"
_MAX_FIELDS = 100
_MAX_FILES = 60  # more than any setting allows, so that who sends too many is told how many may be
_MAX_DIGITS = 18


def csrf_token(request: Request) -> str:
    """The token for the forms of a page that answers this request."""
    return seal_of(request).csrf_token(browser_name(request), session_token(request))


async def checked_form(request: Request) -> Mapping[str, str]:
    """The texts of a form; files are ignored, of a repeated field the last counts.

    Raises
    ------
    ForbiddenError
        The form does not come from a page that we gave this browser in this session.
    """
    async with request.form(max_fields=_MAX_FIELDS, max_files=0) as form:
        items = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    fields = dict(items)
    request.state.form_items = items
    _check_token(request, fields)
    return fields


def several(request: Request, name: str) -> tuple[str, ...]:
    """All texts of a field that a checked form may hold several times."""
    return tuple(value for key, value in request.state.form_items if key == name)


def number_of(text: str) -> int:
    """The whole number that a field holds; 0, which stands for nothing, where it holds none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    return int(text) if is_number else 0


@dataclass(frozen=True, slots=True)
class FormWithFile:
    """A form with one file: its texts, and what the file holds, empty where none was chosen."""

    fields: Mapping[str, str]
    content: bytes


async def checked_upload(request: Request) -> FormWithFile:
    """A form that hands a file in. Raises as ``checked_form``."""
    content = b""
    async with request.form(max_fields=_MAX_FIELDS, max_files=1) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        for value in form.values():
            if isinstance(value, UploadFile):
                content = await value.read()
    _check_token(request, fields)
    return FormWithFile(fields, content)


@dataclass(frozen=True, slots=True)
class HeldUpload:
    """A file that was handed in, on the disk."""

    held: UploadFile

    @property
    def name(self) -> str:
        """As whoever sent it calls it."""
        return self.held.filename or ""

    @property
    def size(self) -> int:
        """In bytes."""
        return self.held.size or 0

    @property
    def content(self) -> bytes:
        """All of it, read now."""
        self.held.file.seek(0)
        return self.held.file.read()


@dataclass(frozen=True, slots=True)
class FormWithFiles:
    """A form that may come with files: its texts, and the files as they lie on the disk."""

    fields: Mapping[str, str]
    held: tuple[UploadFile, ...] = ()

    def uploads(self) -> tuple[HeldUpload, ...]:
        """The files, each read when it is its turn: together they could fill the memory."""
        return tuple(map(HeldUpload, self.held))


async def read_files(request: Request) -> AsyncIterator[FormWithFiles]:
    """The texts of a form, the last of each name, and its files, kept until it is answered.

    One without a name and empty is a field in which none was chosen.
    """
    async with request.form(max_fields=_MAX_FIELDS, max_files=_MAX_FILES) as form:
        items = form.multi_items()
        fields = {name: value for name, value in items if isinstance(value, str)}
        files = (value for _, value in items if isinstance(value, UploadFile))
        yield FormWithFiles(fields, tuple(each for each in files if each.filename or each.size))


def checked_files(
    request: Request, form: Annotated[FormWithFiles, Depends(read_files)]
) -> FormWithFiles:
    """A page's form that may come with files. Raises as ``checked_form``."""
    _check_token(request, form.fields)
    return form


def _check_token(request: Request, fields: Mapping[str, str]) -> None:
    given, bound = fields.get(CSRF_FIELD, ""), (browser_name(request), session_token(request))
    if not seal_of(request).is_csrf_token(given, *bound):
        raise ForbiddenError("页面已过期，请返回上一页刷新后重新提交")


CheckedForm = Annotated[Mapping[str, str], Depends(checked_form)]
SentFiles = Annotated[FormWithFiles, Depends(read_files)]
CheckedFiles = Annotated[FormWithFiles, Depends(checked_files)]
CheckedUpload = Annotated[FormWithFile, Depends(checked_upload)]
