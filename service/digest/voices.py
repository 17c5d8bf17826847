"""What a digest quotes: the texts it asks for, and the digest with titles and quotes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from service.digest.hot import HotMatter
from service.digest.materials import find_materials
from service.digest.quotes import Text, pick_quotes
from service.digest.report import Digest
from service.digest.titles import make_title


def wanted_texts(digest: Digest) -> tuple[int, ...]:
    """The ids (ascending) of the messages and parts whose texts ``give_voice`` can use."""
    hot = {each for hot in digest.hot for each in hot.voices}
    rising = {each for rise in digest.rising.rises for each in rise.tally.messages.message_ids}
    return tuple(sorted(hot | rising))


def give_voice(digest: Digest, texts: Iterable[Text], is_sure: Callable[[str], bool]) -> Digest:
    """The digest with titles, quotes and drafts of its hot matters, and an example of each rise.

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
    rises = tuple(
        replace(rise, quotes=pick_quotes(_held(rise.tally.messages.message_ids, by_id), is_sure, 1))
        for rise in digest.rising.rises
    )
    return replace(
        digest,
        hot=hot,
        rising=replace(digest.rising, rises=rises),
        materials=find_materials(hot, by_id, is_sure),
    )


def _held(ids: Iterable[int], by_id: Mapping[int, Text]) -> list[Text]:
    return [by_id[each] for each in ids if each in by_id]


def _voiced(
    hot: HotMatter, digest: Digest, by_id: Mapping[int, Text], is_sure: Callable[[str], bool]
) -> HotMatter:
    held = _held(hot.voices, by_id)
    topic = digest.names.topics.get(hot.matter.topic, "")
    title = make_title(held, hot.kind, hot.matter.place, topic, is_sure)
    return replace(hot, title=title, quotes=pick_quotes(held, is_sure))
