"""From a file as exported to rows that fit: readers, mappings, checks, waterfall."""

from xinyu_lib.census.batch import Batch, together
from xinyu_lib.census.known import Check, Directory, Finding, Known
from xinyu_lib.census.mapping import Mapping, load_mapping
from xinyu_lib.census.matching import Roster
from xinyu_lib.census.problems import Seen, as_read
from xinyu_lib.census.rawfile import RawFile
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.readers import existing, open_file, read_file, sheet_names
from xinyu_lib.census.reasons import REASONS
from xinyu_lib.census.refusals import refusal, refuse_if_nothing_is_kept
from xinyu_lib.census.sheets import check_responses, take_responses
from xinyu_lib.census.take import check_table, table_for, take_table
from xinyu_lib.census.waterfall import waterfall
from xinyu_lib.census.worksheet import read_worksheet, write_worksheet

__all__ = [
    "REASONS",
    "Batch",
    "Check",
    "Directory",
    "Finding",
    "Known",
    "Mapping",
    "RawFile",
    "RawTable",
    "Roster",
    "Seen",
    "as_read",
    "check_responses",
    "check_table",
    "existing",
    "load_mapping",
    "open_file",
    "read_file",
    "read_worksheet",
    "refusal",
    "refuse_if_nothing_is_kept",
    "sheet_names",
    "table_for",
    "take_responses",
    "take_table",
    "together",
    "waterfall",
    "write_worksheet",
]
