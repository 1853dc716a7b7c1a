"""Whatever file comes to the door: an account that adds up, or one clear line and a workspace as it was."""

import io
import os
import random
import shutil
import tempfile
import zipfile
from contextlib import chdir
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_actors import (
    ANSWERS,
    DAY,
    INTERVIEWS,
    ROSTER,
    STAFF,
    WAVE,
    held,
    import_roster,
    interview,
    ledger,
    new_workspace,
    person_of_staff,
    pupil,
    sheet,
    told,
    write_csv,
    write_ledger,
)

from xinyu_lib.census.cells import tidy
from xinyu_lib.errors import XinyuError
from xinyu_lib.tables import load_table, write_template
from xinyu_lib.workspace import ImportResult, Workspace

pytestmark = pytest.mark.trials
FULL = os.environ.get("XINYU_TRIALS") == "full"
FILES = Path(__file__).parents[1] / "census" / "files"
NUMBERS = [f"G{n:03d}" for n in range(6)]
# The real exports ask about other matters: some of their questions are read as a scale with the same codes.
HOBBIES = ["第6题(运动)", "第6题(阅读)", "第6题(影视)", "第6题(美食)", "第6题(旅游)"]
YRBS = ["Bullying at school", "Electronic bullying", "Sad or hopeless", "Considered suicide", "Made a suicide plan"]
MAPPINGS = {
    "xls.toml": f"""
layout = "wenjuanxing-number"
[columns]
number = "序号"
[[scales]]
id = "asq"
headers = {HOBBIES}
""",
    "sav.toml": f"""
layout = "spss"
ignore = ["*"]
[columns]
number = "Row in the source"
[[scales]]
id = "asq"
headers = {YRBS}
codes = {{ 1 = 1, 2 = 0 }}
""",
}


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Path:
    """A folder with a workspace whose roster knows some pupils of each file, and with the mappings; not changed."""
    folder = tmp_path_factory.mktemp("district")
    ws = new_workspace(folder)
    on_xls, on_sav = [str(n) for n in range(1, 21)], [f"{n:03d}" for n in range(1, 21)]
    import_roster(ws, folder / "roster.csv", *map(pupil, [*NUMBERS, *on_xls, *on_sav]))
    for name, text in MAPPINGS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def csv_of_answers(folder: Path) -> tuple[Path, dict]:
    return write_csv(folder / "a.csv", ANSWERS, *map(sheet, NUMBERS)), {"mapping": "gad7.toml", "wave": WAVE}


def xlsx_of_a_roster(folder: Path) -> tuple[Path, dict]:
    rows = [ROSTER, *[pupil(f"N{n}") for n in range(6)]]
    return write_ledger(folder / "a.xlsx", {"名单": rows}), {"table": "pupil", "wave": WAVE}


def xlsx_of_a_ledger(folder: Path) -> tuple[Path, dict]:
    return ledger(folder / "a.xlsx", NUMBERS), {}


def real_xls(folder: Path) -> tuple[Path, dict]:
    return Path(shutil.copy(FILES / "wenjuanxing_by_number.xls", folder / "a.xls")), {
        "mapping": "xls.toml",
        "wave": WAVE,
    }


def real_sav(folder: Path) -> tuple[Path, dict]:
    shutil.copy(FILES / "yrbs2019.sav", folder / "a.sav")
    return folder / "a.sav", {"mapping": "sav.toml", "wave": WAVE}


def filled_template(folder: Path) -> tuple[Path, dict]:
    """The form of three tables, two rows of staff and one of a pupil typed into it below title and header."""
    write_template(folder / "a.xlsx", [load_table(name) for name in ("pupil", "staff", "room")])
    order = ["波次", *ROSTER]
    one = dict(zip(order, [WAVE, *pupil("N1")], strict=True))
    typed = {
        "学生名册": [one],
        "心育人员": [dict(zip(STAFF, person_of_staff(n), strict=True)) for n in ("T1", "T2")],
    }
    return fill(folder / "a.xlsx", typed), {}


TEMPLATE = {"学生名册": ("pupil", 2), "心育人员": ("staff", 3)}  # sheet -> its table and its place in the workbook


def fill(path: Path, typed: dict[str, list[dict[str, str]]]) -> Path:
    """Type rows into a form, from its third row on."""
    parts = unzipped(path.read_bytes())
    for label, rows in typed.items():
        table, place = TEMPLATE[label]
        columns = [column.label.zh for column in load_table(table).file_columns]
        lines = "".join(_row(at, [row.get(column, "") for column in columns]) for at, row in enumerate(rows, 3))
        name = f"xl/worksheets/sheet{place}.xml"
        parts[name] = parts[name].replace(b"</sheetData>", lines.encode() + b"</sheetData>")
    path.write_bytes(zipped(parts))
    return path


