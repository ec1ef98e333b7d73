"""Words of a product text or a question, in both scripts, in the form in which they are compared.

Latin words are lower-cased and lose their plural; runs of Han characters become single characters and overlapping
pairs, which needs no word segmentation. Traditional characters are read as simplified ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from opencc import OpenCC

_HAN = "㐀-䶿一-鿿豈-﫿"
_PIECE = re.compile(rf"[{_HAN}]+|[a-z0-9]+(?:[.'’-][a-z0-9]+)*")
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_LISTS = Path(__file__).parent / "wordlists"
_PARTICLES = (
    "的了吗呢吧啊呀嘛么呐哦我它这那要想找买卖有个款给请不就"  # frame, where they begin or end a run of characters
)
_NOT_PARTICLE = ("有机", "个人", "个性", "不锈", "不粘", "买手")
_KEEP_S = ("ss", "us", "is", "ous")
_ES = ("sses", "xes", "ches", "shes", "zes")


def fold(text: str) -> str:
    """Give a text in its comparable spelling: NFKC, lower case, simplified characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(folded)) if _HAN_RUN.search(folded) else folded


def words(text: str) -> list[str]:
    """Give the comparable words of a text, in order, repeats included."""
    found: list[str] = []
    for piece in _PIECE.findall(fold(text)):
        found.extend(_han(piece) if _HAN_RUN.match(piece) else _latin(piece))
    return found


def content_words(text: str) -> list[str]:
    """Give the words of a question that say what is wanted, without its frame ("do you have …", "有没有…")."""
    bare = _HAN_RUN.sub(
        lambda run: _without_particles(run.group()), _frame_phrases().sub(" ", fold(text)).replace("的", " ")
    )
    return [word for word in words(bare) if word not in _frame_words()]


def is_han(word: str) -> bool:
    """Tell whether a word is written in Han characters."""
    return bool(_HAN_RUN.match(word))


def synonyms(word: str) -> tuple[str, ...]:
    """Give the words that mean the same as a comparable word, in either language."""
    return _synonyms().get(word, ())


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Read one of the word lists beside this module, longest entry first."""
    lines = (_LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(sorted({line.strip() for line in lines if line.strip()}, key=lambda line: (-len(line), line)))


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in word_list("synonyms"):
        same = [_single(entry) for entry in line.split(",")]
        for word in same:
            found[word] = (*found.get(word, ()), *(other for other in same if other != word))
    return found


def _single(entry: str) -> str:
    folded = fold(entry.strip())
    return folded if is_han(folded) else _singular(folded)


@cache
def _frame_words() -> frozenset[str]:
    return frozenset(word for line in word_list("frames_en") for word in words(line))


@cache
def _frame_phrases() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, word_list("frames_zh"))))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _han(run: str) -> list[str]:
    return list(run) + [run[i : i + 2] for i in range(len(run) - 1)]


def _without_particles(run: str) -> str:
    while run and run[0] in _PARTICLES and not run.startswith(_NOT_PARTICLE):
        run = run[1:]
    return run.rstrip(_PARTICLES) or " "


def _latin(piece: str) -> list[str]:
    word = re.split(r"['’]", piece)[0]
    parts = word.split("-") if "-" in word else []
    return [_singular(part) for part in ([word.replace("-", ""), *parts] if parts else [word]) if part]


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_ES) else word[:-1]
