"""Codes as people read them: topics, studios, members, times, deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from classifier.judging.taxonomy import Taxonomy
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.organisation import Organisation
from service.usecases.matters.queue import Count


@dataclass(frozen=True)
class Names:
    """Names by code; an unknown code is shown as it is, a missing one as a dash."""

    taxonomy: Taxonomy
    organisation: Organisation

    def topic(self, code: str) -> str:
        """E.g. ``交通运输／公共交通``."""
        known = code in self.taxonomy.names
        return "／".join(self.taxonomy.path(code)) if known else code or "未分类"

    def topic_name(self, code: str) -> str:
        """The topic's own name."""
        return self.taxonomy.name(code) if code in self.taxonomy.names else code or "未分类"

    def studio(self, code: str) -> str:
        """The studio's name."""
        studio = self.organisation.studio_by_code.get(code)
        return studio.name if studio else code or "未指定"

    def member(self, code: str) -> str:
        """The member's name."""
        member = self.organisation.member_by_code.get(code)
        return member.name if member else code or "—"

    def committee(self, code: str) -> str:
        """The committee's name."""
        committee = self.organisation.committee_by_code.get(code)
        return committee.name if committee else code or "—"


def label_of(head: str, label: str, names: Names) -> str:
    """The Chinese name of a label of the model's head ("topic", "department", "kind")."""
    if head == "topic":
        return names.topic(label)
    return Kind(label).label_zh if head == "kind" else label


def show_size(size: int) -> str:
    """Bytes of a file as people read them."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size / 1_000, 0.1):.1f} KB"


def show_count(count: Count) -> str:
    """``1,000`` or, where there are more than were counted, ``1,000+``."""
    return f"{count.number:,}" if count.is_exact else f"{count.number:,}+"


def show_time(at: datetime) -> str:
    """A time as the desk shows it, in Asia/Shanghai, to the minute."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def show_day(at: datetime) -> str:
    """A day as the desk shows it, in Asia/Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"


def show_last_day(due_at: datetime) -> str:
    """The last day allowed; a deadline is the midnight at its end."""
    return f"{_last_day(due_at):%Y-%m-%d}"


def show_days_left(due_at: datetime, now: datetime) -> str:
    """How a deadline stands: ``剩 3 天``, ``今天到期``, ``超期 2 天``."""
    days = (_last_day(due_at).date() - now.astimezone(SHANGHAI).date()).days
    if days > 0:
        return f"剩 {days} 天"
    return "今天到期" if days == 0 else f"超期 {-days} 天"


def _last_day(due_at: datetime) -> datetime:
    return (due_at - timedelta(microseconds=1)).astimezone(SHANGHAI)


_PICTURES = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"}
_HIDDEN = dict.fromkeys((0x7F, *range(0x80, 0xA0)), "\N{REPLACEMENT CHARACTER}")
# Marks that turn the direction of what follows could make a page say what was not written.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F), "")
_SHOWN = _PICTURES | _HIDDEN | _TURNING


def show_text(text: str) -> str:
    """A citizen's text for a page: control characters made visible, direction marks dropped."""
    return text.translate(_SHOWN)
