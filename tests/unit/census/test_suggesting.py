"""A suggested mapping says what the file tells, leaves the rest to a person, and shows nothing that a pupil typed."""

import random
from io import StringIO
from pathlib import Path

import pytest
from census_files import write_csv
from rich.console import Console

from xinyu_lib.census import load_mapping, read_file
from xinyu_lib.census.recognising import layout_of, told_columns
from xinyu_lib.census.suggesting import suggested
from xinyu_lib.cli.suggest import suggest_mapping
from xinyu_lib.errors import DefinitionError, EmptyFile, UnknownName, XinyuError
from xinyu_lib.scales import load_scale
from xinyu_lib.tables import load_layout

FILES = Path(__file__).parent / "files"
KENG = Path(__file__).parents[3] / "data" / "keng"
SYSTEM = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
TEXTS = ["完全没有", "好几天", "一半以上的天数", "几乎每天"]
PUPILS = 60


def export(path: Path, *blocks: list[str], secret: str = "", pupils: int = PUPILS) -> Path:
    """A Wenjuanxing export: number, name, class; then a question per list of options; then a free text."""
    rng = random.Random(1)
    names = ["1、请填写你的学籍号", "2、姓名", "3、你的班级", *[f"{n}、题" for n in range(4, 4 + len(blocks))]]
    rows = [[*SYSTEM, *names, f"{4 + len(blocks)}、想说的话"]]
    for n in range(pupils):
        answers = [options[(n + at) % len(options)] for at, options in enumerate(blocks)]
        who = [str(n), "2025/10/15 9:30:05", "60秒", "微信", "", "", f"G{n:03d}", f"张三{n}", f"{n % 4 + 1}班"]
        rows.append([*who, *answers, secret if rng.random() < 0.1 else ""])
    return write_csv(path, *rows)


def suggestion(path: Path, *scales: str, lang: str = "zh") -> str:
    return suggested(read_file(path), [load_scale(each) for each in scales], lang=lang)


@pytest.fixture
def loaded(tmp_path):
    """The mapping that a suggestion is read as, each `?` replaced by hand."""

    def read(text: str, **filled: int):
        for option, code in filled.items():
            text = text.replace(f'"{option}" = "?"', f'"{option}" = {code}')
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        return load_mapping(tmp_path / "m.toml")

    return read


def numbers(n: int) -> list[str]:
    return [str(place) for place in range(1, n + 1)]


LAYOUTS = {
    "wenjuanxing_by_text.xls": "wenjuanxing-text",
    "wenjuanxing_by_number.xls": "wenjuanxing-number",
    "qualtrics.csv": "qualtrics",
    "redcap.csv": "redcap",
    "limesurvey.csv": "limesurvey",
    "yrbs2019.sav": "spss",
}


@pytest.mark.parametrize("file", LAYOUTS)
def test_every_real_file_is_told_by_itself(file):
    assert layout_of(read_file(FILES / file)) == LAYOUTS[file]


def test_a_qualtrics_file_is_told_with_and_without_its_header_read_as_three_lines():
    assert layout_of(read_file(FILES / "qualtrics.csv", header_rows=3)) == "qualtrics"


def test_any_other_file_is_a_plain_table():
    assert layout_of(read_file(KENG / "keng_d_wave1_raw.csv")) == "plain"


