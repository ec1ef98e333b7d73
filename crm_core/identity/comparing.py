"""What of two records is compared, and how alike it can be: the same levels in SQL for a batch and in Python for one.

After I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage" (Journal of the American Statistical Association,
1969): each field of a pair falls into one level of likeness, and each level has a weight, log2(m/u): how much more
often two records of one person fall into it (m) than two records of two people (u).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from crm_core.identity.person import Person

UNKNOWN = "unknown"  # one of the two does not tell: weight 0
_LONG_NAME = 7  # letters; in shorter names one letter makes another name
_LONG_MAILBOX = 6
_DAY = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which a field of two records can be alike.

    Attributes:
        key: Its word, in evidence and weights.
        sql: The condition on `x_l` and `x_r`; `ELSE` for the last level.
        holds: The same in Python.
    """

    key: str
    sql: str
    holds: Callable[[Person, Person], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is compared: its levels from the most to the least alike.

    Attributes:
        key: Its word.
        missing_sql: In SQL, when one of two does not tell.
        tells: In Python, whether a record tells.
        levels: The first that holds counts; the last always does.
    """

    key: str
    missing_sql: str
    tells: Callable[[Person], bool]
    levels: tuple[Level, ...]

    def level(self, one: Person, other: Person) -> str:
        """Give the word of the level into which two records fall."""
        if not (self.tells(one) and self.tells(other)):
            return UNKNOWN
        return next(level.key for level in self.levels if level.holds(one, other))


def _always(one: Person, other: Person) -> bool:
    return True


def _slip(one: str, other: str) -> bool:
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _name_slip(one: Person, other: Person) -> bool:
    plain, written = " ".join(one.name.words), other.name.words
    if min(len(plain), len(" ".join(written))) < _LONG_NAME or (one.name.han and other.name.han):
        return False
    return _slip(plain, " ".join(written)) or _slip(plain, " ".join(reversed(written)))


def _name_turned(one: Person, other: Person) -> bool:
    han, their = one.name.han, other.name.han
    return len(han) > 1 and (han == turned(other) or turned(one) == their)


def turned(one: Person) -> str:
    """Give a Chinese name with its first character last: the family name after the given name."""
    return one.name.han[1:] + one.name.han[:1]


def _name_initials(one: Person, other: Person) -> bool:
    return (
        bool(set(one.name.words) & set(other.name.words))
        and initials(one) == initials(other)
        and (abbreviated(one) or abbreviated(other))
    )


def initials(one: Person) -> str:
    """Give the first letters of a name's words, sorted."""
    return "".join(sorted(word[0] for word in one.name.words))


def abbreviated(one: Person) -> bool:
    """Tell whether a word of a name is only a letter."""
    return any(len(word) == 1 for word in one.name.words)


def _day_and_month_swapped(one: Person, other: Person) -> bool:
    return one.born == f"{other.born[:4]}-{other.born[8:]}-{other.born[5:7]}"


def _whole_days(one: Person, other: Person) -> bool:
    return len(one.born) == len(other.born) == _DAY


def _mailbox_slip(one: Person, other: Person) -> bool:
    return min(len(one.mailbox), len(other.mailbox)) >= _LONG_MAILBOX and _slip(one.mailbox, other.mailbox)


def _common(field: str) -> str:
    return f"list_has_any({field}_l, {field}_r)"


FIELDS = (
    Field(
        "name",
        "name_key_l IS NULL OR name_key_r IS NULL",
        lambda one: bool(one.name.key),
        (
            Level("characters", "han_l <> '' AND han_l = han_r", lambda a, b: a.name.han == b.name.han != ""),
            Level("turned", "length(han_l) > 1 AND (han_l = turned_r OR turned_l = han_r)", _name_turned),
            Level(
                "sound",  # the same pinyin in other characters
                "han_l <> '' AND han_r <> '' AND name_key_l = name_key_r",
                lambda a, b: bool(a.name.han and b.name.han) and a.name.key == b.name.key,
            ),
            Level("same", "name_key_l = name_key_r", lambda a, b: a.name.key == b.name.key),
            Level(
                "slip",
                f"(han_l = '' OR han_r = '') AND least(length(name_l), length(name_r)) >= {_LONG_NAME} AND ("
                "damerau_levenshtein(name_l, name_r) <= 1 OR damerau_levenshtein(name_l, name_back_r) <= 1)",
                _name_slip,
            ),
            Level(
                "initials",
                f"(abbreviated_l OR abbreviated_r) AND initials_l = initials_r AND {_common('words')}",
                _name_initials,
            ),
            Level("part", _common("words"), lambda a, b: bool(set(a.name.words) & set(b.name.words))),
            Level("other", "ELSE", _always),
        ),
    ),
    Field(
        "born",
        "born_l IS NULL OR born_r IS NULL",
        lambda one: bool(one.born),
        (
            Level(
                "day",
                f"born_l = born_r AND length(born_l) = {_DAY}",
                lambda a, b: a.born == b.born and _whole_days(a, b),
            ),
            Level(
                "slip",
                f"length(born_l) = {_DAY} AND length(born_r) = {_DAY} AND (damerau_levenshtein(born_l, born_r) <= 1 OR "
                "born_l = substr(born_r, 1, 5) || substr(born_r, 9, 2) || '-' || substr(born_r, 6, 2))",
                lambda a, b: _whole_days(a, b) and (_slip(a.born, b.born) or _day_and_month_swapped(a, b)),
            ),
            Level(
                "year",
                f"(length(born_l) < {_DAY} OR length(born_r) < {_DAY}) AND substr(born_l, 1, 4) = substr(born_r, 1, 4)",
                lambda a, b: not _whole_days(a, b) and a.born[:4] == b.born[:4],
            ),
            Level("other", "ELSE", _always),
        ),
    ),
    Field(
        "address",
        "address_l IS NULL OR address_r IS NULL",
        lambda one: bool(one.address),
        (
            Level("same", "address_l = address_r", lambda a, b: a.address == b.address),
            Level(
                "slip",
                "damerau_levenshtein(address_l, address_r) <= 2",
                lambda a, b: DamerauLevenshtein.distance(a.address, b.address, score_cutoff=2) <= 2,
            ),
            Level("city", "city_l = city_r", lambda a, b: a.city == b.city != ""),
            Level("other", "ELSE", _always),
        ),
    ),
    Field(
        "email",
        "len(emails_l) = 0 OR len(emails_r) = 0",
        lambda one: bool(one.emails),
        (
            Level("same", _common("emails"), lambda a, b: bool(set(a.emails) & set(b.emails))),
            Level(
                "slip",  # one letter, or the same name at another provider
                f"least(length(mailbox_l), length(mailbox_r)) >= {_LONG_MAILBOX} AND "
                "damerau_levenshtein(mailbox_l, mailbox_r) <= 1",
                _mailbox_slip,
            ),
            Level("other", "ELSE", _always),
        ),
    ),
    Field(
        "phone",
        "len(phones_l) = 0 OR len(phones_r) = 0",
        lambda one: bool(one.phones),
        (
            Level("same", _common("phones"), lambda a, b: bool(set(a.phones) & set(b.phones))),
            Level("other", "ELSE", _always),
        ),
    ),
    Field(
        "device",
        "len(devices_l) = 0 OR len(devices_r) = 0",
        lambda one: bool(one.devices),
        (
            Level("same", _common("devices"), lambda a, b: bool(set(a.devices) & set(b.devices))),
            Level("other", "ELSE", _always),
        ),
    ),
)


def levels(one: Person, other: Person) -> dict[str, str]:
    """Give the level of each field for two records."""
    return {field.key: field.level(one, other) for field in FIELDS}
