"""What of a mail's text its sender wrote now: older mail and signatures, where marked, are cut."""

from __future__ import annotations

import re

_HISTORY = re.compile(
    r"""^[ \t]*(?:
      -{2,}[ \t]*(?:原始邮件|原邮件|转发邮件信息|回复的原?邮件|Original[ ]Message)[ \t]*-{2,}
    | (?:在[ ]?)?\d{4}[-/年][^\n]{4,120}(?:写道|寫道|wrote)[：:]
    | 在[^\n]{4,160}(?:写道|寫道)[：:]
    | On[ ][^\n]{4,160}\n?[^\n]{0,80}wrote:
    | (?:发件人|寄件者|From)[ ]?[：:][^\n]{1,300}\n
      (?:[^\n]{0,300}\n){0,4}?
      [ \t>*]*(?:主题|主旨|Subject)[ ]?[：:][^\n]{0,300}
    )[ \t]*$""",
    re.MULTILINE | re.VERBOSE,
)
_QUOTED = re.compile(r"(?:^>[^\n]*(?:\n|\Z)){2,}|^>[^\n]*\Z", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]*(?:\n|\Z)){0,15}\Z", re.MULTILINE)
_SENT_BY = re.compile(
    r"^[ \t]*(?:发自我的|发自我的?\w{0,10}手机|Sent from my|从\s?Windows\s?版邮件发送"
    r"|获取\s?Outlook|Get Outlook for|来自QQ邮箱)[^\n]{0,60}$",
    re.MULTILINE,
)
_FORWARDED = re.compile(r"(?i)\s*(?:fwd?|转发|转寄|轉寄|轉發)\s*[:：]")
_WORD = re.compile(r"\w")


def own_words(text: str, subject: str) -> str:
    """The text without the history of a conversation and without a marked signature.

    All of it where nothing else is left, and of a mail that was forwarded: there what is quoted
    is what is told.
    """
    if _FORWARDED.match(subject):
        return text
    found = _HISTORY.search(text)
    own = text[: found.start()] if found else text
    for marked in (_QUOTED, _SIGNATURE, _SENT_BY):
        own = marked.sub("", own)
    return own.strip() if _WORD.search(own) else text
