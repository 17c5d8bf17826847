"""Own-written letters on a few matters, judged against each other."""

from __future__ import annotations

from itertools import combinations

from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from training.pairs import JudgedPair, PairText

_MATTERS = {
    "lamp": ("东风路的路灯坏了", "路灯晚上不亮", "灯坏了半个月没人修"),
    "school": ("阳光小学的食堂", "饭菜是凉的", "家长要看后厨"),
    "water": ("月光小区停水", "自来水发黄有怪味", "水管三天没有修好"),
    "bus": ("九路公交车绕行", "车站撤销了", "老人上下车不方便"),
    "pension": ("养老金没有到账", "社保卡不能用", "窗口让人跑了几趟"),
    "noise": ("夜市烧烤扰民", "音响开到半夜", "油烟飘进卧室"),
    "road": ("柳林村的水泥路断裂", "坑里积水", "货车压坏路面"),
    "land": ("拆迁补偿没有发放", "协议签了一年", "安置房迟迟不开工"),
    "doctor": ("中心医院乱收费", "检查做了两遍", "医生态度不好"),
    "lift": ("桂花大厦电梯困人", "物业不维保", "老人爬楼十八层"),
    "dust": ("搅拌站粉尘飘进教室", "渣土车夜里不停", "请把搅拌站迁走"),
    "fee": ("幼儿园提高收费", "没有提前通知", "家长要求退费"),
}
_WAYS = ((0, 1, 2), (2, 0, 1), (1, 2, 0))


def judged_letters() -> tuple[dict[str, PairText], list[JudgedPair]]:
    """Three letters a matter; of each the second is by the writer of the first."""
    reader = Reader(Segmenter(), Gazetteer((), ()))
    texts = {
        f"{name}{number}": PairText(
            reader.read(parts[order[0]], "，".join(parts[place] for place in order) + "。"),
            sender=1 + 10 * matter + (number == 2),
            sent_at=86_400 * (100 * matter + number),
            judged=((name, 0.9), ("其他", 0.1)),
        )
        for matter, (name, parts) in enumerate(_MATTERS.items())
        for number, order in enumerate(_WAYS)
    }
    return texts, [JudgedPair(*pair, _label(*pair)) for pair in combinations(texts, 2)]


def _label(query: str, candidate: str) -> str:
    if query[:-1] != candidate[:-1]:
        return "N"
    return "S" if "2" in query + candidate else "D"
