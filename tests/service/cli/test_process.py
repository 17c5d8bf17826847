"""The commands as real processes: exit codes, streams, encodings, damage half way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.intake.hostile_files import HEADER, as_csv

PROGRAM = [sys.executable, "-W", "error", "-c", "from service.cli import main; main()"]
ROOT = Path(__file__).parents[3]


def minqing(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MINQING_")}
    settings = {
        "PYTHONPATH": str(ROOT),
        "MINQING_HOME": str(folder / "home"),
        "MINQING_MODEL": str(folder / "none.mqm"),
    }
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=plain | settings | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_file_goes_in_and_is_counted(tmp_path: Path) -> None:
    row = ("1", "甲", "路灯", "2019/7/8", "庄里镇的路灯不亮。", "0", "0")
    (tmp_path / "a.csv").write_text(as_csv(HEADER, row), "gb18030")
    done = minqing(tmp_path, "import", "a.csv")
    assert done.returncode == 0, done.stderr.decode()
    assert "新登记 1 件" in done.stdout.decode()
    status = minqing(tmp_path, "status", "--json")
    assert json.loads(status.stdout)["messages"] == 1
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("locale", ["POSIX", "zh_CN.GB18030"])
def test_an_error_is_one_line_of_utf8_in_any_locale(tmp_path: Path, locale: str) -> None:
    done = minqing(tmp_path, "triage", "没有.csv", "-o", "out.csv", LC_ALL=locale, LANG=locale)
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert lines[-1] == "错误：文件无法读取：找不到 没有.csv"
    assert "Traceback" not in done.stderr.decode()


def test_the_command_starts_without_what_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from service.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'sqlalchemy', 'sklearn', 'fastapi', 'docx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_closed_pipe_is_no_crash(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -c 'from service.cli import main; main()' --help | true"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr


def test_importing_the_package_does_no_work(tmp_path: Path) -> None:
    code = "import service.composition, service.cli, service.usecases.intake.import_file"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MINQING_PORT": "broken"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert list(tmp_path.iterdir()) == []
