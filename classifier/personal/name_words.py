"""Words that stand beside names, and words that look like names.

Titles and the like are known by their last two characters: 副主任 is 主任, 联系人 is 系人.
"""

_TITLES = """
主任 主席 主管 乡长 书记 事长 会计 会长 先生 区长 医生 博士 厂长 县长 司长
同志 团长 园长 处长 大伯 大叔 大哥 大夫 大妈 大姐 大娘 大婶 大爷 女士 奶奶
婆婆 婶子 嫂子 小姐 局长 州长 市长 师傅 干事 店长 庭长 律师 总监 所长 护士
支书 教授 教练 村长 校长 检察 法官 爷爷 班长 省长 社长 科长 秘书 站长 组长
经理 老师 老板 股长 行长 警官 部长 镇长 队长 阿姨 院士 院长 馆长
士长 察官 法官
"""
_ROLES = """
丈夫 业主 事人 代表 伤者 儿媳 儿子 办人 包人 原告 司机 同学 女儿 妻子
害人 寡妇 居民 岳母 岳父 工头 患者 户主 房东 护人 本人 村民 死者 母亲
民警 法人 父亲 老汉 被告 责人 辅警 邻居 队员 格员 事员 人员 保安 教练
店主 车主 中介 租客 住户 农户 保户 困户 疾人 士兵 军人 工人 递员 疑人
医师 园长 村医 媒人 保姆 债主 同事 朋友 亲戚 侄子 侄女 外甥 甥女 孙子
孙女 哥哥 弟弟 姐姐 妹妹 爸爸 妈妈 公公 婆婆 老伴 爱人 孩子 老人 前妻
前夫 女婿 媳妇 叔叔 舅舅 姑姑 干部 党员 牧民 农民 市民 渔民 交警 特警
城管 民工 伙人 绍人 纪人 保人 出纳 学生 孤儿 战友 妻弟 表哥 表弟 堂哥
堂弟 大哥 老乡 雇主 摊主 船主 屠户 村霸 恶霸 富户
"""
_INTRODUCTIONS = """
个叫 人叫 信人 名叫 名字 姓名 我叫 户名 报人 映人 款人 的叫 系人 署名 表人
访人 访者 诉人 请人 贷人
"""
_NOT_NAMES = """
农家 一任 一周 一张 一段 万家 万科 万达 上周 下周 不曾 不许 业余 两周 两张 严厉
严格 严重 个高 为任 为何 主张 乐园 乐队 也曾 也许 人任 人单 人员 人马 他曾
任何 任务 任意 任职 会任 位于 位高 何曾 允许 党务 党群 全国 公车 其余 内陆
农业 农林 凌晨 几张 分钟 初三 到于 到任 到边 前任 剩余 包庇 化学 区房 区管
医学 华南 华夏 华天 华润 单亲 单元 单身 卫生 厂房 厂方 厂车 历任 县史 古建
古镇 史学 司方 司法 向往 员任 商业 四周 国王 在于 在任 处于 外孙 多余 多谢
大夏 大陆 她曾 如何 子孙 宁夏 宁远 宁静 安保 安全 安化 安宁 安定 安家 安居
安康 安心 安民 安静 室温 对于 对方 局方 属于 工程 市管 市花 常任 常务 常州
常常 常年 平安 平江 平静 庄严 康乐 康复 开张 强力 强化 强占 强烈 惠州 感谢
成人 成功 成年 成本 成果 成立 成都 成长 我曾 或许 房产 房屋 所任 扩张 扬州
担任 教程 文化 文学 文明 文艺 新任 新化 方便 方正 时钟 明华 明天 明星 明知
易地 易家 景区 景观 曲艺 曾任 最高 有关 有单 有房 有路 有车 有钱 未曾 本周
村任 村史 村庄 村方 村路 村边 杭州 林业 柳州 校史 校方 校花 校车 校边 桑植
梅花 欧美 每周 每张 水产 水利 水务 水库 水泥 江北 江南 江苏 汤圆 汤山 沉重
流程 浙江 温州 温泉 温馨 游乐 湘江 点钟 现任 珠江 班车 理工 由于 的单
盖章 盛世 石化 石材 石门 祖孙 科学 秒钟 童年 童装 符合 答谢 管理 米兰 米粉
紧张 级高 组方 给于 继任 致谢 花园 花店 苏州 荆州 荣誉 行李 表明 解放 警方
计生 记任 说明 课程 谢谢 路灯 车祸 边远 过程 这张 那张 部方 都曾 金星 金海
金牌 金科 金融 金额 金鹏 镇江 镇路 长任 长江 闹钟 队方 陈述 院单 院史 院方
马路 高一 高三 高中 高二 高兴 高度 高温 高级 齐心 龙华 龙山
"""

# A name stands before these (王主任, 张建国局长), or behind them (书记张建国).
TITLES = frozenset(_TITLES.split())

# A name stands behind these only: 村民张三, 负责人李四.
ROLES = frozenset(_ROLES.split())

# Nothing but a name stands behind these.
INTRODUCTIONS = frozenset(_INTRODUCTIONS.split())

# Before these a surname needs nothing else to be one.
FORMS_OF_ADDRESS = frozenset(("先生", "女士", "小姐", "警官"))

# What may stand before a name; before a clear surname anything may.
BEFORE_NAME = frozenset(
    "了委学园与业个为乡书人从任会位像其到办区厂厅原县及叫司名向听员和喊在处姓室对局市师心所找把是替有村"
    "校派班理由的科站级组终给被让记该说请跟部镇长问队院"
)

# Two characters that read as one word: no surname begins at the first, nor at the second.
NOT_NAMES = frozenset(_NOT_NAMES.split())
