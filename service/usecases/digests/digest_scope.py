"""Which share of the matters a reader's digest speaks of."""

from __future__ import annotations

from service.domain.access import Account, ScopeKind, studio_holder
from service.domain.digest_scope import WHOLE_COUNTY, DigestScope, DigestScopeKind
from service.domain.organisation import Organisation
from service.errors import ForbiddenError, InvalidInputError, NotFoundError
from service.storage.digests.facts.scope import has_department
from service.usecases.context import Context


def find_scope(
    context: Context,
    *,
    committee: str = "",
    studio: str = "",
    department: str = "",
    topic: str = "",
) -> DigestScope:
    """The scope of at most one of these; of the whole county where all are "".

    Parameters
    ----------
    committee, studio
        A code of the directory.
    department
        The name of a department of the directory, or of one that a matter went to.
    topic
        A code of the first or second level.

    Raises
    ------
    InvalidInputError
        More than one is given.
    NotFoundError
        There is no such committee, studio, department or topic.
    """
    asked = {
        DigestScopeKind.COMMITTEE: committee,
        DigestScopeKind.STUDIO: studio,
        DigestScopeKind.DEPARTMENT: department,
        DigestScopeKind.TOPIC: topic,
    }
    given = [(kind, key) for kind, key in asked.items() if key]
    if len(given) > 1:
        named = "、".join(kind.label_zh for kind, _ in given)
        raise InvalidInputError(f"汇总范围只能选一个，收到了：{named}")
    if not given:
        return WHOLE_COUNTY
    ((kind, key),) = given
    name = _name_of(context, kind, key)
    if not name:
        raise NotFoundError(f"{kind.label_zh} {key[:100]}")
    covered: tuple[str, ...] = (key,)
    if kind is DigestScopeKind.COMMITTEE:
        covered = committees_under(context.triage.organisation, key)
    return DigestScope(kind, key, name, covered)


def _name_of(context: Context, kind: DigestScopeKind, key: str) -> str:
    """What it is called, "" where there is none."""
    organisation, taxonomy = context.triage.organisation, context.triage.taxonomy
    if kind is DigestScopeKind.COMMITTEE:
        committee = organisation.committee_by_code.get(key)
        return committee.name if committee else ""
    if kind is DigestScopeKind.STUDIO:
        studio = organisation.studio_by_code.get(key)
        return studio.name if studio else ""
    if kind is DigestScopeKind.TOPIC:
        is_known = key in (*taxonomy.codes(1), *taxonomy.codes(2))
        return "／".join(taxonomy.path(key)) if is_known else ""
    return key if _is_department(context, key) else ""


def _is_department(context: Context, name: str) -> bool:
    if any(one.name == name for one in context.triage.organisation.departments):
        return True
    with context.database.reading() as connection:
        return has_department(connection, name)


def committees_under(organisation: Organisation, code: str) -> tuple[str, ...]:
    """The codes of a committee and of all below it, ascending; a ring of parents ends."""
    found = {code}
    newest = found
    while newest:
        newest = {
            one.code
            for one in organisation.committees
            if one.parent in newest and one.code not in found
        }
        found |= newest
    return tuple(sorted(found))


def scope_of_account(context: Context, account: Account, asked: DigestScope) -> DigestScope:
    """What an account gets where it asks for a digest: its own matters where it asks for all.

    Raises
    ------
    ForbiddenError
        It asks for others' matters.
    """
    if asked.kind is DigestScopeKind.WHOLE and account.scope.kind is not ScopeKind.WHOLE:
        asked = _own(context, account)
    if not may_digest(context, account, asked.kind, asked.key):
        raise ForbiddenError(f"{asked.kind.label_zh}不在账号的范围内")
    return asked


def may_digest(context: Context, account: Account, kind: DigestScopeKind, key: str) -> bool:
    """Whether a digest of this scope tells of an account's own matters only."""
    own, organisation = account.scope, context.triage.organisation
    if own.kind is ScopeKind.WHOLE:
        return True
    if kind is DigestScopeKind.COMMITTEE:
        return own.kind is ScopeKind.COMMITTEE and key in own.codes
    if kind is DigestScopeKind.STUDIO:
        return own.includes(studio_holder(organisation, key))
    return False


def readable_scopes(context: Context, account: Account) -> dict[str, set[str]] | None:
    """The scopes, keys by kind, of which ``may_digest`` is true; None where it is of all."""
    if account.scope.kind is ScopeKind.WHOLE:
        return None
    organisation = context.triage.organisation
    known = {
        DigestScopeKind.COMMITTEE: (one.code for one in organisation.committees),
        DigestScopeKind.STUDIO: (one.code for one in organisation.studios),
    }
    return {
        kind.value: {key for key in keys if may_digest(context, account, kind, key)}
        for kind, keys in known.items()
    }


def _own(context: Context, account: Account) -> DigestScope:
    """The committee (of those above all others) or studio that an account is for.

    Of several the first by code: the others can be asked for.
    """
    own = account.scope
    if own.kind is ScopeKind.COMMITTEE:
        committees = context.triage.organisation.committee_by_code
        known = [committees[code] for code in sorted(own.codes) if code in committees]
        tops = [one.code for one in known if one.parent not in own.codes]
        if tops:
            return find_scope(context, committee=tops[0])
    if own.kind is ScopeKind.STUDIO and own.codes:
        return find_scope(context, studio=min(own.codes))
    raise ForbiddenError("账号的范围内没有可汇总的政协组织或委员工作室")
