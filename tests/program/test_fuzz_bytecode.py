"""The search for programs and texts that `bytecode` gets wrong: it finds what is there."""

from __future__ import annotations

from pathlib import Path

import fuzz_bytecode
from beside_cpython import PROGRAM, found_interpreters


def planted(tmp_path: Path, line: str) -> Path:
    """A program beside ours: a shell script, in which "$@" stands for the options and the file."""
    file = tmp_path / "planted"
    file.write_text(f'#!/bin/sh\nours="{PROGRAM.resolve()}"\n{line}\n')
    file.chmod(0o755)
    return file


def test_a_planted_difference_is_found_and_made_small(tmp_path: Path):
    told = '"$ours" "$@" > told; status=$?; sed s/True/Truth/ told; exit $status'
    program = planted(tmp_path, told)
    version, interpreter = next(iter(found_interpreters().items()))
    fuzzer = fuzz_bytecode.Programs(program, {version: interpreter})
    # Beside a single CPython the words of other versions are found, too.
    found = [text for text in fuzzer.run(range(12)) if "Truth" in text]
    assert found
    least = found[0].partition("the least of it:\n")[2]
    assert len(least.splitlines()) < 12
    assert "print" in least


def test_a_planted_crash_is_found(tmp_path: Path):
    crashing = planted(tmp_path, "kill -SEGV $$")
    (found,) = fuzz_bytecode.Texts(crashing).run(range(1))
    assert "status -11" in found
    talking = planted(tmp_path, "echo one >&2; echo two >&2; exit 1")
    (found,) = fuzz_bytecode.Texts(talking).run(range(1))
    assert "it said 'one\\ntwo\\n'" in found


def test_no_text_breaks_the_program():
    fuzzer = fuzz_bytecode.Texts(PROGRAM)
    found = fuzzer.run(range(300))
    assert not found, "\n".join(found)
    # Most do end.
    assert fuzzer.endless < 30
