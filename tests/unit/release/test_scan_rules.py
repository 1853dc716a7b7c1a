"""What is right is not told: declared wording, ordinary names, numbers that a protected table shows."""

from io import BytesIO

import pytest
import xlsxwriter
from matplotlib.figure import Figure
from scan_files import html, png, svg

from xinyu_lib.release.scan import KINDS, Context, Finding, Secrets, declared_wording, numbers_in, scan
from xinyu_lib.release.scan.vocabulary import vocabulary
from xinyu_lib.words import LANGUAGES, catalogue

WORDING = frozenset({"请在高峰时段之外安排", "安全题有信号或未作答的学生", "共 {n} 人参加", "高峰", "程序版本"})
DECLARED = declared_wording()


def told(tmp_path, text: str, *, secrets=Secrets(), form="txt", **context) -> list[str]:  # noqa: B008 - frozen and empty
    (tmp_path / f"report.{form}").write_text(text, encoding="utf-8")
    context = Context(**{"audience": "school", "threshold": 5, "wording": WORDING, **context})
    return [each.kind for each in scan([tmp_path / f"report.{form}"], secrets, context, root=tmp_path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请在高峰时段之外安排", []),
        ("请在高 峰时段之外安排", []),
        ("在高峰时段之外", []),
        ("高峰", []),
        ("高峰需要补测", ["identifier"]),
        ("请在四点之前找高峰谈话", ["identifier"]),
        ("高峰时段之外安排的是高峰同学", ["identifier"]),
    ],
)
def test_a_name_that_is_a_word_is_told_only_outside_of_declared_wording(tmp_path, text, expected):
    assert told(tmp_path, text, secrets=Secrets(frozenset({"高峰"}))) == expected


def test_two_declared_texts_that_follow_each_other_do_not_make_a_name(tmp_path):
    secrets = Secrets(frozenset({"本高"}))
    assert told(tmp_path, "程序版本\n高峰", secrets=secrets) == []
    assert told(tmp_path, "程序版本高三班", secrets=secrets) == ["identifier"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Li Ming", "We asked Li Ming.", ["identifier"]),
        ("Li Ming", "Lili mingled.", []),
        ("10023", "共 100234 元", []),
        ("10023", "长 0.10023", []),
        ("10023", "工号：10023。", ["identifier"]),
        ("10023", "工号：1 0 0 2 3。", ["identifier"]),
        ("203", "共 203 页", []),
    ],
)
def test_short_latin_names_and_numbers_must_stand_alone(tmp_path, name, text, expected):
    assert told(tmp_path, text, secrets=Secrets(numbers=frozenset({name}))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 名学生", ["small_number"]),
        ("5 名学生", []),
        ("0 人", []),
        ("第 3 名学生", []),
        ("3 名单", []),
        ("1,203 人", []),
        ("其余未测，3 人请假", ["small_number"]),
        ("12.3 人", []),
        ("三名学生", ["small_number"]),
        ("五名学生", []),
        ("十三名学生", []),
        ("four named people", ["small_number"]),
        ("3 hours per pupil", []),
        ("共 3 人参加", ["small_number"]),
        ("少于 3 人的数、以及能倒推出它们的数，都显示为＊", []),
        ("fewer than 3 usable results", []),
        ("n = 4", ["small_number"]),
        ("2.0%（239 人）", []),
        ("1.0%（239 人）", ["small_number"]),
        ("14.6%（95% 区间 10.5%–20.0%）", []),
        ("初步进入任一级的 31 人，占 14.6%", []),
    ],
)
def test_a_count_of_persons_below_the_threshold_is_told(tmp_path, text, expected):
    assert told(tmp_path, text) == expected


def test_the_threshold_is_that_of_the_audience(tmp_path):
    assert told(tmp_path, "9 名学生", audience="district", threshold=10) == ["small_number"]
    assert told(tmp_path, "9 名学生", threshold=5) == []


def test_a_number_that_a_protected_table_shows_is_not_told(tmp_path):
    assert told(tmp_path, "3 名学生", shown={"report.txt": frozenset({"3"})}) == []
    assert told(tmp_path, "3 名学生", shown={"other.txt": frozenset({"3"})}) == ["small_number"]
    picture = html(
        f"<p><img src='data:image/svg+xml,x' alt='柱高 17%'></p>{svg('')}".replace("<svg", "<svg aria-label='柱高 17'")
    )
    assert told(tmp_path, picture, form="html") == ["alt_text", "data_frame", "alt_text"]
    shown = {"report.html": numbers_in("17%")}
    assert told(tmp_path, picture, form="html", shown=shown) == ["data_frame"]


def test_a_workbook_and_a_picture_as_our_libraries_write_them_are_right(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "report.xlsx") as book:
        page = book.add_worksheet("人数")
        for row, values in enumerate([["应测学生的去向"], ["类别", "人数"], ["有效答卷", 212], ["未取得同意", 6]]):
            page.write_row(row, 0, values)
        page.insert_image("D1", "dot.png", {"image_data": BytesIO(png()), "description": "横条图"})
    figure = Figure((1, 1))
    figure.subplots().plot([1, 2])
    figure.savefig(tmp_path / "figure.png")
    files = [tmp_path / "report.xlsx", tmp_path / "figure.png"]
    assert scan(files, Secrets(), Context("school", 5), root=tmp_path) == []
    assert {each.kind for each in scan(files, Secrets(), Context("school", 10), root=tmp_path)} == {"small_number"}


def test_numbers_are_read_without_separators_and_per_cent_signs():
    assert numbers_in("1,212 / 88.7%，共 3 份") == {"1212", "88.7", "3"}


def test_allowed_parameters_are_those_of_the_context(tmp_path):
    text = '{"parameters": {"wave": "x", "grade": "4"}}'
    assert told(tmp_path, text, form="json") == ["parameters"]
    assert told(tmp_path, text, form="json", parameters=frozenset({"wave", "grade"})) == []


def test_all_declared_wording_stands_in_itself(tmp_path):
    sample = sorted(text for text in catalogue("sections", "zh").values() if "{" not in text)
    names = frozenset(
        text[at : at + 2] for text in sample for at in range(len(text) - 1) if text[at : at + 2].isalpha()
    )
    assert len(names) > 500
    text = "\n\n".join(sample)
    assert told(tmp_path, text, secrets=Secrets(names), wording=DECLARED) == []
    assert told(tmp_path, "请找任一级谈", secrets=Secrets(frozenset({"任一"})), wording=DECLARED) == ["identifier"]


def test_rules_name_wording_that_exists_and_has_words_beside_its_numbers():
    for message in vocabulary().rules:
        for lang in LANGUAGES:
            text = catalogue(message.partition(".")[0], lang)[message]
            assert "{" in text
            assert sum(character.isalpha() for character in text) > 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_wording_of_a_finding_is_of_a_known_kind_and_says_where(lang):
    found = {name: text for name, text in catalogue("release", lang).items() if name.startswith("release.scan.")}
    told = {name: text for name, text in found.items() if not name.startswith("release.scan.where.")}
    assert {name.split(".")[2] for name in told} == set(KINDS)
    assert all("{where}" in text for text in told.values())


def test_secrets_do_not_show_themselves():
    assert repr(Secrets(frozenset({"司马九九"}), frozenset({"T0102001"}))) == "Secrets(1, 1, 0, 0)"


def test_a_finding_is_frozen():
    finding = Finding("a", "b", "path", "c")
    with pytest.raises(AttributeError):
        finding.file = "x"
