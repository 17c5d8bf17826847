"""Templates made once, and the one way a page is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.domain.access import Permission, may
from service.domain.channel import Channel
from service.domain.consultation import ConsultationKind
from service.domain.document import DocumentKind
from service.domain.kind import Kind
from service.domain.parting import PartingState
from service.domain.path import Move, Need, Refusal, ReturnReason
from service.domain.receipt import show_receipt
from service.domain.relation import Relation
from service.domain.reply import ReplyState, Satisfaction
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import RETRY_SECONDS
from service.web import names as naming
from service.web.cookies import BROWSER, set_browser
from service.web.forms import CSRF_FIELD, csrf_token
from service.web.highlights import mark_found

PASSING = (429, 503)
STATIC = Path(__file__).parent.parent / "static"


def make_templates(names_now: Callable[[], naming.Names]) -> Environment:
    """The environment of all pages: everything escaped, an unknown name is an error.

    ``names_now`` gives the names of the organisation in force.
    """
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        assets=_asset_version(),
        csrf_field=CSRF_FIELD,
        channels=list(Channel),
        kinds=list(Kind),
        documents=list(DocumentKind),
        statuses=list(MatterStatus),
        Relation=Relation,
        MatterStatus=MatterStatus,
        ENDED_STATUSES=ENDED_STATUSES,
        PartingState=PartingState,
        Move=Move,
        Need=Need,
        ReturnReason=ReturnReason,
        Refusal=Refusal,
        ReplyState=ReplyState,
        Satisfaction=Satisfaction,
        ConsultationKind=ConsultationKind,
        Permission=Permission,
        may=may,
    )
    environment.filters.update(
        topic=lambda code: names_now().topic(code),
        topic_name=lambda code: names_now().topic_name(code),
        studio=lambda code: names_now().studio(code),
        member=lambda code: names_now().member(code),
        committee=lambda code: names_now().committee(code),
        kind=lambda value: Kind(value).label_zh,
        head_label=lambda label, head: naming.label_of(head, label, names_now()),
        time=naming.show_time,
        bounded=naming.show_count,
        last_day=naming.show_last_day,
        days_left=naming.show_days_left,
        citizen=naming.show_text,
        receipt=show_receipt,
        percent=_percent,
        file_size=naming.show_size,
        found=mark_found,
    )
    return environment


def show_page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Render a template as the answer to a request.

    Every template also sees ``account`` (None when nobody is logged in), ``csrf`` and ``path``.
    """
    templates: Environment = request.app.state.templates
    html = templates.get_template(template).render(
        account=getattr(request.state, "account", None),
        csrf=csrf_token(request),
        path=request.url.path,
        **values,
    )
    response = HTMLResponse(html, status)
    if status in PASSING:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if BROWSER not in request.cookies:
        set_browser(request, response)
    return response


def _percent(share: float) -> str:
    """A probability in whole percent; neither "0 %" nor "100 %" unless it is exactly that."""
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def _asset_version() -> str:
    """A digest of the static files, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
