"""From a file as exported to rows that fit: readers, mappings, checks, waterfall."""

from xinyu_lib.census.batch import Batch, Known
from xinyu_lib.census.mapping import Mapping, load_mapping
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.readers import read_file
from xinyu_lib.census.reasons import REASONS
from xinyu_lib.census.refusals import refusal
from xinyu_lib.census.sheets import take_responses
from xinyu_lib.census.take import take_table
from xinyu_lib.census.waterfall import waterfall

__all__ = [
    "REASONS",
    "Batch",
    "Known",
    "Mapping",
    "RawTable",
    "load_mapping",
    "read_file",
    "refusal",
    "take_responses",
    "take_table",
    "waterfall",
]
