"""Passwords checked at once share a bounded memory."""

from __future__ import annotations

import subprocess
import sys

from tests.service.cli.test_process import ROOT

MANY = """
import resource
from concurrent.futures import ThreadPoolExecutor
from service.usecases.accounts.passwords import draw_password, is_password

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

password, hashed = draw_password()
one = used()
with ThreadPoolExecutor(12) as pool:
    found = list(pool.map(lambda typed: is_password(hashed, typed), [password, "x"] * 6))
assert found == [True, False] * 6
print(used() - one)
"""


def test_of_many_at_once_two_take_memory() -> None:
    command = [sys.executable, "-c", MANY]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 100  # MB beyond the 64 of one
