"""How well and how fast one person's records are found among people who do not exist.

    python -m benchmarks.identity [--quick]

Beside ours, on the same records in the same run: splink as its documentation's first example sets it up, and exact
matching of e-mail or phone. Precision and recall are of pairs of records after joining: of all pairs that share a
person, how many are found; of all that were joined, how many share one.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.identity_people import Told, people
from crm_core.identity.batch import find_pairs
from crm_core.identity.blocks import keys
from crm_core.identity.comparing import levels
from crm_core.identity.grouping import Groups, choose
from crm_core.identity.person import Person, person
from crm_core.identity.single import alike
from crm_core.identity.verdict import DOUBT, Verdict, contradicts, verdict
from crm_core.identity.weights import shipped

SEED = 7  # the shipped weights were counted on another
RECORDS, QUICK = 200_000, 20_000
SINGLES = 500
Links = Iterable[tuple[str, str]]


def as_person(one: Told) -> Person:
    """Give a record as it is compared."""
    return person(
        one.id,
        name=one.name,
        born=one.born,
        address=one.address,
        city=one.city,
        mailbox=one.email,
        emails=(one.email,) if one.email else (),
        phones=(one.phone,) if one.phone else (),
        devices=(one.device,) if one.device else (),
    )


def ours(told: Sequence[Told]) -> Links:
    """Read, compare, judge and join, as `rapport identity run` does between reading and writing the database."""
    known = {one.id: as_person(one) for one in told}
    pairs = find_pairs(list(known.values()), shipped(), DOUBT)
    sure = [pair for pair in pairs if verdict(pair.weight, pair.levels) is Verdict.SAME]
    joined, _ = choose(sure, Groups(), (), lambda a, b: contradicts(levels(known[a], known[b])))
    return [(pair.left, pair.right) for pair in joined]


def exact(told: Sequence[Told]) -> Links:
    """Join records with the same e-mail address or phone number."""
    first: dict[tuple[str, str], str] = {}
    links = []
    for one in told:
        for key in (("email", one.email), ("phone", one.phone)):
            if key[1] and first.setdefault(key, one.id) != one.id:
                links.append((first[key], one.id))
    return links


def plain_splink(told: Sequence[Told]) -> Links:
    """Join what splink finds with its ready-made comparisons, its usual training, at a probability of 0.95."""
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    fields = ("name", "born", "city", "address", "email", "phone")
    table = pa.table(
        {"unique_id": [one.id for one in told]}
        | {field: pa.array([getattr(one, field) or None for one in told], pa.string()) for field in fields}
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("born", [1, 2]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("address", [2]),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name", "city"),
            block_on("born", "city"),
            block_on("email"),
            block_on("phone"),
        ],
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI()
    linker = Linker(api.register(table), settings)
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("name", "born"), block_on("email")], 0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "city"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born", "city"))
    found = linker.inference.predict(threshold_match_probability=0.95)
    rows = found.as_record_dict()
    return [(row["unique_id_l"], row["unique_id_r"]) for row in rows]


def judged(told: Sequence[Told], links: Links) -> tuple[float, float]:
    """Give precision and recall of the pairs that follow from links."""
    leader: dict[str, str] = {}

    def first(record: str) -> str:
        while (up := leader.get(record, record)) != record:
            leader[record] = leader.get(up, up)
            record = up
        return record

    for left, right in links:
        one, other = first(left), first(right)
        if one != other:
            leader[other] = one
    groups: dict[str, Counter[int]] = defaultdict(Counter)
    for record in told:
        groups[first(record.id)][record.truth] += 1
    said = sum(_pairs(group.total()) for group in groups.values())
    right_ones = sum(_pairs(count) for group in groups.values() for count in group.values())
    there = sum(_pairs(count) for count in Counter(record.truth for record in told).values())
    return right_ones / max(said, 1), right_ones / max(there, 1)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def singles(told: Sequence[Told]) -> list[float]:
    """Give the milliseconds that finding the likely same of one record takes, the look-up in memory included."""
    by_key: dict[str, list[Person]] = defaultdict(list)
    known = [as_person(one) for one in told]
    for one in known:
        for key in (*keys(one), *one.emails, *one.phones, *one.devices):
            by_key[key].append(one)
    took = []
    for one in told[:SINGLES]:
        started = time.perf_counter()
        asked = as_person(one)
        meets = [by_key[key] for key in (*keys(asked), *asked.emails, *asked.phones, *asked.devices)]
        others = {other.id: other for some in meets if len(some) <= 20 for other in some}
        alike(asked, others.values(), shipped(), len(known))
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)


def main() -> None:
    """Run, print a table, and end with one line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help=f"{QUICK:,} records instead of {RECORDS:,}")
    arguments.add_argument("--records", type=int, default=0, help="another number of records")
    chosen = arguments.parse_args()
    told = people(chosen.records or (QUICK if chosen.quick else RECORDS), SEED)
    ways: dict[str, Callable[[Sequence[Told]], Links]] = {"": ours, "splink_": plain_splink, "exact_": exact}
    figures: dict[str, Any] = {"records": len(told), "people": len({one.truth for one in told})}
    table = Table("way", "precision", "recall", "records/min", title=f"{len(told):,} records")
    for prefix, way in ways.items():
        started = time.perf_counter()
        links = way(told)
        speed = len(told) / (time.perf_counter() - started) * 60
        precision, recall = judged(told, links)
        figures |= {
            f"{prefix}precision": round(precision, 4),
            f"{prefix}recall": round(recall, 4),
            f"{prefix}records_per_min": round(speed),
        }
        table.add_row(prefix.strip("_") or "rapport", f"{precision:.4f}", f"{recall:.4f}", f"{speed:,.0f}")
    took = singles(told)
    figures |= {
        "single_p50_ms": round(statistics.median(took), 3),
        "single_p99_ms": round(took[int(len(took) * 0.99)], 3),
    }
    Console().print(table)
    print(f"one record: p50 {figures['single_p50_ms']} ms, p99 {figures['single_p99_ms']} ms")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
