"""The search for programs and texts that `bytecode` gets wrong: it finds what is there."""

from __future__ import annotations

from pathlib import Path

import fuzz_bytecode
from beside_cpython import PROGRAM, found_interpreters, prints_the_same, says_the_same


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


def test_zeros_that_cpython_2_leaves_at_the_end_of_a_number_are_no_difference():
    theirs = "a 3.25300000000e+12 -9.15567208000e+14\n4.00000000000e+14\n"
    ours = "a 3.253e+12 -9.15567208e+14\n4e+14\n"
    assert prints_the_same(ours, theirs, "2.7.18")
    assert prints_the_same(theirs, theirs, "2.7.18")
    for version, own, of_cpython in [
        ("2.7.18", theirs, ours),
        ("3.11.7", ours, theirs),
        ("2.7.18", "3.253e+12", "3.253e+13"),
        ("2.7.18", "3.253e+12", "3.25300000001e+12"),
        ("2.7.18", "3.253e+12", "3.25300000000e+11"),
        ("2.7.18", "3.253e+12", "3.253000e+12"),
        ("2.7.18", "32530", "3253"),
        ("2.7.18", "3.253", "3.2530"),
    ]:
        assert not prints_the_same(own, of_cpython, version), (own, of_cpython)


def test_what_is_long_to_cpython_2_may_be_int_to_us_and_not_the_other_way():
    for own, of_cpython in [
        ("'int' object is not callable", "'long' object is not callable"),
        ('can only concatenate list (not "int") to', 'can only concatenate list (not "long") to'),
        ("integer division or modulo by zero", "long division or modulo by zero"),
    ]:
        assert says_the_same(own, of_cpython)
        assert says_the_same(of_cpython, of_cpython)
        assert not says_the_same(of_cpython, own)
    assert not says_the_same("'str' object is not callable", "'long' object is not callable")
