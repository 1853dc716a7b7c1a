"""Parameters of a report: declared in the notebook, refused before a kernel starts."""

import nbformat
import pytest

from xinyu_lib.errors import ParameterError
from xinyu_lib.reporting.parameters import checked, declared
from xinyu_lib.reporting.plan import find_notebook


def notebook(tmp_path, source: str, tags=("parameters",)):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = list(tags)
    path = tmp_path / "report-x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_declared_parameters_keep_their_text_exactly(tmp_path):
    path = notebook(tmp_path, 'school = "000"\nnote = "a=b \\"c\\""\nlimit = 3')
    assert declared(path) == {"school": "000", "note": 'a=b "c"', "limit": 3}


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_listed(tmp_path):
    path = notebook(tmp_path, 'school = "000"\nwave = ""')
    with pytest.raises(ParameterError, match=r"“schol”.*school, wave"):
        checked(path, {"schol": "000"})


def test_a_parameter_of_another_type_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="“school”应为 str"):
        checked(notebook(tmp_path, 'school = "000"'), {"school": 0})


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="找到 0 个"):
        declared(notebook(tmp_path, "x = 1", tags=()))


@pytest.mark.parametrize("name", ["report-school", "report-district"])
def test_shipped_reports_declare_what_every_run_passes(name):
    assert {"wave", "as_of", "reader", "lang", "run_id"} <= declared(find_notebook(name)).keys()
