"""Names for the codes in facts."""

from __future__ import annotations

from service.digest.facts import Names
from service.usecases.context import Context


def read_names(context: Context) -> Names:
    """What topics, studios and committees are called now."""
    taxonomy, organisation = context.triage.taxonomy, context.triage.organisation
    codes = (*taxonomy.codes(1), *taxonomy.codes(2))
    return Names(
        topics={code: "／".join(taxonomy.path(code)) for code in codes},
        studios={studio.code: studio.name for studio in organisation.studios},
        committees={item.code: item.name for item in organisation.committees},
        members={member.code: member.name for member in organisation.members},
    )
