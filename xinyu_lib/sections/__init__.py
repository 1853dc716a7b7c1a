"""Report sections: one file per section, each from library results through SafeTables to blocks."""

from xinyu_lib.sections.evaluation import Evaluation

__all__ = ["Evaluation"]
