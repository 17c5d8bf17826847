"""The forms a digest is written in, chosen by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from service.digest.report import Digest
from service.digest.write_docx import write_docx
from service.digest.write_html import write_html
from service.digest.write_json import write_json
from service.digest.write_xlsx import write_xlsx
from service.errors import InvalidInputError

FORMS: MappingProxyType[str, Callable[[Digest], bytes]] = MappingProxyType(
    {
        ".docx": write_docx,
        ".html": write_html,
        ".xlsx": write_xlsx,
        ".json": write_json,
    }
)


def render(digest: Digest, suffix: str) -> bytes:
    """The digest as the bytes of one form.

    Parameters
    ----------
    digest : Digest
        What to write. The same digest gives the same bytes.
    suffix : str
        ``.docx``, ``.html``, ``.xlsx`` or ``.json``, in any case.

    Raises
    ------
    InvalidInputError
        There is no such form.
    """
    try:
        form = FORMS[suffix.lower()]
    except KeyError:
        known = "、".join(FORMS)
        raise InvalidInputError(f"不支持的文件格式“{suffix}”，请用 {known} 之一") from None
    return form(digest)


def write(digest: Digest, path: Path) -> None:
    """Write the digest to ``path`` in the form its suffix names, whole or not at all.

    Raises
    ------
    InvalidInputError
        The suffix names no form, or the file cannot be written.
    """
    content = render(digest, path.suffix)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InvalidInputError(f"无法写入 {path}：{error.strerror}") from error
