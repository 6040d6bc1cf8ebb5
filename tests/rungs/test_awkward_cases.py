"""The awkward cases of an example lie on both sides of every piece in which its rungs work."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src"

# What the length of a piece is called: of a block, a tile, a vector's stand-in, what is shared out.
PIECE = "block|tile|depth|width|longest|sharing|at_once|lanes|ROW$"
NUMBER = r"([0-9']+)(?: (\*|<<) ([0-9]+))?(?:;|$)"
IN_CPP = re.compile(rf"^ *(?:inline )?constexpr std::(?:size_t|int64_t) (\w+) = {NUMBER}", re.M)
IN_PYTHON = re.compile(rf"^([A-Z_]+) = {NUMBER}", re.M)
# What no rung computes with, and interpreters, which have no pieces.
NO_RUNGS = ("core", "machine", "layers", "stack_machine")
# Beside the sizes of a problem.
NO_SIZES = {"threads", "seed"}


def lengths(file: Path) -> dict[str, int]:
    """Of all pieces that a source names."""
    pattern = IN_PYTHON if file.suffix == ".py" else IN_CPP
    found = {}
    for name, first, operator, second in pattern.findall(file.read_text(encoding="utf-8")):
        number = int(first.replace("'", ""))
        if operator:
            number = number * int(second) if operator == "*" else number << int(second)
        if re.search(PIECE, name, re.IGNORECASE):
            found[name] = number
    return found


def pieces() -> list[tuple[Path, str, int]]:
    """Of rungs and of what they share; the contract of an example works in none."""
    files = [file for kind in ("cpp", "hpp", "py") for file in sorted(SOURCES.glob(f"*/*.{kind}"))]
    return [
        (file, name, length)
        for file in files
        if file.stem != file.parent.name and file.parent.name not in NO_RUNGS
        for name, length in lengths(file).items()
        if length > 1
    ]


def users(folder: str, examples: set[str]) -> set[str]:
    """The examples whose rungs use what lies in a folder: its own, or who includes it."""
    if folder in examples:
        return {folder}
    wanted = f'#include "{folder}/'
    texts = {file: file.read_text(encoding="utf-8") for file in SOURCES.glob("*/*.cpp")}
    return {file.parent.name for file, text in texts.items() if wanted in text} & examples


def sizes(cases: list[dict]) -> set[int]:
    """All that may be counted in a case: along one axis, of all nodes, of all there is to do."""
    found = set()
    for case in cases:
        numbers = {
            name: number
            for name, number in case["parameters"].items()
            if isinstance(number, int) and name not in NO_SIZES
        }
        still = [number for name, number in numbers.items() if name not in ("steps", "events")]
        found |= {*numbers.values(), math.prod(still), math.prod(numbers.values())}
        found |= {number**2 for name, number in numbers.items() if name == "n"}
    return found


def test_there_are_pieces():
    assert {"block", "BLOCK", "tile_width"} <= {name for _, name, _ in pieces()}


@pytest.mark.parametrize(
    "file, name, length", pieces(), ids=lambda part: getattr(part, "stem", str(part))
)
def test_awkward_cases_lie_on_both_sides_of_a_piece(file, name, length, problems):
    examples = users(file.parent.name, set(problems.examples))
    known = set().union(*(sizes(problems.examples[e]["awkward_cases"]) for e in examples))
    what = f"{file.relative_to(PROJECT)} works in pieces of {length} ({name})"
    if length <= 256:
        missing = {length - 1, length, length + 1} - known - {0}
        assert not missing, f"{what}: no awkward case of {examples} has one of {missing}"
    else:
        assert any(length / 2 <= size <= length for size in known), f"{what}: none is just filled"
        assert any(length < size < 2 * length for size in known), f"{what}: none is just too small"