def _row(number: int, cells: list[str]) -> str:
    inline = "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inline}</row>'


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut out of the middle or cut off; of a workbook mostly within one of its parts."""
    if content.startswith(b"PK") and rng.random() < 0.8:
        parts = unzipped(content)
        name = rng.choice([name for name in sorted(parts) if "sheet" in name or "String" in name or rng.random() < 0.2])
        return zipped(parts | {name: _damaged(parts[name], rng)})
    return _damaged(content, rng)


def _damaged(content: bytes, rng: random.Random) -> bytes:
    changed, at = bytearray(content), rng.randrange(len(content))
    match rng.randrange(4):
        case 0:
            for _ in range(rng.randint(1, 12)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
        case 1:  # a digit for another one: the file stays whole and says something else
            digits = [place for place, byte in enumerate(changed) if chr(byte).isdigit()] or [at]
            for _ in range(rng.randint(1, 4)):
                changed[rng.choice(digits)] = rng.choice(b"0123456789")
        case 2:
            del changed[at : at + rng.randint(1, 80)]
        case 3:
            del changed[at:]
    return bytes(changed)


def comes_to_the_door(ws: Workspace, path: Path, before: dict[str, int], **how) -> ImportResult | XinyuError:
    """Import a file and hold what became of it against what the workspace held before and holds now."""
    if "mapping" in how:
        how["mapping"] = ws.folder.parent / how["mapping"]
    try:
        found = ws.import_file(path, as_of=DAY, **how)
    except XinyuError as error:
        lines = error.text("zh"), error.text("en")
        assert lines[0] != lines[1]
        assert not any("\n" in line for line in lines)
        assert held(ws) == before
        assert all(ws.lake.import_ids(name) <= {*ws.committed} for name in before if name in ws.lake.names())
        return error
    assert found.rows_in == found.rows_kept + found.rows_set_aside
    assert (found.refusal is None) == (found.rows_set_aside == 0)
    now = held(ws)
    grown = {name: n - before.get(name, 0) for name, n in now.items() if n != before.get(name, 0)}
    rows = {name: n for name, n in grown.items() if not name.startswith("vault")}
    if "mapping" in how:
        assert rows.get("administration", 0) == found.rows_kept
    else:
        assert sum(rows.values()) == found.rows_kept
    assert grown.get("vault: imports") == 1
    assert grown.get("vault: set aside", 0) == len(found.set_aside)
    return found


KINDS = [csv_of_answers, xlsx_of_a_roster, xlsx_of_a_ledger, real_xls, real_sav, filled_template]


@pytest.mark.parametrize("made", KINDS, ids=lambda made: made.__name__)
def test_a_damaged_file_is_told_in_one_line_or_adds_up(district, tmp_path, trial_count, made):
    path, how = made(tmp_path)
    content, ws, outcomes = path.read_bytes(), copied(district, tmp_path), set()
    before = held(ws)
    found = comes_to_the_door(ws, path, before, **how)
    assert isinstance(found, ImportResult)
    for seed in range(trial_count(few=5, full=1700)):
        if isinstance(found, ImportResult):
            ws = copied(district, tmp_path)
        path.write_bytes(mutated(content, random.Random(seed)))
        found = comes_to_the_door(ws, path, before, **how)
        outcomes.add(type(found))
    assert len(outcomes) > 1


def copied(district: Path, folder: Path) -> Workspace:
    """A workspace of one's own, in place of the last one."""
    shutil.rmtree(folder / "district", ignore_errors=True)
    return Workspace(shutil.copytree(district, folder / "district") / "ws")


EXAMPLES = 400 if FULL else 12
FITTING = {  # column -> what fits
    "工号": ["T1", "T2", "T3"],
    "学校代码": ["0102", "0103", ""],
    "岗位": ["心理教师", "心理教师、班主任", "班主任;校医"],
    "折算人数": ["0.5", 1, 0.25, ""],
    "任职日期": ["2025-09-01", "2025/9/1", date(2025, 9, 1)],
    "离任日期": ["", "2025-09-01", date(2026, 7, 1)],
    "学籍号": NUMBERS,
    "约谈日期": ["2025-10-16", date(2025, 10, 17)],
    "当日序次": ["", "1", 2, 2.0],
    "开始时刻": ["", "2025-10-16 10:00", datetime(2025, 10, 16, 10)],
    "约谈人工号": ["T1", "T2", "T3"],
    "约谈所见": ["", "功能明显受损", "拒学、不眠不食"],
    "约谈结果": ["提出等级意见", "学生不愿谈"],
    "约谈记录": ["", "谈话要点"],
}
JUNK = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)),
    st.sampled_from(["", "9999", "T9", "G999", "1.01", "2025-08-31", 2.5]),
    st.sampled_from(["０１０２", "二〇二五年", "-", "2025-13-01", "1e5", "٣", "\n", "=1+1", "1;2", "、", "G000\u200b"]),
)


