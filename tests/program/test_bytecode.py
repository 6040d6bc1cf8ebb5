"""The program `bytecode` against every CPython on this machine."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from python_programs import BROKEN, CHOSEN, generated

PROJECT = Path(__file__).resolve().parents[2]
BUILT = PROJECT / "build" / os.environ.get("PRESET", "release") / "bytecode"
PROGRAM = Path(os.environ.get("BYTECODE_PROGRAM", BUILT))

SLIDE = """\
  1           0 LOAD_CONST               0 (10)
              3 STORE_NAME               0 (a)

  2           6 LOAD_CONST               1 (20)
              9 STORE_NAME               1 (b)

  3          12 LOAD_NAME                0 (a)
             15 LOAD_NAME                1 (b)
             18 BINARY_ADD          
             19 STORE_NAME               2 (c)
             22 LOAD_CONST               2 (None)
             25 RETURN_VALUE        
"""  # noqa: W291

ERROR = re.compile(
    r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<kind>\w+): (?P<message>.*)$"
)


def found_interpreters() -> dict[str, str]:
    """Version and path of each CPython in PATH and in pyenv, one of each version."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders += sorted(versions.glob("*/bin"))
    paths = [sys.executable]
    for folder in folders:
        if folder.name != "shims" and folder.is_dir():
            names = sorted(path.name for path in folder.iterdir())
            paths += [str(folder / n) for n in names if re.fullmatch(r"python\d\.\d+t?", n)]
    interpreters: dict[str, str] = {}
    question = "import platform; print(platform.python_implementation(), platform.python_version())"
    for path in paths:
        done = subprocess.run([path, "-c", question], capture_output=True, text=True, check=False)
        words = re.findall(r"[\w.]+", done.stdout)
        if done.returncode == 0 and words[:1] == ["CPython"]:
            interpreters.setdefault(words[1], path)
    return interpreters


INTERPRETERS = found_interpreters()


def bytecode(*arguments: str | Path) -> subprocess.CompletedProcess:
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not built; `make test` builds it", pytrace=False)
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=600
    )


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    for i, source in enumerate(CHOSEN):
        (folder / f"chosen_{i:03}.py").write_text(source)
    for i, source in enumerate(generated(2000)):
        (folder / f"generated_{i:04}.py").write_text(source)
    return folder


# One shell for all programs: starting them from here would take most of the time.
RUN_ALL = """
cd "$2" || exit 1
for file in *.py; do
    "$1" $3 "$file" > "${file%.py}.$4.out" 2> "${file%.py}.$4.err"
    echo $? > "${file%.py}.$4.status"
done
"""


def run_all(programs: Path, options: str, name: str) -> None:
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not built; `make test` builds it", pytrace=False)
    command = ["sh", "-c", RUN_ALL, "sh", str(PROGRAM.resolve()), str(programs), options, name]
    subprocess.run(command, check=True, timeout=600)


@pytest.fixture(scope="module")
def ours(programs: Path) -> dict[str, dict[str, dict]]:
    """By major version of the language and by file: what our interpreter made of it."""
    results: dict[str, dict[str, dict]] = {}
    for language, options in (("2", ""), ("3", "--python3")):
        run_all(programs, options, language)
        results[language] = {}
        for file in sorted(programs.glob("*.py")):
            status = int(file.with_suffix(f".{language}.status").read_text())
            said = file.with_suffix(f".{language}.err").read_text()
            error = None
            if status != 0:
                match = ERROR.match(said)
                assert match, f"{file.name}: {said}"
                error = [match["kind"], int(match["line"]), match["message"]]
            output = file.with_suffix(f".{language}.out").read_text()
            results[language][file.name] = {"output": output, "error": error, "status": status}
    return results


