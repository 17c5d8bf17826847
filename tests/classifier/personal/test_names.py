"""Names told by what stands beside them."""

from __future__ import annotations

import pytest

from classifier.personal.find import PersonalKind, find_personal_data
from classifier.text.clean import clean


def finds(text: str) -> list[tuple[str, PersonalKind]]:
    plain = clean(text).plain
    return [(plain[f.span.start : f.span.end], f.kind) for f in find_personal_data(plain)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王主任说不归他管", "王"),
        ("欧阳校长", "欧阳"),
        ("县里的张建国局长", "张建国"),
        ("找了高书记", "高"),
        ("有位郭婆婆", "郭"),
        ("卫生院龚医生", "龚"),
        ("王副主任", "王"),
        ("李常务副县长", "李"),
        ("陈董事长", "陈"),
        ("华阳小学的董老师", "董"),
        ("找向主任", "向"),
        ("車間的黃師傅", "黄"),
        ("司马玉兰老师", "司马玉兰"),
        ("物业姓苟的经理", "苟"),
        ("业主白女士", "白"),
    ],
)
def test_the_name_before_a_title_is_found(text: str, name: str) -> None:
    assert finds(text) == [(name, PersonalKind.OFFICIAL)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫张三,", "张三"),
        ("我叫王强今年六十", "王强"),
        ("我叫欧阳桂香,住在", "欧阳桂香"),
        ("我叫向德全,", "向德全"),
        ("本人蔡长林,家住", "蔡长林"),
        ("我叫喻和平,男", "喻和平"),
        ("联系人:周玉兰联系电话", "周玉兰"),
        ("联系人:李四 ", "李四"),
        ("反映人 周明玉。", "周明玉"),
        ("户名李华生。", "李华生"),
        ("姓名:赵大海", "赵大海"),
        ("一个叫王强的人", "王强"),
        ("副县长李卫国在场", "李卫国"),
        ("村民杨义云,", "杨义云"),
        ("老汉杜有财的腿", "杜有财"),
        ("我妻子陈桂兰住院", "陈桂兰"),
        ("请回复。 此致 敬礼! 张伟", "张伟"),
        ("请回复。 张伟 2024年5月1日", "张伟"),
    ],
)
def test_a_name_behind_words_that_introduce_it_is_found(text: str, name: str) -> None:
    assert finds(text) == [(name, PersonalKind.NAME)]


@pytest.mark.parametrize(
    "text",
    [
        "班主任不管",
        "公安局局长信箱",
        "关于书记信箱的建议",
        "新任主任没有来",
        "物业经理说",
        "向书记反映",
        "车间主任",
        "语文老师和音乐老师",
        "农家乐老板",
        "一个保安大爷",
        "宿管阿姨",
        "石匠师傅",
        "派来两个师傅",
        "康复老师",
        "打针的时候护士来了",
        "文物主管部门",
        "会计划拨",
        "平利县长安镇",
        "市长沙龙",
        "感谢书记",
        "对方律师",
        "我叫停了车",
        "我叫苦连天",
        "业主成立业委会",
        "代表符合规定",
        "其余老师没有课",
        "每一周医生来一次",
        "等了十分钟医生才来",
        "姓名和电话",
    ],
)
def test_words_that_only_look_like_names_stay(text: str) -> None:
    assert finds(text) == []


def test_a_title_between_two_names_takes_the_one_before_it() -> None:
    assert [name for name, _ in finds("王经理李经理")] == ["王", "李"]
