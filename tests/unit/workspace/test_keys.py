"""Files that were reversed before they were sent are noticed, with the items that show it."""

from pathlib import Path

import pandas as pd
import pytest
from import_actors import WAVE

from xinyu_lib.lake.vault import CommitRecord, new_import_id
from xinyu_lib.scales import load_scale

PROSETTA = Path(__file__).parents[2] / "oracle" / "real" / "prosetta_cesd20_promisdep28.csv"
ITEMS = list(load_scale("cesd").items)


def store(ws, answers: pd.DataFrame, wave: str = WAVE) -> None:
    """Answers in codes of the key, as an import would leave them; three schools."""
    import_id = new_import_id()
    keys = [f"{row:032x}" for row in range(len(answers))]
    schools = [f"01{row % 3:02d}" for row in range(len(answers))]
    who = pd.DataFrame({"wave": wave, "school": schools, "pupil_key": keys, "form": ""}).astype("str")
    frame = pd.concat([who, answers.reset_index(drop=True).astype("Int8")], axis=1)
    ws.lake.write("response/cesd", frame, import_id=import_id, valid_from="2026-10-01")
    record = CommitRecord(
        import_id=import_id, kind="file", source_digest=wave, tables=("response/cesd",), wave=wave,
        rows_in=len(frame), rows_kept=len(frame), rows_set_aside=0, valid_from="2026-10-01", detail={},
    )  # fmt: skip
    with ws.vault() as vault, vault.writing():
        vault.commit(record)


@pytest.fixture
def sent() -> pd.DataFrame:
    """Real answers whose positive items were reversed before they were published (PROsetta), coded 0-3."""
    answers = pd.read_csv(PROSETTA).filter(regex="^CESD").iloc[:, :20] - 1
    return answers.set_axis(ITEMS, axis=1)


def test_answers_reversed_before_they_were_sent_are_noticed_and_named(ws, sent):
    store(ws, sent)
    assert [(wave, key.scale, key.items) for wave, key in ws.suspect_keys()] == [(WAVE, "cesd", (4, 8, 12, 16))]


def test_the_same_answers_turned_back_are_as_the_key_says(ws, sent):
    store(ws, sent.assign(**{f"cesd_{item}": 3 - sent[f"cesd_{item}"] for item in (4, 8, 12, 16)}))
    assert ws.suspect_keys(WAVE) == []


def test_scoring_such_a_wave_warns_nowhere_else_and_still_scores(ws, sent):
    store(ws, sent)
    summary = ws.score_wave(WAVE, as_of="2026-10-02").set_index("scale").loc["cesd"]
    assert (summary["sheets"], summary["scored"]) == (len(sent), sent.notna().all(axis=1).sum())


def test_every_wave_is_looked_at(ws, sent):
    store(ws, sent, wave="2025-2026-spring")
    store(ws, sent)
    assert [wave for wave, _ in ws.suspect_keys()] == [WAVE, "2025-2026-spring"]


def test_scoring_tells_how_many_schools_are_done(ws, sent):
    store(ws, sent)
    told = []
    ws.score_wave(WAVE, as_of="2026-10-02", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_one_school_whose_file_was_reversed_is_noticed_behind_many_good_ones(ws, sent):
    right = sent.assign(**{f"cesd_{item}": 3 - sent[f"cesd_{item}"] for item in (4, 8, 12, 16)})
    # three schools take the rows in turn; the last one sent its own file reversed
    rows = range(len(sent))
    mixed = pd.DataFrame([(sent if row % 3 == 2 else right).iloc[row] for row in rows])
    store(ws, mixed)
    assert [key.items for _, key in ws.suspect_keys(WAVE)] == [(4, 8, 12, 16)]
