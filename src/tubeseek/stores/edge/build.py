"""Builds a shard's graph in a process of its own: `python -m tubeseek.stores.edge.build SHARD`.

Qdrant Edge holds the GIL while it optimises, which takes minutes at 100,000 vectors; in the process
that answers searches everything would stand still.
"""

import os
import subprocess
import sys
from pathlib import Path

import qdrant_edge as qe

from tubeseek.core.errors import StoreError

NICENESS = 5  # searches go first


def start_build(shard: Path) -> "subprocess.Popen[bytes]":
    """Start the process. On Linux it ends with this one, however this one ends."""
    command = [sys.executable, "-P", "-m", __name__, str(shard)]
    return subprocess.Popen(  # noqa: S603 - our own module and a path of our own
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish_build(build: "subprocess.Popen[bytes]") -> None:
    """Wait for the process; kill it if the wait is interrupted.

    Raises:
        StoreError: The graph was not built.
    """
    try:
        # Not communicate(): that closes stdin, which tells the process that we are gone.
        log = build.stderr.read().decode(errors="replace").strip() if build.stderr else ""
        status = build.wait()
    finally:
        build.kill()
        build.wait()
        for pipe in (build.stdin, build.stderr):
            if pipe:
                pipe.close()
    if status:
        reason = log.splitlines()[-1] if log else f"status {status}"
        raise StoreError(
            f"the search graph could not be built ({reason}); nothing is lost and searches stay "
            "exact, only slower: check disk space and memory, then commit again"
        )


def end_with_parent() -> None:
    """Let the kernel end this process when the other end of stdin closes.

    A thread that waits for that would never get the GIL. SIGIO ends a process by default.
    """
    if sys.platform != "linux":
        return
    import fcntl
    import select

    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:  # the parent was gone before we listened
        raise SystemExit(1)


def main(shard_folder: str) -> None:
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    shard = qe.EdgeShard.load(shard_folder)
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    main(sys.argv[1])
