"""Who may do what: one table of roles and permissions, and whose matters an account is for.

What the table does not name is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain.labels import Labelled
from service.domain.organisation import Organisation
from service.domain.path import Move


class Role(Labelled):
    """What an account is for."""

    ADMINISTRATOR = "administrator", "管理员"
    CLERK = "clerk", "收件员"
    CONVENER = "convener", "召集人"
    MEMBER = "member", "委员"
    LIAISON = "liaison", "承办单位联络员"
    LEADER = "leader", "领导"


class Permission(Labelled):
    """What a route may be for."""

    OWN = "own", "自己的账号和视图"
    READ = "read", "查看事项，个人信息已遮盖"
    READ_ORIGINAL = "read_original", "查看原文和来信人"
    SEARCH = "search", "检索"
    DIGEST = "digest", "民情汇总"
    TAKE_IN = "take_in", "登记来信"
    RECEIVE = "receive", "接待"
    CORRECT = "correct", "更正判断"
    CLAIM = "claim", "认领"
    JOIN = "join", "并案、拆分、分件"
    DIRECT = "direct", "交办、转办、办结"
    HANDLE = "handle", "签收、承办、退单"
    URGE = "urge", "督办"
    CONSULT = "consult", "协商"
    DRAFT = "draft", "起草答复"
    CHECK = "check", "核稿"
    SIGN = "sign", "签发答复"
    RULE = "rule", "规则、复核要求、时限、模板"
    ORGANISE = "organise", "组织资料"
    ACCOUNTS = "accounts", "账号、推送地址、定时汇总"
    DELIVER = "deliver", "查看投递、再次投递"
    ERASE = "erase", "依法删除来信"


class TokenScope(Labelled):
    """What a program may do with a token, of what the account may that it was made for."""

    READ = "read", "查看事项、检索、民情汇总，个人信息已遮盖"
    SENDERS = "senders", "查看原文和来信人"
    INTAKE = "intake", "登记来信、接待"
    CASEWORK = "casework", "认领、办理、协商、答复"
    ADMIN = "admin", "规则、组织资料"
    ACCOUNTS = "accounts", "账号、推送地址、定时汇总"
    DELIVERIES = "deliveries", "查看投递、再次投递"


class ScopeKind(Labelled):
    """What an account's matters are told by."""

    WHOLE = "whole", "全部"
    COMMITTEE = "committee", "政协"
    STUDIO = "studio", "委员工作室"
    DEPARTMENT = "department", "承办单位"


_P, _K = Permission, ScopeKind
_EVERYONE = frozenset({_P.OWN, _P.READ, _P.SEARCH})
_AT_THE_DESK = _EVERYONE | {
    _P.READ_ORIGINAL,
    _P.DIGEST,
    _P.TAKE_IN,
    _P.RECEIVE,
    _P.CORRECT,
    _P.CLAIM,
    _P.JOIN,
    _P.DIRECT,
    _P.HANDLE,
    _P.URGE,
    _P.DRAFT,
    _P.CHECK,
}

ALLOWED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.CLERK: _AT_THE_DESK,
        Role.CONVENER: _AT_THE_DESK | {_P.CONSULT, _P.SIGN},
        Role.MEMBER: _EVERYONE
        | {_P.DIGEST, _P.TAKE_IN, _P.RECEIVE, _P.CLAIM, _P.CONSULT, _P.DRAFT},
        Role.LIAISON: _EVERYONE | {_P.CLAIM, _P.HANDLE, _P.DRAFT},
        Role.LEADER: _EVERYONE | {_P.DIGEST, _P.URGE},
    }
)

# What holds for all: nobody whose account is for a part lays it down.
_FOR_ALL = frozenset({_P.RULE, _P.ORGANISE, _P.ACCOUNTS, _P.DELIVER, _P.ERASE})

SCOPES: Mapping[Role, frozenset[ScopeKind]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset({_K.WHOLE, _K.COMMITTEE}),
        Role.CLERK: frozenset({_K.COMMITTEE}),
        Role.CONVENER: frozenset({_K.STUDIO}),
        Role.MEMBER: frozenset({_K.STUDIO}),
        Role.LIAISON: frozenset({_K.DEPARTMENT}),
        Role.LEADER: frozenset({_K.WHOLE, _K.COMMITTEE}),
    }
)

