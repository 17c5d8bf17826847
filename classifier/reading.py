"""Reading: what the steps before judgement found in one message."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.clean import CleanText, clean
from classifier.personal import PersonalData, PersonalKind, find_personal_data, mask
from classifier.places import Gazetteer, PlaceMention
from classifier.segment import Segmenter
from classifier.spans import Span


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
        in_title = [(p.span, p.kind) for p in self.personal if p.span.end < body_start]
        in_body = [
            (Span(max(0, p.span.start - body_start), p.span.end - body_start), p.kind)
            for p in self.personal
            if p.span.end > body_start
        ]
        return _mask_original(self.title, in_title), _mask_original(self.body, in_body)


def _mask_original(text: CleanText, found: list[tuple[Span, PersonalKind]]) -> str:
    return mask(text.original, [(text.in_original(span), kind) for span, kind in found])


class Reader:
    """Cleans, segments and looks for personal data and places."""

    def __init__(self, segmenter: Segmenter, gazetteer: Gazetteer) -> None:
        self.segmenter = segmenter
        self.gazetteer = gazetteer

    def read(self, title: str, body: str, sender_name: str = "") -> Reading:
        """Read one message; any text will do, an empty one too."""
        clean_title, clean_body = clean(title), clean(body)
        whole = f"{clean_title.plain}\n{clean_body.plain}"
        return Reading(
            title=clean_title,
            body=clean_body,
            title_tokens=tuple(self.segmenter.cut(clean_title.plain)),
            body_tokens=tuple(self.segmenter.cut(clean_body.plain)),
            personal=tuple(find_personal_data(whole, sender_name)),
            places=tuple(self.gazetteer.find(whole)),
        )
