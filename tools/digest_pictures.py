#!/usr/bin/env python3
"""Make ``docs/pictures/digest-1.png`` and ``digest-2.png``: two pages of the demo county's week.

The samples' two years are told as the weeks before a fixed day, and the week's digest is made under
a red head. Needs LibreOffice and poppler-utils (``tools/install-system-packages``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from service.composition import build_context, build_triage, read_shipped_directory
from service.digest import parse_period, render
from service.digest.red_head import RedHead
from service.domain.deadline import SHANGHAI
from service.intake.messages import ReadOptions
from service.settings import Settings
from service.usecases.administration.organisation import AT_START, save_book
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.in_force.follow_organisation import follow_organisation
from service.usecases.intake.import_file import import_file

TARGET = Path(__file__).parents[1] / "docs/pictures"
WEEK = "2026-W48"
NOW = datetime(2026, 11, 30, 8, 30, tzinfo=SHANGHAI)  # the Monday after
DAYS_AS_ONE = 20  # of the samples, so that five weeks hold all of them
HEAD = RedHead("富平县政协办公室文件", "富政协办〔2026〕48号")
SHOWN_PAGES = (1, 2)
DOTS_PER_INCH, SHADES = 110, 256


def load_samples(home: Path) -> Context:
    """The demo county with its samples, the newest of them sent on the day before ``NOW``."""
    settings = Settings(home=home)
    context = build_context(settings, lambda: NOW)
    directory = read_shipped_directory(settings)
    context = replace(context, triage=build_triage(settings, directory.organisation))
    files = sorted((settings.data / "samples" / "messages").glob("*.jsonl"))
    options = ReadOptions(
        now=NOW, max_text_chars=settings.max_text_chars, retime=retimed(newest_time(files))
    )
    for path in files:
        rejects = home / f"{path.stem}.rejects.csv"
        import_file(context, path, f"samples/{path.stem}", options, rejects_path=rejects)
    save_book(context, directory.book, AT_START)
    return follow_organisation(context)


def newest_time(files: Sequence[Path]) -> datetime:
    """When the newest sample says it was sent."""
    lines = (line for path in files for line in path.read_text("utf-8").splitlines())
    told = (datetime.fromisoformat(json.loads(line)["时间"]) for line in lines)
    return max(when.replace(tzinfo=SHANGHAI) for when in told)


def retimed(newest: datetime) -> Callable[[datetime], datetime]:
    """Moves a sample to the days before ``NOW``, at its own time of day."""

    def move(sent_at: datetime) -> datetime:
        local = sent_at.astimezone(SHANGHAI)
        day = NOW.date() - timedelta(days=1 + (newest.date() - local.date()).days // DAYS_AS_ONE)
        return datetime.combine(day, local.time(), SHANGHAI)

    return move


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"没有安装 {name}")
    return found


def make_pdf(content: bytes, folder: Path) -> Path:
    """The Word document as LibreOffice shows it."""
    source = folder / "digest.docx"
    source.write_bytes(content)
    subprocess.run(
        [_program("soffice"), f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "digest.pdf"


def save_page(pdf: Path, number: int, target: Path) -> None:
    """One page as a picture of few shades, so that it is small."""
    draft = pdf.with_name(f"page{number}")
    subprocess.run(
        [_program("pdftoppm"), "-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(number),
         "-l", str(number), str(pdf), str(draft)],
        check=True,
    )  # fmt: skip
    picture = Image.open(draft.with_suffix(".png")).convert("RGB").quantize(SHADES)
    picture.save(target, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        context = load_samples(Path(folder) / "home")
        digest = make_digest(context, parse_period(WEEK), head=HEAD)
        pdf = make_pdf(render(digest, ".docx"), Path(folder))
        for place, number in enumerate(SHOWN_PAGES, start=1):
            target = TARGET / f"digest-{place}.png"
            save_page(pdf, number, target)
            print(f"{target}: {target.stat().st_size:,} bytes")
        context.database.close()
