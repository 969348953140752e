"""Invented organizations, one after the other: names, codes, divisions and days, the same for the same seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from stdnum.cn import uscc

SHAPES: Sequence[tuple[str, str, bool, float]] = (
    ("association", "direct", False, 0.28),
    ("association", "dual", True, 0.16),
    ("service_institution", "dual", True, 0.36),
    ("service_institution", "direct", False, 0.10),
    ("foundation", "direct", False, 0.01),
    ("association", "direct", False, 0.03),
    ("community_filed", "filed", False, 0.06),
)
"""Kind, mode, whether a unit supervises it, and how many of a thousand thousand are so."""
DECOUPLED, FILED = 5, 6
LEVEL_SHARES = {"nation": 0.003, "province": 0.04, "prefecture": 0.18, "county": 0.777}
FIRST, PACK_SINCE = date(1995, 1, 1), date(2016, 9, 18)
CLASSES = {"association": "51", "service_institution": "52", "foundation": "53"}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
THEMES = (
    "教育 养老 志愿服务 文化 体育 书画 摄影 太极拳 钓鱼 象棋 围棋 羽毛球 篮球 乒乓球 舞蹈 合唱 戏曲 茶文化 餐饮 "
    "家政 物流 物业 建筑 装饰 电子商务 软件 机械 五金 灯饰 家具 服装 纺织 皮革 陶瓷 水产 荔枝 茶叶 养猪 兰花 盆景 "
    "老区建设 扶贫 助学 慈善 救援 献血 环保 动物保护 心理咨询 律师 会计 税务 医学 护理 中医药 口腔 营养 疾控 计划生育 "
    "女企业家 青年企业家 民营企业 个体劳动 商贸 旅游 酒店 民宿 会展 广告 印刷 出版 新闻 科普 发明 气象 地质 测绘 水利 "
    "幼教 培训 特殊教育 职业技能 社区服务 残疾人 退役军人 侨界 宗教文化 族谱 客家文化 潮汕文化 龙舟 醒狮 粤剧 昆曲"
).split()
FORMS = {
    "association": "协会 学会 促进会 联合会 商会 研究会 联谊会 校友会".split(),
    "service_institution": "服务中心 幼儿园 培训学校 养老院 社工中心 研究院 医院 博物馆".split(),
    "foundation": ["基金会", "慈善基金会"],
    "community_filed": ["舞蹈队", "棋友会", "合唱团", "志愿队"],
}
WORDS = (
    "阳光 星光 仁爱 同心 和谐 晨曦 启航 金色 蓝天 绿源 博爱 众益 明德 惠民 彩虹 春晖 至善 育才 新苗 康宁 福寿 乐龄 "
    "安康 夕阳红 小太阳 百合 向日葵 蒲公英 木棉 凤凰 鹏程 宏图 远航 求实 创新 先锋 同舟 共创 益行 知行"
).split()
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉力健世广志义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬"


@dataclass(frozen=True, slots=True)
class Place:
    """A division in force: its code, name and level."""

    code: str
    name: str
    level: str


COLUMNS = (
    "n shape division_code domicile_division_code address name former_name renamed_on credit_code number"
    " established_on ended_on decoupled_on staff members party_members full_members representative clause"
    " body joint"
).split()


def organizations(places: Sequence[Place], count: int, *, seed: int = 39) -> Iterator[tuple[object, ...]]:
    """`count` rows in the order of `COLUMNS`. How many a division has follows Zipf and Mandelbrot.

    The first of a shape in a division has not ended, so that each has one to be determined by."""
    chance = Random(seed)  # noqa: S311 (invented data)
    weights = _weights(places, chance)
    shares = list(accumulate(share for *_, share in SHAPES))
    seen: set[tuple[str, int]] = set()
    today = date(2026, 11, 1)
    groups: dict[str, list[int]] = {}
    for n, place in enumerate(chance.choices(places, cum_weights=weights, k=count), 1):
        shape = chance.choices(range(len(SHAPES)), cum_weights=shares)[0]
        kind = SHAPES[shape][0]
        established = today - timedelta(days=int(chance.betavariate(1.1, 2.0) * (today - FIRST).days) + 30)
        if shape == DECOUPLED:
            established = min(established, date(2015, 6, 1))
        first = (place.code, shape) not in seen
        seen.add((place.code, shape))
        ends = not first and shape != DECOUPLED and chance.random() < 0.08
        ended = (
            established + timedelta(days=chance.randrange(10, (today - established).days)) if ends else None
        )
        name = _name(chance, place, kind, n)
        renamed = not ends and chance.random() < 0.15
        party = chance.choices((0, 1, 2, 3, 5, 8, 20), (40, 18, 12, 10, 10, 6, 4))[0]
        yield (
            n,
            shape,
            place.code,
            place.code if chance.random() < 0.9 else None,
            f"{place.name}{chance.choice(WORDS)}路{chance.randrange(1, 999)}号",
            name,
            _name(chance, place, kind, n) + "筹" if renamed else None,
            established + timedelta(days=chance.randrange(10, (today - established).days))
            if renamed
            else None,
            _credit_code(kind, place.code, n) if kind in CLASSES else None,
            f"备字第{n:07d}号" if kind == "community_filed" else None,
            established,
            ended,
            date(2019, 7, 1) + timedelta(days=chance.randrange(600)) if shape == DECOUPLED else None,
            chance.randrange(1, 60),
            chance.randrange(30, 900) if kind == "association" else None,
            party,
            max(0, party - chance.randrange(2)),
            chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2)))),
            chance.choice(("2018", "2019", "own")) if chance.random() < 0.6 else None,
            *_body(chance, place, n, groups, free=not ends and party > 0),
        )


def _body(
    chance: Random, place: Place, n: int, groups: dict[str, list[int]], *, free: bool
) -> tuple[int | None, bool]:
    """The number of the branch that covers it: its own, or one that four neighbours share."""
    lot = chance.random()
    if not free or lot > 0.4:
        return None, False
    if lot < 0.2:
        return n, False
    group = groups.setdefault(place.code, [])
    if len(group) == 4:
        group.clear()
    group.append(n)
    return group[0], True


def _weights(places: Sequence[Place], chance: Random) -> list[float]:
    weights = []
    for level, share in LEVEL_SHARES.items():
        here = [place for place in places if place.level == level]
        ranks = list(range(len(here)))
        chance.shuffle(ranks)
        raw = [1 / (rank + 30) for rank in ranks]
        weights += [(place.code, share * weight / sum(raw)) for place, weight in zip(here, raw, strict=True)]
    by_code = dict(weights)
    return list(accumulate(by_code.get(place.code, 0.0) for place in places))


def _name(chance: Random, place: Place, kind: str, n: int) -> str:
    """A name as they are: place, word, theme, form; the number makes it one of its kind now and then."""
    theme = THEMES[min(int(chance.paretovariate(0.6)) - 1, len(THEMES) - 1)]
    word = chance.choice(WORDS) + chance.choice(WORDS) if kind != "association" else ""
    tail = f"第{n}" if n % 10 == 0 else ""
    return f"{place.name}{word}{theme}{tail}{chance.choice(FORMS[kind])}"


def _credit_code(kind: str, division: str, n: int) -> str:
    """A code of GB 32100-2015 with both check digits: that of GB 11714 in it, and its own."""
    digits = "".join(ALPHABET[n // 31**power % 31] for power in range(5, -1, -1))
    organization = f"MJ{digits}"
    total = sum(
        weight * int(character, 36)
        for weight, character in zip((3, 7, 9, 10, 5, 8, 4, 2), organization, strict=True)
    )
    check = "0123456789X"[(11 - total % 11) % 11]
    body = f"{CLASSES[kind]}{division}{organization}{check}"
    return body + uscc.calc_check_digit(body)
