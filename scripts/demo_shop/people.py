"""The customers: who they are, what they like and how they buy."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta


def _words(text: str) -> list[str]:
    return text.split()


FIRST_EN = _words(
    "Emma Olivia Ava Sophia Isabella Mia Charlotte Amelia Harper Evelyn Abigail Ella Grace Chloe Hannah Zoe Nora Lily "
    "Liam Noah Oliver Elijah James William Benjamin Lucas Henry Alexander Mason Ethan Daniel Jacob Logan Owen Samuel "
    "Priya Aisha Fatima Mateo Diego Camila Ravi Kwame Ingrid Sven Marta Pavel Yuki Kenji Leila Omar Siobhan Declan"
)
FEMALE = frozenset(
    _words(
        "Emma Olivia Ava Sophia Isabella Mia Charlotte Amelia Harper Evelyn Abigail Ella Grace Chloe Hannah Zoe Nora "
        "Lily Priya Aisha Fatima Camila Ingrid Marta Yuki Leila Siobhan "
        "芳 娜 敏 静 艳 霞 秀兰 桂英 雨桐 梓萱 佳怡 诗涵 欣妍 若曦 梦洁 海燕 玉兰 丽娟 雪梅 小雨 可馨 心怡 语嫣"
    )
)
LAST_EN = _words(
    "Smith Johnson Brown Garcia Miller Davis Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson "
    "Clark Lewis Walker Hall Young King Wright Scott Green Baker Adams Nelson Hill Campbell Mitchell Roberts Carter "
    "Patel Khan Nguyen Kim Okafor Silva Rossi Novak Larsen Murphy O'Brien Schmidt Dubois Haddad Tanaka Cohen Reyes"
)
LAST_ZH = _words("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 欧阳 司徒")
GIVEN_ZH = _words(
    "伟 芳 娜 敏 静 强 磊 洋 艳 勇 军 杰 涛 明 超 秀兰 霞 平 刚 桂英 子涵 雨桐 梓萱 浩然 思远 佳怡 诗涵 宇轩 晨曦 "
    "欣妍 文博 嘉豪 若曦 俊熙 梦洁 晓东 海燕 建华 玉兰 志强 丽娟 国栋 雪梅 小雨 一诺 可馨 天佑 心怡 泽宇 语嫣"
)
PINYIN = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "赵": "zhao", "黄": "huang",
    "周": "zhou", "吴": "wu", "徐": "xu", "孙": "sun", "胡": "hu", "朱": "zhu", "高": "gao", "林": "lin", "何": "he",
    "郭": "guo", "马": "ma", "罗": "luo", "梁": "liang", "宋": "song", "郑": "zheng", "谢": "xie", "韩": "han",
    "唐": "tang", "冯": "feng", "于": "yu", "董": "dong", "萧": "xiao", "欧阳": "ouyang", "司徒": "situ",
}  # fmt: skip
CITIES = {
    "US": (("Denver", "303"), ("Portland", "503"), ("Austin", "512"), ("Chicago", "312"), ("Boston", "617"),
           ("Seattle", "206"), ("Atlanta", "404"), ("Phoenix", "602"), ("Madison", "608"), ("Oakland", "510")),
    "CA": (("Toronto", "416"), ("Vancouver", "604"), ("Halifax", "902"), ("Calgary", "403")),
    "GB": (("London", "07700"), ("Leeds", "07700"), ("Bristol", "07700"), ("Glasgow", "07700")),
    "CN": (("上海", ""), ("北京", ""), ("杭州", ""), ("深圳", ""), ("成都", ""), ("南京", ""), ("武汉", ""),
           ("广州", ""),
           ("苏州", ""), ("西安", ""), ("厦门", ""), ("青岛", "")),
}  # fmt: skip
STREETS_EN = "Maple Street|Oak Avenue|Mill Lane|Harbour Road|Station Street|Hillcrest Drive|Rose Court|King's Parade"
STREETS_ZH = "中山路|人民路|梧桐街|滨江大道|学院路|桂花巷|文化西路|长安街"
PERSONAS: dict[str, dict[str, float]] = {
    "baker": {"baking": 4, "cooking": 2.5, "coffee": 1, "storage": 1},
    "cosy": {"cosy": 3, "tea": 3, "decor": 2, "bath": 1},
    "parent": {"toddler": 4, "children": 3, "lunch": 1.5, "bath": 0.6},
    "student": {"desk": 3, "school": 3, "lunch": 2, "coffee": 1},
    "camper": {"camping": 4, "hiking": 3, "picnic": 2},
    "gadgeteer": {"gadget": 4, "desk": 1.5},
    "gardener": {"gardening": 4, "plants": 3},
    "dog owner": {"dog": 5, "hiking": 1},
    "cat owner": {"cat": 5, "cosy": 1},
    "traveller": {"travel": 4, "hiking": 1, "gadget": 1},
    "artist": {"art": 4, "desk": 1.5},
    "giver": {"gift": 4, "decor": 1},
    "homemaker": {"storage": 2, "table": 3, "bath": 2, "decor": 2},
    "gamer": {"games": 4, "puzzle": 3, "gadget": 1},
}


@dataclass
class Customer:
    """One customer, with the hidden traits that the simulation follows."""

    number: str
    name: str
    email: str
    phone: str
    language: str
    country: str
    city: str
    address: str
    gender: str
    birth_year: int
    created_at: datetime
    tastes: dict[str, float]
    rate: float  # orders a day while interested in nothing special
    leaves_after_days: float
    one_time: bool
    thrift: float  # how strongly a high price puts this customer off
    bought: set[str] = field(default_factory=set)


def make_customers(count: int, start: datetime, end: datetime, chance: random.Random) -> list[Customer]:
    """Give the customers, the first dozen of them good company for a demonstration."""
    return [_customer(index, start, end, chance) for index in range(count)]


def _customer(index: int, start: datetime, end: datetime, chance: random.Random) -> Customer:
    language = ("en", "zh")[index % 2] if index < 12 else chance.choices(("en", "zh"), (58, 42))[0]
    country = "CN" if language == "zh" else chance.choices(("US", "CA", "GB"), (75, 12, 13))[0]
    city, area = chance.choice(CITIES[country])
    name, handle, gender = _name(language, chance)
    days = (end - start).days
    joined = start + timedelta(days=chance.randrange(-60, 90) if index < 12 else _joined(days, chance))
    created = max(joined, start) + timedelta(minutes=chance.randrange(60 * 24))
    one_time = index >= 12 and chance.random() < 0.16
    rate = 0.03 if index < 12 else min(0.13, chance.gammavariate(1.1, 0.036))
    return Customer(
        number=f"C{10001 + index}",
        name=name,
        email=f"{handle}{index + 1}@example.{'cn' if language == 'zh' else 'com'}",
        phone=_phone(country, area, index),
        language=language,
        country=country,
        city=city,
        address=_address(language, city, chance),
        gender=gender if chance.random() < 0.9 else "",
        birth_year=int(chance.triangular(1948, 2006, 1988)),
        created_at=created,
        tastes=_tastes(chance),
        rate=rate,
        leaves_after_days=9999 if index < 12 else chance.expovariate(1 / 480),
        one_time=one_time,
        thrift=chance.uniform(0.2, 1.1),
    )


def _joined(days: int, chance: random.Random) -> int:
    return chance.randrange(-200, 0) if chance.random() < 0.3 else chance.randrange(days - 3)


def _tastes(chance: random.Random) -> dict[str, float]:
    tastes: dict[str, float] = {}
    for strength, persona in zip((1.0, 0.5, 0.25), chance.sample(sorted(PERSONAS), 3), strict=True):
        for tag, weight in PERSONAS[persona].items():
            tastes[tag] = tastes.get(tag, 0.0) + strength * weight
    return tastes


def _name(language: str, chance: random.Random) -> tuple[str, str, str]:
    """Give a name, what stands before the @ of its owner's address, and a gender."""
    if language == "zh":
        family, given = chance.choice(LAST_ZH), chance.choice(GIVEN_ZH)
        return family + given, PINYIN[family], _gender(given)
    first, last = chance.choice(FIRST_EN), chance.choice(LAST_EN)
    return f"{first} {last}", f"{first}.{last}".lower().replace("'", ""), _gender(first)


def _gender(given_name: str) -> str:
    return "female" if given_name in FEMALE else "male"


def _phone(country: str, area: str, index: int) -> str:
    """Give a number from a range that no subscriber has: 555-01xx, 07700 900xxx, the unassigned 142 prefix."""
    if country == "CN":
        return f"+86 142 0000 {index:04d}"
    if country == "GB":
        return f"+44 7700 900{index % 1000:03d}"
    return f"+1 {200 + index // 100 * 70 + int(area) % 70} 555 01{index % 100:02d}"


def _address(language: str, city: str, chance: random.Random) -> str:
    if language == "zh":
        return f"{city}市{chance.choice(STREETS_ZH.split('|'))}{chance.randint(1, 300)}号{chance.randint(1, 32)}室"
    return f"{chance.randint(1, 990)} {chance.choice(STREETS_EN.split('|'))}, {city}"
