"""The OpenAPI document: FastAPI's, with our problems in the place of its own error shape."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from service.web.api.documented import BEARER, ProblemOut
from service.web.cookies import SESSION

_ABOUT = "群众留言的受理、分类、并案与待办。错误一律为 application/problem+json。"
_SECURITY = {
    BEARER: {"type": "http", "scheme": "bearer", "description": "在「我的账号」添加，以 mq_ 开头"},
    "会话": {"type": "apiKey", "in": "cookie", "name": SESSION, "description": "登录网页所得"},
}
_REPLACED = ("HTTPValidationError", "ValidationError")


def name_operation(route: APIRoute) -> str:
    """An operation's id: what its function is called, which no two share."""
    return route.name


def describe(app: FastAPI) -> None:
    """Let the application describe itself, once, when it is first asked to."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _make_document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _make_document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title="民情 Minqing", version="1", description=_ABOUT, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _REPLACED:
        schemas.pop(name, None)
    document["components"]["securitySchemes"] = _SECURITY
    for operations in document["paths"].values():
        for operation in operations.values():
            if "401" in operation["responses"]:
                operation.setdefault("security", [{name: []} for name in _SECURITY])
    template = "#/components/schemas/{model}"
    problem = ProblemOut.model_json_schema(ref_template=template)
    schemas.update(problem.pop("$defs"))
    schemas["ProblemOut"] = problem
    return document