@functools.cache
def theirs(interpreter: str, programs: Path) -> dict[str, dict]:
    runner = Path(__file__).with_name("run_programs.py")
    done = subprocess.run(
        [interpreter, str(runner), str(programs)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def without_addresses(listing: str) -> str:
    return re.sub(r" at 0x[0-9a-f]+, file \"[^\"]*\"", " at 0x", listing)


def differences(expected: dict, got: dict, programs: Path) -> list[str]:
    assert expected.keys() == got.keys()
    return [
        f"{name}: expected {expected[name]!r}, got {got[name]!r}\n{(programs / name).read_text()}"
        for name in expected
        if expected[name] != got[name]
    ]


def test_there_are_programs_enough():
    assert len(CHOSEN) >= 60
    assert len(set(generated(2000))) == 2000


@pytest.mark.parametrize("version", sorted(INTERPRETERS))
def test_our_answers_are_those_of_cpython(version: str, programs: Path, ours: dict):
    def essence(result: dict) -> tuple:
        return result["output"], result["error"] and result["error"][:2]

    expected = {n: essence(r) for n, r in theirs(INTERPRETERS[version], programs).items()}
    got = {n: essence(r) for n, r in ours[version[0]].items()}
    different = differences(expected, got, programs)
    assert not different, f"{len(different)} differ, the first: {different[0]}"


@pytest.fixture(scope="module")
def python2() -> str:
    for version, path in INTERPRETERS.items():
        if version.startswith("2.7."):
            return path
    pytest.skip("there is no CPython 2.7 on this machine")


def test_what_we_say_of_an_error_is_what_cpython_2_says(python2: str, programs: Path, ours: dict):
    # To Python 2 a long integer stays one, to us an integer is long when it must be.
    def without_long(error: list) -> list:
        kind, line, message = error
        return [kind, line, re.sub(r"^long\b", "integer", message).replace("'long'", "'int'")]

    failed = {n: r["error"] for n, r in theirs(python2, programs).items() if r["error"]}
    expected = {n: without_long(error) for n, error in failed.items()}
    got = {n: without_long(ours["2"][n]["error"]) for n in expected}
    # Of a wrong number of arguments we say less, and what is no range we say in other words.
    for name, error in list(expected.items()):
        if error[0] == "TypeError" and re.search(r"takes|interpreted", error[2]):
            del expected[name], got[name]
    different = differences(expected, got, programs)
    assert not different, f"{len(different)} differ, the first: {different[0]}"


def test_our_listing_is_that_of_cpython_2(python2: str, programs: Path):
    run_all(programs, "--dis", "dis")
    expected = {n: without_addresses(r["listing"]) for n, r in theirs(python2, programs).items()}
    files = {n: (programs / n).with_suffix(".dis.out") for n in expected}
    got = {n: without_addresses(file.read_text()) for n, file in files.items()}
    different = differences(expected, got, programs)
    assert not different, f"{len(different)} differ, the first: {different[0]}"


def test_the_slide_is_listed_byte_for_byte(tmp_path: Path):
    file = tmp_path / "test.py"
    file.write_text("a = 10\nb = 20\nc = a + b\n")
    done = bytecode("--dis", file)
    assert done.stdout == SLIDE
    assert done.returncode == 0


@pytest.mark.parametrize(("source", "kind", "line"), BROKEN)
def test_what_is_not_python_is_named_with_its_line_and_column(
    source: str, kind: str, line: int, tmp_path: Path
):
    file = tmp_path / "broken.py"
    file.write_text(source)
    for options in ([], ["--python3"], ["--dis"]):
        done = bytecode(*options, file)
        assert done.returncode == 2
        assert done.stdout == ""
        match = ERROR.match(done.stderr)
        assert match, done.stderr
        assert (match["kind"], int(match["line"])) == (kind, line)
        # A column that is there, or the one behind the last.
        lines = [*source.splitlines(), ""]
        assert 1 <= int(match["column"]) <= len(lines[line - 1]) + 1


@pytest.mark.parametrize(
    "source",
    [
        "import os\n",
        "x = [1, 2]\n",
        "x = 1, 2\n",
        "class A: pass\n",
        "f = lambda: 1\n",
        "def f():\n    def g(): pass\n",
        "def f(a=1): pass\n",
        "print(1, 2)\n",
        "x.y = 1\n",
        "x = 1 & 2\n",
        "if 1 in range(3): pass\n",
    ],
)
def test_python_that_the_machine_lacks_is_refused(source: str, tmp_path: Path):
    file = tmp_path / "more.py"
    file.write_text(source)
    done = bytecode(file)
    assert done.returncode == 2
    assert "this machine knows no" in done.stderr


def test_a_program_that_fails_has_printed_what_came_before(tmp_path: Path):
    file = tmp_path / "late.py"
    file.write_text("print(1)\nx = 1\nprint(x // 0)\n")
    done = bytecode(file)
    assert done.returncode == 1
    assert done.stdout == "1\n"
    message = "ZeroDivisionError: integer division or modulo by zero"
    assert done.stderr == f"{file}:3:7: {message}\n"


def counts(source: str, folder: Path) -> dict[str, int]:
    file = folder / "counted.py"
    file.write_text(source)
    done = bytecode("--count", file)
    assert done.returncode == 0
    lines = [line.rsplit(maxsplit=1) for line in done.stderr.splitlines()]
    return {name: int(count) for name, count in lines}


def test_counts_are_those_of_the_instructions(tmp_path: Path):
    module = "count = 0\nfor i in range({}):\n    count += 1\n"
    few, many = (counts(module.format(n), tmp_path) for n in (1000, 1100))
    per_iteration = {name: (many[name] - few[name]) / 100 for name in few}
    assert per_iteration["bytecodes"] == 7
    assert per_iteration["dispatches"] == 7
    assert per_iteration["name look-ups"] == 3  # STORE_NAME i, LOAD_NAME count, STORE_NAME count
    assert per_iteration["boxed values"] == 2  # i and count
    assert per_iteration["allocations"] == 2
    # What is loaded gets a reference, count and 1; what is stored gets one to its key and one to
    # its value. All of these are let go of, and so is what i and count were before.
    assert per_iteration["references up"] == 2 + 2 * 2
    assert per_iteration["references down"] == 2 + 2 * 2 + 2


def test_small_integers_are_not_made_anew(tmp_path: Path):
    module = "count = 0\nfor i in range({}):\n    count += 1\n"
    few, many = (counts(module.format(n), tmp_path) for n in (100, 200))
    assert many["allocations"] == few["allocations"]
    assert many["boxed values"] - few["boxed values"] == 200


def test_a_function_looks_no_names_up(tmp_path: Path):
    function = "def f(n):\n    count = 0\n    for i in range(n):\n        count += 1\nf({})\n"
    few, many = (counts(function.format(n), tmp_path) for n in (1000, 1100))
    assert many["name look-ups"] == few["name look-ups"]


@pytest.mark.parametrize(
    "arguments", [[], ["--bogus", "x.py"], ["no_such_file.py"], ["a.py", "b.py"]]
)
def test_bad_usage_is_one_sentence_and_status_2(arguments: list[str]):
    done = bytecode(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
