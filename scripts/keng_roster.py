"""Derives school, wave, class and roster files of the Keng data from its two raw files."""

import csv
from pathlib import Path

from xinyu_lib.tables import load_table

FOLDER = Path(__file__).parents[1] / "data" / "keng"
SCHOOL, GRADE = "keng", "10"
# The source gives month and day only: school year and calendar year are placeholders.
WAVES, YEAR = ("2000-2001-autumn-1", "2000-2001-autumn-2"), "2000"
SEX = {"1": "男", "2": "女"}


def main() -> None:
    first, second = (_raw(f"keng_d_wave{wave}_raw.csv") for wave in (1, 2))
    days = [sorted(f"{YEAR}-{row['date']}" for row in rows) for rows in (first, second)]
    sex = {row["id"]: SEX.get(row["gender"], "") for row in first}
    ids = sorted({row["id"] for row in first + second}, key=int)
    classes = sorted({number[0] for number in ids})
    _write("school", ["school", "name", "type"], [[SCHOOL, "Keng 公开数据（年份未知）", "高中"]])
    _write("wave", ["wave", "starts", "ends"], [[w, d[0], d[-1]] for w, d in zip(WAVES, days, strict=True)])
    _write("class", ["school", "class_id", "grade"], [[SCHOOL, each, GRADE] for each in classes])
    roster = [[SCHOOL, number[0], GRADE, number, sex.get(number, "")] for number in ids]
    _write("pupil", ["school", "class_id", "grade", "number", "sex"], roster, name="roster")


def _raw(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _write(table_id: str, columns: list[str], rows: list[list[str]], name: str | None = None) -> None:
    """One file under the Chinese labels of a table's columns."""
    table = load_table(table_id)
    with (FOLDER / f"{name or table_id}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([table.column(column).label.zh for column in columns])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
