"""How the characters of names are read: pinyin without tones, with the readings that dictionaries put last.

The first reading of a dictionary is wrong for surnames (曾 is Zeng, 单 is Shan, 区 is Ou) and for many places
(六安 is Lu'an, 番禺 is Panyu). A name therefore keeps several readings, a bounded number of them.

The first readings lie in `data/readings.txt`, made from pypinyin (MIT), whose own import takes half a second.
"""

import itertools
from functools import lru_cache
from pathlib import Path

MOST_READINGS = 8
"""Readings kept of one name; the likeliest come first."""

MOST_SPLITS = 4
"""Ways kept in which letters can be split into syllables (`xian` is 先 and 西安)."""

_SURNAMES = (
    "曾zeng 单shan 解xie 仇qiu 区ou 任ren 查zha 盖ge 朴piao 翟zhai 缪miao 覃qin 尉yu 冼xian 员yun 纪ji"
    " 宓fu 郇xun 隗wei 乜nie 幺yao 种chong 召shao 折she 黑he 秘bi 逄pang 谌chen 燕yan 应ying 卜bu 牟mu 佟tong"
    " 褚chu 臧zang 瞿qu 晁chao 郗chi 洗xian 訾zi 麴qu 眭sui 贠yun 阚kan 亓qi 仉zhang 俟qi 澹tan 宿su 相xiang"
)
"""Readings that a character has as a surname."""

_USEFUL = (
    "长chang,zhang 重zhong,chong 行xing,hang 乐le,yue 都du,dou 传chuan,zhuan 调tiao,diao 藏cang,zang"
    " 厦xia,sha 朝chao,zhao 校xiao,jiao 车che,ju 参can,shen 石shi,dan 盛sheng,cheng 弹dan,tan 便bian,pian"
    " 蔚wei,yu 六liu,lu 蚌bang,beng 铅qian,yan 丽li 番fan,pan 荥xing,ying 浚xun,jun 莘shen,xin 涡wo,guo"
    " 渑mian,sheng 栎li,yue 歙she,xi 枞cong,zong 台tai 合he 和he 中zhong 会hui 大da 广guang 南nan 区qu,ou"
    " 单dan,shan 曾ceng,zeng 解jie,xie 查cha,zha 盖gai,ge 仇chou,qiu 任ren 朴pu,piao 华hua 宁ning 少shao"
    " 应ying 干gan 教jiao 数shu 与yu 为wei 地di 的de 发fa 种zhong,chong 系xi 卡ka 扎zha 阿a 亚ya 落luo"
    " 吁xu,yu"
    " 泊bo,po 埔pu,bu 堡bao,pu 浒xu,hu 圩wei,xu 涌chong,yong 洞dong,tong 隆long 滇dian 亳bo 儋dan 鄱po 黟yi"
    " 柞zuo,zha"
    " 尉wei,yu 折zhe,she 黑hei,he 燕yan 相xiang 模mo,mu 角jiao,jue 血xue 薄bo,bao 率lv,shuai 绿lv 色se 塔ta"
)
"""Characters with several readings in names, the likeliest first; and common ones with a single one."""

_WORDS = (
    "会计kuai,ji 重庆chong,qing 长沙chang,sha 长春chang,chun 长江chang,jiang 长城chang,cheng 银行yin,hang"
    " 行业hang,ye 商行shang,hang 同行tong,hang 音乐yin,yue 乐器yue,qi 民乐min,yue 声乐sheng,yue 都市du,shi"
    " 成都cheng,du 首都shou,du 传统chuan,tong 传媒chuan,mei 调解tiao,jie 调查diao,cha 调研diao,yan"
    " 西藏xi,zang"
    " 收藏shou,cang 厦门xia,men 学校xue,xiao 高校gao,xiao 校友xiao,you 汽车qi,che 车辆che,liang"
    " 重点zhong,dian"
    " 自行zi,xing 行政xing,zheng 执行zhi,xing 旅行lv,xing 出行chu,xing 长者zhang,zhe 成长cheng,zhang"
    " 家长jia,zhang 快乐kuai,le 娱乐yu,le 社区she,qu 地区di,qu 校外xiao,wai 参与can,yu 人参ren,shen"
    " 理解li,jie 单位dan,wei 便民bian,min 便利bian,li 检查jian,cha 模范mo,fan 模特mo,te 绿色lv,se 石油shi,you"
    " 钻石zuan,shi 宝石bao,shi 园区yuan,qu 小区xiao,qu 校园xiao,yuan 角色jue,se 种植zhong,zhi 种业zhong,ye"
)
"""Words that settle how their characters are read."""

