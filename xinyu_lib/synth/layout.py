"""Answer sheets as a survey tool exports them: Wenjuanxing, by option number, one text row per sheet."""

from functools import cache

import numpy as np
import pandas as pd

from xinyu_lib.registry import Definition, Text, Whole, read
from xinyu_lib.scales import load_scale
from xinyu_lib.synth.answers import load_items
from xinyu_lib.synth.setting import FOLDER, WavePlan


class Forms(Definition):
    """Headers and fixed texts of the files."""

    sequence: Text
    submitted_at: Text
    seconds: Text
    source: Text
    detail: Text
    address: Text
    number: Text
    name: Text
    item: Text
    first_question: Whole
    taken: Text
    source_value: Text
    detail_value: Text
    address_value: Text
    roster_title: Text


@cache
def load_forms() -> Forms:
    return read(FOLDER / "parts" / "forms.toml", Forms)


def exported(
    pupils: pd.DataFrame, codes: pd.DataFrame, seconds: pd.Series, sent: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of an export in order of submission (`sent`), all text; `codes` are answers as `options` gives them."""
    forms = load_forms()
    n = len(pupils)
    front = {
        forms.submitted_at: [f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M:%S}" for t in sent],
        forms.seconds: [forms.taken.format(seconds=value) for value in seconds],
        forms.source: [forms.source_value] * n,
        forms.detail: [forms.detail_value] * n,
        forms.address: [forms.address_value.format(host=host) for host in rng.integers(1, 255, n)],
        forms.number: pupils["number"],
        forms.name: pupils["name"],
    }
    return pd.concat([pd.DataFrame(front, index=pupils.index), codes], axis=1).loc[
        sent.sort_values(kind="stable").index
    ]


def options(codes: pd.DataFrame, scales: tuple[str, ...], blank: str) -> pd.DataFrame:
    """Answers as option numbers in text, `blank` where none was given, under the headers of the sheet."""
    found = [codes[list(load_scale(i).items)].replace(load_items(i).option_of) for i in scales]
    text = pd.concat(found, axis=1).astype("str").fillna(blank)
    return text.set_axis(item_headers(text.shape[1]), axis=1)


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the tool's running number in front."""
    rows = rows.reset_index(drop=True)
    rows.insert(0, load_forms().sequence, [str(place) for place in range(1, len(rows) + 1)])
    return rows


def item_headers(n: int) -> list[str]:
    """Headers of n item columns."""
    forms = load_forms()
    return [forms.item.format(question=forms.first_question + k, item=k + 1) for k in range(n)]


def submitted(pupils: pd.DataFrame, seconds: pd.Series, wave: WavePlan, rng: np.random.Generator) -> pd.Series:
    """Time of submission: each class sits down together at one hour of one school day."""
    found = pupils["class_id"].unique()
    days = pd.to_datetime(rng.choice(wave.days, len(found)))
    opened = days + pd.to_timedelta(rng.choice(wave.hours, len(found)), unit="h")
    settling = rng.integers(0, 300, len(pupils))
    return pupils["class_id"].map(dict(zip(found, opened, strict=True))) + pd.to_timedelta(seconds + settling, unit="s")
