"""The comparison of intent classifiers, on a set of a few sentences and with a peer that always says the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from benchmarks import nlu, nlu_peers
from benchmarks.nlu_peers import Peer, PeerMissing
from benchmarks.nlu_sets import CLEAN, OUT_OF_SCOPE, Fold, LabelledSet

COLOURS = ["red", "green", "blue", "yellow", "black", "white", "brown", "grey"]
TRAIN = [
    *((f"where is my {colour} parcel", "track") for colour in COLOURS),
    *((f"give me the money back for the {colour} shirt", "refund") for colour in COLOURS),
]
ECHO = """
import json, sys
asked = json.load(open(sys.argv[1]))
count = len(asked["judge"])
answer = {"understood": ["track"] * count, "confidence": [0.5] * count, "p50_ms": 1.5, "train_seconds": 2.0}
json.dump(answer, open(sys.argv[2], "w"))
"""


def rows(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["text", "intent"])


def judged(*texts: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(texts, columns=["text", "intent", "kind", "source"])


@pytest.fixture
def small() -> LabelledSet:
    """Two clean texts, one of them also in capitals, one out of scope; a validation part of two texts."""
    test = judged(
        ("where is the parcel", "track", CLEAN, 0),
        ("i want the money back", "refund", CLEAN, 1),
        ("who won the cup", OUT_OF_SCOPE, CLEAN, 2),
        ("I WANT THE MONEY BACK", "refund", "upper_case", 1),
    )
    validation = rows(("where is the blue parcel", "track"), ("who sang that", OUT_OF_SCOPE))
    return LabelledSet("small", "en", [Fold(rows(*TRAIN), test, validation)], {})


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A peer to which everything is about tracking."""
    (tmp_path / "echo.py").write_text(ECHO)
    monkeypatch.setattr(nlu_peers, "CACHE", tmp_path / "cache")
    command = (sys.executable, str(tmp_path / "echo.py"))
    return Peer("echo", command, lambda: None, lambda language: {}, (tmp_path / "echo.py",))


def test_our_model_is_trained_and_asked(small: LabelledSet) -> None:
    outcome = nlu.ours(small, "lite", None)
    figures = outcome.figures()
    assert outcome.clean.in_scope_accuracy == 1.0
    assert (outcome.clean.in_scope, outcome.clean.out_of_scope) == (2, 1)
    assert figures["noise.upper_case.clean"] == 1.0
    assert 0 <= figures["ece"] <= 1
    assert figures["p50_ms"] > 0


def test_a_peer_is_asked_in_a_process_of_its_own_and_once(small: LabelledSet, echo: Peer, tmp_path: Path) -> None:
    first = nlu.theirs(small, echo)
    assert (first.clean.in_scope_accuracy, first.p50_ms, first.train_seconds) == (0.5, 1.5, 2.0)
    assert first.noisy == {"upper_case": (0.0, 0.0)}
    assert len(list((tmp_path / "cache" / "echo").iterdir())) == 1
    assert nlu.theirs(small, Peer("echo", ("false",), *_rest(echo))).figures() == first.figures()


def test_a_peer_that_has_changed_is_asked_again(small: LabelledSet, echo: Peer, tmp_path: Path) -> None:
    nlu.theirs(small, echo)
    (tmp_path / "echo.py").write_text(ECHO.replace("track", "refund"))
    assert nlu.theirs(small, echo).noisy == {"upper_case": (1.0, 1.0)}


def test_a_peer_that_breaks_off_is_named_and_left_out(small: LabelledSet, echo: Peer) -> None:
    broken = Peer("broken", (sys.executable, "-c", "raise SystemExit('no such luck')"), *_rest(echo))
    with pytest.raises(PeerMissing, match="no such luck"):
        nlu.theirs(small, broken)
    console = Console(record=True, width=200)
    names = [outcome.classifier for outcome in nlu.outcomes(small, [broken, echo], console)]
    assert names[0] == "lite"
    assert names[-1] == "echo"
    assert "broken: left out" in console.export_text()


def test_a_meaning_makes_several_intents_right(small: LabelledSet, echo: Peer) -> None:
    test = judged(("where is it", "theirs", CLEAN, 0))
    meant = LabelledSet("meant", "en", [Fold(rows(*TRAIN), test)], {}, {"theirs": frozenset(["track", "refund"])})
    assert nlu.theirs(meant, echo).clean.in_scope_accuracy == 1.0


def test_a_missed_target_is_marked() -> None:
    assert nlu._cell(0.8, 0.9, "accuracy") == "0.800 (≥ 0.9, missed)"
    assert nlu._cell(0.04, 0.05, "ece") == "0.040 (≤ 0.05)"
    assert nlu._cell(1.6, 1.5, "p50_ms").endswith("missed)")
    assert nlu._cell(None, None, "ece") == ""


def test_the_last_line_has_a_figure_a_key(small: LabelledSet, echo: Peer) -> None:
    flat = nlu.flat({"small": {"echo": nlu.theirs(small, echo).figures()}})
    assert flat["small.echo.accuracy"] == 0.5
    assert {"small.echo.p50_ms", "small.echo.oos_recall", "small.echo.ece"} <= flat.keys()
    assert json.loads(json.dumps(flat)) == flat


def _rest(peer: Peer) -> tuple[object, ...]:
    return (peer.prepare, peer.options, peer.made_of)
