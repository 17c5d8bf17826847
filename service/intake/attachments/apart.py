"""Cleaning in a process of its own: what a hostile file brings down or fills is not the service.

The process knows no settings, no key and no database; it is given one file, little memory and
little time, and may write no file. Linux keeps it within that (setrlimit).
"""

from __future__ import annotations

import logging
import resource
import subprocess
import sys

from service.domain.attachment import AttachmentKind, CleanFile, Upload
from service.errors import AttachmentRefusedError, WorkersUnavailableError
from service.intake.attachments.clean import clean_file

logger = logging.getLogger(__name__)

MEMORY_BYTES = 1 << 30  # address space: a picture of the most pixels takes half of it
CPU_SECONDS = 20
WAIT_SECONDS = 60
_OPEN_FILES = 64
_REFUSED = "refused"
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from service.intake.attachments.apart import serve; serve(sys.argv[1])"
)


def clean_apart(upload: Upload) -> CleanFile:
    """As ``clean_file``, in a process of its own.

    Raises
    ------
    AttachmentRefusedError
        As ``clean_file``; or it took too long or too much, or broke the process.
    WorkersUnavailableError
        No process can be started.
    """
    name = upload.name.encode("utf-8", "replace").hex()
    # Isolated: neither the environment, which may hold passwords, nor the folder counts.
    command = [sys.executable, "-I", "-c", _START, name or "-", *sys.path]
    try:
        done = subprocess.run(  # noqa: S603 - this program itself, no shell
            command,
            input=upload.content,
            capture_output=True,
            env={},
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AttachmentRefusedError("文件过于复杂，没有能在限定的时间内检查完") from None
    except OSError as error:
        raise WorkersUnavailableError(str(error.strerror)) from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        # What stands behind the colon may be words of the file.
        logger.warning("附件检查中断（%d，%s）", done.returncode, last.partition(":")[0][:100])
        raise AttachmentRefusedError("文件已损坏，或者过于复杂，无法检查")
    return _read(done.stdout)


def _read(told: bytes) -> CleanFile:
    head, _, content = told.partition(b"\n")
    kind, _, rest = head.decode().partition(" ")
    if kind == _REFUSED:
        raise AttachmentRefusedError(rest)
    return CleanFile(rest, AttachmentKind(kind), content)


def serve(name: str) -> None:
    """What the process does: one file from the standard input, cleaned, to the standard output."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    given = "" if name == "-" else bytes.fromhex(name).decode()
    try:
        clean = clean_file(Upload(given, sys.stdin.buffer.read()))
        told, content = f"{clean.kind.value} {clean.name}", clean.content
    except AttachmentRefusedError as error:
        told, content = f"{_REFUSED} {error.detail}", b""
    sys.stdout.buffer.write(told.encode() + b"\n" + content)
