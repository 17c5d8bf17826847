"""How often one address may ask what costs work and tells of others' messages."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil, inf
from threading import Lock

from service.errors import TooManyRequestsError

_CALLERS = 10_000


@dataclass(slots=True)
class _Allowance:
    """What a caller has left (requests) at a time (seconds of the throttle's clock)."""

    left: float
    at: float


class Throttle:
    """Lets each caller through so often, in this process's memory alone.

    Parameters
    ----------
    burst
        Requests at once after a rest; infinite where there is no limit.
    per_minute
        Requests a minute in the long run.
    clock
        Seconds from any beginning.
    """

    def __init__(
        self, burst: float, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._clock = clock
        self._callers: OrderedDict[str, _Allowance] = OrderedDict()
        self._lock = Lock()

    def check(self, caller: str) -> None:
        """Let a request of a caller (an address) pass.

        Raises
        ------
        TooManyRequestsError
            The caller has asked too often.
        """
        with self._lock:
            known = self._read(household(caller), self._clock())
            if known.left < 1:
                raise self._refusal(known)
            known.left -= 1

    def count(self, caller: str, more: int) -> None:
        """Count further requests of a caller that one that passed stands for.

        Raises
        ------
        TooManyRequestsError
            Others that passed at the same time stood for so many that nothing is left.
        """
        with self._lock:
            known = self._read(household(caller), self._clock())
            if known.left < 0:
                raise self._refusal(known)
            known.left -= more

    def _refusal(self, known: _Allowance) -> TooManyRequestsError:
        seconds = ceil((1 - known.left) / self._per_second)
        return TooManyRequestsError(retry_seconds=seconds)

    def _read(self, caller: str, now: float) -> _Allowance:
        """What a caller has left now; less than nothing after it was counted further ones."""
        known = self._callers.setdefault(caller, _Allowance(self._burst, now))
        known.left = min(self._burst, known.left + (now - known.at) * self._per_second)
        known.at = now
        self._callers.move_to_end(caller)
        if len(self._callers) > _CALLERS:  # whoever has been away longest is forgotten
            self._callers.popitem(last=False)
        return known


def throttle_of(per_minute: int) -> Throttle:
    """A throttle of so many a minute, also at once after a rest; 0 for one that stops nobody."""
    return Throttle(per_minute or inf, per_minute)


@lru_cache(_CALLERS)  # it is asked of the same ones again and again
def household(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the 2^64 IPv6 addresses of a network."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or int(parsed) >> 64)
