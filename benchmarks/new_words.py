"""How surely a new word is told, and how many words are told where none was put in.

Usage: ``python benchmarks/new_words.py STREAM [--weeks 12] [--seed 11]``. The file is imported by
the product into a fresh database. For each of some weeks and each of twenty invented words a
sentence with the word is put behind m messages of the week, each of another sender, in memory;
``recall`` is the share in which the word, or a longer one that holds it, is among those told.
``told_a_week`` counts the words told in the same weeks with nothing put in; ``--show`` prints them
for reading. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from service.cli.context import begin_context
from service.digest.new_words import NewWord, Tokens, find_new_words
from service.digest.periods import Period, parse_period
from service.domain.digest_scope import WHOLE_COUNTY
from service.intake.messages import ReadOptions
from service.storage.digests.facts.texts import read_told_texts
from service.usecases.context import Context
from service.usecases.digests.digest_facts.messages import read_messages
from service.usecases.digests.new_words import may_tell, tokens_of
from service.usecases.intake.import_file import import_file

SIZES = (3, 5, 10)
FIRST_WEEK = 6  # of 2019: four weeks before it are known
INVENTED = (
    *("磁浮小巴", "氢能驿站", "云栖夜市", "智慧灯阵", "共享菜窖", "青禾卡", "惠民盒子", "蓝鲸贷"),
    *("飞蓬充电", "暖巢计划", "银杏码", "溪谷乐园", "电子门神", "光储站", "绿芽行动", "星火团购"),
    *("拼桌夜校", "代步猫", "轮椅仓", "垃圾银行"),
)
CARRIERS = (
    "另外{}的事也请一并答复。",
    "听说附近要搞{}，大家心里没底。",
    "{}到底由哪个部门管？",
    "邻居都在议论{}，意见很大。",
    "还有人上门推销{}，不知真假。",
    "自从有了{}，麻烦就没有断过。",
)


def told_of(context: Context, now: Sequence[Tokens], before: Sequence[Tokens]) -> list[NewWord]:
    """What the digest would tell."""
    return list(find_new_words(now, before, partial(may_tell, context.triage.reader)))


def read_week(context: Context, period: Period) -> tuple[list[Tokens], list[Tokens]]:
    """The tokens of a week's messages, and of those of the four before."""
    first, last = period.window()
    with context.database.reading() as connection:
        messages = read_messages(connection, first, last, WHOLE_COUNTY)
        rows = read_told_texts(connection, [one.id for one in messages])
    this_week = {one.id for one in messages if period.has(one.sent_on)}
    found = [tokens_of(context.triage.reader.segmenter, *row) for row in rows]
    return (
        [one for one in found if one.message_id in this_week],
        [one for one in found if one.message_id not in this_week],
    )


def put_in(
    context: Context, now: Sequence[Tokens], word: str, count: int, random: Random
) -> list[Tokens] | None:
    """The messages, so many of them with a sentence more; None where too few people wrote."""
    senders = sorted({one.sender for one in now})
    if len(senders) < count:
        return None
    chosen = set(random.sample(senders, count))
    changed = []
    for one in now:
        if one.sender in chosen:
            chosen.remove(one.sender)
            sentence = context.triage.reader.segmenter.cut(random.choice(CARRIERS).format(word))
            changed.append(replace(one, words=(*one.words, "\n", *sentence)))
        else:
            changed.append(one)
    return changed


def main() -> None:
    """Import, put in, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stream", type=Path)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    random = Random(asked.seed)
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MINQING_HOME": home, "MINQING_DATABASE_URL": ""}
        context = begin_context()
        rejects = Path(home) / "rejects.csv"
        import_file(
            context, asked.stream, "stream", ReadOptions(context.now()), rejects_path=rejects
        )
        numbers = sorted(random.sample(range(FIRST_WEEK, 53), asked.weeks))
        weeks = [read_week(context, parse_period(f"2019-W{number:02d}")) for number in numbers]
        quiet = [told_of(context, *week) for week in weeks]
        hits: dict[int, list[bool]] = {size: [] for size in SIZES}
        for now, before in weeks:
            for word in INVENTED:
                for size in SIZES:
                    changed = put_in(context, now, word, size, random)
                    if changed is not None:
                        told = told_of(context, changed, before)
                        hits[size].append(any(word in one.word for one in told))
    if asked.show:
        for number, words in zip(numbers, quiet, strict=True):
            print(number, [(one.word, one.people.value) for one in words])
    result = {
        "weeks": len(weeks),
        "told_a_week": round(sum(map(len, quiet)) / len(weeks), 2),
        "trials": {str(size): len(found) for size, found in hits.items()},
        "recall": {str(size): round(sum(found) / len(found), 3) for size, found in hits.items()},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
