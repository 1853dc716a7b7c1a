"""Files of worked examples: a YAML list with id, scale, form, why, responses and expected."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from xinyu_lib.errors import DefinitionError
from xinyu_lib.registry import wrong
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.examples import Example

# The worked examples compiled for this project, in the same format as anybody's own.
SHIPPED = Path(__file__).parents[1] / "scales" / "worked-examples.yaml"
AS_WRITTEN = {"id", "scale", "form", "responses"}  # `0110` is an answer sheet, not a number


class _Loader(yaml.SafeLoader):
    """YAML in which no key stands twice, nothing is a reference to something else, and answer sheets stay text."""

    def compose_node(self, parent: Any, index: Any) -> yaml.Node:
        """Refuses references: a few lines of them can stand for more than a machine holds."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "*", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def table(self, node: yaml.MappingNode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(self.construct_scalar(key_node))
            if key in found:
                raise yaml.constructor.ConstructorError(None, None, f"{key} ×2", key_node.start_mark)
            plain = key in AS_WRITTEN and isinstance(value_node, yaml.ScalarNode)
            found[key] = value_node.value if plain else self.construct_object(value_node, deep=True)
        return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _Loader.table)


def read_examples(path: str | Path) -> list[Example]:
    """The examples of a file. Raises DefinitionError naming the file, the entry and what is wrong with it."""
    path = Path(path)
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except FileNotFoundError as error:
        raise DefinitionError("scoring.examples_missing", file=str(path)) from error
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())
        raise DefinitionError("scoring.examples_unreadable", file=path.name, why=why) from error
    if not isinstance(content, list) or not content:
        raise DefinitionError("scoring.examples_list", file=path.name)
    return [_example(entry, number, path.name) for number, entry in enumerate(content, 1)]


def _example(entry: Any, number: int, file: str) -> Example:
    try:
        return Example.model_validate(entry)
    except ValidationError as error:
        key, why = wrong(error)[0]
        name = entry.get("id") if isinstance(entry, dict) else None
        raise DefinitionError("core.definition_wrong", file=file, key=f"{name or number}.{key}", why=why) from error


@cache
def shipped_examples() -> tuple[Example, ...]:
    """All examples that come with the library: the compiled file and those in the scale files."""
    return *read_examples(SHIPPED), *_of_scale_files()


def _of_scale_files() -> Iterator[Example]:
    for scale_id in scales():
        for each in load_scale(scale_id).examples:
            yield each.model_copy(update={"scale": scale_id})
