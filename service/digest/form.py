"""The forms a digest is written in, chosen by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from service.digest.report import Digest
from service.errors import InvalidInputError

FORMS = (".docx", ".html", ".xlsx", ".json")


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
    if suffix.lower() not in FORMS:
        known = "、".join(FORMS)
        raise InvalidInputError(f"不支持的文件格式“{suffix}”，请用 {known} 之一")
    return _writer(suffix.lower())(digest)


def _writer(suffix: str) -> Callable[[Digest], bytes]:
    """The function that writes a form; its libraries are loaded only for those asked for."""
    name = f"write_{suffix.removeprefix('.')}"
    found: Callable[[Digest], bytes] = getattr(import_module(f"service.digest.{name}"), name)
    return found


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
