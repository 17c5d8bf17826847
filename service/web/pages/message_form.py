"""The form by which a message is written down, by a clerk or by the citizen."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Request, Response

from service.domain.access import Account
from service.domain.channel import Channel
from service.domain.consent import CONSENTS, Consent, consent_for
from service.domain.message import IncomingMessage
from service.domain.retention import KEPT_ALWAYS
from service.errors import DatabaseUnavailableError, InvalidInputError, MinqingError
from service.intake.columns import Field as Part
from service.intake.messages import ReadOptions, build_message
from service.usecases.context import Context
from service.usecases.intake.attaching import count_attached, limits_zh
from service.usecases.intake.receive_for_studio import ReceivedForStudio
from service.usecases.upkeep.retention import show_retention_policy
from service.web.pages.rendering import show_page

FIELDS = ("channel", "sender_name", "phone", "title", "text", "sent_at", "studio")
NOTHING: Mapping[str, str] = {}


def _new_form_id() -> str:
    """The random number of one form, so that sending it twice is seen."""
    return secrets.token_urlsafe(16)


def read_message(
    context: Context,
    form: Mapping[str, str],
    source: str,
    channel: Channel,
    taker: Account | None = None,
) -> IncomingMessage:
    """The message that a form holds; without a time of its own it was said now.

    ``taker`` writes it down on the sender's behalf, and says whether the sender was told how
    personal data are used; who writes it themselves must agree.

    Raises
    ------
    InvalidInputError
        One of its kinds, by the first thing wrong.
    """
    now = context.now()
    text = form.get("text", "").replace("\r\n", "\n")
    values = {
        Part.TITLE: form.get("title", ""),
        Part.TEXT: text,
        Part.SENT_AT: form.get("sent_at", "").strip() or now,
        Part.CHANNEL: form.get("channel", ""),
        Part.EXTERNAL_ID: _external_id(form),
        Part.SENDER: form.get("sender_name", ""),
        Part.PHONE: form.get("phone", ""),
    }
    limit = context.settings.max_text_chars
    options = ReadOptions(now, max_text_chars=limit, channel=channel)
    message = build_message(values, source, options)
    taken_by = taker.name if taker else ""
    return replace(message, consent_version=_consent(form, taker), taken_by=taken_by)


def _consent(form: Mapping[str, str], taker: Account | None) -> str:
    version = form.get("consent", "")
    if version not in CONSENTS and (version or taker is None):
        raise InvalidInputError("请阅读并同意个人信息的处理说明")
    return version


def _external_id(form: Mapping[str, str]) -> str:
    """The same form with the same words is the same message; with other words another one."""
    parts = (form.get("form_id", ""), *(form.get(name, "") for name in FIELDS))
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]


def show_form(
    request: Request,
    context: Context,
    template: str,
    form: Mapping[str, str] = NOTHING,
    problem: MinqingError | None = None,
    **more: Any,
) -> Response:
    """The form: empty, or as it was typed with what is wrong with it.

    ``more`` is what this template needs besides.
    """
    return show_page(
        request,
        template,
        problem.status if problem else 200,
        values={name: form.get(name, "") for name in FIELDS},
        form_id=form.get("form_id", "") or _new_form_id(),
        error=problem.message if problem else "",
        max_chars=context.settings.max_text_chars,
        attachment_limits=limits_zh(context),
        consent=_consent_shown(context),
        is_agreed=bool(form.get("consent")),
        **more,
    )


def _consent_shown(context: Context) -> Consent:
    """The text in force; with the database away the one that promises no period."""
    try:
        return consent_for(show_retention_policy(context).message_years)
    except DatabaseUnavailableError:
        return consent_for(KEPT_ALWAYS)


def show_slip(
    request: Request,
    context: Context,
    message: IncomingMessage,
    taken: ReceivedForStudio,
    wanted_studio: str,
    next_form: str,
    refused: Sequence[str] = (),
) -> Response:
    """The receipt to print, and what became of the message; ``next_form`` takes the next one.

    ``refused`` tells why files that came with it were not kept.
    """
    received, is_moved = taken.received, taken.is_given
    return show_page(
        request,
        "slip.html.j2",
        201 if received.is_new else 200,
        received=received,
        message=message,
        now=context.now(),
        studio=wanted_studio if is_moved else received.assignment.studio,
        is_moved=is_moved,
        wanted_studio=wanted_studio,
        next_form=next_form,
        refused=refused,
        attachment_count=count_attached(context, received.message_id),
        consent=_consent_shown(context),
    )
