"""benchmarks/python.py, on an example made for it."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import IO

import pytest

HARNESS = Path(__file__).resolve().parents[2] / "benchmarks" / "python.py"

CONTRACT = '''
    """Double each number."""


    def make_input(fields):
        return fields["numbers"]


    def answer(output):
        return output


    def distance(got, expected):
        if got == [7.0]:
            return float("-inf")  # within any tolerance, and no number of JSON
        return max([abs(a - b) for a, b in zip(got, expected)])
'''

RIGHT = "def rung(numbers): return [2 * x for x in numbers]"


class Example:
    """A folder with a contract, rungs and problem files of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "doubling.py").write_text(textwrap.dedent(CONTRACT))

    def rung(self, source: str, name: str = "05_rung.py") -> Path:
        path = self.folder / name
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        return path

    def problem(self, *numbers: float, **changes: object) -> Path:
        content = {
            "example": "doubling",
            "label": f"n:{len(numbers)}",
            "parameters": {"n": len(numbers)},
            "item": "number",
            "work": {"items": len(numbers), "flops": len(numbers), "bytes": 0},
            "tolerance": 1e-12,
            "input": {"numbers": numbers},
            "answer": [2 * x for x in numbers],
            **changes,
        }
        path = self.folder / f"n-{len(numbers)}.json"
        path.write_text(json.dumps(content))
        return path

    def problem_with_twin(self, *numbers: float, **changes: object) -> Path:
        """Beside it another input, which agrees with this one as far as it can."""
        twin = [numbers[0], *(x + 1 for x in numbers[1:])]
        content = {"label": "twin", "input": {"numbers": twin}}
        (self.folder / "twin.json").write_text(json.dumps(content))
        small = {"label": "small", "input": {"numbers": [5.0]}, "answer": [10.0]}
        return self.problem(*numbers, twin="twin.json", stand_in=small, **changes)


@pytest.fixture
def example(tmp_path: Path) -> Example:
    return Example(tmp_path)


