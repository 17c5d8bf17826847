"""Foreign text made fit for a document: no character that a form refuses, bounded length."""

from __future__ import annotations

import re

# Characters XML 1.0 forbids (python-docx and openpyxl refuse them), lone surrogates, and the
# marks that turn the writing direction, by which a title could garble the line around it.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\uffff]"
)
TITLE_LENGTH = 60
QUOTE_LENGTH = 160


def fit(text: str, length: int = TITLE_LENGTH) -> str:
    """``text`` on one line, without unfit characters, of at most ``length`` characters."""
    # A title may hold a whole megabyte: what lies far behind the cut is not even looked at.
    line = " ".join(_UNFIT.sub("", text[: 20 * length]).split())
    return line if len(line) <= length else line[: length - 1] + "…"
