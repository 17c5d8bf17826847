"""The workload of the studios, as one intake sees it."""

from __future__ import annotations

from collections import Counter
from functools import partial

from service.storage.database import Connection
from service.storage.matters.queue import count_open_by_studio
from service.triage.workload import OpenMatters


class Workload:
    """Open matters of each studio, as one intake sees them from batch to batch.

    Counting goes through all open matters, so a long intake does it now and then only and adds
    what it opens itself. What others open or close meanwhile it learns at the next count; it
    decides between equals only.

    Parameters
    ----------
    batches
        After how many it is counted anew.
    """

    def __init__(self, batches: int = 1) -> None:
        self._batches = batches
        self._left = 0
        self._open: Counter[str] | None = None

    def read(self, connection: Connection) -> OpenMatters:
        """What it is now, as far as it is asked for; once for each batch."""
        if self._left == 0:
            self._open = None
            self._left = self._batches
        self._left -= 1
        known = self._open
        return OpenMatters(
            partial(count_open_by_studio, connection) if known is None else known.copy
        )

    def keep(self, opened: OpenMatters) -> None:
        """Note what it is after a batch.

        Where nobody ever asked, whoever asks later counts what this batch opened in the database.
        """
        if self._open is not None or opened.is_counted:
            self._open = Counter(dict(opened))
