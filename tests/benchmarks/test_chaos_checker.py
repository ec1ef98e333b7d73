"""The checker of the chaos run finds what is planted, each under its heading, and nothing in a run without fault."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.chaos.checker import HEADINGS, check
from benchmarks.chaos.journal import Journal, Shown, StaffJournal, Written
from benchmarks.chaos.log import LoggedConversation, LoggedLine, read_log
from crm_core.crm import Crm
from crm_core.records.conversations import TurnResult
from crm_core.records.people import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def line(seq: int, author: str, text: str, **more: object) -> LoggedLine:
    return LoggedLine(f"m{seq}", seq, author, text, NOON + timedelta(seconds=seq), **more)  # type: ignore[arg-type]


def asked(seq: int, name: str, turns: int = 1) -> LoggedLine:
    return line(seq, "customer", f"say {name}", client_id=name, turns=turns)


def answered(seq: int, question: int) -> LoggedLine:
    return line(seq, "bot", f"answer to {question}", answers_id=f"m{question}")


@dataclass
class Case:
    """A run without fault: a browser's talk with bot, person and bot again, and a program's."""

    web: LoggedConversation = field(
        default_factory=lambda: LoggedConversation(
            "c1",
            "web",
            "visitor",
            9,
            [
                asked(1, "a"),
                answered(2, 1),
                line(3, "system", "agent_joined"),
                asked(4, "b", turns=0),
                line(5, "agent", "Hello", client_id="s1"),
                line(6, "system", "handed_back"),
                asked(7, "c"),
                asked(8, "d"),
                answered(9, 7),
                answered(10, 8),
            ],
        )
    )
    rest: LoggedConversation = field(
        default_factory=lambda: LoggedConversation("c2", "rest", "program", 2, [asked(1, "p"), answered(2, 1)])
    )
    browser: Journal = field(default_factory=lambda: Journal("web", "visitor"))
    program: Journal = field(default_factory=lambda: Journal("rest", "program"))
    staff: StaffJournal = field(default_factory=lambda: StaffJournal({"c1": [Written("s1", "Hello")]}))

    def __post_init__(self) -> None:
        self.web = replace(self.web, last_seq=10)
        self.browser.written = [Written(name, f"say {name}") for name in "abcd"]
        self.browser.confirmed = {"a": 1, "b": 4, "c": 7, "d": 8}
        self.browser.welcomes = {(1, "c1"): 0, (2, "c1"): 4}
        self.browser.shown = [
            Shown(1 if logged.seq <= 4 else 2, "c1", logged.seq, logged.author, logged.text, logged.client_id)
            for logged in self.web.lines
        ]
        self.program.written = [Written("p", "say p")]
        self.program.confirmed = {"p": None}
        self.program.answers = {"p": ["answer to 1"]}

    def findings(self) -> dict[str, int]:
        """Give the headings under which anything was found."""
        verdict = check([self.browser, self.program], self.staff, [self.web, self.rest])
        return {heading: count for heading, count in verdict.counts.items() if count}


def test_a_run_without_fault_has_no_finding() -> None:
    assert Case().findings() == {}


def drop(seq: int) -> Callable[[Case], None]:
    return lambda case: case.web.lines.remove(case.web.lines[seq - 1])


def insert(place: int, *lines: LoggedLine) -> Callable[[Case], None]:
    """Put lines into the log, at consecutive places as a careless writer would, and shown as they stand."""

    def plant(case: Case) -> None:
        grown = [*case.web.lines[: place - 1], *lines, *case.web.lines[place - 1 :]]
        numbered = [replace(logged, seq=seq) for seq, logged in enumerate(grown, 1)]
        case.web = replace(case.web, lines=numbered, last_seq=len(numbered))
        _shown_and_confirmed_as_logged(case)

    return plant


def swap(one: int, other: int) -> Callable[[Case], None]:
    def plant(case: Case) -> None:
        lines = case.web.lines
        first, second = lines[one - 1], lines[other - 1]
        lines[one - 1], lines[other - 1] = replace(second, seq=one), replace(first, seq=other)
        _shown_and_confirmed_as_logged(case)

    return plant


def _shown_and_confirmed_as_logged(case: Case) -> None:
    case.browser.welcomes = {(1, "c1"): 0}
    case.browser.shown = [
        Shown(1, "c1", logged.seq, logged.author, logged.text, logged.client_id) for logged in case.web.lines
    ]
    places = {logged.client_id: logged.seq for logged in case.web.lines}
    case.browser.confirmed = {name: places[name] for name in case.browser.confirmed}


def change(part: str, **values: object) -> Callable[[Case], None]:
    def plant(case: Case) -> None:
        for name, value in values.items():
            setattr(getattr(case, part), name, value)

    return plant


def more_shown(*shown: Shown) -> Callable[[Case], None]:
    return lambda case: case.browser.shown.extend(shown)


def unshown(seq: int) -> Callable[[Case], None]:
    return lambda case: case.browser.shown.remove(next(shown for shown in case.browser.shown if shown.seq == seq))


@pytest.mark.parametrize(
    ("planted", "heading"),
    [
        pytest.param(lambda case: case.browser.written.append(Written("e", "say e")), "lost", id="never logged"),
        pytest.param(lambda case: case.staff.written["c1"].append(Written("s2", "Bye")), "lost", id="staff's words"),
        pytest.param(lambda case: case.browser.confirmed.update(d=9), "lost", id="confirmed elsewhere"),
        pytest.param(unshown(10), "lost", id="never shown"),
        pytest.param(more_shown(Shown(2, "c1", 11, "bot", "ghost")), "lost", id="shown and not logged"),
        pytest.param(change("program", answers={"p": []}), "lost", id="never given"),
        pytest.param(insert(11, asked(11, "e")), "lost", id="never answered"),
        pytest.param(insert(2, asked(11, "a", turns=0), line(12, "system", "closed")), "duplicated", id="logged twice"),
        pytest.param(insert(3, line(11, "agent", "Hi", client_id="x")), "duplicated", id="written by nobody"),
        pytest.param(more_shown(Shown(2, "c1", 10, "bot", "answer to 8")), "duplicated", id="shown twice"),
        pytest.param(change("program", answers={"p": ["answer to 1"] * 2}), "duplicated", id="given twice"),
        pytest.param(lambda case: case.browser.written.reverse(), "out_of_order", id="log in another order"),
        pytest.param(swap(9, 10), "out_of_order", id="answers in another order"),
        pytest.param(more_shown(Shown(2, "c1", 5, "agent", "Hello", "s1")), "out_of_order", id="shown late"),
        pytest.param(drop(2), "gaps", id="no line at a place"),
        pytest.param(unshown(7), "gaps", id="led past a line"),
        pytest.param(insert(3, answered(11, 1)), "answered_twice", id="answers of two commits"),
        pytest.param(lambda case: swap_turns(case, 1, 2), "answered_twice", id="two turns"),
        pytest.param(insert(5, line(11, "bot", "me too")), "bot_over_human", id="the bot while a person has it"),
        pytest.param(insert(7, answered(11, 4)), "bot_over_human", id="the bot on what a person was told"),
    ],
)
def test_what_is_planted_is_found(planted: Callable[[Case], None], heading: str) -> None:
    case = deepcopy(Case())
    planted(case)
    assert case.findings().get(heading), case.findings()


def swap_turns(case: Case, seq: int, turns: int) -> None:
    """Give a message so many turns."""
    case.web.lines[seq - 1] = replace(case.web.lines[seq - 1], turns=turns)


def test_every_heading_has_a_planted_fault() -> None:
    planted = {mark.values[1] for mark in test_what_is_planted_is_found.pytestmark[0].args[1]}
    assert planted == set(HEADINGS)


def test_the_log_is_read_as_the_database_has_it(any_crm: Crm) -> None:
    talks = any_crm.conversations
    talk = talks.open("web", "v1")
    talks.accept(talk.id, {"text": "one"}, external_id="v1:a")
    turn = talks.next_turn(talk.id, "test", lease_seconds=30)
    assert turn is not None
    talks.finish_turn(turn, TurnResult([{"text": "yes"}]))
    agent = any_crm.staff.create("ada@shop.test", "Ada", Role.AGENT)[0]
    talks.take(talk.id, agent.id)
    talks.open("web", "somebody else")
    (logged,) = read_log(any_crm, [("web", "v1")])
    assert [(said.seq, said.author, said.text) for said in logged.lines] == [
        (1, "customer", "one"),
        (2, "bot", "yes"),
        (3, "system", "agent_joined"),
    ]
    assert (logged.lines[0].client_id, logged.lines[0].turns) == ("a", 1)
    assert logged.lines[1].answers_id == logged.lines[0].id
