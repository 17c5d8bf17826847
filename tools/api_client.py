#!/usr/bin/env python3
"""Write ``service/client``'s generated files from the OpenAPI document of the application.

``shapes.py``: a ``TypedDict`` or ``Literal`` for each schema. ``operations.py``: a method for each
operation, by its id.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from keyword import iskeyword
from pathlib import Path
from typing import Any

from service.app import create_app
from service.composition import build_triage
from service.domain.organisation import Organisation
from service.settings import Settings
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.usecases.context import Context

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "service/client"
Schema = Mapping[str, Any]
_PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None", "string": "str"}
_JSON, _FORM = "application/json", "multipart/form-data"
_BY_TOOL = "Written by ``tools/api_client.py``; not to be edited."
_SHAPES_HEAD = f'''"""What the API takes and gives, as JSON. {_BY_TOOL}"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
'''
_OPERATIONS_HEAD = f'''"""The operations of the API. {_BY_TOOL}"""

from __future__ import annotations

from typing import {{typing}}

from service.client.answer import Answer, Caller, Files, in_path
from service.client.shapes import (
{{shapes}}
)


class MinqingClient(Caller):
    """A method for each operation. Each raises ``ProblemError`` where it is refused."""
'''


def files_of(document: Schema) -> dict[str, str]:
    """The text of each generated file, by its name."""
    schemas = document["components"]["schemas"]
    shapes = "\n\n".join([_SHAPES_HEAD, *(_shape(*each) for each in sorted(schemas.items()))])
    methods = "\n\n".join(_methods(document))
    used = sorted((n for n in schemas if re.search(rf"\b{n}\b", methods)), key=str.lower)
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", methods)]
    head = _OPERATIONS_HEAD.format(
        typing=", ".join(typing), shapes="\n".join(f"    {name}," for name in used)
    )
    return {
        "shapes.py": _formatted(shapes),
        "operations.py": _formatted(f"{head}\n{methods}\n"),
    }


def _shape(name: str, schema: Schema) -> str:
    told = _docstring(schema.get("description", ""), 4)
    if schema["type"] != "object":
        return f"{name} = {_type(schema)}\n"
    needed = schema.get("required", ())
    fields = [
        f"    {_identifier(key)}: {_type(each) if key in needed else f'NotRequired[{_type(each)}]'}"
        for key, each in schema.get("properties", {}).items()
    ]
    return "\n".join([f"class {name}(TypedDict):", told, "", *fields, ""])


def _type(schema: Schema) -> str:
    """The type of what a schema describes."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return _any_of(schema["anyOf"])
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if schema.get("format") == "binary":
        return "bytes"
    return _type_of_kind(schema.get("type", ""), schema)


def _type_of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list[{_any_of(schema.get('prefixItems') or [schema.get('items', {})])}]"
    if kind == "object":
        members = schema.get("additionalProperties")
        return f"dict[str, {_type(members) if isinstance(members, Mapping) else 'Any'}]"
    return _PLAIN.get(kind, "Any")


def _any_of(schemas: Iterable[Schema]) -> str:
    return " | ".join(dict.fromkeys(map(_type, schemas)))


def _methods(document: Schema) -> Iterator[str]:
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            yield _method(path, verb.upper(), operation)


def _method(path: str, verb: str, operation: Schema) -> str:
    parameters = operation.get("parameters", ())
    content = operation.get("requestBody", {}).get("content", {})
    call, result = _result(operation["responses"])
    arguments = [
        f"{name}: {_type(each['schema'])}"
        for each in parameters
        if (name := _identifier(each["name"])) and each["in"] == "path"
    ]
    for media_type, each in content.items():
        if media_type == _FORM:
            arguments += [*(f"{name}: str" for name in _texts_of(each)), "files: Files"]
        else:
            arguments.append(f"body: {_type(each['schema'])}")
    options = [
        f"{_identifier(each['name'])}: {_optional(each['schema'])} = None"
        for each in parameters
        if each["in"] != "path"
    ]
    given = ["self", *arguments, *(["*", *options] if options else [])]
    sent = [repr(verb), _path(path, parameters), *_parts(parameters, content)]
    return "\n".join(
        [
            f"    def {operation['operationId']}({', '.join(given)}) -> Answer[{result}]:",
            _docstring(_told(operation), 8),
            f"        return self.{call}({', '.join(sent)})",
        ]
    )


def _optional(schema: Schema) -> str:
    return f"{_type(schema).removesuffix(' | None')} | None"


def _path(path: str, parameters: Sequence[Schema]) -> str:
    texts = [
        each["name"]
        for each in parameters
        if each["in"] == "path" and _type(each["schema"]) != "int"
    ]
    for name in texts:
        path = path.replace(f"{{{name}}}", f"{{in_path({_identifier(name)})}}")
    return f'{"f" if "{" in path else ""}"{path}"'


def _parts(parameters: Sequence[Schema], content: Schema) -> Iterator[str]:
    """What is sent beside the path, as arguments of a call."""
    for place, part in (("query", "params"), ("header", "headers")):
        told = [
            f'"{each["name"]}": {_identifier(each["name"])}'
            for each in parameters
            if each["in"] == place
        ]
        if told:
            yield f"{part}={{{', '.join(told)}}}"
    for media_type, each in content.items():
        if media_type == _FORM:
            texts = ", ".join(f'"{name}": {name}' for name in _texts_of(each))
            yield f'data={{{texts}}}, files=[("files", each) for each in files]'
        elif media_type == _JSON:
            yield "json=body"
        else:
            yield f'content=body, media_type="{media_type}"'


def _texts_of(form: Schema) -> list[str]:
    """The fields of a form beside its files."""
    return [name for name in form["schema"]["properties"] if name != "files"]


def _result(responses: Schema) -> tuple[str, str]:
    """Which call makes the operation's answer, and the type of its body."""
    good = [each for status, each in responses.items() if status.startswith("2")]
    contents = [each.get("content", {}) for each in good]
    types = list(
        dict.fromkeys(
            _type(one[_JSON].get("schema", {})) for one in contents if list(one) == [_JSON]
        )
    )
    if any(one and list(one) != [_JSON] for one in contents):
        return "_bytes", "bytes"
    if not types:
        return "_empty", "None"
    return "_json", " | ".join([*types, *(["None"] if not all(contents) else [])])


def _told(operation: Schema) -> str:
    summary, more = operation.get("summary", ""), operation.get("description", "")
    return f"{summary}。\n\n{more}" if more else f"{summary}。"


def _docstring(text: str, indent: int) -> str:
    lines = text.strip().replace("\\", "\\\\").splitlines() or ["…"]
    space = " " * indent
    end = f'\n{space}"""' if len(lines) > 1 else '"""'
    return (
        f'{space}"""'
        + "\n".join([lines[0], *(f"{space}{one}".rstrip() for one in lines[1:])])
        + end
    )


def _identifier(name: str) -> str:
    plain = re.sub(r"\W", "_", name).lower() if "-" in name else name
    return f"{plain}_" if iskeyword(plain) else plain


def _formatted(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "-"]
    result = subprocess.run(command, input=code.encode(), capture_output=True, check=True, cwd=ROOT)
    return result.stdout.decode()


def read_document() -> Schema:
    """The OpenAPI document of the application, which needs no organisation for it."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        database, sealer = Database(settings.url), Sealer(settings.secret_key)
        triage = build_triage(settings, Organisation((), (), (), ()))
        context = Context(settings, database, triage, sealer, partial(datetime.now, UTC))
        document: Schema = create_app(context).openapi()
        database.close()
        return document


if __name__ == "__main__":
    for name, text in files_of(read_document()).items():
        (TARGET / name).write_text(text, "utf-8")
        print(f"{TARGET / name}: {len(text.splitlines()):,} lines")
