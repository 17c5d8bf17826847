"""The composition root: everything is made here, once, and passed on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from classifier.errors import ModelFileError
from classifier.heads import KIND
from classifier.model import Model
from classifier.pair_model import PairModel
from classifier.places import Gazetteer, read_divisions
from classifier.reading import Reader
from classifier.taxonomy import Taxonomy
from service.domain.kind import Kind
from service.domain.organisation import Organisation
from service.domain.provision import Word
from service.domain.standing_rule import StandingRule
from service.errors import SettingsError
from service.intake.organisation_files import OrganisationFiles, read_organisation
from service.intake.rule_rows import read_rules_file
from service.settings import Settings
from service.storage.database import Database
from service.storage.senders import Sealer, check_seal
from service.triage.directory import served_divisions
from service.triage.pipeline import Triage
from service.triage.route import Router
from service.triage.rules import make_rule_book
from service.triage.thresholds import NOTHING_TOLD, Coverage, read_coverage
from service.triage.words import make_segmenter
from service.usecases.context import Context
from service.usecases.crew import Alone, Crew, Recipe, open_processes
from service.usecases.load_directory import load_directory, save_directory
from service.usecases.models import active_model_path
from service.usecases.words import load_words

logger = logging.getLogger(__name__)

_MAX_WORD_CHARS = 30


def build_context(
    settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Context:
    """Open the database (its schema brought up to date) and make all that use cases need.

    Raises
    ------
    DatabaseUnavailableError, SettingsError
        The database or the key cannot be used.
    """
    sealer = Sealer(settings.secret_key)
    database = Database(settings.url)
    database.upgrade()
    with database.reading() as connection:
        check_seal(connection, sealer)
    triage = build_triage(
        settings,
        load_directory(database),
        load_words(database),
        active_model_path(settings, database),
    )
    return Context(settings, database, triage, sealer, now)


def with_directory(context: Context) -> Context:
    """The context with a directory: where none was ever loaded, the settings' one is stored.

    Raises
    ------
    OrganisationFileError
        The settings' directory is missing or wrong.
    """
    if context.triage.organisation.committees:
        return context
    files = read_shipped_directory(context.settings)
    save_directory(context.database, files.organisation, files.activities)
    words = load_words(context.database)
    path = active_model_path(context.settings, context.database)
    triage = build_triage(context.settings, files.organisation, words, path)
    return replace(context, triage=triage)


def build_triage(
    settings: Settings,
    organisation: Organisation,
    published: Iterable[Word] = (),
    model_path: Path | None = None,
) -> Triage:
    """Make what judges messages, for a directory and the words that were published.

    It judges with the model file at ``model_path``, the settings' own where none is given. The
    shipped rules hold and the model's own limits; what the database holds of either takes
    their place when messages come in.
    """
    taxonomy = Taxonomy.load(settings.data / "taxonomy.csv")
    gazetteer = build_gazetteer(settings, organisation)
    words = frozenset((*_directory_words(organisation), *gazetteer.words(), *_own_words(settings)))
    model, coverage = _load_model(model_path or settings.model_path, taxonomy)
    return Triage(
        reader=Reader(make_segmenter(words, published), gazetteer),
        model=model,
        pair_model=_pair_model(model),
        router=Router(organisation, taxonomy, gazetteer.words()),
        organisation=organisation,
        taxonomy=taxonomy,
        join_at=settings.auto_join_probability,
        suggest_at=settings.suggest_probability,
        rules=make_rule_book(_shipped_rules(settings, organisation)),
        coverage=coverage,
        words=words,
    )


def triage_recipe(context: Context) -> Recipe:
    """How another process that sees the same home and data makes the context's triage.

    It holds neither where the database is nor the key.
    """
    settings = context.settings
    path = active_model_path(settings, context.database) or settings.model_path
    told = {"database_url": "", "home": settings.home.resolve(), "data": settings.data.resolve()}
    return Recipe(
        partial(
            build_triage,
            settings.model_copy(update=told),
            context.triage.organisation,
            tuple(load_words(context.database)),
            path.resolve(),
        )
    )


def open_crew(context: Context, process_count: int) -> AbstractContextManager[Crew]:
    """The crew that understands messages: as many processes, or this one alone where it is 1."""
    if process_count == 1:
        return nullcontext(Alone(context.triage))
    return open_processes(triage_recipe(context), process_count)


def read_shipped_directory(settings: Settings) -> OrganisationFiles:
    """The directory in the folder that the settings name; the demo county by default.

    Raises
    ------
    OrganisationFileError
        A file is missing or wrong.
    """
    taxonomy = Taxonomy.load(settings.data / "taxonomy.csv")
    shipped_departments = settings.data / "departments.csv"
    return read_organisation(settings.organisation_path, shipped_departments, taxonomy)


def build_gazetteer(settings: Settings, organisation: Organisation) -> Gazetteer:
    """The gazetteer of the divisions that the directory's committees serve."""
    served = served_divisions(organisation)
    divisions = read_divisions(settings.data / "divisions", served)
    known = {division.name for division in divisions}
    areas = {area for studio in organisation.studios for area in studio.areas}
    return Gazetteer(divisions, served, sorted(areas - known))


def _load_model(path: Path, taxonomy: Taxonomy) -> tuple[Model | None, Coverage]:
    """The model and what it tells of its certainty.

    None where it cannot be used: intake goes on by hand, and /readyz tells.
    """
    try:
        model = Model.load(path, taxonomy)
        if not {kind.label_zh for kind in Kind}.issuperset(model.heads[KIND].labels):
            raise ModelFileError(path, "诉求类型与本系统的不同")
        coverage = read_coverage(model.file.header)
    except ModelFileError as error:
        logger.error("%s", error)
        return None, NOTHING_TOLD
    return model, coverage


def _pair_model(model: Model | None) -> PairModel | None:
    """A model trained for classification alone holds no pair model: nothing is then joined."""
    if model is None:
        return None
    if PairModel.NEEDED not in model.file.sections:
        logger.warning("模型文件不含并案模型，留言不会自动并案")
        return None
    try:
        return PairModel.from_sections(model.section)
    except ModelFileError as error:
        logger.error("%s", error)
        return None


def _shipped_rules(settings: Settings, organisation: Organisation) -> tuple[StandingRule, ...]:
    """The rules that come with the data; none where none come."""
    path = settings.data / "rules.csv"
    departments = {department.name for department in organisation.departments}
    return read_rules_file(path, departments or None) if path.exists() else ()


def _directory_words(organisation: Organisation) -> Iterable[str]:
    for studio in organisation.studios:
        yield studio.name.replace("“", "").replace("”", "")
    for department in organisation.departments:
        yield department.name
        yield from department.aliases


def _own_words(settings: Settings) -> list[str]:
    """Words an administrator added, one a line, in ``home/dictionary.txt``."""
    path = settings.home / "dictionary.txt"
    if not path.exists():
        return []
    return read_words(path)


def read_words(path: Path) -> list[str]:
    """The words of a dictionary file (UTF-8, one a line, # begins a remark).

    Raises
    ------
    SettingsError
        The file cannot be read, or a line is no word; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"词典 {path} 无法读取") from error
    words = []
    for number, line in enumerate(lines, start=1):
        word = line.partition("#")[0].strip()
        if len(word) > _MAX_WORD_CHARS or any(c.isspace() for c in word):
            raise SettingsError(f"词典 {path} 第 {number} 行不是一个词")
        if word:
            words.append(word)
    return words