_TABLE = """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce
    cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo
    ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou
    du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng
    gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan
    huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken
    keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao
    lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie
    min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu
    nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian
    qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo
    sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan
    shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting
    tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong
    xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei
    zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun
    zhuo zi zong zou zu zuan zui zun zuo"""
SYLLABLES = frozenset(_TABLE.split())
"""The syllables of Hanyu Pinyin (ISO 7098:2015), with v for ü."""

_LONGEST = max(map(len, SYLLABLES))
_STARTS = frozenset(s[:end] for s in SYLLABLES for end in range(1, len(s)))


def _characters(table: str) -> dict[str, tuple[str, ...]]:
    return {entry[0]: tuple(entry[1:].split(",")) for entry in table.split()}


_SURNAME = _characters(_SURNAMES)
_KNOWN = _characters(_USEFUL)
_WORD = {entry[:2]: tuple(entry[2:].split(",")) for entry in _WORDS.split()}


_FIRST = {
    character: syllable
    for syllable, characters in map(
        str.split,
        (Path(__file__).parents[1] / "data" / "readings.txt").read_text(encoding="utf-8").splitlines(),
    )
    for character in characters
}


@lru_cache(maxsize=20_000)
def of_character(character: str) -> tuple[str, ...]:
    """The useful readings of one character, the likeliest first; a letter or digit is read as itself."""
    if character.isascii():
        return (character,)
    first = _FIRST.get(character)
    known = _KNOWN.get(character, () if first is None else (first,))
    return tuple(dict.fromkeys((*known, *_SURNAME.get(character, ()))))


def of_name(name: str) -> list[tuple[str, ...]]:
    """The readings of a folded name, one syllable (or none) for each character, the likeliest first."""
    settled: dict[int, str] = {}
    for start in range(len(name) - 1):
        word = _WORD.get(name[start : start + 2])
        if word is not None:
            for place, syllable in enumerate(word, start):
                settled.setdefault(place, syllable)
    choices = [
        (settled[place],) if place in settled else of_character(character) or ("",)
        for place, character in enumerate(name)
    ]
    choices[1:] = [("qu",) if name[at] == "区" else said for at, said in enumerate(choices[1:], 1)]
    open_places = [place for place, options in enumerate(choices) if len(options) > 1]
    first = tuple(options[0] for options in choices)
    readings = [first]
    for many in range(1, len(open_places) + 1):
        for places in itertools.combinations(open_places, many):
            for others in itertools.product(*(choices[place][1:] for place in places)):
                if len(readings) == MOST_READINGS:
                    return readings
                changed = dict(zip(places, others, strict=True))
                readings.append(tuple(changed.get(place, said) for place, said in enumerate(first)))
    return readings


def splits(letters: str) -> list[tuple[tuple[str, ...], str]]:
    """How letters can be read as whole syllables, and the beginning of one more where they end amid it.

    Ways without a rest come first, then those with fewer syllables."""
    found: list[tuple[tuple[str, ...], str]] = []
    ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while ways and len(found) < 16 * MOST_SPLITS:
        following = []
        for at, said in ways:
            rest = letters[at:]
            if not rest:
                found.append((said, ""))
                continue
            if said and rest in _STARTS and rest not in SYLLABLES:
                found.append((said, rest))
            following += [
                (at + length, (*said, rest[:length]))
                for length in range(min(_LONGEST, len(rest)), 0, -1)
                if rest[:length] in SYLLABLES
            ]
        ways = following[: 16 * MOST_SPLITS]
    found.sort(key=lambda way: (bool(way[1]), len(way[0])))
    whole = [way for way in found if not way[1]]
    return (whole or found)[:MOST_SPLITS]
