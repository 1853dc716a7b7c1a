"""Answer sheets to pupils of the roster: by number, or by class, number in class and name together. Never a guess."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice

import numpy as np
import pandas as pd

from xinyu_lib.census.naming import class_key, identifier_key, name_key, place_key

KEYS = {
    "number": identifier_key,
    "school": identifier_key,
    "class_id": class_key,
    "class_name": class_key,
    "class_number": place_key,
    "name": name_key,
}
REST = ("school", "class", "class_number", "name")  # what tells a pupil without the number, all of it together
LIKE = (("school", "class", "name"), ("school", "class", "class_number"), ("school", "name"))  # who might be meant
CANDIDATES, NOBODY = 5, -1


def match(claims: pd.DataFrame, roster: "pd.DataFrame | Roster") -> pd.DataFrame:
    """Which pupil each sheet belongs to, or why nobody can be told; a row per claim on the same index.

    claims: text as typed in `number`, `school`, `class_id` or `class_name`, `class_number`, `name`; columns and cells
    may be missing. roster: those columns, a row per pupil; a `Roster` where several stretches are matched.

    A typed number of the roster tells the pupil, unless the typed name is another one or the rest that was typed is not
    this pupil's but somebody else's. Without such a number class, number in class and name tell the pupil, all three
    typed and all three those of exactly one (in the typed school where there are several).

    Columns: `number` of the pupil, `how` (number, class_number_name), `why` not (unknown_number, name_differs,
    not_found, several, too_little), `candidates` (at most 5 numbers to look at, never taken). Two sheets may have
    one pupil.
    """
    known = roster if isinstance(roster, Roster) else Roster(roster)
    said = known.said(claims)
    owner, owners = known.find(said, ("number",))
    other, others = known.find(said, REST)
    doubts = [
        ("several", owners > 1),
        ("name_differs", known.differs(said, owner, "name")),
        ("several", known.points_elsewhere(said, owner)),
        ("", (owners == 1) | (others == 1)),
        ("several", others > 1),
        ("unknown_number", said["number"].notna()),
        ("not_found", said[list(REST)].notna().all(axis=1)),
    ]
    why = np.select([where for _, where in doubts], [reason for reason, _ in doubts], "too_little")
    told = why == ""
    columns = {
        "number": known.numbers(np.where(owner >= 0, owner, other)),
        "how": np.where(owner >= 0, "number", "class_number_name"),
        "why": why,
    }
    found = pd.DataFrame(columns, index=claims.index, dtype="str")
    found = found.where(pd.DataFrame({"number": told, "how": told, "why": ~told}, index=claims.index))
    return found.assign(candidates=known.candidates(said, ~told))


class Roster:
    """The pupils of a wave, ready to be looked up. A pupil is a position in the order of numbers; -1 is nobody."""

    def __init__(self, roster: pd.DataFrame):
        roster = roster.sort_values("number", kind="stable").reset_index(drop=True)
        self._numbers = np.append(roster["number"].astype("str").to_numpy(object), "")
        self._pupils = _keyed(roster)
        self._schools = self._pupils["school"].dropna().unique()
        self._sharing: dict[tuple[str, ...], _Sharing] = {}

    def said(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Keys of what the claims say, `class` being the one that was typed; a single school goes without saying."""
        said = _keyed(claims)
        said["class"] = said["class_id"].fillna(said["class_name"])
        return said.fillna({"school": self._schools[0]}) if len(self._schools) == 1 else said

    def find(self, said: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """The first pupil who has all that is said in the columns, and how many have."""
        return self._having(columns).first(said)

    def differs(self, said: pd.DataFrame, pupil: np.ndarray, column: str) -> np.ndarray:
        """True where both the claim and the roster say something in a column, and not the same."""
        known = pd.notna(self._columns[column][pupil])
        return said[column].notna().to_numpy() & known & ~self._agrees(said, pupil, column)

    def points_elsewhere(self, said: pd.DataFrame, pupil: np.ndarray) -> np.ndarray:
        """True where the rest that was typed is not all this pupil's but all another's.

        The rest is the name with whatever else was typed, or class and number in it; a class alone is no evidence.
        """
        typed = said[list(REST)].notna()
        odd = (typed["name"] | (typed["class"] & typed["class_number"])).to_numpy() & (pupil >= 0)
        odd &= np.logical_or.reduce([typed[name] & ~self._agrees(said, pupil, name) for name in REST])
        at = np.flatnonzero(odd)
        for kind, rows in typed.iloc[at].groupby(list(REST)).indices.items():
            columns = tuple(name for name, is_typed in zip(REST, kind, strict=True) if is_typed)
            odd[at[rows]] = self.find(said.iloc[at[rows]], columns)[0] >= 0
        return odd

    def _agrees(self, said: pd.DataFrame, pupil: np.ndarray, column: str) -> np.ndarray:
        """True where claim and roster say the same in a column; a class goes by its id and by its name."""
        mine = said[column].to_numpy(object)
        names = ("class_id", "class_name") if column == "class" else (column,)
        return np.logical_or.reduce([mine == self._columns[name][pupil] for name in names])

    def numbers(self, pupil: np.ndarray) -> np.ndarray:
        """Numbers of pupils as the roster writes them; blank for nobody."""
        return self._numbers[pupil]

    def candidates(self, said: pd.DataFrame, asked: np.ndarray) -> pd.Series:
        """Numbers of who might be meant, for the rows asked for: whose number it is, then who is alike."""
        found = pd.Series([()] * len(said), index=said.index, dtype="object")
        unclear = said[asked]
        alike = [self._having(columns).some(unclear) for columns in (("number",), *LIKE)]
        slips = map(self._slips, unclear["number"], unclear["name"])
        chosen = [islice(dict.fromkeys(chain(*each)), CANDIDATES) for each in zip(*alike, slips, strict=True)]
        found[asked] = pd.Series([tuple(self._numbers[list(each)]) for each in chosen], unclear.index, "object")
        return found

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        """Keys of all pupils by column, with a last pupil of whom nothing is known: nobody."""
        return {name: np.append(self._pupils[name].to_numpy(object), None) for name in self._pupils}

    @cached_property
    def _by_class(self) -> pd.DataFrame:
        """Keys with `class`, a row for the id of a pupil's class and one for its name."""
        return pd.concat([self._pupils.assign(**{"class": self._pupils[name]}) for name in ("class_id", "class_name")])

    def _having(self, columns: tuple[str, ...]) -> "_Sharing":
        if columns not in self._sharing:
            pupils = self._by_class if "class" in columns else self._pupils
            self._sharing[columns] = _Sharing(pupils[list(columns)])
        return self._sharing[columns]

    @cached_property
    def _by_number(self) -> dict[str, int]:
        return {number: pupil for pupil, number in enumerate(self._pupils["number"])}

    def _slips(self, number: str | float, name: str | float) -> list[int]:
        """Pupils of that name whose number differs by one typing slip."""
        if pd.isna(number) or pd.isna(name):
            return []
        found = {self._by_number[other] for other in one_slip(number) if other in self._by_number}
        return sorted(pupil for pupil in found if self._columns["name"][pupil] == name)


class _Sharing:
    """Pupils by what they share: the rows of a frame of keys, its index telling the pupil."""

    def __init__(self, keys: pd.DataFrame):
        self._columns = list(keys)
        held = keys.dropna().rename_axis("pupil").reset_index().drop_duplicates()
        kinds = held.drop_duplicates(self._columns)[self._columns]
        kind = held.groupby(self._columns, sort=False).ngroup().to_numpy()  # in order of appearance, as in `kinds`
        order = np.lexsort((held["pupil"], kind))
        self._pupils = np.append(held["pupil"].to_numpy()[order], NOBODY)
        self._starts = np.searchsorted(kind[order], np.arange(len(kinds) + 1))
        self._kinds = pd.MultiIndex.from_frame(kinds)

    def first(self, said: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The first pupil with the keys of each row, and how many there are."""
        start, end = self._stretch(said)
        return np.where(end > start, self._pupils[start], NOBODY), end - start

    def some(self, said: pd.DataFrame) -> Iterator[np.ndarray]:
        """The first few pupils with the keys of each row."""
        start, end = self._stretch(said)
        return (self._pupils[low : min(high, low + CANDIDATES)] for low, high in zip(start, end, strict=True))

    def _stretch(self, said: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Where the pupils of each row begin and end; an empty stretch where a key is missing or unknown."""
        kind = self._kinds.get_indexer(pd.MultiIndex.from_frame(said[self._columns]))
        kind = np.where(said[self._columns].notna().all(axis=1), kind, -1)
        return np.where(kind < 0, 0, self._starts[kind]), np.where(kind < 0, 0, self._starts[kind + 1])


def one_slip(number: str) -> Iterator[str]:
    """Every number that is one wrong digit, or two neighbours in each other's place, away."""
    for at in range(len(number)):
        yield from (number[:at] + digit + number[at + 1 :] for digit in "0123456789")
    for at in range(1, len(number)):
        yield number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]


def _keyed(said: pd.DataFrame) -> pd.DataFrame:
    """Keys of everything that is said, column by column of `KEYS`; missing where nothing is."""
    return pd.DataFrame({name: _column(said, name) for name in KEYS}, index=said.index)


def _column(said: pd.DataFrame, name: str) -> pd.Series:
    if name not in said:
        return pd.Series(None, index=said.index, dtype="str")
    codes, texts = pd.factorize(said[name])
    keys = pd.Series([KEYS[name](str(text)) or None for text in texts], dtype="str")
    return keys.reindex(codes).set_axis(said.index)
