"""One district's data folder as one object."""

from xinyu_lib.workspace.folder import SNAPSHOT, WORKSPACE, Workspace
from xinyu_lib.workspace.importing import ImportResult

__all__ = ["SNAPSHOT", "WORKSPACE", "ImportResult", "Workspace"]
