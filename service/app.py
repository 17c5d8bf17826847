"""The web application, made from a context."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware

from service.usecases.context import Context
from service.web.allowed import check_declared
from service.web.api import (
    accounts,
    already_open,
    attachments,
    calendar,
    casework,
    claims,
    corrections,
    deliveries,
    digest_schedules,
    digests,
    duty_suggestions,
    erasures,
    explanation,
    join_precision,
    joining,
    mails,
    matters,
    messages,
    organisation,
    organisation_nouns,
    parting,
    receipts,
    receptions,
    reminders,
    replies,
    retention,
    routes,
    rules,
    search,
    status,
    thresholds,
    tokens,
    views,
)
from service.web.api.openapi import describe, name_operation
from service.web.background import Background
from service.web.cookies import Seal
from service.web.daily import work_daily
from service.web.dependencies import each_key_once
from service.web.headers import SecurityHeaders
from service.web.limits import BodyLimit
from service.web.metrics import Metrics
from service.web.metrics import router as metrics_router
from service.web.names import Names
from service.web.pages import accounts as accounts_page
from service.web.pages import attaching as attaching_page
from service.web.pages import casework as casework_page
from service.web.pages import claim as claim_page
from service.web.pages import (
    deadlines,
    digest,
    erasing,
    intake,
    login,
    look_up,
    mail_intake,
    matter,
    own_account,
    own_factor,
    pair,
    qr_codes,
    queue,
    submit,
)
from service.web.pages import deliveries as deliveries_page
from service.web.pages import digests as digests_page
from service.web.pages import organisation as organisation_page
from service.web.pages import parting as parting_page
from service.web.pages import receptions as receptions_page
from service.web.pages import rules as rules_page
from service.web.pages import search as search_page
from service.web.pages import thresholds as thresholds_page
from service.web.pages.rendering import STATIC, make_templates
from service.web.problems import register_problems
from service.web.request_ids import RequestIds
from service.web.static_files import Assets
from service.web.throttle import Throttle, throttle_of
from service.web.unexpected import CatchUnexpected


def create_app(context: Context) -> FastAPI:
    """Make the application.

    Raises
    ------
    SettingsError
        The installation's secret cannot be read or made.
    AssertionError
        A route declares no permission and is not open to all.
    """
    app = FastAPI(
        lifespan=_lifespan,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=name_operation,
        docs_url=None,  # its pages load scripts from outside
        redoc_url=None,
        # The desk counts and logs by itself, and nothing of a message may leave it.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[
            Middleware(RequestIds),
            Middleware(SecurityHeaders),
            Middleware(CatchUnexpected),
            Middleware(
                BodyLimit,
                max_bytes=context.settings.max_body_bytes,
                max_upload_bytes=context.settings.max_upload_bytes,
            ),
        ],
    )
    answer_from(app, context)
    app.state.templates = make_templates(lambda: _names(app))
    register_problems(app)
    _add_routes(app)
    check_declared(app)
    describe(app)
    return app


def answer_from(app: FastAPI, context: Context) -> None:
    """Let an application answer from a context. What it counted of visitors is forgotten.

    Raises
    ------
    SettingsError
        The installation's secret cannot be read or made.
    """
    app.state.context = context
    app.state.seal = Seal(context.settings.secret_key)
    app.state.metrics = Metrics()
    app.state.throttle = Throttle(burst=10, per_minute=20)
    app.state.receipt_throttle = Throttle(burst=20, per_minute=20)
    app.state.intake_throttle = throttle_of(context.settings.intake_per_minute)
    app.state.system_throttle = throttle_of(context.settings.system_intake_per_minute)


def _names(app: FastAPI) -> Names:
    triage = app.state.context.triage
    return Names(triage.taxonomy, triage.organisation)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Do what is done day by day and what falls due; close the database's connections last."""
    daily = asyncio.create_task(work_daily(app.state.context))
    background = Background(app.state.context)
    background.start()
    yield
    await asyncio.to_thread(background.stop)
    daily.cancel()
    with suppress(asyncio.CancelledError):
        await daily
    app.state.context.database.close()


def _add_routes(app: FastAPI) -> None:
    # Each by itself: with a router between, every request would be compared with all its routes.
    for router in (
        messages.router,
        mails.router,
        already_open.router,
        joining.router,
        claims.router,
        matters.router,
        search.router,
        explanation.router,
        parting.router,
        casework.router,
        routes.router,
        corrections.router,
        calendar.router,
        reminders.router,
        retention.router,
        replies.router,
        receipts.router,
        attachments.router,
        receptions.router,
        digests.router,
        digest_schedules.router,
        deliveries.router,
        erasures.router,
        organisation.router,
        organisation_nouns.router,
        rules.router,
        duty_suggestions.router,
        thresholds.router,
        join_precision.router,
        views.router,
        accounts.router,
        tokens.router,
        status.counts,
    ):
        app.include_router(router, prefix="/api/v1", dependencies=[Depends(each_key_once)])
    app.include_router(status.probes)
    app.include_router(metrics_router)
    for page in (
        login,
        queue,
        search_page,
        matter,
        attaching_page,
        claim_page,
        pair,
        parting_page,
        erasing,
        casework_page,
        look_up,
        intake,
        mail_intake,
        receptions_page,
        qr_codes,
        digest,
        digests_page,
        deliveries_page,
        submit,
        organisation_page,
        rules_page,
        thresholds_page,
        deadlines,
        own_account,
        own_factor,
        accounts_page,
    ):
        app.include_router(page.router)
    app.mount("/static", Assets(directory=STATIC), name="static")
