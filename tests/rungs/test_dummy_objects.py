"""The stream of dummy_objects held against NumPy itself, and Python rungs gone wrong."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HARNESS = PROJECT / "benchmarks" / "python.py"
EXAMPLE = PROJECT / "src" / "dummy_objects"


def contents(problems) -> list[dict]:
    cases = problems.examples["dummy_objects"]["awkward_cases"]
    return [json.loads(problems.file(f"dummy_objects/{c['label']}").read_text()) for c in cases]


def test_the_reference_is_the_exact_sum_of_numpys_numbers(problems):
    numpy = pytest.importorskip("numpy")
    for content in contents(problems):
        n, seed = content["input"]["n"], content["input"]["seed"]
        numpy.random.seed(seed)
        expected = math.fsum(numpy.random.random(n * n))
        assert content["answer"][0] == pytest.approx(expected, rel=1e-15)
        assert len(content["answer"]) == 2  # the other is of a generator that NumPy has not


def test_numpys_generator_draws_the_old_stream_from_the_old_state():
    numpy = pytest.importorskip("numpy")
    words = numpy.random.MT19937()
    words.state = numpy.random.RandomState(7).get_state(legacy=False)
    numpy.random.seed(7)
    new = numpy.random.Generator(words).random(2000)
    assert (new == numpy.random.random(2000)).all()


HEAD = "import numpy as np\n"

MUTANTS = {
    "writes nothing": """
        def mutant(problem):
            np.random.seed(problem.seed)
            np.sum(np.random.random(problem.n ** 2))
    """,
    "forgets the last": """
        def mutant(problem):
            np.random.seed(problem.seed)
            return np.sum(np.random.random(problem.n ** 2)[:-1])
    """,
    "draws one too many": """
        def mutant(problem):
            np.random.seed(problem.seed)
            return np.sum(np.random.random(problem.n ** 2 + 1))
    """,
    "sums in single precision": """
        def mutant(problem):
            np.random.seed(problem.seed)
            return np.sum(np.random.random(problem.n ** 2), dtype=np.float32)
    """,
    "stores in single precision": """
        def mutant(problem):
            np.random.seed(problem.seed)
            numbers = np.random.random(problem.n ** 2).astype(np.float32)
            return np.sum(numbers, dtype=np.float64)
    """,
    "takes another seed": """
        def mutant(problem):
            np.random.seed(problem.seed + 1)
            return np.sum(np.random.random(problem.n ** 2))
    """,
    "goes on with the stream": """
        np.random.seed(1)
        def mutant(problem):
            return np.sum(np.random.random(problem.n ** 2))
    """,
    "seeds the new way": """
        def mutant(problem):
            generator = np.random.Generator(np.random.MT19937(problem.seed))
            return np.sum(generator.random(problem.n ** 2))
    """,
    "gives NaN": """
        def mutant(problem):
            return np.float64("nan")
    """,
    "gives the row sums": """
        def mutant(problem):
            np.random.seed(problem.seed)
            return np.sum(np.random.random((problem.n, problem.n)), axis=1)
    """,
}

RIGHT = """
    def mutant(problem):
        np.random.seed(problem.seed)
        return np.sum(np.random.random(problem.n ** 2))
"""

STALE = """
    answers = []
    def mutant(problem):
        if not answers:
            np.random.seed(problem.seed)
            answers.append(np.sum(np.random.random(problem.n ** 2)))
        return answers[0]
"""


@pytest.fixture
def rows_of(tmp_path, problems):
    pytest.importorskip("numpy")
    shutil.copy(EXAMPLE / "dummy_objects.py", tmp_path)

    def rows(source: str, *mode: str) -> list[dict]:
        rung = tmp_path / "05_mutant.py"
        rung.write_text(HEAD + textwrap.dedent(source))
        files = [problems.file(f"dummy_objects/n:{n}") for n in (65, 312)]
        words = [word for file in files for word in ("--problem", file)]
        out = tmp_path / "out.json"
        command = [sys.executable, HARNESS, "--rung", rung, *words, "--out", out, *mode]
        done = subprocess.run(command, capture_output=True, text=True)
        found = json.loads(out.read_text())["benchmarks"]
        wrong = [row for row in found if "error_occurred" in row]
        assert done.returncode == (1 if wrong else 0)
        return found

    return rows


def test_what_the_mutants_are_made_from_is_right(rows_of):
    assert not any("error_occurred" in row for row in rows_of(RIGHT, "--verify"))


@pytest.mark.parametrize("source", MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_is_rejected_and_not_timed(rows_of, source):
    for row in rows_of(source, "--min-time", "0.001"):
        assert row["error_message"].startswith("wrong answer: ")
        assert row["real_time"] == 0


def test_a_stale_answer_is_rejected_at_the_first_problem_already(rows_of):
    for row in rows_of(STALE, "--verify"):
        assert row["error_message"].startswith("wrong answer: ")
