"""Full names that nothing but their form and their neighbours give away.

「砂场老板牛二虎有人撑腰」: no list of words can know what follows a name. A name is taken where a
surname begins at a place where names stand, what may be given names follows, and no ordinary word
of jieba's dictionary runs over either end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.personal.data import PersonalData, PersonalKind
from classifier.personal.name_forms import SURNAMES, is_given, surname_length
from classifier.personal.name_words import TITLES
from classifier.spans import Span
from classifier.text.names import is_thing_at
from classifier.text.ordinary import ORDINARY_FROM, word_count
from classifier.text.spots import HAN, SpottedPattern
from classifier.text.surnames import CLEAR_SURNAMES, COMPOUND_SURNAMES, GIVEN_NAME_CHARACTERS

_BEGINNINGS = "".join(sorted(SURNAMES | {each[0] for each in COMPOUND_SURNAMES}))
_CLEAR = "".join(sorted(CLEAR_SURNAMES))
_GIVEN = "".join(sorted(GIVEN_NAME_CHARACTERS))
_FOLLOWING = "".join(sorted(GIVEN_NAME_CHARACTERS | {each[1] for each in COMPOUND_SURNAMES}))
# Where a name may begin though no word says so: behind punctuation and these.
_USUAL = 300  # 马超 is a name behind 村民, 周末 is none
_RUNS_OVER = 500  # 国际 and 理论 run over the end of a name, 林带 hardly
_WEAK = "和与由给被叫让请对向跟同把将找及是的诉了有"
_WEAK_WORDS = (
    "举报",
    "投诉",
    "控告",
    "状告",
    "起诉",
    "名为",
    "叫做",
    "感谢",
    "表扬",
    "就是",
    "其中",
)
_MARKS = ',。!?;:、("“‘'
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_BOUNDARY = f"[\\s{_MARKS}{_WEAK}]"
# Begins with the character that is looked for: what stands before it is looked at only then. Of two
# characters of a given name one is usual, or they are the same.
_OPEN = SpottedPattern(
    f"(?:[{_BEGINNINGS}](?=[{_FOLLOWING}])|[{_CLEAR}](?=[一-鿿][{_GIVEN}]|([一-鿿])\\1))"
    f"(?:(?<={_BOUNDARY}.)|(?<!(?s:..))|(?<=(?:{'|'.join(_WEAK_WORDS)}).))",
    here=_BEGINNINGS,
    before=_SPACES + _MARKS + _WEAK + "".join(word[-1] for word in _WEAK_WORDS),
    behind=HAN,
)
# What goes on behind a name: what somebody does, has or is, or the next name of a list.
_GOES_ON = re.compile(
    '$|[\\s,。!?;:、()"”’]|[把被说在等的和与及带打给占从将来有要不也还又已曾却就都叫让向对到去拿收欠住开卖跑'
    "理竟于今现为吃仗夜晚昨每长经多一整公两收身因借骗找称是为私强拒承带帮介]|夫妇|夫妻|一家|家(?!具|电|长|庄)|两人|二人|三人|三户|父子|"
    "母子|兄弟|姐妹|本人|合伙|合谋|借款"
)
# Behind two characters that read as a name these make a place of them, whatever stood before.
_PLACE_ENDINGS = frozenset(
    "路街巷村镇乡县区市桥沟湾庄堡屯寨店厂站园苑府城湖河港矿校院局厅处所岭冲坪塘坝组里坊"
)
_STOPS, _LISTED = "。,、)!?;", "。,、)为两三合等都与和吃的说把被占卖"
# Surnames that are words of their own too often to begin a name in the middle of a sentence.
_MERE_WORDS = frozenset("于时路车沿方党水首占解任向应保都古")
# People call each other so, where it is no title: 谭总, 唐姐, 孔哥.
_KIN, _TEAM = "姐哥嫂叔婶", "总工"
_BY_KIN = "".join(sorted(SURNAMES - frozenset("师时车首小卓")))
_CALLED = SpottedPattern(
    f"[{_KIN}{_TEAM}](?:(?<=[{_BY_KIN}][{_KIN}])(?![弟妹夫])"
    f"|(?<=[{_BY_KIN}]总)(?![是共体之要会不的数量])|(?<=[{_CLEAR}]工)(?=[来说看在把被带去]))"
    f"(?:(?<={_BOUNDARY}..)|(?<!(?s:...)))",
    here=_KIN + _TEAM,
    before="".join(SURNAMES),
)
# Uighur, Kazakh, Tibetan and Mongol names as they are written out: 买买提·艾力.
_SYLLABLES = (
    "阿艾安埃金巴白贝比布别伯博才次措达旦丹德迪丁多尔法菲帕甫尕噶格嘎贡古哈海汗罕赫合胡吉加江卡卜杜凯克康库拉兰"
    "朗勒里丽力利莲龙玛买曼美米明莫木穆那纳娜尼努诺欧皮平朴普其齐奇恰强琼热仁日茹萨赛桑沙山生什斯松索塔泰坦特"
    "提铁图吐托瓦旺维吾乌西希夏雅亚央扬伊依英尤玉孜扎哲珠卓翁娃高琴苏呼恩赤增顿珍白姆逊肉孙再祖则"
)
_WRITTEN_OUT = re.compile(
    f"[{_SYLLABLES}]{{2,6}}(?:[·•‧・．][{_SYLLABLES}]{{2,7}}){{1,2}}(?![一-鿿]?(?:城|湾|府|园|苑|郡|小区))"
)
_MIDDLE_DOTS = "·•‧・．"


def find_bare_names(text: str) -> Iterator[PersonalData]:
    """Names in plain text that stand where names do, in no order; they may overlap."""
    for place in _OPEN.finditer(text):
        end = _open_name_end(text, place.start())
        if end:
            yield PersonalData(Span(place.start(), end), PersonalKind.NAME)
    for called in _CALLED.finditer(text):
        yield PersonalData(Span(called.start() - 1, called.start()), PersonalKind.OFFICIAL)
    if any(map(text.__contains__, _MIDDLE_DOTS)):
        for written in _WRITTEN_OUT.finditer(text):
            yield PersonalData(Span(*written.span()), PersonalKind.NAME)


def cued_name_end(text: str, start: int) -> int:
    """The end of the full name behind a word that names follow (村民, 局长); ``start`` if none."""
    given = start + surname_length(text, start)
    for end in _ends(text, start, given):
        if _is_given_name(text[given:end]) and _is_free(text, start, given, end, _USUAL):
            return end
    return start


def _open_name_end(text: str, start: int) -> int:
    """The end of a name that no word announces, 0 if none."""
    given = start + surname_length(text, start)
    for end in _ends(text, start, given):
        if _is_sure_enough(text, start, given, end) and _is_free(text, start, given, end):
            is_within = start > 0 and is_ordinary(text[start - 1 : start + 1])
            return 0 if is_within else end  # 由于, 及时, 了解
    return 0


def _is_sure_enough(text: str, start: int, first: int, end: int) -> bool:
    """Whether form and neighbours leave little doubt; the less usual the one, the more the other.

    A clear surname with two usual given characters needs nothing behind it; with one usual one, or
    none but a surname that is a word as well, what goes on must read so; two characters of which
    the first is such a word must stand in a list, and be no word at all. The given name begins at
    ``first``.
    """
    given = text[first:end]
    is_usual = GIVEN_NAME_CHARACTERS.issuperset(given)
    if not is_usual and not _is_given_name(given):
        return False
    is_clear = text[start] in CLEAR_SURNAMES or first - start > 1
    is_long = end - start > 2
    is_place = given[-1] in _PLACE_ENDINGS
    if is_place and not (is_clear and len(given) == 2 == end - start - 1):
        return False
    if is_clear:
        return (is_long and is_usual and not is_place) or _goes_on(text, end)
    before, behind = text[start - 1 : start], text[end : end + 1]
    if is_long:
        is_word = text[start] in _MERE_WORDS and before in _WEAK and behind not in _STOPS
        is_begun = before in ("", *_STOPS) and behind in _LISTED
        return (is_usual or is_begun) and not is_word and _goes_on(text, end)
    is_listed = before in "和与、" and behind in _LISTED
    return is_usual and is_listed and word_count(text[start:end]) == 0


def _goes_on(text: str, end: int) -> bool:
    return _GOES_ON.match(text, end) is not None


def _ends(text: str, start: int, given: int) -> list[int]:
    """Where a name may end whose surname ends, and given name begins, here; the likeliest first."""
    if given == start:
        return []
    ends = []
    if text[given : given + 1] in CLEAR_SURNAMES and GIVEN_NAME_CHARACTERS.issuperset(
        text[given + 1 : given + 3]
    ):
        ends.append(given + 3)  # two surnames: 陈王淑芬
    is_and = text[given + 1 : given + 2] == "和" and surname_length(text, given + 2) > 0
    ends += (given + 1,) if is_and else (given + 2, given + 1)
    return [end for end in ends if end <= len(text) or end == given + 3]


def _is_given_name(given: str) -> bool:
    """Whether characters may be a given name: one of them is usual, or both are the same."""
    is_twice = len(given) > 1 and given[0] == given[1]
    if not is_twice and GIVEN_NAME_CHARACTERS.isdisjoint(given):
        return False
    return all(each in GIVEN_NAME_CHARACTERS or is_given(each) for each in given)


def _is_free(text: str, start: int, given: int, end: int, usual: int = ORDINARY_FROM) -> bool:
    """Whether no usual word or name of a place runs over what reads as a name.

    ``usual``: how often the dictionary counts a word that is rather that than a name.
    """
    if is_thing_at(text, end) or text[end : end + 1] in _PLACE_ENDINGS:
        return False
    if text[end - 2 : end] in TITLES or text[end - 1 : end + 1] in TITLES:
        return False
    is_compound = given - start > 1
    read_as_word = {text[start:end]} | (set() if is_compound else {text[start : start + 2]})
    if any(word_count(word) >= usual for word in read_as_word):
        return False
    over, next_word = word_count(text[end - 1 : end + 1]), word_count(text[end : end + 2])
    if end - start > 2 and over >= max(_RUNS_OVER, next_word):
        return is_ordinary(text[end - 2 : end])  # 王建国|家
    return True


def is_ordinary(word: str) -> bool:
    """Whether two or more characters are a usual word."""
    return len(word) > 1 and word_count(word) >= ORDINARY_FROM
