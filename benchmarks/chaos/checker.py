"""Compares what customers and staff know with what the database has; knows nothing of how either came about.

Each finding is a sentence under one of six headings:

- *lost*: written and not in the log, in the log and never shown or given, or the bot's to answer and not answered;
- *duplicated*: one message twice in the log, one line shown or given twice, or a line that nobody wrote;
- *out of order*: the log, a browser or the answers in another order than the messages were written in;
- *gaps*: a place of a conversation that no line has, or that a browser was led past;
- *answered twice*: a message with two turns, or with answers of two commits;
- *bot over human*: a line of the bot between a person's coming and going, or an answer to what was written then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.chaos.journal import Journal, Shown, StaffJournal
from benchmarks.chaos.log import LoggedConversation, LoggedLine

HEADINGS = ("lost", "duplicated", "out_of_order", "gaps", "answered_twice", "bot_over_human")
_OWNER_AFTER = {
    "handoff_requested": "queue",
    "handoff_cancelled": "bot",
    "agent_joined": "human",
    "agent_left": "queue",
    "handed_back": "bot",
    "closed": "closed",
}


@dataclass
class Verdict:
    """The findings by heading."""

    findings: dict[str, list[str]] = field(default_factory=lambda: {heading: [] for heading in HEADINGS})

    def add(self, heading: str, sentence: str) -> None:
        """Note a finding."""
        self.findings[heading].append(sentence)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings each heading has."""
        return {heading: len(found) for heading, found in self.findings.items()}

    @property
    def spotless(self) -> bool:
        """Whether nothing was found."""
        return not any(self.findings.values())


def check(journals: Iterable[Journal], staff: StaffJournal, log: Sequence[LoggedConversation]) -> Verdict:
    """Judge a run.

    Args:
        journals: What each customer wrote and saw.
        staff: What the members of staff wrote.
        log: The conversations of these customers, each customer's in the order in which they began.
    """
    verdict = Verdict()
    by_party: dict[tuple[str, str], list[LoggedConversation]] = defaultdict(list)
    for conversation in log:
        by_party[conversation.channel, conversation.party].append(conversation)
        _check_places(conversation, verdict)
        _check_answers(conversation, verdict)
        _check_owner(conversation, verdict)
        _check_staff(conversation, staff, verdict)
    for journal in journals:
        theirs = by_party[journal.channel, journal.party]
        _check_written(journal, theirs, verdict)
        if journal.channel == "web":
            _check_shown(journal, theirs, verdict)
            _check_arrival(journal, verdict)
        else:
            _check_given(journal, theirs, verdict)
    return verdict


def _check_places(conversation: LoggedConversation, verdict: Verdict) -> None:
    places = Counter(line.seq for line in conversation.lines)
    last = max([conversation.last_seq, *places])
    for seq in range(1, last + 1):
        if not places[seq]:
            verdict.add("gaps", f"{conversation.id}: no line at {seq} of {last}")
    for seq, count in places.items():
        if count > 1:
            verdict.add("duplicated", f"{conversation.id}: {count} lines at {seq}")


def _check_answers(conversation: LoggedConversation, verdict: Verdict) -> None:
    asked = {line.id: line for line in conversation.lines if line.author == "customer"}
    latest = 0
    commits: dict[str, set[object]] = defaultdict(set)
    for line in conversation.lines:
        if line.answers_id is None:
            continue
        commits[line.answers_id].add(line.written_at)
        question = asked.get(line.answers_id)
        if question is None or question.seq > line.seq or question.seq < latest:
            verdict.add("out_of_order", f"{conversation.id}: the answer at {line.seq} stands where it does not belong")
        else:
            latest = question.seq
    for message_id, moments in commits.items():
        if len(moments) > 1:
            verdict.add("answered_twice", f"{conversation.id}: {message_id} has answers of {len(moments)} commits")
    for line in asked.values():
        if line.turns > 1:
            verdict.add("answered_twice", f"{conversation.id}: {line.id} has had {line.turns} turns")


def _check_owner(conversation: LoggedConversation, verdict: Verdict) -> None:
    owner = "bot"
    under_a_person: set[str] = set()
    waiting: dict[str, LoggedLine] = {}  # messages of the bot's to answer
    for line in conversation.lines:
        if line.author == "system" and line.text in _OWNER_AFTER:
            owner = _OWNER_AFTER[line.text]
            if owner != "bot":
                waiting.clear()  # somebody else reads them
        elif line.author == "customer" and owner == "bot":
            waiting[line.id] = line
        elif line.author == "customer" and owner == "human":
            under_a_person.add(line.id)
        elif line.author == "bot":
            waiting.pop(line.answers_id or "", None)
            if owner == "human" or line.answers_id in under_a_person:
                verdict.add("bot_over_human", f"{conversation.id}: the bot's line at {line.seq}")
    for line in waiting.values():
        verdict.add("lost", f"{conversation.id}: no answer to the message at {line.seq}")


