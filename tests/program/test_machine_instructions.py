"""The instructions that 80_native writes, against an assembler that others have written."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / "release" / "mythbench"))
INSTRUCTIONS = PROGRAM.parent / "tests" / "machine_instructions"
BEGIN = {"x86_64": ".intel_syntax noprefix\n", "aarch64": ""}


def tools(processor: str) -> list[str]:
    """An assembler for the processor, and what takes the bytes out of its file."""
    before = "" if platform.machine() == processor else f"{processor.replace('_', '-')}-linux-gnu-"
    names = [f"{before}as", f"{before}objcopy"]
    for name in names:
        if not shutil.which(name):
            pytest.skip(f"there is no {name} on this machine")
    return names


def assembled(text: str, processor: str, folder: Path) -> str:
    assembler, objcopy = tools(processor)
    source, compiled, plain = (folder / f"code.{end}" for end in ("s", "o", "bin"))
    source.write_text(BEGIN[processor] + text + "\n")
    subprocess.run([assembler, source, "-o", compiled], check=True)
    subprocess.run([objcopy, "-O", "binary", "-j", ".text", compiled, plain], check=True)
    return plain.read_bytes().hex()


@pytest.mark.skipif(not INSTRUCTIONS.is_file(), reason=f"{INSTRUCTIONS} is not built")
@pytest.mark.parametrize("processor", BEGIN)
def test_instructions_are_those_of_the_assembler_of_gnu(processor: str, tmp_path: Path):
    written = subprocess.run(
        [INSTRUCTIONS, processor], capture_output=True, text=True, check=True
    ).stdout
    ours = [line.split("\t") for line in written.splitlines()]
    assert len(ours) > 60
    theirs = assembled("\n".join(text for _, text in ours), processor, tmp_path)
    at = 0
    for code, text in ours:
        assert code == theirs[at : at + len(code)], text
        at += len(code)
    assert at == len(theirs)
