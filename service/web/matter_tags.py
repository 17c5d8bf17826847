"""The version of a matter as an ``ETag``, and ``If-Match`` (RFC 9110) before it is changed."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header

from service.usecases.context import Context
from service.usecases.matters.matter_versions import expecting, read_version
from service.web.dependencies import CurrentContext, LoggedIn

_TAG = re.compile('"([1-9][0-9]{0,17})-([0-9]{1,9})"')
_IfMatch = Annotated[
    str | None,
    Header(
        description="取案卷时的 ETag；事项此后有人办理过，答 412。凭令牌办理的必须写明，否则答 428",
        examples=['"123-4"'],
        max_length=1000,
    ),
]


def matter_tag(context: Context, matter_id: int) -> dict[str, str]:
    """The header that tells the version of a matter. Raises as ``read_version``."""
    found, version = read_version(context, matter_id)
    return {"ETag": f'"{found}-{version}"'}


def get_matter_context(
    context: CurrentContext, account: LoggedIn, if_match: _IfMatch = None
) -> Context:
    """The context for changing a matter: only as it was when it was read, where that is told.

    It is looked at where the change locks the matter. A person sees the page and may do without;
    a program must say what it read.
    """
    wanted = (if_match or "").strip()
    if wanted == "*" or (not wanted and account.token_scopes is None):
        return context
    return expecting(context, _versions(wanted) if wanted else None)


def _versions(wanted: str) -> dict[int, frozenset[int]]:
    """The versions of a list of tags, by matter: a merged one has the tag of the one it is in."""
    versions: dict[int, frozenset[int]] = {}
    for found, version in _TAG.findall(wanted):
        versions[int(found)] = versions.get(int(found), frozenset()) | {int(version)}
    return versions


MatterContext = Annotated[Context, Depends(get_matter_context)]
