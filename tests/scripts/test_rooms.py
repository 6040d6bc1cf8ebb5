"""The rooms of scripts/suite, and who imports whom. Read from the sources; nothing is run."""

from __future__ import annotations

import ast
import graphlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SUITE = SCRIPTS / "suite"

MAY_IMPORT = {
    "runs": set(),
    "machine": {"runs"},
    "judge": {"runs"},
    "charts": {"runs", "judge"},
    "pages": {"runs", "machine", "judge", "charts"},
    "measure": {"runs", "machine", "judge"},
    "studies": {"runs", "machine", "measure"},
    # Beside the rooms, cli.py knows all of them, and __main__.py knows cli.py, what the environment
    # is and how we end.
    "cli": {"runs", "machine", "judge", "charts", "pages", "measure", "studies"},
    "__main__": {"cli", "machine", "runs"},
}


def modules(suite: Path) -> dict[str, Path]:
    """Every module by its dotted name within the package; a room by its own."""
    found = {}
    for file in sorted(suite.rglob("*.py")):
        parts = file.relative_to(suite).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(name: str, file: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a module imports, wherever in it the import stands.

    An absolute import of our own is told as it stands, with a colon before it.
    """
    ours = {SUITE.name, *(module.partition(".")[0] for module in known)}
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            absolute = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            absolute = [node.module]
        else:
            absolute = []
        yield from (f":{each}" for each in absolute if ours & set(each.split(".")[:2]))
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *filter(None, [node.module])]
            for alias in node.names:
                whole = ".".join([*base, alias.name])
                yield whole if whole in known else ".".join(base)


def faults(suite: Path) -> list[str]:
    known = modules(suite)
    arrows = {name: set(imported(name, file, known)) for name, file in known.items() if name}
    found = [
        f"{name}: '{target[1:]}' is ours and not imported relatively"
        for name, targets in arrows.items()
        for target in targets
        if target.startswith(":")
    ]
    for name, targets in arrows.items():
        room = name.partition(".")[0]
        if room not in MAY_IMPORT:
            found.append(f"{name}: is in no room")
        for target in sorted(targets):
            to = target.partition(".")[0]
            if target[:1] != ":" and to != room and to not in MAY_IMPORT.get(room, ()):
                found.append(f"{name} imports {target}: {room} may not import {to}")
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        found.append("a circle: " + " imports ".join(reversed(error.args[1])))
    return found


def test_arrows_go_one_way_and_nothing_goes_round():
    assert faults(SUITE) == []


def test_each_room_says_in_one_sentence_what_belongs_there():
    for room in MAY_IMPORT.keys() - {"cli", "__main__"}:
        said = ast.get_docstring(ast.parse((SUITE / room / "__init__.py").read_text()))
        assert said, room
        assert said.partition("\n")[0].endswith("."), room


def test_no_python_lies_outside_the_rooms():
    assert not list(SCRIPTS.glob("*.py"))
    assert {file.name for file in SUITE.glob("*.py")} == {"__init__.py", "__main__.py", "cli.py"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SUITE, tmp_path / "suite"))


@pytest.mark.parametrize(
    ("file", "planted", "fault"),
    [
        (
            "charts/planted.py",
            "from ..measure import plan",
            "charts.planted imports measure.plan: charts may not import measure",
        ),
        (
            "runs/planted.py",
            "def late():\n    from ..judge.verdicts import decide\n",
            "runs.planted imports judge.verdicts: runs may not import judge",
        ),
        (
            "pages/planted.py",
            "from .. import cli",
            "pages.planted imports cli: pages may not import cli",
        ),
        (
            "judge/planted.py",
            "import suite.runs.results",
            "judge.planted: 'suite.runs.results' is ours and not imported relatively",
        ),
        (
            "judge/planted.py",
            "from mythbench.suite.runs import results",
            "judge.planted: 'mythbench.suite.runs' is ours and not imported relatively",
        ),
        (
            "judge/planted.py",
            "from runs import results",
            "judge.planted: 'runs' is ours and not imported relatively",
        ),
        ("attic/planted.py", "import json", "attic.planted: is in no room"),
        ("planted.py", "import json", "planted: is in no room"),
    ],
)
def test_a_wrong_import_is_found(copy: Path, file: str, planted: str, fault: str):
    (copy / file).parent.mkdir(exist_ok=True)
    (copy / file).write_text(planted)
    assert faults(copy) == [fault]


def test_a_circle_is_found_even_where_a_function_closes_it(copy: Path):
    (copy / "runs" / "one.py").write_text("from .two import second")
    (copy / "runs" / "two.py").write_text("def second():\n    from . import one\n")
    (fault,) = faults(copy)
    assert fault in (
        "a circle: runs.one imports runs.two imports runs.one",
        "a circle: runs.two imports runs.one imports runs.two",
    )