HEADERS = {
    "1、请填写你的学籍号": "number",
    "2、学号（必填）": "number",
    "3、你的班内学号": "class_number",
    "4、座号：": "class_number",
    "5、你所在的班级": "class_id",
    "6、学生姓名": "name",
    "7、您的学校": "school",
    "8、学校里的同学喜欢我": None,
    "9、我的名字常被人叫错": None,
    "10、班级活动": None,
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_question_is_taken_for_a_column_only_if_nothing_else_is_asked(tmp_path, header):
    raw = read_file(write_csv(tmp_path / "a.csv", [*SYSTEM, header], [*["x"] * 6, "1"]))
    told = told_columns(raw, load_layout("wenjuanxing-number"))
    assert {column for column in told if column not in ("submitted_at", "seconds")} == {HEADERS[header]} - {None}


def test_numbers_of_options_are_found_by_their_count_and_read_by_position(tmp_path, loaded):
    # 9 questions of 4 options, then 2 of 2, then 5 of 6: PHQ-9 (0-3) and WHO-5 (0-5)
    blocks = [numbers(4)] * 9 + [numbers(2)] * 2 + [numbers(6)] * 5
    mapping = loaded(suggestion(export(tmp_path / "a.csv", *blocks), "phq9", "who5"))
    assert mapping.layout == "wenjuanxing-number"
    assert [(each.id, each.questions, each.positions) for each in mapping.scales] == [
        ("phq9", (4, 12), True),
        ("who5", (15, 19), True),
    ]
    assert mapping.columns.model_dump(exclude_none=True) == {
        "number": "1、请填写你的学籍号", "name": "2、姓名", "class_id": "3、你的班级",
        "submitted_at": "提交答卷时间", "seconds": "所用时间",
    }  # fmt: skip


def test_questions_about_the_pupil_beside_a_scale_are_none_of_its_items(tmp_path, loaded):
    # grade with 3 values and sex with 2 stand right before SDQ, whose 25 items have 3 options
    path = export(tmp_path / "a.csv", *[numbers(3)] * 27)
    text = path.read_text(encoding="utf-8-sig").replace('"4、题', '"4、你的年级').replace('"5、题', '"5、性别')
    path.write_text(text, encoding="utf-8-sig")
    assert loaded(suggestion(path, "sdq-self")).scales[0].questions == (6, 30)


def test_scales_with_as_many_options_follow_the_order_in_which_they_are_named(tmp_path, loaded):
    path = export(tmp_path / "a.csv", *[numbers(4)] * 16)
    assert [each.questions for each in loaded(suggestion(path, "phq9", "gad7")).scales] == [(4, 12), (13, 19)]
    assert [each.questions for each in loaded(suggestion(path, "gad7", "phq9")).scales] == [(4, 10), (11, 19)]


def test_a_run_that_may_begin_in_several_places_is_not_taken(tmp_path):
    text = suggestion(export(tmp_path / "a.csv", *[numbers(4)] * 10), "phq9")
    assert "（phq9）可能在 2 处，无法断定，没有写入：4、题–12、题 / 5、题–13、题" in text
    assert "\n[[scales]]" not in text


def test_a_scale_that_is_not_there_is_said_to_be_missing(tmp_path):
    text = suggestion(export(tmp_path / "a.csv", *[numbers(5)] * 9), "phq9")
    assert "没有找到《患者健康问卷抑郁量表》（phq9）：要有连续 9 题" in text
    assert "\n[[scales]]" not in text


def test_texts_are_listed_commonest_first_and_no_code_is_guessed(tmp_path, loaded):
    options = [TEXTS[2], TEXTS[0], TEXTS[0], TEXTS[0], TEXTS[1], TEXTS[1], TEXTS[3], TEXTS[2], TEXTS[2]]
    text = suggestion(export(tmp_path / "a.csv", *[options] * 7), "gad7")
    # shares of the nine: 0 and 2 three each, 1 two, 3 one
    line = next(line for line in text.splitlines() if line.startswith("codes"))
    assert line.endswith('"好几天" = "?", "几乎每天" = "?" }')
    assert line.count('"?"') == 4
    with pytest.raises(DefinitionError, match=r"有 4 处还是 \?"):
        loaded(text)
    mapping = loaded(text, 完全没有=0, 好几天=1, 一半以上的天数=2, 几乎每天=3)
    assert mapping.layout == "wenjuanxing-text"
    assert mapping.scales[0].file_codes(1) == dict(zip(TEXTS, range(4), strict=True))


def test_items_that_each_have_their_own_sentences_are_found_one_by_one(tmp_path):
    # CDI: 27 items of 3 sentences each
    blocks = [[f"句{item}甲", f"句{item}乙", f"句{item}丙"] for item in range(1, 28)]
    text = suggestion(export(tmp_path / "a.csv", *blocks), "cdi27")
    assert "questions = [4, 30]" in text
    assert text.count("[[scales.options]]") == 27
    (last,) = (line for line in text.splitlines() if "句27" in line)
    assert all(f'"句27{option}" = "?"' in last for option in "甲乙丙")


def test_another_question_with_options_of_its_own_does_not_make_the_run_longer(tmp_path):
    blocks = [TEXTS] * 9 + [["没有困难", "有些困难", "很困难", "极其困难"]]
    assert "questions = [4, 12]" in suggestion(export(tmp_path / "a.csv", *blocks), "phq9")


def test_the_scales_own_codes_need_no_codes(tmp_path, loaded):
    header = ["学籍号", *[f"phq{n:02d}" for n in range(1, 10)], "sex"]
    rows = [[f"G{n:03d}", *[str((n + at) % 4) for at in range(9)], str(n % 4)] for n in range(20)]
    (each,) = loaded(suggestion(write_csv(tmp_path / "a.csv", header, *rows), "phq9")).scales
    assert (each.headers, each.codes, each.positions) == ("phq{item:02d}", {}, False)


def test_numbers_that_are_as_many_as_the_codes_and_others_are_left_open(tmp_path):
    header = ["学籍号", *[f"phq{n}" for n in range(1, 10)]]
    rows = [[f"G{n:03d}", *[str((n + at) % 4 + 1) for at in range(9)]] for n in range(20)]
    text = suggestion(write_csv(tmp_path / "a.csv", header, *rows), "phq9")
    assert 'headers = "phq{item}"' in text
    assert all(f'"{n}" = "?"' in text for n in range(1, 5))


def test_the_real_sds_of_keng_is_found_by_its_headers(loaded):
    mapping = loaded(suggestion(KENG / "keng_d_wave1_raw.csv", "sds"))
    assert [each.headers for each in mapping.scales] == ["depr{item:02d}"]
    assert (mapping.columns.number, mapping.columns.class_id) == ("id", "class")


def test_the_questions_of_an_spss_file_are_named_by_their_labels():
    text = suggestion(FILES / "yrbs2019.sav", "asq")
    assert "从“Bullying at school”到“Made a suicide plan”，共 5 题" in text
    assert 'headers = ["Q23", "Q24", "Q25", "Q26", "Q27"]' in text


def test_rounds_of_a_longitudinal_export_are_for_a_person_to_choose(tmp_path, loaded):
    header = ["record_id", "redcap_event_name", *[f"gad{n}" for n in range(1, 8)], "gad_complete"]
    rows = [
        [f"G{n:03d}", event, *[str((n + at) % 4) for at in range(7)], "2"]
        for n in range(8)
        for event in ("autumn_arm_1", "spring_arm_1")
    ]
    text = suggestion(write_csv(tmp_path / "a.csv", header, *rows), "gad7")
    assert "# 文件里有几轮测查：autumn_arm_1 / spring_arm_1" in text
    with pytest.raises(DefinitionError, match=r"rows 有误：有 1 处还是 \?"):
        loaded(text)
    mapping = loaded(text.replace('"redcap_event_name" = "?"', '"redcap_event_name" = "spring_arm_1"'))
    assert (mapping.columns.number, mapping.columns.finished) == ("record_id", "gad_complete")


def test_several_columns_that_may_be_meant_are_named_and_none_is_taken(tmp_path):
    header = ["record_id", "gad_complete", "phq_complete"]
    text = suggestion(write_csv(tmp_path / "a.csv", header, ["1", "2", "2"]), "gad7")
    assert "# “是否答完”可能是：gad_complete / phq_complete" in text
    assert "\nfinished" not in text


def test_a_file_without_pupils_says_so(tmp_path):
    text = suggestion(write_csv(tmp_path / "a.csv", ["a", "b"], ["1", "2"]), "gad7")
    assert "没有认出学籍号" in text


SECRETS = ["我不想活了", "G007", "张三7", "13800138000"]


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_few_pupils_wrote_gets_into_the_mapping(tmp_path, secret, rows):
    # typed into the cell of an item, behind an option, and as a free text of many
    path = export(tmp_path / "a.csv", *[TEXTS] * 7, secret=secret)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for at in range(1, rows + 1):
        cells = lines[at].split(",")
        cells[10], cells[11] = f'"{secret}"', f'"几乎每天〖{secret}〗"'
        lines[at] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    text = suggestion(path, "gad7")
    assert secret not in text
    assert "questions = [4, 10]" in text
    assert "另有 1 种写法不足 5 行" in text


def test_no_number_name_or_class_gets_into_the_mapping(tmp_path):
    # four classes of 15 pupils are as many values as a four-point item has, and stand in rows enough
    text = suggestion(export(tmp_path / "a.csv", *[TEXTS] * 7), "gad7")
    assert "1班" not in text
    assert "张三" not in text
    assert "G0" not in text


def test_a_line_break_or_quote_in_a_header_does_not_break_the_file(tmp_path, loaded):
    header = ["学籍号", *[f'第"{n}"题\n甲\\乙' for n in range(1, 8)]]
    rows = [[f"G{n:03d}", *[str((n + at) % 4) for at in range(7)]] for n in range(20)]
    (each,) = loaded(suggestion(write_csv(tmp_path / "a.csv", header, *rows), "gad7")).scales
    assert each.item_headers()[6] == '第"7"题\n甲\\乙'


def test_a_suggestion_comes_in_english_too(tmp_path, loaded):
    text = suggestion(export(tmp_path / "a.csv", *[numbers(4)] * 7), "gad7", lang="en")
    assert "Check that they are in the order of the scale" in text
    assert loaded(text).scales[0].questions == (4, 10)


@pytest.mark.parametrize("scales", [("gad7", "gad7")])
def test_a_scale_is_named_once(tmp_path, scales):
    with pytest.raises(UnknownName, match="gad7"):
        suggestion(export(tmp_path / "a.csv", *[numbers(4)] * 7), *scales)


@pytest.fixture
def command(tmp_path):
    """Run the command; what it printed."""

    def run(file: Path, *scales: str, out: str = "out.toml", sheet: str | None = None) -> str:
        console = Console(file=StringIO(), width=200)
        suggest_mapping(file, list(scales), tmp_path / out, sheet, console)
        return console.file.getvalue()

    return run


def test_the_command_writes_a_new_file_and_imports_nothing(tmp_path, command):
    printed = command(export(tmp_path / "a.csv", *[numbers(4)] * 7), "gad7")
    assert "没有导入任何数据" in printed
    assert load_mapping(tmp_path / "out.toml").scales[0].questions == (4, 10)


def test_the_command_never_writes_over_a_file(tmp_path, command):
    (tmp_path / "out.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(XinyuError, match="已经存在"):
        command(export(tmp_path / "a.csv", *[numbers(4)] * 7), "gad7")
    assert (tmp_path / "out.toml").read_text(encoding="utf-8") == "mine"


def test_the_command_reads_as_many_header_rows_as_the_layout_has(tmp_path, command):
    rows = read_file(FILES / "qualtrics.csv")
    lines = [list(rows.headers), *[list(row) for row in rows.rows]]
    text = [
        line + [f"GAD{n}" if at == 0 else f"Frage {n}" if at == 1 else "" for n in range(1, 8)]
        for at, line in enumerate(lines[:3])
    ]
    data = [lines[3] + [str((n + at) % 4) for at in range(7)] for n in range(20)]
    command(write_csv(tmp_path / "q.csv", *text, *data), "gad7")
    written = (tmp_path / "out.toml").read_text(encoding="utf-8")
    assert "前 20 行" in written
    assert "从“Frage 1”到“Frage 7”" in written
    assert 'headers = "GAD{item}"' in written


def test_the_command_wants_a_scale_and_a_file_with_rows(tmp_path, command):
    with pytest.raises(UnknownName, match="--scale"):
        command(FILES / "redcap.csv")
    with pytest.raises(EmptyFile):
        command(write_csv(tmp_path / "a.csv", ["学籍号", "a"]), "gad7")
