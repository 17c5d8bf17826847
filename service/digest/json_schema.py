"""The published JSON Schema of a digest's JSON, made from the types that are written."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from service.digest.json_document import SCHEMA, DigestDocument, PeriodRecord
from service.digest.periods import Period


def digest_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) that each digest's JSON keeps, with no field left undeclared."""
    made = TypeAdapter(DigestDocument).json_schema(schema_generator=_Strict, mode="serialization")
    return {"$schema": _Strict.schema_dialect, "$id": f"urn:{SCHEMA.replace('/', ':')}", **made}


class _Strict(GenerateJsonSchema):
    """Every field is there and no other; a period is written as its record."""

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        if schema["cls"] is Period:
            return self.generate_inner(TypeAdapter(PeriodRecord).core_schema)
        made = super().dataclass_schema(schema)
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
        return made
