"""How often one address may ask what costs work and tells of others' messages."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
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
        Requests at once after a rest.
    per_minute
        Requests a minute in the long run.
    clock
        Seconds from any beginning.
    """

    def __init__(
        self, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic
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
            if not self._take(household(caller), self._clock()):
                raise TooManyRequestsError

    def _take(self, caller: str, now: float) -> bool:
        """Whether the caller had a request left; it is then taken."""
        known = self._callers.setdefault(caller, _Allowance(self._burst, now))
        known.left = min(self._burst, known.left + (now - known.at) * self._per_second)
        known.at = now
        self._callers.move_to_end(caller)
        if len(self._callers) > _CALLERS:  # whoever has been away longest is forgotten
            self._callers.popitem(last=False)
        if known.left < 1:
            return False
        known.left -= 1
        return True


def household(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the 2^64 IPv6 addresses of a network."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or int(parsed) >> 64)
