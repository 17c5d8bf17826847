"""What a digest quotes: the texts it asks for, and the digest with titles and quotes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from service.digest.hot import HotMatter
from service.digest.quotes import Text, pick_quotes
from service.digest.report import Digest
from service.digest.titles import make_title


def wanted_texts(digest: Digest) -> tuple[int, ...]:
    """The ids (ascending) of the messages and parts whose texts ``give_voice`` can use."""
    return tuple(sorted({each for hot in digest.hot for each in hot.voices}))


def give_voice(digest: Digest, texts: Iterable[Text], is_sure: Callable[[str], bool]) -> Digest:
    """The digest with titles and quotes of its hot matters.

    Parameters
    ----------
    digest
        As it was built.
    texts
        The masked texts of ``wanted_texts``; missing ones are done without.
    is_sure
        Whether a masked line surely names nobody: no other is quoted or made a title.
    """
    by_id = {text.message_id: text for text in texts}
    hot = tuple(_voiced(each, digest, by_id, is_sure) for each in digest.hot)
    return replace(digest, hot=hot)


def _voiced(
    hot: HotMatter, digest: Digest, by_id: Mapping[int, Text], is_sure: Callable[[str], bool]
) -> HotMatter:
    held = [by_id[each] for each in hot.voices if each in by_id]
    topic = digest.names.topics.get(hot.matter.topic, "")
    title = make_title(held, hot.kind, hot.matter.place, topic, is_sure)
    return replace(hot, title=title, quotes=pick_quotes(held, is_sure))
