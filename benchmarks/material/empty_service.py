"""An empty service: the POST that an intake is measured beside. ``python … PORT``."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.post("/api/v1/messages", status_code=201)
def post_message(message: dict[str, Any]) -> dict[str, Any]:
    """Read the JSON and answer, in a thread as the intake does."""
    return {}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
