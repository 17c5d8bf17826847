"""The words of an HTML text, without anything that a browser would act upon."""

from __future__ import annotations

from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "title", "template"})
_LINES = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent_count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, or what says nothing."""
        self._silent_count += tag in _SILENT
        if tag in _LINES:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what says nothing."""
        if tag in _SILENT and self._silent_count:
            self._silent_count -= 1

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._silent_count:
            self.pieces.append(data)


def text_of_html(html: str) -> str:
    """The words of an HTML text, its blocks on lines of their own."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.pieces).split("\n"))
    return "\n".join(line for line in lines if line)
