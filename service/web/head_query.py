"""The red head that an address asks a digest to bear."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.digest.red_head import RedHead, read_red_head


def asked_head(
    red_head: Annotated[
        str, Query(max_length=100, description="套红头：发文机关标志，如 富平县政协办公室文件")
    ] = "",
    document_number: Annotated[
        str, Query(max_length=100, description="发文字号，如 富政协〔2019〕12号")
    ] = "",
) -> RedHead | None:
    """The head, None where none is asked for; raises as ``read_red_head``."""
    return read_red_head(red_head, document_number)


AskedHead = Annotated[RedHead | None, Depends(asked_head)]


def head_query(head: RedHead | None) -> str:
    """The head as it stands in an address, "" without one."""
    if head is None:
        return ""
    return urlencode({"red_head": head.authority, "document_number": head.number})
