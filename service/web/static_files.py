"""Static files: addressed by a version, so browsers keep them for a year."""

from __future__ import annotations

from os import PathLike, stat_result

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope


class Assets(StaticFiles):
    """Static files with a long life in the browser's cache."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or 304 when the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
