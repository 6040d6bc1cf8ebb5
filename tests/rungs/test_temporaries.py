"""Python rungs of temporaries gone wrong, and the contract of both languages held together."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path

import pytest

from suite.measure.built import Suite

PROJECT = Path(__file__).resolve().parents[2]
HARNESS = PROJECT / "benchmarks" / "python.py"
EXAMPLE = PROJECT / "src" / "temporaries"
LABEL = "temporaries/expression:%s/length:%d/threads:1"

RIGHT = """
    def mutant(problem):
        return 1.25 * problem.x - 0.75 * problem.y - 0.3
"""
MUTANTS = {
    "writes nothing": """
        def mutant(problem):
            1.25 * problem.x - 0.75 * problem.y - 0.3
    """,
    "single precision": """
        def mutant(problem):
            x, y = problem.x.astype(np.float32), problem.y.astype(np.float32)
            return 1.25 * x - 0.75 * y - 0.3
    """,
    "leaves the last away": """
        def mutant(problem):
            return (1.25 * problem.x - 0.75 * problem.y - 0.3)[:-1]
    """,
    "in another order": """
        def mutant(problem):
            return (1.25 * problem.x - 0.75 * problem.y - 0.3)[::-1]
    """,
    "gives the sum": """
        def mutant(problem):
            return np.sum(1.25 * problem.x - 0.75 * problem.y - 0.3)
    """,
    "gives NaN": """
        def mutant(problem):
            return np.nan * problem.x
    """,
}


@pytest.fixture
def contract(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLE))
    return importlib.import_module("temporaries")


def rows_of(tmp_path, problems, source: str) -> list[dict]:
    shutil.copy(EXAMPLE / "temporaries.py", tmp_path)
    rung = tmp_path / "05_mutant.py"
    rung.write_text("import numpy as np\n" + textwrap.dedent(source))
    files = [problems.file(LABEL % ("linear", length)) for length in (33, 5000)]
    words = [word for file in files for word in ("--problem", file)]
    out = tmp_path / "out.json"
    subprocess.run(
        [sys.executable, HARNESS, "--rung", rung, *words, "--out", out, "--verify"],
        capture_output=True,
    )
    return json.loads(out.read_text())["benchmarks"]


def test_what_the_mutants_are_made_from_is_right(tmp_path, problems):
    pytest.importorskip("numpy")
    assert not any("error_occurred" in row for row in rows_of(tmp_path, problems, RIGHT))


@pytest.mark.parametrize("source", MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_is_rejected(tmp_path, problems, source):
    pytest.importorskip("numpy")
    for row in rows_of(tmp_path, problems, source):
        assert "error_occurred" in row


@pytest.mark.parametrize("expression", ["linear", "polynomial", "distance", "products"])
def test_both_languages_make_the_same_numbers_of_them(problems, contract, expression):
    numpy = pytest.importorskip("numpy")
    content = json.loads(problems.file(LABEL % (expression, 1025)).read_text())
    problem = contract.make_input(content["input"])
    values = {
        "linear": lambda x, y, z: 1.25 * x - 0.75 * y - 0.3,
        "polynomial": lambda x, y, z: numpy.polyval(contract.COEFFICIENTS[::-1], x),
        "distance": lambda x, y, z: numpy.hypot(numpy.hypot(x - 0.9, y - 1.1), z - 1.3),
        "products": lambda x, y, z: x @ y + y @ z + z @ x,
    }
    got = contract.answer(values[expression](problem.x, problem.y, problem.z))
    assert contract.distance(got, content["answer"]) < 1e-13


def test_an_answer_of_another_length_is_infinitely_far_away(contract):
    assert contract.distance([1.0], [1.0, 2.0]) == float("inf")


class Counted:
    """Stands before NumPy and counts the numbers that each operation on whole arrays moves."""

    def __init__(self, numpy):
        self.moved = 0
        outer = self

        class Array(numpy.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
                plain = [numpy.asarray(each) for each in inputs]
                results = tuple(numpy.asarray(each) for each in out) if out else None
                got = getattr(ufunc, method)(*plain, **options, **({"out": results} if out else {}))
                # The square of an array is read once, whoever writes it as a product.
                arrays = {id(each.base if each.base is not None else each): each for each in plain}
                written = [got] if numpy.ndim(got) else []
                sizes = [each.size for each in [*arrays.values(), *written] if each.ndim]
                outer.moved += sum(sizes)
                return got.view(Array) if numpy.ndim(got) else got

        self.array = Array


@pytest.mark.parametrize("rung", ["03_numpy", "04_numpy_out"])
@pytest.mark.parametrize("expression", ["linear", "polynomial", "distance", "products"])
def test_numpy_moves_as_many_bytes_as_its_rungs_state(
    problems, contract, monkeypatch, rung, expression
):
    numpy = pytest.importorskip("numpy")
    content = json.loads(problems.file(LABEL % (expression, 1025)).read_text())
    problem = contract.make_input(content["input"])
    counted = Counted(numpy)
    for name in "xyz":
        array = getattr(problem, name)
        setattr(problem, name, None if array is None else array.view(counted.array))
    empty = numpy.empty
    monkeypatch.setattr(numpy, "empty", lambda size: empty(size).view(counted.array))
    module = {}
    exec((EXAMPLE / f"{rung}.py").read_text(), module)
    name = rung.partition("_")[2]
    module[name](problem)
    assert module[f"{name}_notes"](problem)["moved_bytes"] == 8 * counted.moved


def writes_over_temporaries() -> bool:
    """Whether this NumPy, under this Python, sees that nobody else needs an operand."""
    numpy = pytest.importorskip("numpy")
    x = numpy.ones(1 << 20)
    tracemalloc.start()
    try:
        x * 2.0 + 1.0
        return tracemalloc.get_traced_memory()[1] < 1.5 * x.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("rung", ["03_numpy", "04_numpy_out", "05_numpy_blocked"])
def test_the_temporaries_that_numpy_makes_are_counted(problems, rung):
    # Of the first, what a * x left is written over, and over again, where NumPy can.
    made = (1 if writes_over_temporaries() else 3) if rung == "03_numpy" else 0
    folder = problems.program.parent
    library = Suite(folder.parents[1], folder.name).counting_library
    if not library.exists():
        pytest.skip("nothing counts allocations here: not Linux, or a sanitizer")
    file = problems.file(LABEL % ("linear", 100_000))
    done = subprocess.run(
        [sys.executable, HARNESS, "--layers", "--rung", EXAMPLE / f"{rung}.py", "--problem", file],
        capture_output=True,
        check=True,
        env={**os.environ, "LD_PRELOAD": str(library)},
    )
    (counted,) = json.loads(done.stdout)
    assert counted["layers"]["memory"]["temporaries"] == made
