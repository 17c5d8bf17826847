"""Members who are a party to a message: they, or those they work for, are named in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from service.domain.organisation import Member, Organisation
from service.triage.employers import employer_names
from service.triage.named import plain_name


class Involvement:
    """Knows by which names each member would be involved.

    Parameters
    ----------
    organisation
        The directory.
    place_names
        Names of the divisions served: employers are also known without them in front.
    """

    def __init__(self, organisation: Organisation, place_names: Iterable[str]) -> None:
        employers = {m.code: plain_name(m.employer) for m in organisation.members}
        spellings = employer_names(filter(None, employers.values()), place_names)
        self._names = {
            member.code: _shortest(
                (plain_name(member.name), *spellings.get(employers[member.code], ()))
            )
            for member in organisation.members
        }

    def name_found(self, member: Member, text: str, senders: Collection[str]) -> str:
        """The name that makes a member a party, "" where none does.

        It stands in ``text`` (plain form), or it is the member who wrote: ``senders`` are names.
        """
        for name in self._names[member.code]:
            if name in text:
                return name
        return member.name if member.name in senders else ""


def _shortest(names: Iterable[str]) -> tuple[str, ...]:
    """The names that hold none of the others: where a longer one stands, so does one of these.

    None is of one character, which stands in texts for anything.
    """
    known = dict.fromkeys(name for name in names if len(name) > 1)
    return tuple(
        name for name in known if not any(other in name for other in known if other != name)
    )
