"""Workload: open matters by studio code, where nobody has counted them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class UncountedWorkloadError(LookupError):
    """The workload decides, and nobody has counted it."""


class UncountedWorkload(Mapping[str, int]):
    """A workload to route with that holds for any: asking it for a number fails.

    Raises
    ------
    UncountedWorkloadError
        From every look into it.
    """

    def __getitem__(self, studio: str) -> int:
        raise UncountedWorkloadError(studio)

    def get(self, studio: str, default: object = None) -> int:
        """Fails too, where ``Mapping.get`` would give the default."""
        return self[studio]

    def __iter__(self) -> Iterator[str]:
        raise UncountedWorkloadError

    def __len__(self) -> int:
        raise UncountedWorkloadError
