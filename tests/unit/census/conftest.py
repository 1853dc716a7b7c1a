import pytest
from census_files import MAPPING, known_of

from xinyu_lib.census import Known, load_mapping


@pytest.fixture
def known() -> Known:
    """Two schools with a class each; five pupils in one, one in the other."""
    roster = {f"G{n:03d}": "0102" for n in range(1, 6)} | {"0012": "0103"}
    return known_of({"0102", "0103"}, {("0102", "0401"), ("0103", "0401")}, roster)


@pytest.fixture
def mapping(tmp_path):
    """GAD-7 as questions 2 to 8 of a Wenjuanxing export."""
    path = tmp_path / "gad7.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return load_mapping(path)
