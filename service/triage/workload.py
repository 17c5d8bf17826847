"""Workload: open matters by studio code, counted late or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping


class OpenMatters(Mapping[str, int]):
    """A workload that is counted when a number of it is first asked for, which is seldom.

    Parameters
    ----------
    count
        Counts; what is added before it is called must not be in it.
    """

    def __init__(self, count: Callable[[], Mapping[str, int]]) -> None:
        self._count = count
        self._found: Counter[str] | None = None
        self._added: Counter[str] = Counter()

    @property
    def is_counted(self) -> bool:
        """Whether anybody asked."""
        return self._found is not None

    def add(self, studio: str, more: int = 1) -> None:
        """Note that a studio has more open matters now, or fewer (negative)."""
        (self._added if self._found is None else self._found)[studio] += more

    def __getitem__(self, studio: str) -> int:
        return self._counted()[studio]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted())

    def __len__(self) -> int:
        return len(self._counted())

    def _counted(self) -> Counter[str]:
        if self._found is None:
            self._found = Counter(self._count())
            for studio, more in self._added.items():
                self._found[studio] += more
        return self._found


class UncountedWorkloadError(LookupError):
    """The workload decides, and nobody has counted it."""


def uncounted() -> OpenMatters:
    """A workload that nobody counts: asking it for a number is an ``UncountedWorkloadError``."""

    def count() -> Mapping[str, int]:
        raise UncountedWorkloadError

    return OpenMatters(count)
