#!/usr/bin/env python3
"""Write ``docs/digest.schema.json``: the JSON Schema of a digest's JSON, from its types."""

from __future__ import annotations

import json
from pathlib import Path

from service.digest.json_schema import digest_schema

TARGET = Path(__file__).parents[1] / "docs/digest.schema.json"


def schema_text() -> str:
    """The file's text."""
    return json.dumps(digest_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema_text(), "utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
