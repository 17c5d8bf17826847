"""A crew by joblib: processes of this machine, or a Dask cluster of several.

Only what works through archives imports this module: a desk needs neither joblib nor Dask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError

from service.errors import WorkersUnavailableError
from service.triage.pipeline import Understood
from service.usecases.matching.crew import Recipe, Task, understand_by

# Tasks of a round, for each process: at the end of a round they wait for the slowest.
_ROUND = 8


@dataclass(frozen=True, slots=True)
class JoblibCrew:
    """Understands messages wherever joblib's backend works; see ``Crew``."""

    parallel: Parallel
    recipe: Recipe
    process_count: int

    def understand(self, tasks: Iterable[Task]) -> Iterator[list[Understood]]:
        """See ``Crew``. Rounds of tasks keep the memory bounded."""
        waiting = iter(tasks)
        while batch := list(islice(waiting, self.process_count * _ROUND)):
            work = (delayed(understand_by)(self.recipe, task) for task in batch)
            with _told(), closing(self.parallel(work)) as results:
                yield from results


@contextmanager
def open_local(recipe: Recipe, process_count: int) -> Iterator[JoblibCrew]:
    """So many processes of this machine, which end with the block."""
    with _parallel(process_count) as parallel:
        yield JoblibCrew(parallel, recipe, process_count)


@contextmanager
def open_cluster(recipe: Recipe, address: str) -> Iterator[JoblibCrew]:
    """The workers of a Dask cluster, which go on afterwards.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:port`` or ``tls://host:port``.

    Raises
    ------
    WorkersUnavailableError
        Dask is not installed, or the scheduler cannot be reached or has no workers.
    """
    with _connected(address) as client:
        process_count = sum(client.nthreads().values())
        if not process_count:
            raise WorkersUnavailableError(f"Dask 调度器 {address} 没有可用的工作进程")
        with _parallel(process_count) as parallel:
            yield JoblibCrew(parallel, recipe, process_count)


def _parallel(process_count: int) -> Parallel:
    return Parallel(
        process_count, batch_size=1, pre_dispatch="all", max_nbytes=None, return_as="generator"
    )


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """The client by which joblib sends its work to a cluster, within the block."""
    if find_spec("distributed") is None:
        raise WorkersUnavailableError("没有安装 Dask，请执行 pip install 'minqing[dask]'")
    try:
        chosen = parallel_config(backend="dask", scheduler_host=address)
    except (OSError, ValueError) as error:
        raise WorkersUnavailableError(f"无法连接 Dask 调度器 {address}") from error
    with chosen as settings, closing(settings["backend"].client) as client:
        yield client


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TerminatedWorkerError as error:
        raise WorkersUnavailableError("有进程中途结束，可能是内存不足") from error
