"""How fast what was said is found: 5,000 conversations of 20 messages, in both languages, on SQLite.

    uv run python -m benchmarks.search [--talks 5000] [--database sqlite:///… or postgresql+psycopg://…]

Messages are put together from the shop's words so that some words are in nearly every message and some in a few. Each
query is asked several times; the last line is JSON with the slowest of each in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.records.conversations import Author
from crm_core.records.people import SYSTEM
from crm_core.records.search import Where
from crm_core.settings import Settings
from crm_core.storage import conversations, messages
from crm_core.storage.messages import Draft

_EACH = 20  # messages
_TIMES = 7
_EN = "where is my parcel and when will it arrive please tell me the order refund return size colour delivery address"
_ZH = "我想知道订单什么时候到货退货退款地址颜色尺码发票物流快递今天明天可以吗谢谢你好请问怎么"
_QUERIES = {
    "common word": "parcel",
    "two common words": "parcel refund",
    "rare word": "zeppelin",
    "common and rare": "parcel zeppelin",
    "phrase": '"where is my parcel"',
    "phrase that is nowhere": '"refund parcel zeppelin when"',
    "common Chinese": "退货",
    "Chinese sentence": "什么时候到货",
    "nowhere": "parcel unfindable",
}


def write(crm: Crm, talks: int) -> None:
    """Fill the database."""
    chance = random.Random(1)
    english = _EN.split()
    for number in range(talks):
        talk = crm.conversations.open("web", new_id())
        drafts = []
        for place in range(_EACH):
            if number % 3:
                text = " ".join(chance.choices(english, k=12))
                text = f"where is my parcel {text}" if place % 9 == 0 else text
                text = f"{text} zeppelin" if chance.random() < 0.0002 else text
            else:
                start = chance.randrange(len(_ZH) - 10)
                text = _ZH[start : start + 10] + "".join(chance.choices(_ZH, k=8))
            drafts.append(Draft((Author.CUSTOMER, Author.BOT)[place % 2], {"text": text}))
        with crm.database.writing(durable=False) as connection:
            row = conversations.by_id(connection, talk.id)
            messages.append(connection, crm._context.keys, row, 1, drafts, crm._context.clock())
            conversations.change(connection, talk.id, last_seq=_EACH)


def timed(crm: Crm, query: str, where: Where) -> tuple[float, float, int]:
    """Give the median and the slowest time of a query in milliseconds, and how much it found."""
    times = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        found = crm.search.find(query, actor=SYSTEM, where=where)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)[_TIMES // 2], max(times), len(found.hits)


def main() -> None:
    """Fill, index, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--talks", type=int, default=5000)
    parser.add_argument("--database", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(home=Path(folder), database_url=chosen.database)
        crm = Crm(settings)
        crm.migrate()
        write(crm, chosen.talks)
        started, batches = time.perf_counter(), 0
        while crm.search.index():
            batches += 1
        indexed = time.perf_counter() - started
        each = indexed / batches * 1000
        print(f"{chosen.talks * _EACH:,} messages indexed in {indexed:.1f} s, {each:.1f} ms a batch")
        slowest = {}
        for name, query in _QUERIES.items():
            for where, shown in ((Where(), name), (Where(status="closed"), f"{name}, closed only")):
                median, worst, count = timed(crm, query, where)
                slowest[shown] = round(worst, 1)
                print(f"{shown:34} median {median:6.1f} ms  slowest {worst:6.1f} ms  {count} found")
        crm.close()
    print(json.dumps({"slowest_ms": max(slowest.values()), "batch_ms": round(each, 1), **slowest}))


if __name__ == "__main__":
    main()
