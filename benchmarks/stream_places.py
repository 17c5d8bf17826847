"""Routing over a stream whose places are codes (A市, A3区): do messages reach their area's studio?

``python benchmarks/stream_places.py STREAM.csv`` makes a directory over the codes that occur in
the file, a committee for each city and an area studio for each area and each city, routes each
message by the shipped model, and writes JSON: ``one_area`` how many messages name exactly one
area (its own city beside it is no other), ``reached`` how many of them go to its studio,
``by_wish`` to another that ``because`` says the writer asked for, ``share`` both of all,
``missed`` the numbers of the others. ``several_areas`` name more: ``first`` of them go to the
area named first, ``other`` to another one named, ``elsewhere`` to none of these.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from classifier.judging.model import Model  # noqa: E402
from classifier.judging.taxonomy import Taxonomy  # noqa: E402
from classifier.reading.places import NOWHERE, Gazetteer, read_divisions  # noqa: E402
from classifier.reading.reader import Reader, Reading  # noqa: E402
from classifier.text.segment import Segmenter  # noqa: E402
from service.domain.organisation import (  # noqa: E402
    Committee,
    CommitteeLevel,
    Organisation,
    Studio,
    StudioKind,
)
from service.intake.csv_rows import csv_records  # noqa: E402
from service.intake.encodings import open_text  # noqa: E402
from service.intake.lines import read_lines  # noqa: E402
from service.triage.classify import as_classification  # noqa: E402
from service.triage.route import Router, RouteRequest  # noqa: E402

# A letter before 区 without a number is a part of an estate, and no division.
CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:市|[0-9]{1,2}[市县区])")
DAY = date(2019, 7, 1)
WISHES = ("工作室：来信点名", "工作室：规则")


def read_stream(path: Path) -> Iterator[tuple[str, str, str]]:
    """Number, title and text of each message."""
    with open_text(path) as stream:
        records = csv_records(read_lines(stream, 1_000_000), ",")
        header = [str(cell).strip() for cell in next(records).cells]
        places = [header.index(name) for name in ("留言编号", "留言主题", "留言详情")]
        for record in records:
            number, title, text = (str(record.cells[place] or "") for place in places)
            yield number, title, text


def areas_of(text: str) -> list[str]:
    """The areas a text names, in their order; a city is none beside a district of its own."""
    found = [match.group() for match in CODE.finditer(text)]
    inside = {name[0] for name in found if name[1:-1]}
    return list(dict.fromkeys(name for name in found if name[1:-1] or name[0] not in inside))


def make_organisation(codes: Iterable[str]) -> Organisation:
    """A committee for each letter, a studio for each code."""
    ordered = sorted(codes)
    letters = sorted({code[0] for code in ordered})
    return Organisation(
        committees=tuple(
            Committee(letter, f"{letter}市政协", CommitteeLevel.CITY, "", "") for letter in letters
        ),
        studios=tuple(
            Studio(code, f"{code}委员工作室", StudioKind.AREA, code[0], (code,)) for code in ordered
        ),
    )


def main() -> None:
    messages = list(read_stream(Path(sys.argv[1])))
    reader_of_codes = Reader(Segmenter([]), Gazetteer((), ()))
    wholes = [reader_of_codes.read(title, text).whole for _, title, text in messages]
    named = [areas_of(whole) for whole in wholes]
    codes = {m.group() for whole in wholes for m in CODE.finditer(whole)}
    organisation = make_organisation(codes)
    gazetteer = Gazetteer(read_divisions(ROOT / "data/divisions"), (), sorted(codes))
    router = Router(organisation, Taxonomy.load(), gazetteer.words())
    reader = Reader(Segmenter(gazetteer.words()), gazetteer)
    model = Model.load(ROOT / "data/model/default.mqm")
    figures = dict.fromkeys(("one_area", "reached", "by_wish"), 0)
    several = dict.fromkeys(("several_areas", "first", "other", "elsewhere"), 0)
    missed: list[str] = []
    spent = 0.0
    for (number, title, text), areas in zip(messages, named, strict=True):
        if not areas:
            continue
        request = request_of(reader.read(title, text), model, gazetteer)
        start = time.process_time()
        got = router.route(request, {})
        spent += time.process_time() - start
        if len(areas) == 1:
            figures["one_area"] += 1
            is_wish = any(line.startswith(WISHES) for line in got.because)
            if got.studio == areas[0]:
                figures["reached"] += 1
            elif is_wish:
                figures["by_wish"] += 1
            else:
                missed.append(f"{number}: {areas[0]} → {got.studio or '-'}")
        else:
            several["several_areas"] += 1
            is_other = "other" if got.studio in areas else "elsewhere"
            several["first" if got.studio == areas[0] else is_other] += 1
    share = (figures["reached"] + figures["by_wish"]) / max(1, figures["one_area"])
    result = {
        "messages": len(messages),
        "codes": len(codes),
        **figures,
        "share": round(share, 4),
        "missed": missed,
        **several,
        "no_area": sum(not areas for areas in named),
        "micros_per_route": round(spent / max(1, sum(map(bool, named))) * 1e6, 1),
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


def request_of(reading: Reading, model: Model, gazetteer: Gazetteer) -> RouteRequest:
    return RouteRequest(
        place=gazetteer.resolve(reading.places) if reading.places else NOWHERE,
        text=reading.whole,
        classification=as_classification(model.judge(reading), model.version),
        sent_on=DAY,
        sender_name="",
    )


if __name__ == "__main__":
    main()
