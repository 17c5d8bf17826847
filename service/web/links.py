"""The ``Link`` header (RFC 8288) of lists that are read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Request, Response


def link_next(request: Request, response: Response, ids: Sequence[int], limit: int) -> None:
    """Lead from a full page, the newest first, to what stands behind its last row.

    Parameters
    ----------
    ids
        Of the page's rows, in their order.
    limit
        How many a page holds.
    """
    if len(ids) == limit:
        query = urlencode({**request.query_params, "before": ids[-1]})
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
