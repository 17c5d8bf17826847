"""The composition root: everything is made here, once, and passed on."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from classifier.errors import ModelFileError
from classifier.judging.heads import KIND
from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from classifier.matching.pair_model import PairModel
from service.domain.kind import Kind
from service.domain.organisation import Organisation
from service.domain.provision import Word
from service.domain.standing_rule import StandingRule
from service.errors import DatabaseMissingError, SettingsError
from service.intake.organisation_files import OrganisationFiles, read_organisation
from service.intake.rule_checks import KnownNames
from service.intake.rule_rows import read_rules_file
from service.settings import Settings
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.storage.sealing.senders import check_seal
from service.triage.local_parts import make_local_parts
from service.triage.pipeline import Triage
from service.triage.rules import make_rule_book
from service.triage.thresholds import NOTHING_TOLD, Coverage, read_coverage
from service.usecases.administration.organisation import AT_START, division_codes, save_book
from service.usecases.administration.words import load_words
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import follow_organisation, read_current
from service.usecases.in_force.models import active_model_path
from service.usecases.matching.crew import Alone, Crew, Recipe, open_processes

logger = logging.getLogger(__name__)

_BEGIN = "用 minqing import 导入留言，或用 minqing serve 打开工作台，就会建立"


def build_context(
    settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Context:
    """Open the database (its schema brought up to date) and make all that use cases need.

    Raises
    ------
    DatabaseUnavailableError, SettingsError
        The database or the key cannot be used, or the key of a database that is begun is gone: a
        new one would open nothing of it.
    """
    with ExitStack() as undo:
        database = Database(settings.url)
        undo.callback(database.close)
        context = _open(settings, database, now)
        undo.pop_all()
        return context


def _open(settings: Settings, database: Database, now: Callable[[], datetime]) -> Context:
    _check_key_is_there(settings, database)
    sealer = Sealer(settings.secret_key)
    database.upgrade()
    with database.reading() as connection:
        check_seal(connection, sealer)
        version, organisation = read_current(connection)
    triage = build_triage(
        settings,
        organisation,
        load_words(database),
        active_model_path(settings, database),
    )
    return Context(settings, database, triage, sealer, now, version)


def _check_key_is_there(settings: Settings, database: Database) -> None:
    path = settings.secret_key.path
    # In this order: of two that start at once, one makes the key before the tables.
    if database.is_begun() and not os.path.lexists(path):
        raise SettingsError(f"数据库里已有内容，却没有密钥文件 {path}，请放回原来的那一份")


def open_begun(settings: Settings) -> Context:
    """``build_context`` where a database was begun: nothing is made where none was.

    Raises
    ------
    DatabaseMissingError
        There is none yet.
    DatabaseUnavailableError, SettingsError
        As ``build_context``.
    """
    if not _is_begun(settings):
        home = f"{settings.home.resolve()}（MINQING_HOME）"
        # The URL may hold a password.
        named = "MINQING_DATABASE_URL 指明的是空的" if settings.database_url else home
        raise DatabaseMissingError(f"{named}；{_BEGIN}")
    return build_context(settings)


@contextmanager
def open_begun_or_aside(settings: Settings) -> Iterator[Context]:
    """``build_context`` where a database was begun, else on an empty one that is thrown away.

    For what a county looks at before it begins.
    """
    if _is_begun(settings):
        yield build_context(settings)
        return
    with TemporaryDirectory() as folder:
        aside = settings.model_copy(update={"home": Path(folder), "database_url": ""})
        context = build_context(aside)
        try:
            yield context
        finally:
            context.database.close()


def _is_begun(settings: Settings) -> bool:
    with closing(Database(settings.url)) as database:
        return database.is_begun()


def with_directory(context: Context) -> Context:
    """The context with a directory: where none was ever loaded, the settings' one is stored.

    Raises
    ------
    OrganisationFileError
        The settings' directory is missing or wrong.
    """
    if context.triage.organisation.committees:
        return context
    save_book(context, read_shipped_directory(context.settings).book, AT_START)
    return follow_organisation(context)


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
    local = make_local_parts(settings, organisation, taxonomy, published)
    model, coverage = _load_model(model_path or settings.model_path, taxonomy)
    return Triage(
        reader=local.reader,
        model=model,
        pair_model=_pair_model(model),
        router=local.router,
        organisation=organisation,
        taxonomy=taxonomy,
        join_at=settings.auto_join_probability,
        suggest_at=settings.suggest_probability,
        rules=make_rule_book(_shipped_rules(settings, organisation), taxonomy),
        coverage=coverage,
        words=local.words,
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
    return read_organisation(
        settings.organisation_path,
        shipped_departments,
        taxonomy,
        division_codes(settings.data / "divisions"),
    )


def load_model(path: Path, taxonomy: Taxonomy) -> Model:
    """A model that judges for the desk.

    Raises
    ------
    ModelFileError
        The file is missing, or holds no sound model of the desk's.
    """
    model = Model.load(path, taxonomy)
    if not {kind.label_zh for kind in Kind}.issuperset(model.heads[KIND].labels):
        raise ModelFileError(path, "诉求类型与本系统的不同")
    return model


def _load_model(path: Path, taxonomy: Taxonomy) -> tuple[Model | None, Coverage]:
    """The model and what it tells of its certainty.

    None where it cannot be used: intake goes on by hand, and /readyz tells.
    """
    try:
        model = load_model(path, taxonomy)
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
    known = KnownNames(departments or None)
    return read_rules_file(path, known) if path.exists() else ()
