"""The text of a page of HTML as a reader sees it. Nothing is run and nothing is fetched."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

HISTORY_LINE = "-----原始邮件-----"
_UNSEEN = re.compile(
    "script|style|head|title|template|noscript|svg|math|object|applet|iframe|select|textarea"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|center|d[dlt]|div|fieldset|footer|form|h[1-6]|header"
    "|hr|li|main|nav|[ou]l|p|pre|section|table|tbody|tr"
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])")
# How the usual programs mark what was written before: Gmail, Outlook, NetEase, Yahoo.
_HISTORY = re.compile(
    r"(?i)gmail_quote|divRplyFwdMsg|ntes-mailmaster-quote|isReplyContent|yahoo_quoted|x_quote"
)
_TAG = re.compile(r"<[^<>]*>")
_QUOTE_BEGINS, _QUOTE_ENDS = "\ue000", "\ue001"


def html_to_text(html: str) -> str:
    """The visible text, a line for each block; what a blockquote holds begins its lines with "> ".

    Where a program marked that older mail follows, ``HISTORY_LINE`` stands before it. A page
    nested beyond all reason loses its form and keeps its text.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    source = re.sub(f"[{_QUOTE_BEGINS}{_QUOTE_ENDS}]", "", html)
    root = etree.fromstring(source.encode(), parser) if source.strip() else None
    if root is None or any(entry.level_name == "FATAL" for entry in parser.error_log):
        return _tidy(_TAG.sub("\n", source))
    return _quoted(_tidy("".join(_pieces(root))))


def _pieces(root: Any) -> list[str]:
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            pieces += (*_after(element), _flat(element.tail))
        elif _is_unseen(element):
            walk.skip_subtree()
        else:
            pieces += (*_before(element), _flat(element.text))
    return pieces


def _is_unseen(element: Any) -> bool:
    is_hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style", ""))
    return bool(_UNSEEN.fullmatch(element.tag) or is_hidden)


def _before(element: Any) -> list[str]:
    pieces = ["\n"] if _BLOCK.fullmatch(element.tag) else []
    if _HISTORY.search(f"{element.get('class', '')} {element.get('id', '')}"):
        pieces.append(f"\n{HISTORY_LINE}\n")
    elif element.tag == "blockquote":
        pieces.append(f"{_QUOTE_BEGINS}\n")
    return pieces


def _after(element: Any) -> list[str]:
    # A quote ends even where a program's mark stood in the place of its beginning: no harm.
    if element.tag == "blockquote":
        return [f"\n{_QUOTE_ENDS}\n"]
    if element.tag in ("td", "th"):
        return [" "]
    return ["\n"] if _BLOCK.fullmatch(element.tag) else []


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def _quoted(text: str) -> str:
    """Lines between the marks of quotes, with a sign for each before them; the marks go."""
    lines, depth = [], 0
    for line in text.split("\n"):
        depth += line.count(_QUOTE_BEGINS)
        plain = line.replace(_QUOTE_BEGINS, "").replace(_QUOTE_ENDS, "")
        if plain == line or plain:
            lines.append("> " * min(depth, 3) + plain if plain else plain)
        depth = max(0, depth - line.count(_QUOTE_ENDS))
    return "\n".join(lines).strip()
