"""An item the form does not have was not asked; an item left blank was. Both from the file to the tiers."""

import pandas as pd
import pytest
from import_actors import DAY, WAVE, import_roster, pupil, write_csv

from xinyu_lib.errors import DefinitionError, RowsRefused
from xinyu_lib.workspace.streams import _seconds_per_item

MAPPING = """
layout = "plain"
[columns]
number = "number"
[[scales]]
id = "phq9"
headers = "q{item}"
"""


def imported(ws, folder, header: list[int], rows: list[list], extra: str = ""):
    """Answers of pupils G001, G002 ... through a mapping; items by number."""
    import_roster(ws, folder / "roster.csv", *(pupil(f"G{place:03d}") for place in range(1, len(rows) + 1)))
    (folder / "phq9.toml").write_text(MAPPING + extra, encoding="utf-8")
    sheets = [[f"G{place:03d}", *answers] for place, answers in enumerate(rows, 1)]
    write_csv(folder / "answers.csv", ["number", *(f"q{item}" for item in header)], *sheets)
    ws.import_file(folder / "answers.csv", mapping=folder / "phq9.toml", wave=WAVE, as_of=DAY)
    ws.score_wave(WAVE, as_of=DAY)
    ws.tier_wave(WAVE, as_of=DAY)
    with ws.vault() as vault:
        keys = vault.keys()
    order = [keys[f"G{place:03d}"] for place in range(1, len(rows) + 1)]
    scores = ws.read("score/phq9", wave=WAVE).set_index("pupil_key").loc[order]
    tiers = ws.read("tier_provisional", wave=WAVE).set_index("pupil_key").loc[order]
    return scores, tiers


def test_a_form_without_the_safety_item_has_not_asked_and_gives_no_total(ws, tmp_path):
    scores, tiers = imported(ws, tmp_path, list(range(1, 9)), [[0] * 8, [3] * 8], extra="left_out = [9]\n")
    assert scores["form"].tolist() == ["-9", "-9"]
    assert scores["phq9_critical_9_shown"].tolist() == [False, False]
    assert scores["phq9_total"].isna().all()
    assert scores["phq9_answered"].tolist() == [8, 8]
    # eight answers of 3: at least 24 whatever item 9 would have been, so the total is over its cut all the same
    assert scores["phq9_total_lowest"].tolist() == [0, 24]
    assert tiers["safety_signal"].tolist() == ["not_asked", "not_asked"]


def test_the_safety_item_shown_and_left_blank_is_unanswered(ws, tmp_path):
    scores, tiers = imported(ws, tmp_path, list(range(1, 10)), [[*[0] * 8, ""], [0] * 9])
    assert scores["form"].fillna("").tolist() == ["", ""]
    assert scores["phq9_critical_9_shown"].tolist() == [True, True]
    assert tiers["safety_signal"].tolist() == ["unanswered", "no"]
    assert tiers["undetermined_why"].tolist()[0] == "safety_unanswered"


def test_items_beyond_the_scale_are_read_where_the_mapping_says_the_form_has_them(ws, tmp_path):
    imported(ws, tmp_path, list(range(1, 11)), [[1] * 9 + [2]], extra="supplements = true\n")
    stored = ws.read("response/phq9", wave=WAVE)
    assert stored["phq9_10"].tolist() == [2]


@pytest.mark.parametrize("form", ["positions = true\n", "codes = { 1 = 0, 2 = 1, 3 = 2, 4 = 3 }\n"])
def test_option_positions_are_codes_counted_from_the_lowest(ws, tmp_path, form):
    scores, _ = imported(ws, tmp_path, list(range(1, 10)), [[1] * 9, [4] * 9], extra=form)
    assert scores["phq9_total"].tolist() == [0, 27]


def test_a_form_with_supplements_that_nobody_filled_and_one_without_are_scored_apart(ws, tmp_path):
    imported(ws, tmp_path, list(range(1, 11)), [[1] * 9 + [""]] * 2, extra="supplements = true\n")
    assert ws.read("score/phq9", wave=WAVE)["form"].tolist() == ["+", "+"]


def test_a_pupil_who_lacks_a_sheet_gets_a_blank_one_of_the_form_the_others_had(ws, tmp_path):
    _, tiers = imported(ws, tmp_path, list(range(1, 9)), [[0] * 8], extra="left_out = [9]\n")
    assert tiers["safety_signal"].tolist() == ["not_asked"]


def test_seconds_per_item_are_those_of_the_items_the_form_has():
    administration = pd.DataFrame({"pupil_key": ["a", "b"], "seconds": [72, 90]})
    sheets = pd.DataFrame({"pupil_key": ["a", "b"], "form": ["-9", ""]})
    assert _seconds_per_item(administration, {"phq9": sheets}).tolist() == [72 / 8, 90 / 9]


def test_sheets_stored_before_forms_were_stored_are_scored_as_the_scale_file_says(ws, tmp_path, monkeypatch):
    stored = ws.newest
    imported(ws, tmp_path, list(range(1, 10)), [[1] * 9])

    def without_form(name, *, wave):
        rows = stored(name, wave=wave)
        of = rows.of
        rows.of = lambda school: of(school).drop(columns="form", errors="ignore")
        return rows

    monkeypatch.setattr(ws, "newest", without_form)
    assert ws.score_wave(WAVE, as_of=DAY)["scored"].tolist() == [1]
    assert ws.suspect_keys(WAVE) == []


@pytest.mark.parametrize("id_", ["../../elsewhere.toml", "sdq_self", "/tmp/own.toml"])
def test_a_mapping_names_scales_by_id_and_nothing_else(ws, tmp_path, id_):
    text = MAPPING.replace('id = "phq9"', f'id = "{id_}"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    write_csv(tmp_path / "answers.csv", ["number", "q1"], ["G001", "1"])
    with pytest.raises(DefinitionError, match="scales"):
        ws.import_file(tmp_path / "answers.csv", mapping=tmp_path / "own.toml", wave=WAVE, as_of=DAY)


def test_a_code_that_another_item_has_is_none_of_this_one(ws, tmp_path):
    teen = MAPPING.replace('id = "phq9"', 'id = "phq9-teen"') + "codes = { A = 0, B = 1, C = 2, D = 3 }\n"
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"))
    (tmp_path / "teen.toml").write_text(teen, encoding="utf-8")
    header = ["number", *(f"q{item}" for item in range(1, 14))]
    write_csv(tmp_path / "answers.csv", header, ["G001", *"AAAAAAAAAAAAD"])  # item 13 is yes or no
    with pytest.raises(RowsRefused, match="q13"):
        ws.import_file(tmp_path / "answers.csv", mapping=tmp_path / "teen.toml", wave=WAVE, as_of=DAY)
