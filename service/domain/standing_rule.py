"""办理规则: what an administrator laid down for certain messages, and what that says of one."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.channel import Channel
from service.domain.kind import Kind
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
    any of ``places`` (names or codes of divisions); it came by any of ``channels``; ``sender``;
    its topic is any of ``topics`` (codes, or names as "level1/level2", of it or of one above it);
    its kind is any of ``kinds``. A message that nobody has classified has neither of these.

    Outcomes: ``studio`` (a code, "" for none) gets the matter. Beside the model's view
    ``department`` is suggested to lead 主办 and ``helping`` to help 会办; ``needs_review`` asks
    for a person; ``refusal`` says why the matter may not be accepted and where the citizen can
    turn instead; ``is_urgent`` raises the urgency (nothing lowers it); ``advice`` is shown to
    the desk, and to whoever hands the message in.
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
    topics: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    studio: str = ""
    helping: tuple[str, ...] = ()

    @property
    def has_condition(self) -> bool:
        """Whether it is about some messages and not about all."""
        is_about_sender = self.sender is not SenderKind.ANYONE
        listed = (self.words, self.places, self.channels, self.topics, self.kinds)
        return is_about_sender or any(listed)

    @property
    def has_outcome(self) -> bool:
        """Whether it says anything."""
        acts = (self.studio, self.department)
        told = (self.needs_review, self.refusal, self.is_urgent, self.advice)
        return any((*acts, *told))


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
    def for_studio(self) -> tuple[Applied, ...]:
        """Those with a studio: the first decides, the others are its runners-up."""
        return tuple(applied for applied in self.applied if applied.rule.studio)

    @property
    def for_department(self) -> tuple[Applied, ...]:
        """The same of those with a department."""
        return tuple(applied for applied in self.applied if applied.rule.department)

    @property
    def studio(self) -> str:
        """The code of the studio that the first rule with one names, "" where none does."""
        return next((applied.rule.studio for applied in self.for_studio), "")

    @property
    def department(self) -> str:
        """The department that the first rule with one suggests, "" where none does."""
        return next((applied.rule.department for applied in self.for_department), "")

    @property
    def helping(self) -> tuple[str, ...]:
        """The departments that the same rule suggests to help."""
        return next((applied.rule.helping for applied in self.for_department), ())

    @property
    def needs_review(self) -> bool:
        """Whether any rule asks for a person, or thinks the matter may not be accepted."""
        return any(a.rule.needs_review or a.rule.refusal for a in self.applied)

    @property
    def is_urgent(self) -> bool:
        """Whether any rule says so."""
        return any(applied.rule.is_urgent for applied in self.applied)

    @property
    def advice(self) -> tuple[str, ...]:
        """What people are told, each thing once."""
        return tuple(dict.fromkeys(a.rule.advice for a in self.applied if a.rule.advice))
