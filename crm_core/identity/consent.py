"""What a person agreed to whose records were joined: the strictest of all, until they say otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to being asked for consent."""

    record: str
    purpose: str
    granted: bool
    given_at: datetime


def strictest(answers: Sequence[Answer], records: Mapping[str, datetime | None]) -> dict[str, bool]:
    """Give what holds for the person.

    An answer given after records were joined is the person's own and outdoes the earlier ones of all of them. Without
    one, a no of any record holds; a yes holds only if every record said it.

    Args:
        answers: All of all records, the oldest first.
        records: The records of the person, and when each was joined to another; None for the one that survives.

    Returns:
        By purpose, yes or no; what counts as never asked is not in it.
    """
    found = {}
    for purpose in dict.fromkeys(answer.purpose for answer in answers):
        granted = _of([answer for answer in answers if answer.purpose == purpose], records)
        if granted is not None:
            found[purpose] = granted
    return found


def _of(answers: Sequence[Answer], records: Mapping[str, datetime | None]) -> bool | None:
    last = {answer.record: answer for answer in answers}
    standing = [answer for answer in last.values() if not _outdone(answer, last.values(), records)]
    if not all(answer.granted for answer in standing):
        return False
    everybody = set(last) == set(records) or any(_since_all(answer, records) for answer in standing)
    return True if everybody else None


def _outdone(answer: Answer, others: Collection[Answer], records: Mapping[str, datetime | None]) -> bool:
    """Tell whether the person said something else since this answer's record was joined to the other one."""
    return any(
        other.record != answer.record
        and other.given_at > answer.given_at
        and all(joined is None or other.given_at > joined for joined in (records[other.record], records[answer.record]))
        for other in others
    )


def _since_all(answer: Answer, records: Mapping[str, datetime | None]) -> bool:
    return all(joined is None or answer.given_at > joined for joined in records.values())
