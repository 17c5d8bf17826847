"""The installer of the bundle, on a bundle of one small wheel; the real one is installed by
``benchmarks/bundle_install.py``."""

from __future__ import annotations

import ensurepip
import hashlib
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import uvicorn

from tests.service.delivery.certificates import make_certificate
from tests.system.nginx import CONFIGURATION, find_nginx, write_configuration

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
UNITS = sorted((TOOLS / "bundle").glob("minqing*.*"))
PIP = Path(ensurepip.__file__).parent / "_bundled"


def make_wheel(folder: Path, version: str) -> None:
    """A wheel of a command ``minqing`` that tells its version."""
    told = f"minqing-{version}.dist-info"
    files = {
        "minqing_small.py": f"def main():\n    print('minqing {version}')\n",
        f"{told}/METADATA": f"Metadata-Version: 2.1\nName: minqing\nVersion: {version}\n",
        f"{told}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{told}/entry_points.txt": "[console_scripts]\nminqing = minqing_small:main\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{told}/RECORD"))
    with zipfile.ZipFile(folder / f"minqing-{version}-py3-none-any.whl", "w") as wheel:
        for name, content in {**files, f"{told}/RECORD": record}.items():
            wheel.writestr(name, content)


def make_bundle(folder: Path, version: str) -> Path:
    bundle = folder / f"bundle-{version}"
    shutil.copytree(TOOLS / "bundle", bundle)
    for name in ("wheels", "pip"):
        (bundle / name).mkdir()
    make_wheel(bundle / "wheels", version)
    shutil.copy(next(PIP.glob("pip-*.whl")), bundle / "pip")
    lines = runpy.run_path(str(TOOLS / "bundle_requirements.py"))["lines"]
    (bundle / "requirements.txt").write_text("\n".join(lines(bundle / "wheels")) + "\n")
    (bundle / "VERSION").write_text(f"{version}\n")
    (bundle / "PYTHON").write_text("{}.{}\n".format(*sys.version_info))
    (bundle / "MACHINE").write_text(f"{platform.machine()}\n")
    seal(bundle)
    return bundle


def seal(bundle: Path) -> None:
    files = sorted(f for f in bundle.rglob("*") if f.is_file() and f.name != "SHA256SUMS")
    sums = [
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(bundle)}\n" for f in files
    ]
    (bundle / "SHA256SUMS").write_text("".join(sums))


