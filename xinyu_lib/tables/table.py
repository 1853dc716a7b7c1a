"""A table as declared: its columns with type, codes, bounds, privacy and reference, and its key. Frozen."""

from typing import Literal, Self, get_args

from pydantic import model_validator

from xinyu_lib.registry import Definition, Flag, Label, Text, Whole

Type = Literal["text", "whole", "number", "date", "month", "timestamp", "code", "codes", "answers", "scores"]
Privacy = Literal["public", "aggregate", "restricted", "vault"]
Identity = Literal["pupil", "staff"]


class Code(Definition):
    """One allowed code and the ways in which a file may write it."""

    code: Text
    zh: Text
    en: Text
    also: tuple[Text, ...] = ()

    @property
    def label(self) -> Label:
        return Label(zh=self.zh, en=self.en)

    @property
    def written(self) -> tuple[str, ...]:
        """The code itself, both labels and the other spellings."""
        return (self.code, self.zh, self.en, *self.also)


class Column(Definition):
    """One column.

    type: `number` has decimals; `code` is one of the codes, `codes` several of them, stored as `a;b` in the order of
    the declaration. default: what a blank cell stands for. pattern: the whole stored value must match; `form` says so
    in words. min, max: inclusive. not_before: a day of the same row that this one may not precede.
    codes: of a `code` or `codes` column the only values; of another type spellings that stand for a value.
    privacy: public; aggregate (in reports only as protected tables); restricted (in no report); vault (not in
    the lake). identity: this vault column holds the number of a person; stands_for: the stored column with the random
    key that takes its place. references: the column `table.column` in which the value must occur, in a row of the same
    wave and school where both tables have them.
    """

    name: Text
    label: Label
    note: Label | None = None
    type: Type
    required: Flag = False
    from_file: Flag = True
    default: Text | None = None
    pattern: Text | None = None
    form: Label | None = None
    min: Whole | None = None
    max: Whole | None = None
    not_before: Text | None = None
    codes: tuple[Code, ...] = ()
    privacy: Privacy
    identity: Identity | None = None
    stands_for: Text | None = None
    references: Text | None = None
    example: Text | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """Headers under which a file may carry the column."""
        return (self.label.zh, self.label.en, self.name)

    @model_validator(mode="after")
    def _codes_belong_to_code_columns(self) -> Self:
        if self.type in {"code", "codes"} and not self.codes:
            raise ValueError(f"{self.name}: a code column needs codes")
        return self

    @model_validator(mode="after")
    def _a_person_is_kept_in_the_vault(self) -> Self:
        if bool(self.identity) != bool(self.stands_for) or (self.identity and self.privacy != "vault"):
            raise ValueError(f"{self.name}: the number of a person is in the vault, and a key stands for it")
        return self


class Table(Definition):
    """One table.

    promises: the sentences of the founding document that rest on it (`S19`). from_file: False for tables that the
    library writes itself. per_scale: stored as `<id>/<scale id>`.
    """

    id: Text
    label: Label
    note: Label
    promises: tuple[Text, ...] = ()
    key: tuple[Text, ...]
    from_file: Flag = True
    per_scale: Flag = False
    columns: tuple[Column, ...]
    every_row: tuple[Column, ...]

    @property
    def file_columns(self) -> tuple[Column, ...]:
        """Columns that a file of this table carries."""
        return tuple(column for column in self.columns if column.from_file)

    @property
    def privacy(self) -> Privacy:
        """The strictest class among the columns that the lake holds."""
        stored = [column.privacy for column in self.columns if column.privacy != "vault"]
        return max(stored, key=get_args(Privacy).index)

    @property
    def texts(self) -> tuple[Column, ...]:
        """What a person writes in words about a row: kept in the vault beside the row's key."""
        return tuple(c for c in self.file_columns if c.privacy == "vault" and not c.identity)

    @property
    def introduces(self) -> Column | None:
        """The column by which a file of this table brings persons nobody knew."""
        return next((c for c in self.file_columns if c.identity and not c.references), None)

    @property
    def file_key(self) -> tuple[str, ...]:
        """The key as it stands in a file: the pupil number in place of the pupil key."""
        stand_in = {column.stands_for: column.name for column in self.columns if column.stands_for}
        return tuple(stand_in.get(name, name) for name in self.key)

    @property
    def stored(self) -> tuple[str, ...]:
        """Names of the columns in the lake, those of every row last; without items and scores."""
        kept = [c for c in self.columns if c.privacy != "vault" and c.type not in {"answers", "scores"}]
        return tuple(column.name for column in (*kept, *self.every_row))

    def column(self, name: str) -> Column:
        """One column by name. Raises KeyError: names come from code, not from users."""
        return {column.name: column for column in (*self.columns, *self.every_row)}[name]

    @model_validator(mode="after")
    def _key_is_declared(self) -> Self:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)) or not set(self.key) <= set(names):
            raise ValueError("column names must differ and the key must be among them")
        if not {c.stands_for for c in self.columns if c.stands_for} <= set(names):
            raise ValueError("a column that takes the place of a number must be declared")
        if not {c.not_before for c in self.columns if c.not_before} <= set(names):
            raise ValueError("not_before names a column of the table")
        return self
