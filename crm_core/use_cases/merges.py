"""Who is who: records of one person found, joined with their evidence, and parted again."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache

import sqlalchemy as sa

from crm_core.errors import Conflict
from crm_core.identity.comparing import levels
from crm_core.identity.grouping import Groups, choose
from crm_core.identity.pairs import Pair
from crm_core.identity.person import Person
from crm_core.identity.single import alike, compare
from crm_core.identity.survivorship import Golden, golden
from crm_core.identity.verdict import DOUBT, Verdict, contradicts, verdict
from crm_core.identity.weights import shipped
from crm_core.learning.progress import Progress, quiet
from crm_core.privacy import rights
from crm_core.records.merges import Evidence, Merge, Recognised, State
from crm_core.records.people import SYSTEM, Actor
from crm_core.storage import access_log, customers, likeness, persons, told
from crm_core.storage import merges as rows
from crm_core.use_cases.context import Context

_RIGHT = "identity"


class Merges:
    """The use cases of joining and parting records.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def run(self, progress: Progress = quiet, *, actor: Actor = SYSTEM) -> Recognised:
        """Find the records of one person in the whole database and join them; a second run changes nothing.

        What is sure is joined, what is doubtful waits for a person, what was parted stays apart.

        Raises:
            NotAllowed: The actor may not.
        """
        rights.check(actor, _RIGHT)
        started = time.perf_counter()
        people = self._read(progress)
        from crm_core.identity.batch import find_pairs  # splink is slow to load, and nothing else needs it

        judged = [
            (pair, verdict(pair.weight, pair.levels)) for pair in find_pairs(list(people.values()), shipped(), DOUBT)
        ]
        with self._context.database.writing() as connection:
            rows.alone(connection)
            merged, doubtful = self._join(connection, judged, people, actor)
        return Recognised(len(people), merged, doubtful, time.perf_counter() - started)

    def _read(self, progress: Progress) -> dict[str, Person]:
        keys, people = self._context.keys, dict[str, Person]()
        with self._context.database.reading() as connection:
            total = likeness.count(connection)
            for part in likeness.batches(connection, keys):
                people |= {one.id: one for one in part}
                progress(len(people), total)
        everybody = list(people.values())
        for start in range(0, len(everybody), likeness.BATCH):
            with self._context.database.writing() as connection:
                likeness.save_keys(connection, keys, everybody[start : start + likeness.BATCH])
        return people

    def _join(
        self, connection: sa.Connection, judged: Iterable[tuple[Pair, Verdict]], people: dict[str, Person], actor: Actor
    ) -> tuple[int, int]:
        known, groups = rows.pairs(connection), Groups(rows.links(connection))
        living = set(rows.living(connection, {id_ for pair, _ in judged for id_ in (pair.left, pair.right)}))
        sure, unsure = [], []
        for pair, found in judged:
            state = known.get(frozenset((pair.left, pair.right)))
            if state in (State.MERGED, State.APART) or not {pair.left, pair.right} <= living:
                continue
            if found is Verdict.SAME:
                sure.append(pair)
            elif found is Verdict.DOUBTFUL and state is None:
                unsure.append(pair)

        @lru_cache(maxsize=100_000)
        def contradict(one: str, other: str) -> bool:
            return one in people and other in people and contradicts(levels(people[one], people[other]))

        apart = {pair for pair, state in known.items() if state is State.APART}
        joined, held = choose(sure, groups, apart, contradict)
        unsure += [pair for pair in held if frozenset((pair.left, pair.right)) not in known]
        unsure = [pair for pair in unsure if pair.left not in groups.of(pair.right)]
        rows.keep(connection, [self._merge(pair, State.MERGED, actor) for pair in joined])
        rows.keep(connection, [self._merge(pair, State.DOUBTFUL) for pair in unsure])
        rows.settle(connection, {record for pair in joined for record in (pair.left, pair.right)})
        return len(joined), len(unsure)

    def _merge(self, pair: Pair, state: State, actor: Actor | None = None, rule: str = "likeness") -> Merge:
        at = self._context.clock()
        evidence = tuple(Evidence(field, level, pair.weights[field]) for field, level in pair.levels.items())
        weight, by, decided = round(pair.weight, 2), actor.id if actor else None, at if actor else None
        return Merge("", pair.left, pair.right, state, rule, weight, evidence, at, by, decided)

    def doubtful(self, limit: int = 100) -> list[Merge]:
        """Give the pairs that wait for a person to decide, the likeliest first."""
        with self._context.database.reading() as connection:
            return rows.doubtful(connection, limit)

    def get(self, merge_id: str) -> Merge:
        """Give one pair with its evidence.

        Raises:
            MergeNotFound: There is none.
        """
        with self._context.database.reading() as connection:
            return rows.by_id(connection, merge_id)

    def of(self, customer_id: str) -> list[Merge]:
        """Give all that was found or decided of a customer's records, the surest first."""
        with self._context.database.reading() as connection:
            return rows.of_records(connection, persons.ids(connection, customer_id))

    def records(self, customer_id: str) -> list[str]:
        """Give the ids of all records of a person, the survivor first."""
        with self._context.database.reading() as connection:
            return persons.ids(connection, customer_id)

    def join(self, one: str, other: str, *, actor: Actor) -> Merge:
        """Join two records because a person says that they are one, also against the evidence, which is kept.

        Raises:
            NotAllowed: The actor may not.
            CustomerNotFound: There is no such record.
            Conflict: They are joined already, are the same record, or one is erased.
        """
        rights.check(actor, _RIGHT)
        with self._context.database.writing() as connection:
            rows.alone(connection)
            for record in (one, other):
                customers.by_id(connection, record)
            if one == other or other in persons.ids(connection, one):
                raise Conflict("they are one customer already")
            self._must_live(connection, one, other)
            mine, theirs = likeness.people(connection, self._context.keys, [one]), likeness.people(
                connection, self._context.keys, [other]
            )  # fmt: skip
            pair = compare(mine[0], theirs[0], shipped(), likeness.count(connection))
            rows.keep(connection, [self._merge(pair, State.MERGED, actor, "hand")])
            self._settle(connection, one, other, "customers_merged", actor)
            kept = rows.between(connection, one, other)
        assert kept is not None
        return kept

    def reject(self, merge_id: str, *, actor: Actor) -> Merge:
        """Say that a doubtful pair are two people: no run joins them any more.

        Raises:
            NotAllowed: The actor may not.
            MergeNotFound: There is none.
            Conflict: It is merged; that is undone by `undo`.
        """
        return self._decide(merge_id, State.DOUBTFUL, "customers_kept_apart", actor)

    def undo(self, merge_id: str, *, actor: Actor) -> Merge:
        """Take one merge back: each side has again all that it had, and no run joins them any more.

        Raises:
            NotAllowed: The actor may not.
            MergeNotFound: There is none.
            Conflict: It is not merged, or the customer is erased.
        """
        return self._decide(merge_id, State.MERGED, "customers_parted", actor)

    def _decide(self, merge_id: str, needed: State, deed: str, actor: Actor) -> Merge:
        rights.check(actor, _RIGHT)
        with self._context.database.writing() as connection:
            rows.alone(connection)
            merge = rows.by_id(connection, merge_id)
            if merge.state is not needed:
                raise Conflict(f"this pair is {merge.state.value}, not {needed.value}")
            self._must_live(connection, merge.left, merge.right)
            rows.decide(connection, merge_id, State.APART, actor.id, self._context.clock())
            self._settle(connection, merge.left, merge.right, deed, actor)
            return rows.by_id(connection, merge_id)

    def _must_live(self, connection: sa.Connection, *records: str) -> None:
        for record in records:
            if customers.by_id(connection, record).status == "erased":
                raise Conflict(f"customer {record!r} is erased")

    def _settle(self, connection: sa.Connection, one: str, other: str, deed: str, actor: Actor) -> None:
        rows.settle(connection, (one, other))
        hash_, at = self._context.keys.vault.blind_index, self._context.clock()
        for record in (one, other):
            access_log.append(connection, hash_, actor, deed, record, (), at)

    def alike(self, customer_id: str) -> list[Merge]:
        """Compare one record with those that share something with it, at once; nothing is kept.

        Returns:
            The likeliest first; records of the same person are left out.

        Raises:
            CustomerNotFound: There is none.
        """
        keys = self._context.keys
        with self._context.database.reading() as connection:
            mine = persons.ids(connection, customers.by_id(connection, customer_id).id)
            own = likeness.people(connection, keys, [customer_id])
            if not own:
                return []
            others = [other for other in likeness.neighbours(connection, keys, own[0]) if other not in mine]
            there = likeness.people(connection, keys, others)
            found = alike(own[0], there, shipped(), likeness.count(connection))
        return [self._merge(pair, State.DOUBTFUL) for pair in found]

    def golden(self, customer_id: str, *, actor: Actor, unmask: bool = False) -> list[Golden]:
        """Give the golden record of a person: each value with its source, its day and the rule that chose it.

        Args:
            customer_id: Any record of the person.
            actor: Who looks.
            unmask: Show the values whole; that is written into the access log.

        Raises:
            NotAllowed: The actor may not.
            CustomerNotFound: There is none.
        """
        rights.check(actor, "unmask" if unmask else "customers", customer_id=customer_id)
        with self._context.database.writing() if unmask else self._context.database.reading() as connection:
            first = customers.by_id(connection, customer_id).id
            chosen = golden(told.of(connection, self._context.keys, persons.ids(connection, first)))
            if unmask:
                hash_, at = self._context.keys.vault.blind_index, self._context.clock()
                fields = [one.field for one in chosen]
                access_log.append(connection, hash_, actor, "customer_unmasked", first, fields, at)
        return chosen if unmask else [told.masked(one) for one in chosen]
