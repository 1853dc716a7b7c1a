"""What a disk refuses, as one clear line: no room, no right to read or write, or a disk that fails."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xinyu_lib.errors import WorkspaceError, XinyuError

REFUSALS = {
    "lake.no_space": {errno.ENOSPC, errno.EDQUOT, errno.EFBIG},
    "lake.no_access": {errno.EACCES, errno.EPERM, errno.EROFS},
    "lake.disk_failed": {errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO},
}
MESSAGES = {code: message_id for message_id, codes in REFUSALS.items() for code in codes}


@contextmanager
def on_disk(what: str, kind: type[XinyuError] = WorkspaceError) -> Iterator[None]:
    """Raises an error of this kind when the disk refuses to read or write `what`; anything else stays what it is."""
    try:
        yield
    except Exception as error:
        message_id = MESSAGES.get(_code(error))
        if message_id is None:
            raise
        raise kind(message_id, what=what) from error


def require_room(folder: Path, size: int, what: str) -> None:
    """Raises WorkspaceError when there are not as many bytes free: asked beforehand, no half-written file is left."""
    if shutil.disk_usage(folder).free < size:
        raise WorkspaceError("lake.no_space", what=what)


def _code(error: Exception) -> int | None:
    """The system's number of an error; deltalake tells it in its text only, as Rust writes it."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    told = re.search(r"\(os error (\d+)\)", str(error))
    # on Windows it is a number of Windows, which OSError knows how to turn into ours; elsewhere it stays as it is
    return OSError(int(told[1]), "", None, int(told[1])).errno if told else None
