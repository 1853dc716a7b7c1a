"""A kernel manager whose messages stay on private sockets: pupils' data never pass over TCP, and ports cannot clash.

The default socket path of ipc is shared by all kernels of a folder, which is unsafe in parallel; here every kernel gets
a folder of its own (0700), removed when the kernel is gone. Where there are no Unix sockets, TCP with keys is kept.
"""

import shutil
import tempfile

from jupyter_client.manager import AsyncKernelManager
from zmq import has

PRIVATE = has("ipc")


class PrivateKernelManager(AsyncKernelManager):
    """Starts one kernel on sockets in a private folder."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self._folder = tempfile.mkdtemp(prefix="xy") if PRIVATE else None
        if self._folder:
            self.transport, self.ip = "ipc", f"{self._folder}/k"

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources
