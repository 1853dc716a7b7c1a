"""Parameters of a report notebook: declared once in its `parameters` cell, checked before any kernel starts."""

import ast
from pathlib import Path

import nbformat

from xinyu_lib.errors import ParameterError


def declared(notebook: Path) -> dict[str, object]:
    """Name and default value of each parameter: the plain assignments of the cell tagged `parameters`."""
    cells = nbformat.read(notebook, as_version=4).cells
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ParameterError("reporting.parameters_cell", notebook=notebook.name, found=str(len(tagged)))
    assignments = [node for node in ast.parse(tagged[0].source).body if isinstance(node, ast.Assign)]
    return {node.targets[0].id: ast.literal_eval(node.value) for node in assignments}


def checked(notebook: Path, given: dict[str, object]) -> dict[str, object]:
    """The given parameters, refused when the notebook does not declare one or declares another type."""
    known = declared(notebook)
    for name, value in given.items():
        if name not in known:
            raise ParameterError(
                "reporting.unknown_parameter", name=name, notebook=notebook.stem, known=", ".join(known)
            )
        if not isinstance(value, type(known[name])):
            raise ParameterError(
                "reporting.parameter_type", name=name, notebook=notebook.stem, expected=type(known[name]).__name__
            )
    return given