class Machine:
    """Where a bundle is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.prefix, self.home = folder, folder / "opt", folder / "home"

    def install(self, bundle: Path, *options: str) -> subprocess.CompletedProcess[str]:
        told = ("--prefix", str(self.prefix), "--home", str(self.home), "--no-service")
        python = ("--python", sys.executable)
        return subprocess.run(
            [str(bundle / "install.sh"), *told, *python, *options],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )

    def version(self) -> str:
        command = [self.prefix / "current" / "bin" / "minqing"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with version 1.0, for tests that leave it as it is."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    done = machine.install(make_bundle(machine.folder, "1.0"))
    assert done.returncode == 0, done.stderr
    return machine


def test_a_newer_version_takes_the_place_of_one_that_was_broken_off(machine: Machine) -> None:
    (machine.prefix / "releases" / "1.0" / "bin").mkdir(parents=True)
    for version in ("1.0", "1.1"):
        done = machine.install(make_bundle(machine.folder, version))
        assert done.returncode == 0, done.stderr
        assert machine.version() == f"minqing {version}"
        (machine.home / version).touch()
    assert machine.home.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in machine.home.iterdir()} == {"1.0", "1.1"}
    assert (machine.prefix / "releases" / "1.0" / "bin" / "minqing").exists()


def test_the_version_in_use_is_not_installed_over(installed: Machine) -> None:
    done = installed.install(installed.folder / "bundle-1.0")
    assert done.returncode == 2
    assert "已在使用" in done.stderr
    assert installed.version() == "minqing 1.0"


@pytest.mark.parametrize("name", ["install.sh", "requirements.txt", "minqing.service", "VERSION"])
def test_a_changed_bundle_is_refused(installed: Machine, tmp_path: Path, name: str) -> None:
    bundle = make_bundle(tmp_path, "1.1")
    with (bundle / name).open("a") as file:
        file.write("\n")
    done = installed.install(bundle)
    assert done.returncode == 2
    assert "不完整或被改动" in done.stderr
    assert installed.version() == "minqing 1.0"


def test_a_wheel_of_another_digest_leaves_the_version_in_use(
    installed: Machine, tmp_path: Path
) -> None:
    bundle = make_bundle(tmp_path, "1.1")
    make_wheel(bundle / "wheels", "1.1")
    wheel = next((bundle / "wheels").iterdir())
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    seal(bundle)
    done = installed.install(bundle)
    assert done.returncode != 0
    assert "原有版本和数据没有改动" in done.stderr
    assert installed.version() == "minqing 1.0"
    assert not (installed.prefix / "releases" / "1.1").exists()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("PYTHON", "2.7", "须用 Python 2.7"), ("MACHINE", "pdp11", "安装包用于 pdp11")],
)
def test_a_bundle_for_another_machine_is_refused(
    machine: Machine, name: str, value: str, told: str
) -> None:
    bundle = make_bundle(machine.folder, "1.0")
    (bundle / name).write_text(f"{value}\n")
    seal(bundle)
    done = machine.install(bundle)
    assert done.returncode == 2
    assert told in done.stderr
    assert not machine.prefix.exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--prefix",), "须写明一个值"),
        (("--prefix", "opt"), "须从 / 写起"),
        (("--home", "/a b"), "只能用英文字母"),
        (("--prefix", "/a&b|c"), "只能用英文字母"),
        (("--python", "no-such-python"), "找不到 no-such-python"),
        (("--frobnicate",), "不认识的选项"),
    ],
)
def test_wrong_options_are_told(machine: Machine, options: tuple[str, ...], told: str) -> None:
    done = machine.install(make_bundle(machine.folder, "1.0"), *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert not machine.prefix.exists()


def test_backups_of_a_month_are_kept(machine: Machine) -> None:
    programs, backups = machine.folder / "bin", machine.folder / "backups"
    for folder in (programs, backups):
        folder.mkdir()
    shutil.copy(TOOLS / "bundle" / "minqing-backup", programs)
    (programs / "minqing").write_text('#!/bin/sh\n[ "$1 $2" = "backup -o" ] && echo ok > "$3"\n')
    (programs / "minqing").chmod(0o755)
    for name, days in (("minqing-old.backup", 40), ("minqing-new.backup", 3), ("secret.key", 99)):
        (backups / name).write_text("x")
        then = (backups / name).stat().st_mtime - days * 86_400
        os.utime(backups / name, (then, then))
    subprocess.run([programs / "minqing-backup", backups], check=True)
    names = {path.name for path in backups.iterdir()}
    assert "minqing-old.backup" not in names
    assert {"minqing-new.backup", "secret.key"} < names
    assert len(names) == 3


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_leave_no_more_to_fill_in_than_the_installer_does(unit: Path) -> None:
    text = unit.read_text()
    for key in ("@PREFIX@", "@HOME@", "@USER@"):
        text = text.replace(key, "/x")
    assert "@" not in text


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd")
    filled = {"@PREFIX@": "/usr", "@HOME@": "/var/lib/minqing", "@USER@": "root"}
    for unit in UNITS:
        text = unit.read_text()
        for key, value in filled.items():
            text = text.replace(key, value)
        # The programs are not installed here.
        text = text.replace("/usr/current/bin/minqing", "/bin/true #")
        (tmp_path / unit.name).write_text(text)
    services = [str(tmp_path / unit.name) for unit in UNITS if unit.suffix == ".service"]
    command = [analyze, "verify", *services]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert told == []


def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("needs nginx")
    make_certificate(tmp_path)
    path = write_configuration(tmp_path, CONFIGURATION.read_text("utf-8"))
    command = [nginx, "-t", "-c", str(path), "-p", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nginx_lets_go_of_idle_connections_before_the_desk_does() -> None:
    found = re.search(r"keepalive_timeout (\d+)s;", CONFIGURATION.read_text("utf-8"))
    assert found is not None
    assert int(found[1]) < uvicorn.Config("no:app").timeout_keep_alive


def test_a_further_process_is_the_service_on_another_port() -> None:
    one, further = (
        (TOOLS / "bundle" / f"{name}.service").read_text() for name in ("minqing", "minqing@")
    )
    serve = "ExecStart=@PREFIX@/current/bin/minqing serve"
    on_its_port = serve.replace("=", "=/usr/bin/env MINQING_PORT=%i ")
    expected = one.replace(serve, on_its_port).replace("Description=", "Description=端口 %i，")
    assert further == expected