# Nobody's own account: with a token neither its password nor its tokens can be changed.
TOKEN_PERMISSIONS: Mapping[TokenScope, frozenset[Permission]] = MappingProxyType(
    {
        TokenScope.READ: frozenset({_P.READ, _P.SEARCH, _P.DIGEST}),
        TokenScope.SENDERS: frozenset({_P.READ_ORIGINAL}),
        TokenScope.INTAKE: frozenset({_P.TAKE_IN, _P.RECEIVE}),
        TokenScope.CASEWORK: frozenset(
            {
                _P.CORRECT,
                _P.CLAIM,
                _P.JOIN,
                _P.DIRECT,
                _P.HANDLE,
                _P.URGE,
                _P.CONSULT,
                _P.DRAFT,
                _P.CHECK,
                _P.SIGN,
            }
        ),
        TokenScope.ADMIN: frozenset({_P.RULE, _P.ORGANISE}),
        TokenScope.ACCOUNTS: frozenset({_P.ACCOUNTS}),
        TokenScope.DELIVERIES: frozenset({_P.DELIVER}),
    }
)

_BY_WHO_HANDLES = (
    Move.SIGN,
    Move.START,
    Move.RETURN,
    Move.ASK,
    Move.SUPPLEMENT,
    Move.EXTEND,
)
MOVES: Mapping[Move, Permission] = MappingProxyType(
    dict.fromkeys(Move, _P.DIRECT)
    | dict.fromkeys(_BY_WHO_HANDLES, _P.HANDLE)
    | {Move.URGE: _P.URGE, Move.ANSWER: _P.SIGN}
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a matter: codes of committee and studio, names of departments; "" for none."""

    committee: str
    studio: str
    department: str = ""
    helping: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose matters an account is for: those of ``codes``, which are names for departments."""

    kind: ScopeKind = ScopeKind.WHOLE
    codes: frozenset[str] = frozenset()

    def includes(self, holder: Holder) -> bool:
        """Whether what this holder has lies in the scope."""
        if self.kind is ScopeKind.WHOLE:
            return True
        if self.kind is ScopeKind.COMMITTEE:
            return holder.committee in self.codes
        if self.kind is ScopeKind.STUDIO:
            return holder.studio in self.codes
        return not self.codes.isdisjoint((holder.department, *holder.helping))


WHOLE = Scope()


@dataclass(frozen=True, slots=True)
class Account:
    """Who is logged in.

    Before all else the password ``must_change``, or a second factor must be set up
    (``must_enrol``). ``token_scopes`` is None of a person in a browser; a program has no more
    than these.
    """

    name: str
    role: Role
    scope: Scope = WHOLE
    must_change: bool = False
    must_enrol: bool = False
    token_scopes: frozenset[TokenScope] | None = None


def may(account: Account | None, permission: Permission, holder: Holder | None = None) -> bool:
    """Whether an account has a permission, and has it for what this holder has."""
    if account is None or permission not in ALLOWED.get(account.role, frozenset()):
        return False
    if account.token_scopes is not None and not any(
        permission in TOKEN_PERMISSIONS[each] for each in account.token_scopes
    ):
        return False
    if permission in _FOR_ALL and account.scope.kind is not ScopeKind.WHOLE:
        return False
    return holder is None or account.scope.includes(holder)


def may_move(account: Account, move: Move, department: str) -> bool:
    """Whether an account may make a move with a matter that a department leads.

    A department that helps sees the matter and drafts; signing, sending back and all else is the
    leading one's.
    """
    return leads(account, department) and may(account, MOVES[move])


def leads(account: Account, department: str) -> bool:
    """Whether an account is no department's, or that of the department named."""
    scope = account.scope
    return scope.kind is not ScopeKind.DEPARTMENT or department in scope.codes


def make_scope(kind: ScopeKind, codes: Iterable[str], organisation: Organisation) -> Scope:
    """A scope in an organisation: of committees also those below them."""
    wanted = frozenset(codes)
    if kind is not ScopeKind.COMMITTEE:
        return Scope(kind, wanted)
    while True:
        below = {one.code for one in organisation.committees if one.parent in wanted}
        if below <= wanted:
            return Scope(kind, wanted)
        wanted |= below


def studio_holder(organisation: Organisation, code: str) -> Holder:
    """The holder that a studio is, with its committee; one that nobody has where it is unknown."""
    studio = organisation.studio_by_code.get(code)
    return Holder(studio.committee if studio else "", code)
