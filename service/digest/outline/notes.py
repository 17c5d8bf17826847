"""统计口径: how the figures were made, in small print."""

from __future__ import annotations

from datetime import datetime

from service.digest.bursts import FALSE_RATE as BURST_FALSE_RATE
from service.digest.compare import FALSE_RATE
from service.digest.hot import HEAT_ZH
from service.digest.materials import CRITERIA_ZH
from service.digest.outline.words import PERIOD_WORDS
from service.digest.periods import show_day
from service.digest.report import Digest

_EXPECTED = (
    "短期突增的“预计”按各项以往所占份额和这几日的留言总数算出，"
    f"误报比例控制在{BURST_FALSE_RATE:.0%}以内。"
)


def show_moment(moment: datetime) -> str:
    """E.g. ``2019年7月15日 08:30``."""
    return f"{show_day(moment.date())} {moment:%H:%M}"


def note_lines(digest: Digest) -> tuple[str, ...]:
    """The definitions a reader needs, and the cut of the data."""
    base = PERIOD_WORDS[digest.period.kind].base
    judged = (
        f"“变化”按{base}的日均数量作泊松检验，同一张表各项合并控制误报率不高于"
        f"{FALSE_RATE:.0%}，未达到的一律记为“平稳”。"
    )
    return (
        f"数据截至{show_moment(digest.cut_at)}，日期均按北京时间；事项状态为截至该时刻的状态。",
        "“留言”含重复件；“人数”为来信人去重后的人数，匿名留言每条计一人，"
        "各项人数之和可大于合计人数；“重复件”为与已有留言文字相同或基本相同的留言。",
        f"{digest.obstacle}。" if digest.obstacle else judged,
        *((_EXPECTED,) if digest.rising.rises else ()),
        *((f"{HEAT_ZH}。",) if digest.hot else ()),
        *((f"{CRITERIA_ZH}。",) if digest.materials else ()),
        "标题和引文取自留言，个人信息已隐去；引文为原话，超长处以省略号截断。",
        "每个数字所依据的留言编号，见同期 XLSX 的“留言明细”各列筛选，或同期 JSON。",
    )
