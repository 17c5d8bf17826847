"""办理规则: what an administrator laid down for certain messages, and what that says of one."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.channel import Channel
from service.domain.labels import Labelled


class SenderKind(Labelled):
    """Whom a rule is about."""

    ANYONE = "anyone", "不限"
    NAMED = "named", "实名"
    ANONYMOUS = "anonymous", "匿名"


@dataclass(frozen=True, slots=True)
class StandingRule:
    """One rule: all of its conditions must hold, an empty one always does.

    Conditions: any of ``words`` stands in the text and none of ``unless``; the message is about
    any of ``places`` (names or codes of divisions); it came by any of ``channels``; ``sender``.

    Outcomes, each beside the model's view: ``department`` is suggested ("" for none);
    ``needs_review`` asks for a person; ``refusal`` says why the matter may not be accepted and
    where the citizen can turn instead; ``is_urgent`` raises the urgency (nothing lowers it);
    ``advice`` is shown to the desk, and to whoever hands the message in.
    """

    name: str
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    sender: SenderKind = SenderKind.ANYONE
    department: str = ""
    needs_review: bool = False
    refusal: str = ""
    is_urgent: bool = False
    advice: str = ""

    @property
    def has_condition(self) -> bool:
        """Whether it is about some messages and not about all."""
        is_about_sender = self.sender is not SenderKind.ANYONE
        return bool(self.words or self.places or self.channels or is_about_sender)

    @property
    def has_outcome(self) -> bool:
        """Whether it says anything."""
        told = (self.department, self.needs_review, self.refusal, self.is_urgent, self.advice)
        return any(told)


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule whose conditions a message met, as it was then. ``because`` says how, in Chinese."""

    rule: StandingRule
    because: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """规则意见: what the rules say of one message; ``applied`` in the rules' order, never empty."""

    applied: tuple[Applied, ...]

    @property
    def department(self) -> str:
        """The department that the first rule with one suggests, "" where none does."""
        return next((a.rule.department for a in self.applied if a.rule.department), "")

    @property
    def is_urgent(self) -> bool:
        """Whether any rule says so."""
        return any(applied.rule.is_urgent for applied in self.applied)

    @property
    def advice(self) -> tuple[str, ...]:
        """What people are told, each thing once."""
        return tuple(dict.fromkeys(a.rule.advice for a in self.applied if a.rule.advice))
