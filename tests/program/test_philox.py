"""The generator of dummy_objects, judged by dieharder, where that is installed.

Seeds are fixed, so what passes once passes always. PractRand, where one has it, reads the same
words: philox_words rows | RNG_test stdin32
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / "release" / "mythbench"))
WORDS = PROGRAM.parent / "tests" / "philox_words"
DIEHARDER = shutil.which("dieharder")

pytestmark = [
    pytest.mark.skipif(not WORDS.is_file(), reason=f"{WORDS} is not built"),
    pytest.mark.skipif(DIEHARDER is None, reason="dieharder is not installed"),
]

# Name, number, and how many samples the p-value is of: together less than half a minute.
TESTS = {
    "birthdays": ("0", 30),
    "rank of 32 x 32 bits": ("2", 10),
    "count of ones": ("8", 10),
    "runs": ("15", 20),
    "monobit": ("100", 20),
    "runs of bits": ("101", 20),
    "serial": ("102", 10),
    "byte distribution": ("205", 1),
    "fill tree": ("207", 1),
}
# Of a good generator a p-value is uniform in [0, 1].
LEAST = 1e-6


def p_values(words: str, test: str, samples: int) -> list[float]:
    with subprocess.Popen([WORDS, words], stdout=subprocess.PIPE) as writer:
        try:
            # From standard input, raw; nothing of its own is drawn from the clock.
            command = [DIEHARDER, "-g", "200", "-d", test, "-p", str(samples), "-S", "1"]
            told = subprocess.run(
                command,
                stdin=writer.stdout,
                capture_output=True,
                text=True,
                timeout=600,
                check=True,
            )
        finally:
            writer.kill()
    lines = [line.split("|") for line in told.stdout.splitlines() if line.count("|") == 5]
    found = [float(cells[4]) for cells in lines if cells[4].strip() != "p-value"]
    assert found, told.stdout
    return found


def suspicious(p: float) -> bool:
    return not LEAST < p < 1 - LEAST


@pytest.mark.parametrize("words", ["rows", "stream"])
@pytest.mark.parametrize("test", TESTS)
def test_dieharder_finds_nothing_wrong_with(test, words):
    assert not any(map(suspicious, p_values(words, *TESTS[test])))


@pytest.mark.parametrize("words", ["few_rounds", "repeats"])
def test_dieharder_rejects(words):
    found = [p for test in ("birthdays", "runs", "serial") for p in p_values(words, *TESTS[test])]
    assert any(map(suspicious, found))


def test_the_same_words_are_judged_alike():
    assert p_values("rows", *TESTS["runs"]) == p_values("rows", *TESTS["runs"])
