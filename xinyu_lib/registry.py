"""Definitions: TOML files beside their package, read into frozen models; errors name file, key and what is allowed."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xinyu_lib.errors import DefinitionError, UnknownName

Text = Annotated[str, Field(strict=True, min_length=1, pattern=r"\S")]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class Definition(BaseModel):
    """Base of everything declared in TOML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(Definition):
    """A short name in both languages."""

    zh: Text
    en: Text

    def say(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


Model = TypeVar("Model", bound=BaseModel)


def names(folder: Path) -> list[str]:
    """Ids of the definitions in a folder, sorted: the file names without `.toml`."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def find(folder: Path, name_or_path: str | Path, kind: str) -> Path:
    """File of a definition by id, or the path itself when it names a `.toml` file.

    Raises UnknownName, listing the known ids.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        return path
    shipped = folder / f"{name_or_path}.toml"
    if shipped.is_file() and path.name == str(name_or_path):
        return shipped
    raise UnknownName("core.unknown_name", kind=kind, name=str(name_or_path), known=", ".join(names(folder)))


def read(path: Path, model: type[Model]) -> Model:
    """One definition file as a frozen model. Raises DefinitionError naming file, key and what is allowed."""
    return built(content(path), model, path.name)


def content(path: Path) -> dict[str, Any]:
    """What a definition file says, not yet held against a model. Raises DefinitionError when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:  # no file, no text, no TOML, or nested beyond all reason
        raise DefinitionError("core.definition_unreadable", file=path.name, why=str(error)) from error


def built(content: dict[str, Any], model: type[Model], file: str) -> Model:
    """The model of a definition. Raises DefinitionError naming the file, the first wrong key and what is allowed."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        key, why = wrong(error)[0]
        raise DefinitionError("core.definition_wrong", file=file, key=key, why=why) from error


def wrong(error: ValidationError) -> list[tuple[str, str]]:
    """Key and reason of everything that does not fit a model."""
    return [(".".join(str(part) for part in each["loc"]) or "-", each["msg"]) for each in error.errors()]
