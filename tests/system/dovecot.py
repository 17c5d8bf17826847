"""An IMAP server of the tests' own (Dovecot): private folder, free port, gone afterwards."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "intake", "open-sesame"
_START_SECONDS = 30
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, and where the mails of its one user lie."""

    port: int
    inbox: Path

    def put(self, name: str, mail: bytes) -> None:
        """Let a mail arrive."""
        draft = self.inbox / "tmp" / name
        draft.write_bytes(mail)
        shutil.chown(draft, *_owner())
        draft.rename(self.inbox / "new" / name)


def find_dovecot() -> str | None:
    """The program, or None."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def running_dovecot(program: str) -> Iterator[ImapServer]:
    """A server with an empty mailbox."""
    with tempfile.TemporaryDirectory(prefix="minqing-imap-") as name:
        folder = Path(name)
        server = ImapServer(_free_port(), folder / "mail")
        user, group = _owner()
        entry = pwd.getpwnam(user)
        filled = _CONFIG.format(
            folder=folder,
            user=user,
            group=group,
            uid=entry.pw_uid,
            gid=entry.pw_gid,
            password=PASSWORD,
            port=server.port,
        )
        (folder / "dovecot.conf").write_text(filled)
        for each in (folder, *(server.inbox / part for part in ("", "cur", "new", "tmp"))):
            each.mkdir(exist_ok=True, parents=True)
            shutil.chown(each, user, group)
        command = [program, "-F", "-c", str(folder / "dovecot.conf")]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_until_it_answers(server.port, folder / "log")
                yield server
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(_START_SECONDS)


def _owner() -> tuple[str, str]:
    """Whose the mails are: root may not read mails there."""
    name = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    gid = pwd.getpwnam(name).pw_gid
    return name, grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, log: Path) -> None:
    limit = time.monotonic() + _START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                if connection.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            pass
        if time.monotonic() > limit:
            raise RuntimeError(log.read_text() if log.exists() else "no log")
        time.sleep(0.05)
