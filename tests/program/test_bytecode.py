"""The program `bytecode` against every CPython on this machine."""

from __future__ import annotations

import functools
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from beside_cpython import (
    ERROR,
    OPTIONS,
    PROGRAM,
    found_interpreters,
    ours,
    run_all,
    says_the_same,
    that_end,
    theirs,
    wrong_with,
)
from python_programs import BROKEN, CHOSEN, CHOSEN_OF, LEFT_OUT
from random_programs import random_programs

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

INTERPRETERS = found_interpreters()


def bytecode(*arguments: str | Path, **more) -> subprocess.CompletedProcess:
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not built; `make test` builds it", pytrace=False)
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=600, **more
    )


def cpythons_of(language: str) -> dict[str, str]:
    return {v: path for v, path in INTERPRETERS.items() if v.startswith(language)}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not built; `make test` builds it", pytrace=False)
    folder = tmp_path_factory.mktemp("programs")
    for i, source in enumerate(CHOSEN):
        (folder / f"chosen_{i:03}.py").write_bytes(source.encode())
    for i, source in enumerate(BROKEN):
        (folder / f"broken_{i:03}.py").write_bytes(source.encode())
    for language in "23":
        for i, source in enumerate(CHOSEN_OF[language]):
            (folder / f"chosen_{language}_{i:03}.py").write_bytes(source.encode())
        made = random_programs(range(1000), language)
        assert len(that_end(made, language, folder)) > 0.98 * len(made)
    return folder


def of_language(language: str, folder: Path) -> list[str]:
    """What is written in both languages, and what is in this one."""
    other = "3" if language == "2" else "2"
    return sorted(p.name for p in folder.glob("*.py") if f"_{other}_" not in p.name)


@functools.cache
def run_by_us(language: str, folder: Path, more: str = "") -> dict[str, dict]:
    return ours(folder, of_language(language, folder), language, more=more)


@functools.cache
def run_by(version: str, folder: Path) -> dict[str, dict]:
    return theirs(INTERPRETERS[version], folder, of_language(version[0], folder))


def differences(expected: dict, got: dict, programs: Path) -> list[str]:
    assert expected.keys() == got.keys()
    return [
        f"{name}: expected {expected[name]!r}, got {got[name]!r}\n{(programs / name).read_text()}"
        for name in expected
        if expected[name] != got[name]
    ]


@pytest.mark.parametrize("language", "23")
def test_our_answers_are_those_of_cpython(language: str, programs: Path, record_property):
    cpythons = cpythons_of(language)
    if not cpythons:
        pytest.skip(f"there is no CPython {language} on this machine")
    begin = time.monotonic()
    different = {}
    results = run_by_us(language, programs)
    for name, own in results.items():
        wrong = wrong_with(own, {v: run_by(v, programs)[name] for v in cpythons})
        if wrong:
            different[name] = f"{wrong}\n{(programs / name).read_text()}"
    record_property(
        "summary",
        f"bytecode: {len(results)} programs of Python {language}, {len(cpythons)} interpreters, "
        f"{len(different)} differences, {time.monotonic() - begin:.0f} s",
    )
    assert not different, f"{len(different)} differ, the first: {next(iter(different.values()))}"


@pytest.mark.parametrize("language", "23")
def test_a_machine_that_counts_does_the_same(language: str, programs: Path):
    plain = run_by_us(language, programs)
    different = differences(plain, run_by_us(language, programs, "--count"), programs)
    assert not different, f"{len(different)} differ, the first: {different[0]}"


@pytest.mark.parametrize("language", "23")
def test_random_programs_reach_what_there_is_to_compare(language: str, programs: Path):
    results = [r for n, r in run_by_us(language, programs).items() if n.startswith("random")]
    kinds = [r["error"] and r["error"][0] for r in results]
    for kind in (None, "ZeroDivisionError", "TypeError", "NameError", "UnboundLocalError"):
        assert kinds.count(kind) > 20, kind
    assert not [r for r in results if r["status"] == 2]


@pytest.fixture(scope="module")
def python2() -> str:
    if not cpythons_of("2.7"):
        pytest.skip("there is no CPython 2.7 on this machine")
    return next(iter(cpythons_of("2.7")))


def test_what_we_say_of_an_error_is_what_cpython_2_says(python2: str, programs: Path):
    failed = {n: r["error"][2] for n, r in run_by(python2, programs).items() if r["error"]}
    expected = {n: said for n, said in failed.items() if not n.startswith("broken")}
    own = {n: run_by_us("2", programs)[n]["error"][2] for n in expected}
    got = {n: expected[n] if says_the_same(own[n], expected[n]) else own[n] for n in expected}
    different = differences(expected, got, programs)
    assert not different, f"{len(different)} differ, the first: {different[0]}"


def without_addresses(listing: str) -> str:
    return re.sub(r" at 0x[0-9a-f]+, file \"[^\"]*\"", " at 0x", listing)


def test_our_listing_is_that_of_cpython_2(python2: str, programs: Path):
    listings = {n: r["listing"] for n, r in run_by(python2, programs).items() if "listing" in r}
    run_all(PROGRAM, programs, listings, "--dis", "dis")
    expected = {n: without_addresses(listing) for n, listing in listings.items()}
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


