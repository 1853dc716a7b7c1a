"""Tables as declared data: columns, codes, keys, privacy, one TOML file per table; file layouts."""

from xinyu_lib.tables.catalogue import importable, load_table, tables, written_forms
from xinyu_lib.tables.dictionary import dictionary
from xinyu_lib.tables.layout import Layout, layouts, load_layout
from xinyu_lib.tables.table import Code, Column, Table
from xinyu_lib.tables.template import in_reference_order, write_template

__all__ = [
    "Code",
    "Column",
    "Layout",
    "Table",
    "dictionary",
    "importable",
    "in_reference_order",
    "layouts",
    "load_layout",
    "load_table",
    "tables",
    "write_template",
    "written_forms",
]
