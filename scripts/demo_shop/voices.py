"""What customers say: feedback put together from hand-written fragments, with the noise of real typing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from scripts.demo_shop.shopping import Order

CATEGORIES = {"quality": 24, "delivery": 22, "service": 14, "price": 10, "website": 9, "returns": 9, "payment": 7,
              "other": 5}  # fmt: skip
SENTIMENTS = {"negative": 42, "positive": 40, "neutral": 18}
TURNS = {"en": ("But ", "On the other hand, ", "Still, ", "However "), "zh": ("不过", "但是", "另外", "只是")}
EMOJI = {"negative": ("😡", "😤", "👎", "😞"), "positive": ("😍", "👍", "🥰", "😊"), "neutral": ("🤔", "🙂")}
NAMES_THE_PRODUCT = ("delivery", "price", "returns")  # elsewhere the fragment may not fit the product
Fragments = dict[tuple[str, str], list[str]]


def read_fragments(path: Path) -> Fragments:
    """Give the fragments of one language by (category, sentiment)."""
    fragments: Fragments = {}
    key = ("", "")
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            category, _, sentiment = line.strip("[]").partition(" ")
            key = (category, sentiment)
        elif line:
            fragments.setdefault(key, []).append(line)
    return fragments


class Voice:
    """Writes feedback in one language."""

    def __init__(self, language: str, fragments: Fragments, chance: random.Random) -> None:
        self.language = language
        self._fragments = fragments
        self._chance = chance
        self._gap = "" if language == "zh" else " "

    def write(self, order: Order | None) -> tuple[str, str, str]:
        """Give one text with its category and sentiment."""
        chance = self._chance
        category = chance.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
        sentiment = chance.choices(list(SENTIMENTS), list(SENTIMENTS.values()))[0]
        parts = [self._fragment(category, sentiment)]
        if chance.random() < 0.35:
            parts.append(self._fragment(category, sentiment))
        if chance.random() < 0.14:
            parts.append(self._turn(category, sentiment))
        if order is not None and category in NAMES_THE_PRODUCT and chance.random() < 0.45:
            parts.insert(0, self._product(order))
        if chance.random() < 0.3:
            parts.insert(0, self._fragment("opener", sentiment))
        if chance.random() < 0.38:
            parts.append(self._fragment("closer", sentiment))
        text = self._roughen(self._gap.join(dict.fromkeys(parts)), sentiment)
        if chance.random() < 0.025:  # people who label texts do not always agree
            category = chance.choice(list(CATEGORIES))
        if chance.random() < 0.025:
            sentiment = "neutral"
        return text, category, sentiment

    def _fragment(self, category: str, sentiment: str) -> str:
        return self._chance.choice(self._fragments[category, sentiment])

    def _turn(self, category: str, sentiment: str) -> str:
        other = self._chance.choice([name for name in CATEGORIES if name not in (category, "other")])
        mood = "positive" if sentiment == "negative" else "negative"
        fragment = self._fragment(other, mood)
        if self.language == "en" and not fragment.startswith(("I ", "PayPal", "Anna", "Apple", "Alipay")):
            fragment = fragment[0].lower() + fragment[1:]
        return self._chance.choice(TURNS[self.language]) + fragment

    def _product(self, order: Order) -> str:
        product = self._chance.choice(order.lines)[0]
        if self.language == "zh":
            name = product.title_zh.split("（")[0]
            return self._chance.choice((f"买的{name}，", f"{name}：", f"上周买了{name}。"))
        name = product.title_en.split(",")[0].lower()
        return self._chance.choice(
            (f"About the {name}:", f"Bought the {name}.", f"Re: {name},", f"I ordered a {name}.")
        )

    def _roughen(self, text: str, sentiment: str) -> str:
        chance = self._chance
        if self.language == "en":
            if chance.random() < 0.22:
                text = text.lower()
            elif sentiment == "negative" and chance.random() < 0.04:
                text = text.upper()
            if chance.random() < 0.16:
                text = _typo(text, chance)
        elif chance.random() < 0.2:
            text = text.replace("，", " ").replace("。", " ").strip()
        elif chance.random() < 0.1:
            text = text.rstrip("。") + chance.choice(("！！", "……", "~", "。。。"))
        if chance.random() < 0.07:
            text += self._gap + chance.choice(EMOJI[sentiment])
        return text.strip()


def _typo(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    spot = chance.randrange(len(words))
    word = words[spot]
    if len(word) > 3:
        at = chance.randrange(1, len(word) - 1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[spot] = chance.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))
    return " ".join(words)


def rating(sentiment: str, chance: random.Random) -> str:
    """Give the stars that go with a sentiment, mostly; some give none."""
    if chance.random() < 0.15:
        return ""
    return str(chance.choices(*{
        "negative": ((1, 2, 3), (6, 3, 1)), "neutral": ((2, 3, 4), (1, 6, 3)), "positive": ((3, 4, 5), (0.5, 3, 7)),
    }[sentiment])[0])  # fmt: skip


def said_at(order: Order, end: datetime, chance: random.Random) -> datetime:
    """Give the moment of the feedback: some days after the parcel came."""
    since = order.delivered_at or order.placed_at
    return min(since + timedelta(days=chance.expovariate(1 / 4), minutes=chance.randrange(600)), end)