@pytest.mark.parametrize("language", "23")
def test_what_is_wrong_has_a_place(language: str, programs: Path):
    # The others check kind and line; this is the column: one that is there, or the one behind.
    for name, result in run_by_us(language, programs).items():
        if not result["error"]:
            continue
        said = (programs / name).with_suffix(f".{language}.err").read_text().splitlines()
        assert len(said) == 1, said
        match = ERROR.match(said[0])
        assert match, said[0]
        text = (programs / name).read_bytes().decode().replace("\r\n", "\n").replace("\r", "\n")
        line = [*text.split("\n"), ""][int(match["line"]) - 1]
        assert 1 <= int(match["column"]) <= len(line) + 1, said[0]


@pytest.mark.parametrize(("source", "languages", "what"), LEFT_OUT)
def test_python_that_the_machine_lacks_is_refused(
    source: str, languages: str, what: str, tmp_path: Path
):
    file = tmp_path / "more.py"
    file.write_text(source)
    for language in languages:
        done = bytecode(*OPTIONS[language].split(), file)
        assert done.returncode == 2
        said = rf"\S+:\d+:\d+: \w+: this machine knows no {re.escape(what)}\n"
        assert re.fullmatch(said, done.stderr), done.stderr


def test_a_program_that_fails_has_printed_what_came_before(tmp_path: Path):
    file = tmp_path / "late.py"
    file.write_text("print(1)\nx = 1\nprint(x // 0)\n")
    done = bytecode(file)
    assert done.returncode == 1
    assert done.stdout == "1\n"
    message = "ZeroDivisionError: integer division or modulo by zero"
    assert done.stderr == f"{file}:3:7: {message}\n"


def test_a_list_of_thousands_of_millions_is_refused_not_printed(tmp_path: Path):
    file = tmp_path / "long.py"
    file.write_text("numbers = range(2000000000)\nprint 7\nprint numbers\n")
    done = bytecode(*OPTIONS["2"].split(), file)
    assert done.returncode == 1
    assert done.stdout == "7\n"
    message = "MemoryError: this list is too long for this machine to print"
    assert re.fullmatch(rf"{re.escape(str(file))}:3:\d+: {message}\n", done.stderr)


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


# Where it runs, and where it writes


def limited_stack() -> None:
    resource.setrlimit(resource.RLIMIT_STACK, (512 << 10, 512 << 10))


@pytest.mark.parametrize(("language", "kind"), [("2", "RuntimeError"), ("3", "RecursionError")])
def test_deep_recursion_is_pythons_error_on_a_small_stack(language: str, kind: str, tmp_path: Path):
    file = tmp_path / "deep.py"
    file.write_text("def f(n):\n    return n and f(n - 1)\nf(990)\nprint(1)\nf(-1)\n")
    done = bytecode(*OPTIONS[language].split(), file, preexec_fn=limited_stack)
    assert done.stdout == "1\n"
    assert done.stderr == f"{file}:2:18: {kind}: maximum recursion depth exceeded\n"
    assert done.returncode == 1


@pytest.mark.parametrize("language", "23")
def test_deep_nesting_is_read_on_a_small_stack(language: str, tmp_path: Path):
    file = tmp_path / "deep.py"
    nested = "(" * 190 + "-" * 3000 + "1" + ")" * 190
    blocks = "".join(" " * i + "if 1:\n" for i in range(99))
    file.write_text(f"{blocks}{' ' * 99}print({nested})\n")
    done = bytecode(*OPTIONS[language].split(), file, preexec_fn=limited_stack)
    assert (done.stdout, done.stderr, done.returncode) == ("1\n", "", 0)


def test_a_literal_may_be_long_in_python_2(tmp_path: Path):
    digits, prime = 400_000, 10**9 + 7
    file = tmp_path / "long.py"
    file.write_text(f"print({'7' * digits} % {prime})\n")
    expected = 7 * (pow(10, digits, prime) - 1) * pow(9, -1, prime) % prime
    assert bytecode(file).stdout == f"{expected}\n"


@pytest.mark.parametrize("options", [[], ["--python3"], ["--dis"], ["--count"], ["--help"]])
def test_output_that_cannot_be_written_is_an_error(options: list[str], tmp_path: Path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    file = tmp_path / "one.py"
    file.write_text("print(1)\n")
    with full.open("w") as output:
        done = subprocess.run(
            [PROGRAM, *options, file], stdout=output, stderr=subprocess.PIPE, text=True, check=False
        )
    told = "bytecode: cannot write the output: No space left on device; make room on the disk\n"
    assert done.stderr == told
    assert done.returncode == 4


@pytest.mark.parametrize(("ignored", "status"), [(False, -signal.SIGPIPE), (True, 141)])
def test_a_reader_that_goes_away_ends_the_program_without_a_word(
    ignored: bool, status: int, tmp_path: Path
):
    file = tmp_path / "endless.py"
    file.write_text("while 1: print('again')\n")
    # Python ignores the signal, and what it starts does not, unless told so.
    with subprocess.Popen(
        [PROGRAM, file],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        restore_signals=not ignored,
    ) as process:
        assert process.stdout.readline() == b"again\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == status
