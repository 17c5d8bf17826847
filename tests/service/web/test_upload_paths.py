"""Where files may be handed in is told twice: by the routes, and by the limit before them."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from service.web.api.mails import mail_body
from service.web.forms import read_files
from service.web.limits import takes_files


def reads_files(dependant: Dependant | None) -> bool:
    return dependant is not None and (
        dependant.call in (read_files, mail_body) or any(map(reads_files, dependant.dependencies))
    )


def test_the_larger_limit_holds_for_just_the_routes_that_read_files(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"\{[^}]+\}", "7", route.path or "")
        if "POST" in (route.methods or ()):
            assert takes_files(path) == reads_files(getattr(route, "dependant", None)), path