def _check_staff(conversation: LoggedConversation, staff: StaffJournal, verdict: Verdict) -> None:
    said = [line.client_id for line in conversation.lines if line.author == "agent"]
    written = [message.id for message in staff.written.get(conversation.id, [])]
    _compare(f"{conversation.id}: of the staff", written, said, verdict)


def _check_written(journal: Journal, theirs: list[LoggedConversation], verdict: Verdict) -> None:
    lines = [line for conversation in theirs for line in conversation.lines if line.author == "customer"]
    _compare(journal.party, [message.id for message in journal.written], [line.client_id for line in lines], verdict)
    texts = {message.id: message.text for message in journal.written}
    places = {(line.client_id, line.seq) for line in lines}
    for line in lines:
        if line.client_id in texts and texts[line.client_id] != line.text:
            verdict.add("lost", f"{journal.party}: {line.client_id} stands in the log with other words")
    for message_id, seq in journal.confirmed.items():
        if seq is not None and (message_id, seq) not in places:
            verdict.add("lost", f"{journal.party}: {message_id} was confirmed at {seq} and does not stand there")


def _compare(who: str, written: Sequence[str], logged: Sequence[str | None], verdict: Verdict) -> None:
    counts = Counter(logged)
    known = set(written)
    for message_id in written:
        if not counts[message_id]:
            verdict.add("lost", f"{who}: {message_id} is not in the log")
    for message_id, count in counts.items():
        if message_id not in known:
            verdict.add("duplicated", f"{who}: {message_id} was never written")
        elif count > 1:
            verdict.add("duplicated", f"{who}: {message_id} is in the log {count} times")
    wanted = [message_id for message_id in written if counts[message_id]]
    found = list(dict.fromkeys(message_id for message_id in logged if message_id in known))
    for message_id, other in zip(wanted, found, strict=True):
        if message_id != other:
            verdict.add("out_of_order", f"{who}: {other} stands in the log where {message_id} should")


def _check_shown(journal: Journal, theirs: list[LoggedConversation], verdict: Verdict) -> None:
    logged = {(conversation.id, line.seq): line for conversation in theirs for line in conversation.lines}
    shown: set[tuple[str, int]] = set()
    for line in journal.shown:
        place = (line.conversation_id, line.seq)
        shown.add(place)
        truth = logged.get(place)
        if truth is None or (truth.author, truth.text) != (line.author, line.text):
            verdict.add("lost", f"{journal.party}: was shown a line at {place} that the log does not have")
    for place in logged:
        if place not in shown:
            verdict.add("lost", f"{journal.party}: was never shown the line at {place}")


def _check_arrival(journal: Journal, verdict: Verdict) -> None:
    reached = dict(journal.welcomes)
    before: dict[str, int] = defaultdict(int)  # how far the browser had come in each conversation
    connections: dict[tuple[int, str], list[Shown]] = defaultdict(list)
    for line in journal.shown:
        connections[line.line, line.conversation_id].append(line)
    for key, lines in connections.items():
        cursor = reached.get(key, 0)
        if cursor > before[key[1]]:
            verdict.add("gaps", f"{journal.party}: led on from {before[key[1]]} to {cursor} of {key[1]}")
        for line in lines:
            if line.seq == cursor:
                verdict.add("duplicated", f"{journal.party}: shown the line at {line.seq} twice on one connection")
            elif line.seq < cursor:
                verdict.add("out_of_order", f"{journal.party}: shown the line at {line.seq} after that at {cursor}")
            elif line.seq > cursor + 1:
                verdict.add("gaps", f"{journal.party}: shown the line at {line.seq} after that at {cursor}")
            cursor = max(cursor, line.seq)
        before[key[1]] = max(before[key[1]], cursor)


def _check_given(journal: Journal, theirs: list[LoggedConversation], verdict: Verdict) -> None:
    """A program has no cursor: count what it was given against what was said to it."""
    said = Counter(
        line.text
        for conversation in theirs
        for line in conversation.lines
        if line.author in ("bot", "agent") and line.text
    )
    given = Counter(text for texts in journal.answers.values() for text in texts)
    for text, count in (said - given).items():
        verdict.add("lost", f"{journal.party}: {count} times never given: {text[:60]!r}")
    for text, count in (given - said).items():
        verdict.add("duplicated", f"{journal.party}: {count} times too often given: {text[:60]!r}")
