"""People who do not exist, told several times and badly, in Chinese and English; nothing here is anybody's data.

Each person has one true self; each record of theirs is a copy with fields left out, typed wrongly, swapped or written
in the other script. Beside them live what resolvers fall for: families with one phone and one address, twins, siblings
whose names differ in one character, namesakes in one city, a phone that hundreds gave.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pypinyin import lazy_pinyin

SURNAMES_ZH = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
    "范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
GIVEN_ZH = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌辉鹏飞宇浩然子轩梓涵雨欣怡佳琪思远嘉懿煜城博"
    "晨曦婷雪慧颖莉莹琳璐瑶倩晓彤昊天翔俊凯瑞泽楷恒毅诚睿晗悦宁馨语桐可儿诗涵若溪海波春生东升立新家豪永康德胜福"
)
SURNAMES_EN = [
    "smith",
    "johnson",
    "williams",
    "brown",
    "jones",
    "garcia",
    "miller",
    "davis",
    "rodriguez",
    "martinez",
    "hernandez",
    "lopez",
    "gonzalez",
    "wilson",
    "anderson",
    "thomas",
    "taylor",
    "moore",
    "jackson",
    "martin",
    "lee",
    "perez",
    "thompson",
    "white",
    "harris",
    "sanchez",
    "clark",
    "ramirez",
    "lewis",
    "robinson",
    "walker",
    "young",
    "allen",
    "king",
    "wright",
    "scott",
    "torres",
    "nguyen",
    "hill",
    "flores",
    "green",
    "adams",
    "nelson",
    "baker",
    "hall",
    "rivera",
    "campbell",
    "mitchell",
    "carter",
    "roberts",
    "gomez",
    "phillips",
    "evans",
    "turner",
    "diaz",
    "parker",
    "cruz",
    "edwards",
    "collins",
    "reyes",
    "stewart",
    "morris",
    "morales",
    "murphy",
    "cook",
    "rogers",
    "gutierrez",
    "ortiz",
    "morgan",
    "cooper",
    "peterson",
    "bailey",
    "reed",
    "kelly",
    "howard",
    "ramos",
    "kim",
    "cox",
    "ward",
    "richardson",
    "watson",
    "brooks",
    "chavez",
    "wood",
    "bennett",
    "gray",
    "mendoza",
    "ruiz",
    "hughes",
    "price",
    "alvarez",
    "castillo",
    "sanders",
    "patel",
    "myers",
    "long",
    "ross",
    "foster",
    "jimenez",
    "whitfield",
    "ashworth",
    "pemberton",
    "hollingsworth",
    "fairbanks",
    "okafor",
    "kowalski",
    "lindqvist",
    "vandenberg",
    "delacroix",
    "macallister",
    "oconnor",
]
GIVEN_EN = [
    "james",
    "mary",
    "robert",
    "patricia",
    "john",
    "jennifer",
    "michael",
    "linda",
    "david",
    "elizabeth",
    "william",
    "barbara",
    "richard",
    "susan",
    "joseph",
    "jessica",
    "thomas",
    "sarah",
    "charles",
    "karen",
    "christopher",
    "lisa",
    "daniel",
    "nancy",
    "matthew",
    "betty",
    "anthony",
    "margaret",
    "mark",
    "sandra",
    "donald",
    "ashley",
    "steven",
    "kimberly",
    "paul",
    "emily",
    "andrew",
    "donna",
    "joshua",
    "michelle",
    "kenneth",
    "carol",
    "kevin",
    "amanda",
    "brian",
    "dorothy",
    "george",
    "melissa",
    "timothy",
    "deborah",
    "ronald",
    "stephanie",
    "edward",
    "rebecca",
    "jason",
    "sharon",
    "jeffrey",
    "laura",
    "ryan",
    "cynthia",
    "jacob",
    "kathleen",
    "gary",
    "amy",
    "nicholas",
    "angela",
    "eric",
    "shirley",
    "jonathan",
    "anna",
    "stephen",
    "brenda",
    "larry",
    "pamela",
    "justin",
    "emma",
    "scott",
    "nicole",
    "brandon",
    "helen",
    "benjamin",
    "samantha",
    "samuel",
    "katherine",
    "gregory",
    "christine",
    "alexander",
    "debra",
    "patrick",
    "rachel",
    "frank",
    "carolyn",
    "raymond",
    "janet",
    "jack",
    "maria",
    "dennis",
    "olivia",
    "jerry",
    "heather",
    "tyler",
    "sophia",
    "aaron",
    "isabella",
    "jose",
    "zoe",
    "henry",
    "priya",
    "kofi",
    "ingrid",
    "soren",
    "amara",
]
CITIES_ZH = [
    "上海",
    "北京",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "西安",
    "重庆",
    "苏州",
    "天津",
    "长沙",
    "青岛",
    "郑州",
    "厦门",
]
STREETS_ZH = [
    "世纪大道",
    "人民路",
    "中山路",
    "解放路",
    "建设路",
    "和平街",
    "长江路",
    "黄河路",
    "南京路",
    "北京路",
    "延安路",
    "淮海路",
    "文化路",
    "新华街",
    "朝阳路",
    "学院路",
]
CITIES_EN = [
    "boston",
    "chicago",
    "denver",
    "seattle",
    "austin",
    "dallas",
    "miami",
    "atlanta",
    "portland",
    "phoenix",
    "london",
    "leeds",
    "bristol",
    "york",
]
STREETS_EN = [
    "oak",
    "maple",
    "cedar",
    "elm",
    "park",
    "lake",
    "hill",
    "main",
    "river",
    "church",
    "mill",
    "station",
    "rose",
    "spring",
    "garden",
    "forest",
]
KINDS_EN = ("street", "road", "lane", "avenue", "drive")
PROVIDERS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
KEYS = "qwertyuiopasdfghjklzxcvbnm"


@dataclass(frozen=True, slots=True)
class Told:
    """One record of one person.

    Attributes:
        truth: Whose it is; no resolver may see it.
    """

    id: str
    truth: int
    name: str
    born: str
    address: str
    city: str
    email: str
    phone: str
    device: str


def people(count: int, seed: int, hub: int = 300) -> list[Told]:
    """Make about `count` records, 1.6 of each person on the average.

    Args:
        count: How many records.
        seed: The same gives the same records.
        hub: How many records share the one phone of a call shop.
    """
    chance = random.Random(seed)
    told: list[Told] = []
    truth, taken = 0, _Mailboxes(chance)
    while len(told) < count:
        for self_ in _household(chance, taken):
            for copy in _copies(self_, chance, taken):
                told.append(replace(copy, id=f"r{len(told):08d}", truth=truth))
            truth += 1
    chance.shuffle(told)
    for at in range(min(hub, count // 20)):
        told[at] = replace(told[at], phone="+8618000000000")
    return told


def _household(chance: random.Random, taken: _Mailboxes) -> Iterator[Told]:
    """Give the true selves of people who live together: mostly one, sometimes a family with one phone."""
    chinese = chance.random() < 0.5
    size = 1 if chance.random() < 0.7 else chance.randint(2, 4)
    city, address = _place(chance, chinese)
    phone, device = _phone(chance, chinese), f"d{chance.getrandbits(48):012x}"
    surname = chance.choice(SURNAMES_ZH if chinese else SURNAMES_EN)
    shared_phone, shared_device = chance.random() < 0.4, chance.random() < 0.3
    twins = chance.random() < 0.08
    first: Told | None = None
    for number in range(size):
        if number and chance.random() < 0.25:
            surname = chance.choice(SURNAMES_ZH if chinese else SURNAMES_EN)
        given = _given(chance, chinese)
        if first is not None and chinese and chance.random() < 0.4:  # siblings often share a character
            given = first.name[1:2] + chance.choice(GIVEN_ZH)
        name = surname + given if chinese else f"{given} {surname}"
        if first is not None and name == first.name:
            continue
        born = first.born if first is not None and twins else _born(chance)
        own = Told(
            id="",
            truth=0,
            name=name,
            born=born,
            address=address,
            city=city,
            email=taken.new(name, born),
            phone=phone if number == 0 or shared_phone else _phone(chance, chinese),
            device=device if number == 0 or shared_device else f"d{chance.getrandbits(48):012x}",
        )
        first = first or own
        yield own


def _copies(self_: Told, chance: random.Random, taken: _Mailboxes) -> Iterator[Told]:
    how_many = chance.choices((1, 2, 3, 4), (0.6, 0.25, 0.1, 0.05))[0]
    for number in range(how_many):
        yield self_ if number == 0 else _told_again(self_, chance, taken)


def _told_again(self_: Told, chance: random.Random, taken: _Mailboxes) -> Told:
    """Give a later record: some values new, some missing, some wrong; never without anything to know the person by."""
    again = self_
    if chance.random() < 0.35:
        again = replace(again, email=taken.new(self_.name, self_.born))
    if chance.random() < 0.25:
        again = replace(again, phone=_phone(chance, self_.name[0] > "一"))
    if chance.random() < 0.5:
        again = replace(again, device=f"d{chance.getrandbits(48):012x}")
    if chance.random() < 0.12:
        city, address = _place(chance, self_.name[0] > "一")
        again = replace(again, city=city, address=address)
    for field, missing in (("born", 0.2), ("address", 0.2), ("email", 0.15), ("phone", 0.15), ("device", 0.4)):
        if chance.random() < missing:
            again = replace(again, **{field: ""})
    if again.born and chance.random() < 0.05:
        again = replace(again, born=again.born[:5] + again.born[8:] + "-" + again.born[5:7])
    again = replace(again, name=_name_again(self_.name, chance))
    for field in ("address", "email", "born"):
        value = getattr(again, field)
        if value and chance.random() < 0.08:
            again = replace(again, **{field: _typo(value, chance)})
    return again


def _name_again(name: str, chance: random.Random) -> str:
    if name[0] > "一":
        dice = chance.random()
        if dice < 0.25:  # in pinyin, either way round
            surname, given = name[0], name[1:]
            words = ["".join(lazy_pinyin(surname)), "".join(lazy_pinyin(given))]
            return " ".join(words if chance.random() < 0.5 else words[::-1]).title()
        if dice < 0.28:
            return name[1:] + name[0]
        return name
    given, surname = name.split(" ")
    dice = chance.random()
    if dice < 0.10:
        return f"{surname} {given}"
    if dice < 0.14:
        return f"{given[0]}. {surname}"
    if dice < 0.17:
        return f"{surname.upper()}, {given} 😀"
    return _typo(name, chance) if dice < 0.27 else name.title()


def _typo(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    wrong = chance.choice("0123456789") if text[at].isdigit() else chance.choice(KEYS)
    kind = chance.random()
    if kind < 0.4:
        return text[:at] + wrong + text[at + 1 :]
    if kind < 0.7 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind < 0.85 else text[:at] + text[at] + text[at:]


def _given(chance: random.Random, chinese: bool) -> str:
    if not chinese:
        return chance.choice(GIVEN_EN)
    return "".join(chance.choice(GIVEN_ZH) for _ in range(1 if chance.random() < 0.15 else 2))


def _place(chance: random.Random, chinese: bool) -> tuple[str, str]:
    number = chance.randint(1, 400)
    if chinese:
        flat = f"{chance.randint(1, 30)}栋{chance.randint(1, 30)}{chance.randint(0, 9):02d}室"
        return chance.choice(CITIES_ZH), f"{chance.choice(STREETS_ZH)}{number}号{flat}"
    flat = f"{number} {chance.choice(STREETS_EN)} {chance.choice(STREETS_EN)} {chance.choice(KINDS_EN)}"
    return chance.choice(CITIES_EN), f"{flat} apt {chance.randint(1, 60)}"


def _phone(chance: random.Random, chinese: bool) -> str:
    return (
        f"+861{chance.randint(30_0000_0000, 99_9999_9999)}"
        if chinese
        else f"+1{chance.randint(2_000_000_000, 9_999_999_999)}"
    )


def _born(chance: random.Random) -> str:
    return (date(1945, 1, 1) + timedelta(days=chance.randrange(62 * 365))).isoformat()


class _Mailboxes:
    """Gives e-mail addresses made of names; none is given twice."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def new(self, name: str, born: str) -> str:
        plain = "".join(lazy_pinyin(name)).replace(" ", self._chance.choice(("", ".", "_")))
        year = self._chance.choice(("", born[2:4], str(self._chance.randint(1, 9999))))
        made = f"{plain}{year}@{self._chance.choice(PROVIDERS)}"
        while made in self._given:
            made = f"{plain}{self._chance.randint(1, 999_999)}@{self._chance.choice(PROVIDERS)}"
        self._given.add(made)
        return made
