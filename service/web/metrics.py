"""What the desk did and what waits, in Prometheus's text format."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.errors import DatabaseUnavailableError, ForbiddenError
from service.settings import Settings
from service.usecases.context import Context
from service.usecases.status import count_all
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, address_of
from service.web.request_ids import OTHER

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

router = APIRouter(tags=["状态"])


class Metrics:
    """Counts of one process. Labels are the program's own patterns, methods and statuses."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "minqing_requests",
            "Answered requests",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "minqing_request_seconds",
            "Seconds until a request was answered",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        known = method if method in _METHODS else OTHER
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _Stored(Collector):
    """The counts of ``minqing status`` when they are asked for; none while the database is away."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        """One gauge a count, and whether the database answers."""
        try:
            counts, is_up = count_all(self._context), 1
        except DatabaseUnavailableError:
            counts, is_up = {}, 0
        yield GaugeMetricFamily("minqing_database_up", "The database answers", is_up)
        stored = GaugeMetricFamily(
            "minqing_stored", "What is stored and what waits", labels=("of",)
        )
        for name, count in counts.items():
            stored.add_metric((name,), count)
        yield stored


@router.get(
    "/metrics",
    summary="运行指标",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, **problems(403)},
)
def get_metrics(request: Request, context: CurrentContext) -> Response:
    """Prometheus 文本格式；只对设置中的地址，或持令牌者（Authorization: Bearer）。"""
    check_may_measure(request, context.settings)
    stored = CollectorRegistry()
    stored.register(_Stored(context))
    of_requests = generate_latest(request.app.state.metrics.registry)
    return Response(of_requests + generate_latest(stored), media_type=MEDIA_TYPE)


def check_may_measure(request: Request, settings: Settings) -> None:
    """Let pass who holds the token, or comes from an address that may.

    Raises
    ------
    ForbiddenError
        Neither is so.
    """
    token = settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    if not _is_in(address_of(request), settings.metrics_addresses):
        raise ForbiddenError


def _is_in(address: str, networks: str) -> bool:
    try:
        at = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(at in ip_network(one.strip()) for one in networks.split(",") if one.strip())
