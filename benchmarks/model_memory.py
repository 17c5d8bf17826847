"""How much memory workers share that judge with the same model file.

Usage: ``python benchmarks/model_memory.py [WORKERS]``, four where none are named. Each worker opens
the shipped model and judges all own-written samples. Prints JSON in MB: the model file; for the
model's pages and for the whole process what one worker holds for itself alone and what they share,
as Linux tells it in ``/proc/PID/smaps``.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import fmean

from material.samples import samples

from classifier.judging.model import Model, shipped_path
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter

WORKERS = 4
_KB_A_MB = 1024


def main() -> None:
    """Let workers judge side by side, and look at their pages."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else WORKERS
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(count)]
    workers = [context.Process(target=judge_samples, args=(far,)) for _, far in pipes]
    for worker in workers:
        worker.start()
    for near, _ in pipes:
        near.recv()
    pages = [page_sizes(int(worker.pid or 0)) for worker in workers]
    for near, _ in pipes:
        near.send("end")
    for worker in workers:
        worker.join()
    figures = {name: round(fmean(page[name] for page in pages), 1) for name in pages[0]}
    size = round(shipped_path().stat().st_size / 1024**2, 1)
    print(json.dumps({"workers": count, "model_file_mb": size, **figures}))


def judge_samples(pipe: Connection) -> None:
    """Judge all samples, say so, and wait until told to end."""
    model, reader = Model.load(), Reader(Segmenter(), Gazetteer((), ()))
    for message in samples():
        model.judge(reader.read(message.title, message.text))
    pipe.send("done")
    pipe.recv()


def page_sizes(pid: int) -> dict[str, float]:
    """Memory of a process in MB: own and shared, of the model's pages and of all."""
    found = dict.fromkeys(("model_own_mb", "model_shared_mb", "own_mb", "shared_mb"), 0.0)
    is_model = False
    for line in Path(f"/proc/{pid}/smaps").read_text("utf-8").splitlines():
        name, _, rest = line.partition(":")
        if "-" in name.split(" ")[0]:  # the head of a mapping: its addresses, then its file
            is_model = line.endswith(".mqm")
        elif name.startswith(("Private_", "Shared_")):
            side = "own_mb" if name.startswith("Private_") else "shared_mb"
            size = int(rest.split()[0]) / _KB_A_MB
            found[side] += size
            found[f"model_{side}"] += size * is_model
    return found


if __name__ == "__main__":
    main()
