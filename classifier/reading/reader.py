"""Reading: what the steps before judgement found in one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classifier.personal.find import PersonalData, PersonalKind, find_personal_data, mask
from classifier.reading.places import Gazetteer, PlaceMention
from classifier.spans import Span
from classifier.text.clean import CleanText, clean
from classifier.text.segment import Segmenter


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, cleaned and segmented.

    All spans and tokens refer to the plain texts. ``places`` and the personal data are found
    in ``title.plain + "\\n" + body.plain``, called the *whole* text.
    """

    title: CleanText
    body: CleanText
    title_tokens: tuple[str, ...]
    body_tokens: tuple[str, ...]
    personal: tuple[PersonalData, ...]
    places: tuple[PlaceMention, ...]

    @property
    def whole(self) -> str:
        """Title and body, one under the other, in plain form."""
        return f"{self.title.plain}\n{self.body.plain}"

    def masked(self) -> tuple[str, str]:
        """The original title and body with every find of personal data masked."""
        if not self.personal:
            return self.title.original, self.body.original
        body_start = len(self.title.plain) + 1
        title = _mask_part(self.title, 0, self.personal)
        return title, _mask_part(self.body, body_start, self.personal)

    def masked_span(self, span: Span) -> str:
        """The characters of a span of the original body, with every find in it masked.

        What is found is found in the whole: a find that the span cuts is masked all the same.
        """
        start, end = span
        finds = _finds(self.body, len(self.title.plain) + 1, self.personal)
        inside = [
            (Span(max(find.start, start) - start, min(find.end, end) - start), kind)
            for find, kind in finds
            if find.overlaps(span)
        ]
        return mask(self.body.original[start:end], inside)


def _mask_part(text: CleanText, start: int, found: Iterable[PersonalData]) -> str:
    """The original of the part that begins at ``start`` of the whole, with finds masked.

    A find that runs from the title into the body is masked in both.
    """
    return mask(text.original, _finds(text, start, found))


def _finds(
    text: CleanText, start: int, found: Iterable[PersonalData]
) -> list[tuple[Span, PersonalKind]]:
    """Where in the original of such a part the finds stand."""
    spans: list[tuple[Span, PersonalKind]] = []
    for item in found:
        inside = Span(max(0, item.span.start - start), min(len(text.plain), item.span.end - start))
        if inside.start < inside.end:
            spans.append((text.in_original(inside), item.kind))
    return spans


class Reader:
    """Cleans, segments and looks for personal data and places."""

    def __init__(self, segmenter: Segmenter, gazetteer: Gazetteer) -> None:
        self.segmenter = segmenter
        self.gazetteer = gazetteer

    def read_words(self, body: str) -> Reading:
        """Read what a model judges by: neither personal data nor places are looked for."""
        title, clean_body = clean(""), clean(body)
        return Reading(title, clean_body, (), tuple(self.segmenter.cut(clean_body.plain)), (), ())

    def read(self, title: str, body: str, sender_name: str = "") -> Reading:
        """Read one message; any text will do, an empty one too."""
        clean_title, clean_body = clean(title), clean(body)
        whole = f"{clean_title.plain}\n{clean_body.plain}"
        return Reading(
            title=clean_title,
            body=clean_body,
            title_tokens=tuple(self.segmenter.cut(clean_title.plain)),
            body_tokens=tuple(self.segmenter.cut(clean_body.plain)),
            personal=tuple(find_personal_data(whole, clean(sender_name).plain.strip())),
            places=tuple(self.gazetteer.find(whole)),
        )
