"""How the standard library reads mails, with the headers that tell what a part is cut to a length.

For each parameter of such a header its parser goes through what stands before: of a header of
200 kB that takes minutes.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import Compat32, EmailPolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the class knows of its parameter only there
    _Newest = EmailPolicy[EmailMessage]
else:
    _Newest = EmailPolicy

_MAX_CONTENT_CHARS = 2_000


class OldestPolicy(Compat32):
    """The oldest policy, which gives up no header."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and the value of a header."""
        return _cut(*super().header_source_parse(sourcelines))


class NewestPolicy(_Newest):
    """The newest policy, which reads what a header says."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and the value of a header."""
        return _cut(*super().header_source_parse(sourcelines))


def _cut(name: str, value: str) -> tuple[str, str]:
    is_content = name.lower().startswith("content-")
    return name, value[:_MAX_CONTENT_CHARS] if is_content else value
