"""What a class may hand in: runs made from one by a seed, and files that nobody should accept."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from damaged_files import ODD_FILES, WHOLE_CONTENTS, damaged
from synthetic_run import SCRIPTS, scripted, two_examples, with_myths

LINK = 0o120777 << 16


def perturbed(document: dict, seed: int, slower: float | None = None, **facts) -> dict:
    """The run as another machine might have measured it; `slower` than the first, or by chance."""
    chance = random.Random(seed)
    whole = chance.lognormvariate(0, 0.15) if slower is None else slower
    told = json.loads(json.dumps(document))
    minute, second = divmod(seed, 60)
    told["run_id"] = f"20261122T13{minute:02d}{second:02d}Z_host-{seed}"
    told["started"] = f"2026-11-22T13:{minute:02d}:{second:02d}Z"
    told["machine"] = {**told["machine"], "name": f"host-{seed}", **facts}
    for row in told["rows"]:
        own = whole * chance.lognormvariate(0, 0.03)
        for sample in row["samples"]:
            sample["seconds"] *= own * chance.lognormvariate(0, 0.01)
    return told


def small_run(seed: int = 1, **facts) -> dict:
    return perturbed(with_myths(two_examples(7, 1, 0.01)), seed, **facts)


def archive(files: dict[str, bytes], **about) -> bytes:
    """`about` is set of each entry: external_attr, compress_type."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, held in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for fact, value in about.items():
                setattr(entry, fact, value)
            packed.writestr(entry, held)
    return content.getvalue()


def bomb(size: int) -> bytes:
    """So many zeros in a thousandth of their size."""
    return archive({"run.json": bytes(size)})


def lying_bomb(size: int) -> bytes:
    """One that says of its content that it is of ten bytes."""
    true = size.to_bytes(4, "little")
    return bomb(size).replace(true, (10).to_bytes(4, "little"))


def encrypted(content: bytes) -> bytes:
    """Only by its flag, which is all that anybody looks at."""
    marked = bytearray(archive({"run.json": content}))
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def hostile_archives() -> dict[str, bytes]:
    run = json.dumps(small_run()).encode()
    inner = archive({"run.json": run})
    names = [
        "../evil.json",
        "/etc/evil.json",
        "a/../../evil.json",
        "C:\\evil.json",
        "..\\evil.json",
    ]
    return {
        **{f"leads out {n}": archive({name: run}) for n, name in enumerate(names)},
        "a link": archive({"run.json": b"/etc/passwd"}, external_attr=LINK),
        "a bomb": bomb(40_000_000),
        "a lying bomb": lying_bomb(40_000_000),
        "encrypted": encrypted(run),
        "by another method": archive({"run.json": run}, compress_type=zipfile.ZIP_BZIP2),
        "thrice packed": archive({"b.zip": archive({"a.zip": inner})}),
        "cut off": inner[:-30],
        "damaged": inner[:200] + bytes(50) + inner[250:],
        "no archive": b"PK\x03\x04" + b"x" * 300,
        "empty": archive({}),
        "without a name": archive({"": run}),
        "all else": archive({"notes.txt": b"hello"}),
        "many entries": archive({f"{n}.txt": b"" for n in range(30_000)}),
        **{f"name {n}": archive({f"{text}.json": b"{"}) for n, text in enumerate(SCRIPTS)},
    }


def hostile_runs() -> Iterator[dict]:
    """Runs that the door lets in, in which every text that may be anything holds a script."""
    for seed in range(5):
        document = perturbed(scripted(two_examples(6, 1)), seed)
        document["machine"]["shared_as"] = SCRIPTS[seed]
        document["machine"]["build"]["compiler"] = SCRIPTS[seed]
        document["machine"].update(virtualization=SCRIPTS[seed], power="battery")
        document["myths"] = with_myths(two_examples(6, 1))["myths"]
        for myth in document["myths"]:
            myth["says"] = SCRIPTS[0]
        yield document


def hand_in_hostile(folder: Path, count: int) -> list[str]:
    """So many files into a folder; their names as the page should show them."""
    document = small_run(99)
    for number, run in enumerate(hostile_runs()):
        (folder / f"hostile {number}.json").write_text(json.dumps(run), encoding="utf-8")
    for name, content in hostile_archives().items():
        (folder / f"{name}.zip").write_bytes(content)
    for name, content in WHOLE_CONTENTS.items():
        (folder / f"{name}.json").write_bytes(content)
    for name, make in ODD_FILES.items():
        make(folder / f"{name}.json")
    (folder / "<img src=x onerror=evil>.json").write_text("{")
    (folder / "=1+1.txt").write_text("hello")
    rest = count - len(list(folder.iterdir()))
    for name, content in [*damaged(document, 7, 12)][:rest]:
        (folder / f"{name}.json").write_bytes(content)
    return sorted(file.name for file in folder.iterdir())
