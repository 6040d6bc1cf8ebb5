"""What the programs say on 64-bit Arm is what they say here: built for it, and run under QEMU."""

from __future__ import annotations

import platform
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from beside_cpython import OPTIONS, PROGRAM, ours, that_end
from python_programs import BROKEN, CHOSEN, CHOSEN_OF
from random_programs import random_programs

ROOT = Path(__file__).parents[2]
RUN = ROOT / "scripts" / "aarch64" / "run.sh"
BUILT = ROOT / "build" / "aarch64"
EXAMPLE = ROOT / "src" / "locator" / "example"
RANDOM_PROGRAMS = 60  # of each language

pytestmark = [
    pytest.mark.skipif(platform.machine() == "aarch64", reason="this is such a machine"),
    pytest.mark.skipif(
        not shutil.which("qemu-aarch64-static"), reason="there is no qemu-aarch64-static"
    ),
    pytest.mark.skipif(
        not (BUILT / "mythbench").is_file(),
        reason=f"{BUILT} is not built; scripts/aarch64/test.sh builds it",
    ),
    pytest.mark.skipif(not PROGRAM.is_file(), reason=f"{PROGRAM} is not built"),
]


def on_arm(program: str, folder: Path) -> Path:
    """A file to start in place of the program of this machine."""
    starter = folder / program
    starter.write_text(f'#!/bin/sh\nexec "{RUN}" "{BUILT / program}" "$@"\n')
    starter.chmod(0o755)
    return starter


def chosen(language: str) -> dict[str, str]:
    named = {"chosen": CHOSEN, "broken": BROKEN, "of_language": CHOSEN_OF[language]}
    return {
        f"{name}_{i:03}.py": s for name, sources in named.items() for i, s in enumerate(sources)
    }


def said(program: Path, files: dict[str, str], language: str, option: str, folder: Path) -> dict:
    """By file, but for where in memory something is."""
    results = ours(folder, files, language, program, option)
    return {name: re.sub(r"at 0x[0-9a-f]+", "at", repr(said)) for name, said in results.items()}


def differences(files: dict[str, str], language: str, option: str, folder: Path) -> list[str]:
    here = said(PROGRAM, files, language, option, folder)
    there = said(on_arm("bytecode", folder), files, language, option, folder)
    return [
        f"{name}: {here[name]} and {there[name]}" for name in files if here[name] != there[name]
    ]


@pytest.mark.parametrize("language", OPTIONS)
def test_bytecode_does_and_counts_the_same_with_every_program(language: str, tmp_path: Path):
    programs = chosen(language) | random_programs(range(RANDOM_PROGRAMS), language)
    ending = that_end(programs, language, tmp_path)
    assert len(ending) > 0.9 * len(programs)
    assert not differences(ending, language, "--count", tmp_path)


@pytest.mark.parametrize("language", OPTIONS)
def test_bytecode_lists_the_same_instructions(language: str, tmp_path: Path):
    programs = chosen(language)
    for name, source in programs.items():
        (tmp_path / name).write_text(source)
    assert not differences(programs, language, "--dis", tmp_path)


def random_events(count: int) -> str:
    """Amplitudes that some station may lack, of no source in particular."""
    generator = random.Random(20180202)
    header = (EXAMPLE / "events.csv").read_text().splitlines()
    header = next(line for line in header if not line.startswith("#"))
    rows = [header]
    for event in range(count):
        amplitudes = [
            "" if generator.random() < 0.1 else f"{generator.lognormvariate(-7, 1):.6g}"
            for _ in header.split(",")[1:]
        ]
        rows.append(",".join([f"event{event}", *amplitudes]))
    return "\n".join(rows) + "\n"


def inputs(events: Path) -> list[str | Path]:
    stations, grid = EXAMPLE / "stations.csv", EXAMPLE / "grid.json"
    return ["--stations", stations, "--events", events, "--grid", grid, "--threads", "2"]


def located(program: Path, events: Path, rung: str, output: Path) -> str:
    command = [program, *inputs(events), "--rung", rung, "-o", output]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output.read_text()


def rungs(program: Path, folder: Path) -> list[str]:
    """The names that the program itself offers."""
    command = [program, *inputs(EXAMPLE / "events.csv"), "--rung", "none", "-o", folder / "none"]
    complaint = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return complaint.strip().split("there are ")[1].split(", ")


def test_locate_finds_the_same_sources_with_every_rung(tmp_path: Path):
    made = tmp_path / "events.csv"
    made.write_text(random_events(12))
    here, there = PROGRAM.with_name("locate"), on_arm("locate", tmp_path)
    for events in (EXAMPLE / "events.csv", made):
        for rung in rungs(here, tmp_path):
            found_here = located(here, events, rung, tmp_path / "here.csv")
            found_there = located(there, events, rung, tmp_path / "there.csv")
            assert found_here == found_there, (events.name, rung)
            assert found_here.count(",ok,") >= 6