def _rows(columns: list[str]) -> st.SearchStrategy:
    """Rows of a sheet; every now and then a cell holds something else."""
    fitting = st.fixed_dictionaries({name: st.sampled_from(FITTING[name]) for name in columns})
    spoilt = st.dictionaries(st.sampled_from(columns), JUNK, max_size=1)
    return st.lists(st.builds(lambda row, other: row | other, fitting, spoilt), min_size=1, max_size=8)


STAFF_COLUMNS = ["工号", "学校代码", "岗位", "折算人数", "任职日期", "离任日期"]
INTERVIEW_COLUMNS = ["学籍号", "约谈日期", "当日序次", "开始时刻", "约谈人工号", "约谈所见", "约谈结果", "约谈记录"]


@pytest.fixture
def counted(trial_count):
    """The rows are made by hypothesis; the table of trials names how often."""
    trial_count(EXAMPLES, EXAMPLES)


@pytest.mark.usefixtures("counted")
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_rows(STAFF_COLUMNS), _rows(INTERVIEW_COLUMNS), st.randoms(use_true_random=False))
def test_rows_of_every_kind_of_column_are_kept_as_declared_or_set_aside(district, staff, interviews, rng):
    typed = {"心育人员": (STAFF_COLUMNS, staff), "约谈": (INTERVIEW_COLUMNS, interviews)}
    with tempfile.TemporaryDirectory() as folder:
        ws, sheets = copied(district, Path(folder)), {}
        for label, (columns, rows) in typed.items():
            order = rng.sample(columns, len(columns))
            sheets[label] = [order, *[[row[name] for name in order] for row in rows]]
        path = write_ledger(Path(folder) / "a.xlsx", sheets)
        found = comes_to_the_door(ws, path, held(ws))
        if isinstance(found, ImportResult):
            assert found.rows_in == sum(any(tidy(str(cell)) for cell in row.values()) for row in [*staff, *interviews])
            require_as_declared(Workspace(ws.folder))


def require_as_declared(ws: Workspace) -> None:
    """What the lake holds fits its declaration: checked without the importer's own code."""
    staff, interviews = ws.read("staff"), ws.read("interview")
    assert staff["school"].dropna().isin(["0102", "0103"]).all()
    assert staff["starts"].str.fullmatch(r"(19|20)\d\d-[01]\d-[0-3]\d").all()
    if len(staff):
        assert staff["fte"].dropna().between(0, 1).all()
        assert (staff["ends"].dropna() >= staff["starts"][staff["ends"].notna()]).all()
    with ws.vault() as vault:
        keys = {kind: set(vault.keys(kind).values()) for kind in ("pupil", "staff")}
    if len(interviews):
        assert set(interviews["pupil_key"]) <= keys["pupil"]
        assert set(interviews["staff_key"]) <= keys["staff"]
        assert interviews["sequence"].ge(1).all()
        assert interviews["outcome"].isin(["tier_proposed", "again", "declined", "not_seen", "crisis"]).all()
        assert interviews["school"].eq("0102").all()


SHEETS = {  # what is imported -> how it is said on the command line, its header and a row that fits
    "roster": (["--table", "pupil", "--wave", WAVE], [ROSTER, pupil("N1")]),
    "answers": (["--mapping", "gad7.toml", "--wave", WAVE], [ANSWERS, sheet("G001")]),
    "staff": (["--table", "staff"], [STAFF, person_of_staff("T1")]),
    "interviews": (["--table", "interview"], [INTERVIEWS, interview("G001", "T1")]),
}
SECRET = "ZQ{}ZQ"


@pytest.mark.usefixtures("counted")
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(sorted(SHEETS)), st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False))
def test_whatever_is_refused_nothing_that_was_typed_is_told(district, kind, rows, headed, rng):
    options, (header, fitting) = SHEETS[kind]
    share = rng.choice([0.1, 0.3, 1])
    typed = [[SECRET.format(n) if rng.random() < share else cell for cell in fitting] for n in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        ws = copied(district, Path(folder))
        file = write_csv(ws.folder.parent / "a.csv", *([header] if headed else []), *typed)
        with chdir(ws.folder.parent):
            how = dict(zip([name.strip("-") for name in options[::2]], options[1::2], strict=True))
            said = all_that_is_said(ws, file, **how)
            _, shown = told(["import", file.name, *options, "--as-of", DAY, "-w", str(ws.folder)])
            names = [path.name for path in ws.folder.rglob("*")]
    assert file.name in shown
    assert "ZQ" not in said + shown + " ".join(names)


def all_that_is_said(ws: Workspace, file: Path, **how) -> str:
    """What a dry run says in every form: its result, or its error, in both languages."""
    try:
        found = ws.import_file(file, as_of=DAY, dry_run=True, **how)
    except XinyuError as error:
        return f"{error!r} {error.text('zh')} {error.text('en')}"
    refused = found.refusal
    return f"{found!r} {refused and refused.text('zh') + refused.text('en')}"
