"""The small organisation that the routing tests share, and makers of requests."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from classifier.judging.taxonomy import Taxonomy
from classifier.reading.places import Gazetteer, Place, read_divisions
from classifier.text.clean import clean
from service.domain.classification import Classification, Verdict
from service.domain.organisation import Organisation
from service.intake.organisation_files import read_organisation
from service.triage.directory import served_divisions
from service.triage.route import Router, RouteRequest

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests/golden/routing"
NOWHERE = Place("", "")
DAY = date(2025, 3, 5)


@cache
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@cache
def organisation() -> Organisation:
    return read_organisation(GOLDEN, ROOT / "data/departments.csv", taxonomy()).organisation


@cache
def gazetteer() -> Gazetteer:
    divisions = read_divisions(ROOT / "data/divisions")
    return Gazetteer(divisions, served_divisions(organisation()), ["K2区"])


@cache
def router() -> Router:
    return Router(organisation(), taxonomy(), gazetteer().words())


def classification(
    topics: dict[str, float], kind: str = "help", department: str = "水利局"
) -> Classification:
    """A classification with the topics "level1/level2" and their probabilities."""
    pairs = [(taxonomy().code(*name.split("/")), p) for name, p in topics.items()]
    (best, probability), *others = sorted(pairs, key=lambda pair: -pair[1])
    return Classification(
        topic_l1=Verdict(best[:2], sum(p for code, p in pairs if code[:2] == best[:2])),
        topic=Verdict(best, probability, tuple(others)),
        department=Verdict(department, 0.9),
        kind=Verdict(kind, 0.9),
        is_urgent=False,
        urgent_probability=0.0,
        review=(),
        model_version="test",
    )


def request(
    text: str = "",
    topics: dict[str, float] | None = None,
    *,
    place: Place | None = None,
    sender_name: str = "",
    day: date = DAY,
    wanted_studio: str = "",
    kind: str = "help",
) -> RouteRequest:
    """A request as the pipeline makes it from a text."""
    plain = clean(text).plain
    return RouteRequest(
        place=gazetteer().resolve(gazetteer().find(plain)) if place is None else place,
        text=plain,
        classification=classification(topics, kind) if topics else None,
        sent_on=day,
        sender_name=sender_name,
        wanted_studio=wanted_studio,
    )