def run(
    *words: object, interpreter: str = sys.executable, stdout: IO[str] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [interpreter, str(HARNESS), *map(str, words)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        timeout=600,
    )


def strict(text: str) -> dict:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


class Rows(list):
    status: int
    context: dict


def rows(
    rung: Path, *problems: Path, options: tuple = (), interpreter: str = sys.executable
) -> Rows:
    out = rung.parent / "out.json"
    words = [word for problem in problems for word in ("--problem", problem)]
    quick = ("--min-time", "0.001", "--warm-up", "0.001")
    done = run("--rung", rung, *words, "--out", out, *quick, *options, interpreter=interpreter)
    assert "Traceback" not in done.stderr
    document = strict(out.read_text())
    found = Rows(document["benchmarks"])
    found.status, found.context = done.returncode, document["context"]
    return found


def harness():
    specification = importlib.util.spec_from_file_location("harness", HARNESS)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def interpreters() -> list[str]:
    """This one, and all others that the machine has."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(6, 16)), "python3.13t", "pypy3"]
    found = [shutil.which(name) for name in names]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found += map(str, sorted(root.glob("*/bin/python")))
    return [sys.executable, *dict.fromkeys(path for path in found if path and works(path))]


def works(interpreter: str) -> bool:
    # A name on the PATH may be pyenv's, which only says that it knows the version.
    return subprocess.run([interpreter, "-c", ""], capture_output=True).returncode == 0


# --- rows and times ---


def test_a_row_has_the_shape_of_google_benchmarks(example):
    (row,) = rows(example.rung(RIGHT), example.problem(1, 2, 3))
    assert row["name"] == row["run_name"] == "doubling/rung/n:3/process_time/real_time"
    assert row["run_type"] == "iteration"
    assert (row["repetitions"], row["repetition_index"], row["threads"]) == (1, 0, 1)
    assert row["time_unit"] == "ns"
    assert row["real_time"] > 0
    assert row["cpu_time"] > 0
    assert (row["items"], row["flops"], row["bytes"]) == (3, 3, 0)
    assert row["check_error"] == 0
    assert row["check_tolerance"] == 1e-12
    assert row["first_seconds"] > 0
    assert "error_occurred" not in row


def test_a_rung_is_run_until_the_minimum_time_is_reached(example):
    (row,) = rows(example.rung(RIGHT), example.problem(1), options=("--min-time", "0.05"))
    assert row["iterations"] * row["real_time"] >= 0.05e9


def test_a_rung_is_run_as_often_as_it_is_told_to_for_each_problem(example):
    problems = example.problem(1), example.problem(1, 2)
    first, second = rows(
        example.rung(RIGHT), *problems, options=("--iterations", "3", "--iterations", "0")
    )
    assert first["iterations"] == 3
    assert second["iterations"] > 3
    words = [word for problem in problems for word in ("--problem", problem)]
    done = run("--rung", example.rung(RIGHT), *words, "--iterations", "3")
    assert done.returncode == 2
    assert "--iterations is wanted once for each --problem, or not at all" in done.stderr


def test_iterations_grow_as_google_benchmark_lets_them():
    grown = harness().next_iterations
    assert grown(1, 1e-6, 0.1) == 10  # too short to foretell
    assert grown(10, 0.05, 0.1) == 28  # 1.4 times what would have been enough
    assert grown(100, 0.0999, 0.1) == 140
    assert grown(5, 0.0, 0.1) == 50
    assert grown(900_000_000, 0.02, 0.1) == 1_000_000_000


COUNTED = """
    import atexit, json, time
    calls = []
    atexit.register(lambda: open(__file__ + ".calls", "w").write(json.dumps(calls)))
    def rung(numbers):
        calls.append(time.perf_counter())
        time.sleep(0.01)
        return [2 * x for x in numbers]
"""


@pytest.mark.parametrize("warm_up, most", [(0, 1), (0.3, 30)])
def test_a_rung_is_warmed_up_for_as_long_as_asked(example, warm_up, most):
    rung = example.rung(COUNTED)
    options = ("--warm-up", warm_up, "--min-time", "0")
    (row,) = rows(rung, example.problem(1), options=options)
    *warming, timed = calls_of(rung)
    assert row["iterations"] == 1
    # The run that is checked is part of the warm-up; each takes a hundredth of a second at least.
    assert 1 <= len(warming) <= most
    assert timed - warming[0] >= warm_up


def calls_of(rung: Path) -> list[float]:
    return json.loads(Path(f"{rung}.calls").read_text())


def test_verification_runs_a_rung_once_and_times_nothing(example):
    rung = example.rung(COUNTED)
    found = rows(rung, example.problem(1), options=("--verify",))
    assert found.status == 0
    assert "real_time" not in found[0]
    assert found[0]["check_error"] == 0
    assert len(calls_of(rung)) == 1


def test_the_cold_first_run_is_told_apart(example):
    rung = example.rung(
        """
        import time
        calls = []
        def rung(numbers):
            if not calls:
                time.sleep(1)
            calls.append(1)
            return [2 * x for x in numbers]
        """
    )
    (row,) = rows(rung, example.problem(1))
    assert row["first_seconds"] >= 1
    assert row["real_time"] < 0.9e9


def test_cpu_time_is_not_wall_time(example):
    rung = example.rung(COUNTED)
    (row,) = rows(rung, example.problem(1), options=("--min-time", "0.05"))
    assert row["real_time"] >= 10e6
    assert row["cpu_time"] < 0.5 * row["real_time"]


def test_cpu_time_is_that_of_all_threads(example):
    # Hashing releases the interpreter's lock.
    rung = example.rung(
        """
        import hashlib, threading, time
        block = b"x" * 20000000
        def rung(numbers):
            other = threading.Thread(target=lambda: hashlib.sha256(block).digest())
            other.start()
            other.join()
            return [2 * x for x in numbers]
        """
    )
    (row,) = rows(rung, example.problem(1))
    assert row["cpu_time"] > 2e6  # the main thread only waits


def test_repetitions_are_rows_with_the_same_number_of_iterations(example):
    found = rows(example.rung(RIGHT), example.problem(1), options=("--repetitions", "3"))
    assert [row["repetition_index"] for row in found] == [0, 1, 2]
    assert {row["repetitions"] for row in found} == {3}
    assert len({row["iterations"] for row in found}) == 1


def test_the_garbage_collector_stays_on(example):
    rung = example.rung(
        """
        import gc
        def rung(numbers):
            assert gc.isenabled()
            return [2 * x for x in numbers]
        """
    )
    assert rows(rung, example.problem(1)).status == 0


def test_the_context_says_who_ran_it(example):
    context = rows(example.rung(RIGHT), example.problem(1)).context
    assert context["interpreter"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert isinstance(context["interpreter"]["gil"], bool)
    assert context["date"].endswith("+00:00")
    assert {"host_name", "executable", "num_cpus"} <= set(context)


def test_the_context_names_the_packages_in_use_and_no_others(example):
    numpy = pytest.importorskip("numpy")
    with_numpy = example.rung("import numpy, json, re\n" + RIGHT, "05_rung.py")
    packages = rows(with_numpy, example.problem(1)).context["interpreter"]["packages"]
    assert packages["numpy"] == numpy.__version__
    assert not {"json", "re", "argparse"} & set(packages)
    without = rows(example.rung(RIGHT), example.problem(1))
    assert "numpy" not in without.context["interpreter"]["packages"]


def test_a_counter_that_is_not_finite_is_left_out(example):
    rung = example.rung("def rung(numbers): return [7.0]")
    found = rows(rung, example.problem(1))
    assert found.status == 0
    assert "check_error" not in found[0]
    assert found[0]["check_tolerance"] == 1e-12


# --- what is no result ---

WRONG = {
    "returns nothing": ("def rung(numbers): pass", "the output cannot be read: TypeError"),
    "is off by a little": (
        "def rung(numbers): return [2 * x + 1e-9 for x in numbers]",
        "tolerated 1e-12",
    ),
    "gives too few numbers": (
        "def rung(numbers): return [2 * x for x in numbers[1:]]",
        "2 numbers instead of 3",
    ),
    "gives too many numbers": (
        "def rung(numbers): return [2 * x for x in numbers] + [0]",
        "4 numbers instead of 3",
    ),
    "gives NaN": (
        'def rung(numbers): return [float("nan")] * len(numbers)',
        "a number is not finite",
    ),
    "gives infinity": (
        'def rung(numbers): return [float("inf")] * len(numbers)',
        "a number is not finite",
    ),
    "gives text": ("def rung(numbers): return 'abc'", "the output cannot be read: ValueError"),
}


@pytest.mark.parametrize("mode", [(), ("--verify",)], ids=["timed", "verified"])
@pytest.mark.parametrize("source, why", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_an_error_and_not_timed(example, source, why, mode):
    found = rows(example.rung(source), example.problem(1, 2, 3), options=mode)
    assert found.status == 1
    assert found[0]["error_occurred"] is True
    assert found[0]["error_message"].startswith("wrong answer: ")
    assert why in found[0]["error_message"]
    assert found[0]["real_time"] == 0
    assert found[0]["iterations"] == 0


def test_a_rung_that_is_right_only_the_first_time_is_found_out(example):
    rung = example.rung(
        """
        calls = []
        def rung(numbers):
            calls.append(1)
            return [2 * x if len(calls) == 1 else 0 for x in numbers]
        """
    )
    found = rows(rung, example.problem(1))
    assert found.status == 1
    assert found[0]["error_message"].endswith("after several runs")


def test_a_rung_that_remembers_its_first_answer_is_found_out_by_the_second_problem(example):
    rung = example.rung(
        """
        answers = []
        def rung(numbers):
            if not answers:
                answers.append([2 * x for x in numbers])
            return answers[0]
        """
    )
    first, second = rows(rung, example.problem(1, 2), example.problem(1, 2, 3))
    assert "error_occurred" not in first
    assert second["error_message"].startswith("wrong answer: ")


FAILURES = {
    "an exception": (
        'def rung(numbers): raise ValueError("of no\\n use")',
        "failed: ValueError: of no use (05_rung.py, line 1)",
    ),
    "an exception at import": (
        "numbers = unheard_of",
        "failed: NameError: name 'unheard_of' is not defined (05_rung.py, line 1)",
    ),
    "another name": (
        "def ring(numbers): pass",
        "failed: AttributeError: 05_rung.py defines no function rung",
    ),
    "an exit": ("import sys\ndef rung(numbers): sys.exit(0)", "failed: SystemExit: 0"),
    "no Python": ("def rung(numbers) return", "failed: SyntaxError: "),
}


@pytest.mark.parametrize("source, message", FAILURES.values(), ids=FAILURES)
def test_a_rung_that_breaks_is_a_failure_of_one_line(example, source, message):
    found = rows(example.rung(source), example.problem(1))
    assert found.status == 1
    assert found[0]["error_message"].startswith(message)
    assert "\n" not in found[0]["error_message"]


def test_a_case_that_fails_does_not_stop_the_others(example):
    rung = example.rung(
        """
        def rung(numbers):
            if len(numbers) == 2:
                raise ValueError("two")
            return [2 * x for x in numbers]
        """
    )
    problems = example.problem(1), example.problem(1, 2), example.problem(1, 2, 3)
    found = rows(rung, *problems)
    assert found.status == 1
    assert ["error_message" in row for row in found] == [False, True, False]
    assert found[2]["name"].startswith("doubling/rung/n:3/")


def test_memory_that_is_not_there_is_no_failure(example):
    rung = example.rung("def rung(numbers): return bytearray(1 << 60)")
    found = rows(rung, example.problem(1))
    assert (found.status, found[0]["error_message"]) == (0, "skipped: out of memory")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EAGAIN])
def test_what_the_system_refuses_a_rung_is_no_failure(example, number):
    rung = example.rung(f"def rung(numbers): raise OSError({number}, 'no luck', '/tmp/x')")
    (row,) = result = rows(rung, example.problem(1.0))
    assert result.status == 0
    assert row["error_message"].startswith("skipped: ")
    assert "no luck" in row["error_message"]


def test_a_package_that_is_not_there_is_no_failure(example):
    rung = example.rung("import no_such_package.part\n" + RIGHT)
    found = rows(rung, example.problem(1))
    assert found.status == 0
    assert found[0]["error_message"] == "skipped: no_such_package is not installed"


def test_a_package_that_a_module_of_the_example_misses_is_no_failure(example):
    (example.folder / "helper.py").write_text("import no_such_package")
    found = rows(example.rung("import helper\n" + RIGHT), example.problem(1))
    assert found.status == 0
    assert found[0]["error_message"] == "skipped: no_such_package is not installed"


def test_a_package_that_does_not_work_here_is_no_failure(example):
    (example.folder / "lib").mkdir()
    package = example.folder / "lib" / "fragile.py"
    package.write_text('raise RuntimeError("needs another NumPy")')
    rung = example.rung(
        f"import sys\nsys.path.append({str(package.parent)!r})\nimport fragile\n{RIGHT}"
    )
    found = rows(rung, example.problem(1))
    assert found.status == 0
    assert (
        found[0]["error_message"]
        == "skipped: fragile cannot be imported: RuntimeError: needs another NumPy"
    )


def test_a_package_that_lacks_a_part_says_so(example):
    found = rows(example.rung("from json import no_such_part\n" + RIGHT), example.problem(1))
    assert found.status == 0
    assert found[0]["error_message"].startswith(
        "skipped: json cannot be imported: ImportError: cannot import name 'no_such_part'"
    )


def test_a_fault_in_a_module_of_the_example_is_a_failure(example):
    (example.folder / "helper.py").write_text("1 / 0")
    found = rows(example.rung("import helper\n" + RIGHT), example.problem(1))
    assert found.status == 1
    assert found[0]["error_message"].startswith("failed: ZeroDivisionError: ")


# --- bad usage ---


def complaint(*words: object) -> str:
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("python.py: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_bad_usage_is_answered_with_one_sentence(example):
    rung, problem = example.rung(RIGHT), example.problem(1)
    assert "--rung" in complaint("--problem", problem)
    assert "--problem" in complaint("--rung", rung)
    assert "--fast" in complaint("--rung", rung, "--problem", problem, "--fast")
    assert "soon" in complaint("--rung", rung, "--problem", problem, "--min-time", "soon")
    for bad in ("-1", "nan", "inf"):
        assert bad in complaint("--rung", rung, "--problem", problem, f"--warm-up={bad}")
    assert "--layers" in complaint("--rung", rung, "--problem", problem, "--verify", "--layers")
    assert "no rung" in complaint("--rung", example.folder / "06_x.py", "--problem", problem)
    unnumbered = example.rung(RIGHT, "rung.py")
    assert "NN_<name>.py" in complaint("--rung", unnumbered, "--problem", problem)
    out = example.folder / "nowhere" / "out.json"
    assert "no folder" in complaint("--rung", rung, "--problem", problem, "--out", out)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"tolerance": NaN}',
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_problem_file_is_named(example, content):
    damaged = example.folder / "damaged.json"
    damaged.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert "damaged.json" in complaint("--rung", example.rung(RIGHT), "--problem", damaged)


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "4"},
        {"answer": [None]},
        {"tolerance": "small"},
        {"work": {"items": "many"}},
        {"input": []},
        {"example": "halving"},
    ],
    ids=str,
)
def test_a_problem_file_with_a_wrong_part_is_refused(example, changes):
    problem = example.problem(1, **changes)
    complaint("--rung", example.rung(RIGHT), "--problem", problem)


def test_a_problem_file_that_is_missing_is_named_before_anything_runs(example):
    rung = example.rung(COUNTED)
    missing = example.folder / "missing.json"
    assert "missing.json" in complaint(
        "--rung", rung, "--problem", example.problem(1), "--problem", missing
    )
    assert not Path(f"{rung}.calls").exists()


def test_nothing_is_left_beside_the_output_file(example):
    rows(example.rung(RIGHT), example.problem(1))
    assert not [path for path in example.folder.iterdir() if path.name.startswith("out.json.")]


# --- layers ---


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("options", [(), ("--layers",), ("--verify",)])
def test_an_output_that_is_full_is_said_in_one_sentence(example, options):
    words = ["--rung", example.rung(RIGHT), "--problem", example.problem(1.0), *options]
    with open("/dev/full", "w") as full:
        done = run(*words, stdout=full)
    assert done.returncode == 4
    assert done.stderr.startswith("python.py: cannot write the output: ")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away_hears_nothing_of_it(example):
    reader, writer = os.pipe()
    os.close(reader)
    done = run("--rung", example.rung(RIGHT), "--problem", example.problem(1.0), stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def layers(rung: Path, *problems: Path) -> list[dict]:
    words = [word for problem in problems for word in ("--problem", problem)]
    done = run("--layers", "--rung", rung, *words)
    assert done.returncode == 0
    return strict(done.stdout)


MEGABYTE = 1 << 20

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@on_linux
def test_the_memory_of_each_run_is_its_own(example):
    rung = example.rung(
        f"""
        def rung(numbers):
            block = bytearray(len(numbers) * 32 * {MEGABYTE})
            block[::4096] = b"x" * len(block[::4096])
            print("not JSON")
            return [2 * x for x in numbers]
        """
    )
    large, small = layers(rung, example.problem(1, 2), example.problem(1))
    assert large["label"] == "doubling/rung/n:2"
    for counted, megabytes in ((large, 64), (small, 32)):
        os_counts = counted["layers"]["os"]
        needed = os_counts["peak_resident_bytes"] - os_counts["baseline_resident_bytes"]
        assert megabytes * MEGABYTE <= needed < (megabytes + 16) * MEGABYTE
        assert os_counts["minor_page_faults"] > 0
        assert os_counts["seconds"] > 0
        watched = os_counts.pop("resident")
        assert len(watched["seconds"]) == len(watched["bytes"]) > 0
        assert watched["seconds"] == sorted(watched["seconds"])
        assert watched["seconds"][0] == 0
        assert watched["seconds"][-1] <= os_counts["seconds"]
        assert min(os_counts.values()) >= 0


def test_the_memory_of_a_run_is_seen_to_grow_and_shrink(example):
    rung = example.rung(
        f"""
        import os, re, time

        def sleeps_of_watcher():
            with open(f"/proc/{{os.getppid()}}/status") as status:
                return int(re.search("\\nvoluntary_ctxt_switches:\\s*([0-9]+)", status.read())[1])

        def wait_for_looks():
            before = sleeps_of_watcher()
            while sleeps_of_watcher() < before + 6:
                time.sleep(0.001)

        def rung(numbers):
            wait_for_looks()
            block = bytearray(b"x" * (64 * {MEGABYTE}))
            wait_for_looks()
            del block
            wait_for_looks()
            return [2 * x for x in numbers]
        """
    )
    (counted,) = layers(rung, example.problem(1))
    resident = counted["layers"]["os"]["resident"]["bytes"]
    assert max(resident) - resident[0] > 32 * MEGABYTE
    assert max(resident) - resident[-1] > 32 * MEGABYTE


def test_layers_that_cannot_be_counted_say_why(example):
    def reason(source: str) -> str:
        (counted,) = layers(example.rung(source), example.problem(1))
        return counted["layers"]["reason"]

    assert reason("import no_such_package\n" + RIGHT) == "no_such_package is not installed"
    assert reason("def rung(numbers): bytearray(1 << 60)") == "out of memory"
    assert reason("def rung(numbers): 1 / 0").startswith("failed: ZeroDivisionError: ")
    killed = "import os, signal\ndef rung(numbers): os.kill(os.getpid(), signal.SIGKILL)"
    assert reason(killed) == "the process was ended by signal 9"
    ended = "import os\ndef rung(numbers): os._exit(3)"
    assert reason(ended) == "the process ended with status 3"


def test_what_a_rung_makes_of_memory_in_a_later_run_is_counted_too(example):
    rung = example.rung(
        f"""
        kept = []

        def rung(numbers):
            if not kept:
                kept.append(bytearray(b"x" * (64 * {MEGABYTE})))
            return [2 * x for x in numbers]
        """
    )
    (counted,) = layers(rung, example.problem(1))
    memory = counted["layers"]["memory"]
    # A page may be of 4 kB or of 2 MB; of the second run's there is next to none.
    assert memory["later_page_faults"] < counted["layers"]["os"]["minor_page_faults"]
    assert "not loaded" in memory["unknown"]["first_allocations"]


def test_a_run_that_takes_long_is_not_made_again_for_its_memory(example):
    source = "import time\ndef rung(numbers): time.sleep(2.1); return [2 * x for x in numbers]"
    (counted,) = layers(example.rung(source), example.problem(1))
    memory = counted["layers"]["memory"]
    assert "later_page_faults" not in memory
    assert "too long" in memory["unknown"]["later_page_faults"]


def test_what_a_rung_tells_beside_its_answer_stands_in_its_row(example):
    source = RIGHT + "\ndef rung_notes(numbers): return {'moved_bytes': 8.0 * len(numbers)}"
    (row,) = rows(example.rung(source), example.problem(1, 2, 3))
    assert row["note_moved_bytes"] == 24.0


# --- another input in the place of the one that is timed ---

KEEPERS = {
    "that it has run": """
        def rung(numbers):
            if not hasattr(rung, "done"):
                rung.done = [2 * x for x in numbers]
            return rung.done
    """,
    "the object": """
        kept = {}
        def rung(numbers):
            if id(numbers) not in kept:
                kept[id(numbers)] = [2 * x for x in numbers]
            return kept[id(numbers)]
    """,
    "the length": """
        kept = {}
        def rung(numbers):
            if len(numbers) not in kept:
                kept[len(numbers)] = [2 * x for x in numbers]
            return kept[len(numbers)]
    """,
    "the first number": """
        kept = {}
        def rung(numbers):
            if numbers[0] not in kept:
                kept[numbers[0]] = [2 * x for x in numbers]
            return kept[numbers[0]]
    """,
    "that its array is filled": """
        array = []
        def rung(numbers):
            if not array:
                array.extend(2 * x for x in numbers)
            return array
    """,
}
every_keeper = pytest.mark.parametrize("source", KEEPERS.values(), ids=KEEPERS.keys())


@every_keeper
@pytest.mark.parametrize("options", [(), ("--verify",)], ids=["timed", "verified"])
def test_a_rung_that_keeps_its_answer_is_found_out_whatever_it_goes_by(example, source, options):
    found = rows(example.rung(source), example.problem_with_twin(1, 2, 3), options=options)
    assert found.status == 1
    assert found[0]["error_message"] == "wrong answer: the same is given for twin"
    assert "real_time" not in found[0] or found[0]["real_time"] == 0


def test_an_array_that_a_rung_keeps_but_fills_anew_is_right(example):
    rung = example.rung(
        """
        array = []
        def rung(numbers):
            array[:] = [2 * x for x in numbers]
            return array
        """
    )
    for options in ((), ("--verify",)):
        assert rows(rung, example.problem_with_twin(1, 2, 3), options=options).status == 0


def test_a_rung_that_the_other_input_leads_astray_is_wrong(example):
    rung = example.rung(
        """
        largest = [0]
        def rung(numbers):
            largest[0] = max(largest[0], numbers[-1])
            return [2 * x for x in numbers[:-1]] + [2 * largest[0]]
        """
    )
    found = rows(rung, example.problem_with_twin(1, 2, 3))
    assert (
        found[0]["error_message"] == "wrong answer: error 2.0, tolerated 1e-12, after a run on twin"
    )


def test_of_a_twin_whose_answer_is_known_it_must_be_that_answer(example):
    problem = example.problem_with_twin(1, 2, 3)
    twin = {"label": "twin", "input": {"numbers": [1, 3, 4]}, "answer": [2.0, 6.0, 8.0]}
    (example.folder / "twin.json").write_text(json.dumps(twin))
    assert rows(example.rung(RIGHT), problem).status == 0
    rung = example.rung(
        """
        def rung(numbers):
            return [2 * x for x in numbers] if numbers[1] == 2 else [0.0] * len(numbers)
        """
    )
    found = rows(rung, problem)
    assert found[0]["error_message"] == (
        "wrong answer: error 8.0, tolerated 1e-12, in its place on twin"
    )


SLOW = """
    import time
    runs = []
    kept = {}
    def rung(numbers):
        runs.append(len(numbers))
        open(__file__ + ".runs", "w").write(str(runs))
        time.sleep(0.06)
        if id(numbers) not in kept:
            kept[id(numbers)] = [2 * x for x in numbers]
        return %s
"""


def test_a_long_run_is_not_made_again_but_a_small_input_takes_its_place(example):
    once = ("--warm-up", "0", "--min-time", "0")
    problem = example.problem_with_twin(1, 2, 3)
    rung = example.rung(SLOW % "[2 * x for x in numbers]")
    assert rows(rung, problem, options=once).status == 0
    assert Path(f"{rung}.runs").read_text() == "[3, 3, 1]"
    found = rows(example.rung(SLOW % "kept[id(numbers)]"), problem, options=once)
    assert found[0]["error_message"] == (
        "wrong answer: 3 numbers instead of 1, in its place on small"
    )


def test_a_rung_may_refuse_the_small_input(example):
    rung = example.rung(
        """
        import time
        def rung(numbers):
            if len(numbers) == 1:
                raise NotImplementedError("not of one number")
            time.sleep(0.06)
            return [2 * x for x in numbers]
        """
    )
    assert rows(rung, example.problem_with_twin(1, 2, 3)).status == 0


AS_OBJECT = CONTRACT.replace(
    "def make_input(fields):",
    """class Problem(object):
        pass


    def make_input(fields):
        problem = Problem()
        problem.numbers = fields["numbers"]
        problem.length = len(problem.numbers)
        return problem


    def unused(fields):""",
)


@every_keeper
def test_inputs_that_are_objects_trade_what_is_in_them(example, source):
    (example.folder / "doubling.py").write_text(textwrap.dedent(AS_OBJECT))
    by_object = textwrap.dedent(source).replace("def rung(numbers):", "def inner(numbers):")
    by_object = by_object.replace("rung.done", "inner.done").replace("(rung,", "(inner,")
    keeper = by_object + "\ndef rung(problem): return inner(problem.numbers)\n"
    found = rows(example.rung(keeper), example.problem_with_twin(1, 2, 3))
    assert found[0]["error_message"] == "wrong answer: the same is given for twin"
    right = "def rung(problem): return [2 * x for x in problem.numbers[:problem.length]]"
    assert rows(example.rung(right), example.problem_with_twin(1, 2, 3)).status == 0


def test_arrays_of_an_input_trade_what_is_in_them(example):
    pytest.importorskip("numpy")
    arrays = AS_OBJECT.replace('fields["numbers"]', '__import__("numpy").array(fields["numbers"])')
    (example.folder / "doubling.py").write_text(textwrap.dedent(arrays))
    keeper = """
        kept = {}
        def rung(problem):
            if id(problem.numbers) not in kept:
                kept[id(problem.numbers)] = (2 * problem.numbers).tolist()
            return kept[id(problem.numbers)]
    """
    found = rows(example.rung(keeper), example.problem_with_twin(1.0, 2.0, 3.0))
    assert found[0]["error_message"] == "wrong answer: the same is given for twin"
    right = "def rung(problem): return (2 * problem.numbers).tolist()"
    assert rows(example.rung(right), example.problem_with_twin(1.0, 2.0, 3.0)).status == 0


def test_what_has_two_names_in_one_of_the_inputs_is_not_traded_twice(example):
    two_names = AS_OBJECT.replace(
        "problem.length = len(problem.numbers)",
        "problem.rest = problem.numbers[1:]; problem.longest = problem.rest or problem.numbers",
    )
    (example.folder / "doubling.py").write_text(textwrap.dedent(two_names))
    problem = example.problem_with_twin(1)
    longer = {"label": "longer", "input": {"numbers": [3, 4]}, "answer": [8]}
    (example.folder / "twin.json").write_text(json.dumps(longer))
    rung = example.rung("def rung(problem): return [2 * x for x in problem.longest]")
    assert [row.get("error_message") for row in rows(rung, problem)] == [None]


def test_an_input_whose_place_no_other_can_take_is_met_by_another_all_the_same(example):
    tuples = CONTRACT.replace('fields["numbers"]', 'tuple(fields["numbers"])')
    (example.folder / "doubling.py").write_text(textwrap.dedent(tuples))
    problem = example.problem_with_twin(1, 2, 3)
    assert rows(example.rung(RIGHT), problem).status == 0
    found = rows(example.rung(KEEPERS["that it has run"]), problem)
    assert found[0]["error_message"] == "wrong answer: the same is given for twin"


def test_a_damaged_twin_is_named(example):
    problem = example.problem_with_twin(1, 2, 3)
    (example.folder / "twin.json").write_text("{")
    found = rows(example.rung(RIGHT), problem)
    assert "twin.json is not a problem file" in found[0]["error_message"]


# --- other interpreters ---


@pytest.mark.parametrize("interpreter", interpreters())
def test_every_interpreter_of_this_machine_can_run_it(example, interpreter):
    rung = example.rung(RIGHT)
    problems = example.problem(1), example.problem_with_twin(1.5, 2.5)
    found = rows(rung, *problems, interpreter=interpreter)
    assert found.status == 0
    assert [row["name"].split("/")[2] for row in found] == ["n:1", "n:2"]
    assert all(row["real_time"] > 0 for row in found)

    keeper = example.rung(KEEPERS["the length"], "08_rung.py")
    found = rows(keeper, problems[1], interpreter=interpreter)
    assert found[0]["error_message"] == "wrong answer: the same is given for twin"

    broken = example.rung('def rung(numbers): raise ValueError(u"\\xe9")', "06_rung.py")
    found = rows(broken, *problems, interpreter=interpreter)
    assert found.status == 1
    assert found[0]["error_message"].startswith("failed: ValueError: ")

    missing = example.rung("import no_such_package\n" + RIGHT, "07_rung.py")
    found = rows(missing, *problems, interpreter=interpreter)
    assert found[0]["error_message"] == "skipped: no_such_package is not installed"

    counted = run("--layers", "--rung", rung, "--problem", problems[0], interpreter=interpreter)
    assert strict(counted.stdout)[0]["layers"]["os"]["seconds"] > 0
