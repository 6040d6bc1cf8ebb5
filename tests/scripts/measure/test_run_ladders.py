"""Whole runs over programs that only pretend to measure."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from fake_suite import FakeSuite, example, rung
from hostile import HOSTILE
from suite import cli
from suite.measure import normalise, run_ladders
from suite.measure.forecasts import Sampling
from suite.measure.plan import Planner
from suite.runs import documents, results

PROJECT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((PROJECT / "results" / "run.schema.json").read_text())


@pytest.fixture
def suite(tmp_path) -> FakeSuite:
    """Two examples with a rung of each kind; all of them behave."""
    sums = [rung(5, "loop", "python"), rung(10, "naive"), rung(20, "blocked")]
    waves = [rung(10, "plain"), rung(20, "shared", threaded=True)]
    small = example("waves", waves, sizes=(1000,), threads=(1, 2))
    return FakeSuite(tmp_path, [example("sums", sums), small])


def bench(suite: FakeSuite, *options: str, budget: str = "10m") -> int:
    chosen = ["--budget", budget] if "--resume" not in options else []
    arguments = ["--project", str(suite.project), "--no-report", *chosen, *options]
    return cli.main(["bench", *arguments])


def start(suite: FakeSuite, *options: str) -> subprocess.Popen:
    command = [sys.executable, str(PROJECT / "scripts" / "suite"), "bench"]
    command += ["--project", str(suite.project), "--no-report"]
    return subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Tests that a shell runs in the background would hand on that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def check_valid(file: Path) -> dict:
    """A run that whoever reads it takes, as the schema has it by another judge of schemas too."""
    document = results.load(file).document
    jsonschema.validate(document, SCHEMA)
    return document


# What a run leaves behind


def test_a_run_measures_every_rung_in_every_round_and_says_so_in_valid_json(suite):
    assert bench(suite, "--rounds", "3") == 0
    document = check_valid(suite.latest / "run.json")
    assert document["complete"]
    assert "finished" in document
    assert {row["status"] for row in document["rows"]} == {"ok"}
    for row in document["rows"]:
        assert [sample["round"] for sample in row["samples"]] == [1, 2, 3]
        assert row["layers"]["os"]["minor_page_faults"] == 3
        assert row["check"] == {"error": 0.0, "tolerance": 1e-12, "passed": True}


def test_a_run_keeps_the_ceilings_the_bounds_and_what_rungs_note(suite):
    bound = {"f64_operations": 5.0, "f32_operations": 0.0, "bytes": 8.0}
    suite.told["catalogue"]["examples"][0]["rungs"][1]["bounds"] = {"n:1000": bound}
    suite.behave(naive={"notes": {"note_build_seconds": 0.5, "note_steps": 7}})
    assert bench(suite, "--rounds", "2") == 0
    document = check_valid(suite.latest / "run.json")
    assert document["machine"]["ceilings"]["peaks"][0]["f64_operations_per_second"] == 1e10
    rungs = {rung["name"]: rung for rung in document["ladders"][0]["rungs"]}
    assert rungs["naive"]["bounds"] == {"n:1000": bound}
    assert "bounds" not in rungs["blocked"]
    for row in document["rows"]:
        noted = {"build_seconds": 0.5, "steps": 7} if row["rung"] == "naive" else None
        assert [sample.get("notes") for sample in row["samples"]] == [noted] * 2


def test_without_ceilings_a_run_goes_on_and_says_why(suite):
    suite.write(no_ceilings="no clock")
    assert bench(suite, "--rounds", "2") == 0
    machine = check_valid(suite.latest / "run.json")["machine"]
    assert "ceilings" not in machine
    assert (
        machine["unknown"]["ceilings"] == "mythbench --ceilings ended with 1: mythbench: no clock"
    )


def test_a_run_says_how_much_of_its_time_went_into_samples(suite):
    bench(suite, "--rounds", "2")
    document = suite.document()
    timed = [sample for row in document["rows"] for sample in row["samples"]]
    in_samples = sum(sample["seconds"] * sample["iterations"] for sample in timed)
    # The programs say of a sentinel, too, that each of its runs is one of ten.
    again = (entry["again_seconds"] for entry in document["sentinels"])
    in_samples += sum(seconds * sampling_of(suite).iterations(seconds) for seconds in again)
    assert document["time_spent"]["in_samples"] == pytest.approx(in_samples)
    plan = json.loads((suite.latest / "plan.json").read_text())
    walls = [entry["wall"] for entry in plan["processes"]]
    assert document["time_spent"]["seconds"] == pytest.approx(sum(walls))


def sampling_of(suite) -> Sampling:
    planning = json.loads((suite.latest / "start.json").read_text())["planning"]
    return Sampling(planning["min_time"], planning["warm_up"])


def test_once_its_time_is_known_a_rung_runs_as_often_as_a_sample_needs(suite):
    bench(suite, "--rounds", "3")
    for row in suite.document()["rows"]:
        first, *later = row["samples"]
        assert first["iterations"] == 10
        known = sampling_of(suite).iterations(first["seconds"])
        assert [sample["iterations"] for sample in later] == [known, known]


def test_every_file_of_a_run_is_one_that_can_be_read_back(suite):
    bench(suite, "--rounds", "2")
    files = [file for file in suite.latest.rglob("*") if file.is_file()]
    assert len(files) > 20
    for file in files:
        if file.parent.name == "raw":
            documents.read_raw(file)
        else:
            documents.read(file, file.stem)


def test_run_json_is_what_the_other_files_of_the_folder_say(suite):
    suite.behave(
        blocked={"says": "wrong answer: error 0.5, tolerated 1e-12", "only_on": ["n:10000"]}
    )
    bench(suite, "--rounds", "2")
    assert normalise.of_folder(suite.latest) == suite.document()


def test_threads_belong_to_threaded_rungs_only(suite):
    bench(suite, "--rounds", "1")
    waves = [row for row in suite.document()["rows"] if row["example"] == "waves"]
    counts = {
        name: {r["case"]["threads"] for r in waves if r["rung"] == name}
        for name in ("plain", "shared")
    }
    assert counts == {"plain": {1}, "shared": {1, 2}}


def test_each_round_ends_with_a_sentinel(suite):
    bench(suite, "--rounds", "3")
    assert [sentinel["round"] for sentinel in suite.document()["sentinels"]] == [1, 2, 3]


def test_latest_points_at_the_newest_run(suite):
    bench(suite, "--rounds", "1")
    first = suite.latest
    bench(suite, "--rounds", "1")
    assert suite.latest != first
    assert (suite.runs / "latest").is_symlink()
    assert len(list(suite.runs.glob("[0-9]*"))) == 2


def test_problems_are_written_once_and_kept_for_the_next_run(suite):
    bench(suite, "--rounds", "1")
    bench(suite, "--rounds", "1")
    written = [labels[0] for kind, labels in suite.log() if kind == "problem"]
    assert sorted(written) == sorted(set(written))
    assert len(written) == 3 + 2


def test_problems_of_an_older_program_are_removed(suite):
    bench(suite, "--rounds", "1")
    old = list((suite.project / "build/release/problems").iterdir())
    with open(suite.project / "build/release/mythbench", "a") as program:
        program.write("# another program\n")
    bench(suite, "--rounds", "1")
    new = list((suite.project / "build/release/problems").iterdir())
    assert len(old) == len(new) == 1
    assert old != new


def test_the_ladders_of_a_run_carry_sources_and_titles_in_the_order_of_the_talk(suite):
    outline = suite.project / "slides" / "outline.md"
    outline.parent.mkdir()
    outline.write_text("1. [Waves](../src/waves)\n2. [Sums](../src/sums/README.md)\n")
    bench(suite, "--rounds", "1")
    told = suite.document()["ladders"]
    assert [ladder["example"] for ladder in told] == ["waves", "sums"]
    assert told[0]["title"] == "All about waves"
    assert told[1]["rungs"][0]["source"] == "// The rung called loop.\n"


def test_versions_of_packages_are_told_with_the_interpreter(suite):
    bench(suite, "--rounds", "1")
    (python,) = suite.document()["machine"]["pythons"]
    assert python["packages"] == {"numpy": "1.24"}


# Rungs that misbehave


def test_a_wrong_answer_is_listed_and_has_no_samples(suite, capsys):
    suite.behave(naive={"says": "wrong answer: error 0.5, tolerated 1e-12"})
    assert bench(suite, "--rounds", "3") == 1
    check_valid(suite.latest / "run.json")
    wrong = suite.rows()["naive", 1000]
    assert (wrong["status"], wrong["samples"]) == ("failed", [])
    assert wrong["check"] == {"error": 0.5, "tolerance": 1e-12, "passed": False}
    told = capsys.readouterr().out
    assert "wrong answers and crashes:\n  sums/naive n:1000: wrong answer: error 0.5" in told
    assert len([labels for _, labels in suite.log() if "naive" in labels[0]]) == 1
    assert suite.rows()["blocked", 1000]["status"] == "ok"


def test_a_rung_that_is_wrong_on_one_case_keeps_its_smaller_ones(suite):
    suite.behave(naive={"says": "wrong answer: error 1, tolerated 0", "only_on": ["n:10000"]})
    assert bench(suite, "--rounds", "2") == 1
    rows = suite.rows()
    assert rows["naive", 1000]["status"] == "ok"
    assert rows["naive", 10_000]["status"] == "failed"
    assert rows["naive", 100_000]["reason"] == "a smaller case failed"


def test_a_row_that_is_wrong_in_a_later_round_loses_its_samples(suite):
    lies = {"says": "wrong answer: error 1, tolerated 0", "only_on": ["n:1000"], "from_start": 3}
    suite.behave(naive=lies)
    assert bench(suite, "--rounds", "3") == 1
    rows = suite.rows()
    assert (rows["naive", 1000]["status"], rows["naive", 1000]["samples"]) == ("failed", [])
    assert len(rows["naive", 10_000]["samples"]) == 3


def test_a_missing_module_is_a_skipped_row_and_no_failure(suite):
    suite.behave(loop={"says": "skipped: numba is not installed"})
    assert bench(suite, "--rounds", "3") == 0
    check_valid(suite.latest / "run.json")
    rows = suite.rows()
    for size in (1000, 10_000, 100_000):
        assert (rows["loop", size]["status"], rows["loop", size]["reason"]) == (
            "skipped",
            "numba is not installed",
        )
    assert len([labels for _, labels in suite.log() if "sums/loop" in labels[0]]) == 1


def test_a_crash_is_told_and_the_others_go_on(suite):
    suite.behave(naive={"crashes": True})
    assert bench(suite, "--rounds", "2") == 1
    check_valid(suite.latest / "run.json")
    rows = suite.rows()
    assert rows["naive", 1000]["reason"] == "ended by signal 11"
    assert rows["blocked", 100_000]["status"] == "ok"


def test_a_rung_that_ends_with_a_message_is_told_with_it(suite):
    suite.behave(naive={"exits": 2})
    assert bench(suite, "--rounds", "1") == 1
    assert suite.rows()["naive", 1000]["reason"] == "ended with status 2: no such luck"


def test_a_crash_on_one_case_leaves_the_other_cases_alone(suite):
    suite.behave(naive={"crashes": True, "only_on": ["n:10000"]})
    assert bench(suite, "--rounds", "2") == 1
    rows = suite.rows()
    assert rows["naive", 1000]["status"] == "ok"
    assert rows["naive", 10_000]["status"] == "failed"


def test_a_hanging_rung_is_stopped_with_all_its_children(suite, monkeypatch):
    patience = Planner.timeout
    monkeypatch.setattr(
        Planner,
        "timeout",
        lambda self, process, left: (
            1.0
            if (process.rung, process.kind) == ("naive", "time")
            else patience(self, process, left)
        ),
    )
    suite.behave(naive={"hangs": True})
    assert bench(suite, "--rounds", "1") == 0
    row = suite.rows()["naive", 1000]
    assert row["status"] == "skipped"
    assert re.fullmatch(r"stopped after \d+ s", row["reason"])
    assert suite.rows()["naive", 10_000]["reason"].startswith("a smaller case was stopped after")
    assert suite.rows()["blocked", 1000]["status"] == "ok"


def test_a_problem_that_cannot_be_written_skips_its_case_for_all_rungs(suite):
    suite.write(unwritable=["sums/n:10000"])
    bench(suite, "--rounds", "1")
    row = suite.rows()["blocked", 10_000]
    assert row["reason"] == (
        "its problem could not be written: ended with status 2: no answer is known"
    )
    assert suite.rows()["blocked", 1000]["status"] == "ok"


# Forecasts


def test_a_run_that_would_take_days_is_skipped_with_its_forecast(suite):
    suite.behave(loop={"seconds_per_item": 0.004})
    bench(suite, "--rounds", "2")
    check_valid(suite.latest / "run.json")
    row = suite.rows()["loop", 100_000]
    assert row["reason"] == "forecast 6.7 min"
    assert row["forecast"]["seconds"] == pytest.approx(400)
    assert not [labels for _, labels in suite.log() if "sums/loop/n:100000" in labels]


def test_a_case_that_does_not_fit_into_memory_is_skipped_with_its_forecast(suite, monkeypatch):
    monkeypatch.setattr("suite.machine.passport.available_memory", lambda: 22_100_000_000)
    suite.behave(naive={"bytes_per_item": 800_000})
    bench(suite, "--rounds", "1")
    check_valid(suite.latest / "run.json")
    row = suite.rows()["naive", 100_000]
    assert row["reason"] == "forecast 80.0 GB of memory, 22.1 GB available"
    assert row["forecast"]["bytes"] == pytest.approx(80e9)


# Runs that measure nothing


def test_a_budget_too_short_for_anything_ends_with_the_one_that_would_do(suite, capsys):
    assert bench(suite, "--rounds", "2", budget="1s") == 2
    check_valid(suite.latest / "run.json")
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    said = re.fullmatch(
        r"suite bench: nothing was measured: the budget of 1 s is too short; "
        r"BUDGET=(\d+)s is forecast to do for the smallest cases\n",
        told,
    )
    assert int(said[1]) > 1


def test_a_run_of_which_all_is_missing_here_says_what(suite, capsys):
    for name in ("loop", "naive", "blocked"):
        suite.behave(**{name: {"says": "skipped: abacus is not installed"}})
    assert bench(suite, "--only", "sums") == 3
    check_valid(suite.latest / "run.json")
    told = capsys.readouterr().err
    assert told == "suite bench: nothing was measured: abacus is not installed\n"
    assert bench(suite, "--resume", suite.latest.name) == 3
    assert capsys.readouterr().err == told


def test_a_wrong_answer_is_worse_than_nothing_measured(suite):
    wrong = {"says": "wrong answer: error 0.5, tolerated 1e-12"}
    suite.behave(**dict.fromkeys(("loop", "naive", "blocked"), wrong))
    assert bench(suite, "--only", "sums", "--rounds", "1") == 1


# What can be asked for


def test_only_the_chosen_examples_run(suite):
    bench(suite, "--only", "waves", "--rounds", "1")
    assert {row["example"] for row in suite.document()["rows"]} == {"waves"}


def test_each_interpreter_has_rows_of_its_own(suite, tmp_path):
    other = tmp_path / "otherpython"
    other.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -c ]; then\n'
        """  echo '{"implementation": "PyPy", "version": "3.10.0", "gil": true}'\n"""
        f'else exec {sys.executable} "$@"; fi\n'
    )
    other.chmod(0o755)
    assert bench(suite, "--pythons", f"{sys.executable} {other}", "--rounds", "1") == 0
    loops = [row for row in suite.document()["rows"] if row["rung"] == "loop"]
    assert [row["interpreter"]["implementation"] for row in loops[::3]] == ["CPython", "PyPy"]
    check_valid(suite.latest / "run.json")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--only", "sums,rhymes"], "there is no example 'rhymes'; there are: sums, waves"),
        (["--pythons", "python0.9"], "PYTHONS names 'python0.9'"),
        (["--pythons", "/bin/true"], "which does not run as a Python"),
        (["--resume", "yesterday"], "there is no run 'yesterday' to go on with; there are none"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(suite, capsys, options, complaint):
    assert bench(suite, *options) == 2
    told = capsys.readouterr().err
    assert complaint in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("options", [["--budget", "soon"], ["--budget", "0"], ["--rounds", "0"]])
def test_nonsense_is_refused(suite, options, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["bench", "--project", str(suite.project), *options])
    assert stopped.value.code == 2


def test_a_slip_in_a_claim_is_found_before_anything_is_measured(suite, capsys):
    claims = suite.project / "src" / "sums" / "claims.json"
    claims.write_text('{"title": "Sums", "kind": "gossip", "claims": []}')
    assert bench(suite) == 2
    assert "'kind' must be one of" in capsys.readouterr().err
    assert not suite.runs.exists()


def test_without_a_build_it_says_what_to_do(suite, capsys):
    (suite.project / "build/release/mythbench").unlink()
    assert bench(suite) == 3
    assert "`make bench` builds" in capsys.readouterr().err


# Stopping and going on


def raw_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "raw").glob("[0-9]*.json")}


def check_measured_once(folder: Path) -> None:
    """No two raw files are of the same process, apart from those tried again case by case."""
    seen = [re.sub(r"^\d+_", "", name) for name in raw_files(folder)]
    plan = json.loads((folder / "plan.json").read_text())
    keys = [
        (e["kind"], e["round"], e["example"], e["rung"], e["interpreter"], tuple(e["cases"]))
        for e in plan["processes"]
        if (folder / e["file"]).is_file()
    ]
    assert len(keys) == len(set(keys)) == len(seen)


def wait_for(condition, seconds: float = 600.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def wait_for_progress(run: subprocess.Popen, folder: Path) -> None:
    before = raw_files(folder).keys()
    wait_for(lambda: raw_files(folder).keys() != before or run.poll() is not None)


def test_killed_at_ten_random_moments_a_run_stays_valid_and_can_be_completed(suite):
    suite.write(nap=0.02)
    chance = random.Random(3)
    run = start(suite, "--rounds", "4", "--budget", "10m")
    wait_for(lambda: (suite.runs / "latest" / "run.json").exists())
    folder, measured = suite.latest, {}
    for _ in range(10):
        time.sleep(chance.uniform(0.02, 0.35))
        run.kill()
        run.wait()
        if (folder / "run.json").exists():
            assert not check_valid(folder / "run.json")["complete"]
        now = raw_files(folder)
        assert measured.items() <= now.items()
        measured = now
        run = start(suite, "--resume", folder.name)
        wait_for_progress(run, folder)
    assert run.wait(600) == 0
    assert measured.items() <= raw_files(folder).items()
    check_measured_once(folder)
    document = check_valid(folder / "run.json")
    assert document["complete"]
    for row in document["rows"]:
        assert [sample["round"] for sample in row["samples"]] == [1, 2, 3, 4]
    assert normalise.of_folder(folder) == document


def test_ctrl_c_keeps_what_was_measured_and_says_how_to_go_on(suite):
    suite.behave(naive={"hangs": True, "only_on": ["n:10000"]})
    run = start(suite, "--rounds", "2")
    wait_for(lambda: ["time", ["sums/naive/n:10000"]] in [list(line) for line in suite.log()])
    folder = suite.latest
    run.send_signal(signal.SIGINT)
    told = run.communicate(timeout=600)[0].decode()
    assert run.returncode == 130
    assert f"`make bench RESUME={folder.name}` goes on" in told
    assert not check_valid(folder / "run.json")["complete"]
    assert not list((folder / "raw").glob(".*"))

    suite.behave(naive={})
    before = raw_files(folder)
    assert bench(suite, "--resume", folder.name) == 0
    assert before.items() <= raw_files(folder).items()
    assert check_valid(folder / "run.json")["complete"]


def test_nothing_of_a_killed_run_goes_on_running(suite):
    suite.behave(naive={"hangs": True})
    run = start(suite, "--rounds", "1")
    wait_for(lambda: ["time", ["sums/naive/n:1000"]] in [list(line) for line in suite.log()])
    (child,) = children(run.pid)
    run.kill()
    run.wait()
    wait_for(lambda: not Path(f"/proc/{child}").exists() or is_zombie(child))


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(number) for number in text.split()]


def is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_half_written_raw_file_never_counts(suite):
    bench(suite, "--rounds", "1")
    shutil.copytree(suite.latest, suite.runs / "20200101T000000Z_vm")
    folder = suite.runs / "20200101T000000Z_vm"
    plan = json.loads((folder / "plan.json").read_text())
    plan.pop("finished")
    last = plan["processes"][-1]
    last.pop("wall")
    whole = (folder / last["file"]).read_text()
    (folder / last["file"]).unlink()
    draft = folder / "raw" / f".{Path(last['file']).name}.part"
    draft.write_text(whole[: len(whole) // 2])
    (folder / "plan.json").write_text(json.dumps(plan))
    assert bench(suite, "--resume", folder.name) == 0
    assert not draft.exists()
    check_measured_once(folder)


# A clock that is set

CLOCK_THAT_GOES_BACK = r"""
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *told) {
  static long back;
  int const status = syscall(SYS_clock_gettime, clock, told);
  if (clock == CLOCK_REALTIME) told->tv_sec -= 3600 * back++;
  return status;
}
"""


def test_a_clock_that_is_set_back_during_a_run_changes_nothing(suite, tmp_path, monkeypatch):
    compiler = shutil.which("cc")
    if not compiler or not sys.platform.startswith("linux"):
        pytest.skip("no clock can be planted here")
    source, planted = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK_THAT_GOES_BACK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(planted), str(source)], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(planted))
    asked = [sys.executable, "-c", "import time; print(time.time() > time.time())"]
    assert subprocess.run(asked, capture_output=True).stdout == b"True\n"
    run = start(suite, "--rounds", "2")
    assert "Traceback" not in run.communicate()[0].decode()
    assert run.returncode == 0
    document = results.load(suite.latest).document
    moments = [sample["started"] for row in document["rows"] for sample in row["samples"]]
    assert document["started"] <= min(moments) <= max(moments) <= document["finished"]


def test_a_run_goes_on_after_the_clock_was_set_back(suite):
    run = start(suite, "--rounds", "50")
    wait_for(lambda: len(suite.log()) > 10)
    run.send_signal(signal.SIGTERM)
    run.wait(600)
    plan = suite.latest / "plan.json"
    plan.write_text(re.sub(r'"started": "20', '"started": "21', plan.read_text()))
    again = start(suite, "--resume", suite.latest.name)
    assert "Traceback" not in again.communicate()[0].decode()
    assert again.returncode == 0
    document = results.load(suite.latest).document
    assert document["started"] < "21" < document["finished"]


def test_a_finished_run_has_nothing_to_go_on_with(suite, capsys):
    bench(suite, "--rounds", "1")
    before = raw_files(suite.latest)
    assert bench(suite, "--resume", suite.latest.name) == 0
    assert "is finished" in capsys.readouterr().out
    assert raw_files(suite.latest) == before


def test_an_unknown_run_is_answered_with_those_there_are(suite, capsys):
    bench(suite, "--rounds", "1")
    assert bench(suite, "--resume", "20000101T000000Z_nowhere") == 2
    assert suite.latest.name in capsys.readouterr().err


def test_a_run_is_not_continued_with_another_program(suite, capsys):
    run = start(suite, "--rounds", "50")
    wait_for(lambda: len(suite.log()) > 10)
    run.send_signal(signal.SIGTERM)
    run.wait(600)
    with open(suite.project / "build/release/mythbench", "a") as program:
        program.write("# another program\n")
    assert bench(suite, "--resume", suite.latest.name) == 2
    assert "was built anew" in capsys.readouterr().err


def test_other_settings_cannot_be_given_to_a_run_that_goes_on(suite, capsys):
    assert cli.main(["bench", "--project", str(suite.project), "--resume", "x", "--quick"]) == 2
    assert "give no others" in capsys.readouterr().err


# The environment


def set_all(monkeypatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def but_for_times(document: dict) -> dict:
    """What a run says of itself, but for how long all took, what came of that, and what else the
    machine did."""
    who = ("example", "rung", "case", "interpreter", "language")
    of_settings = [each for each in document["warnings"] if "KEEP_ENV" in each or "OMP" in each]
    wrong = [row["reason"] for row in document["rows"] if row["status"] == "failed"]
    return {
        "rows": [{name: row[name] for name in who} for row in document["rows"]],
        "wrong": wrong,
        "ladders": document["ladders"],
        "settings": document["settings"],
        "threads": document["machine"]["openmp"],
        "doubts": of_settings,
    }


def test_a_run_is_the_same_whatever_a_user_has_set(suite, monkeypatch):
    suite.write(tells_environment=True)
    runs = []
    for variables in ({}, HOSTILE):
        set_all(monkeypatch, variables)
        assert bench(suite, "--rounds", "2", "--seed", "1") == 0
        document = check_valid(suite.latest / "run.json")
        started_with = {tuple(sorted(each.items())) for each in suite.environments()}
        runs.append((but_for_times(document), started_with))
    assert runs[0] == runs[1]
    assert document["machine"]["environment"]["kept"] == []
    assert set(HOSTILE) <= set(document["machine"]["environment"]["removed"])


def test_a_setting_that_is_asked_for_reaches_what_is_measured_stands_there_and_is_doubted(
    suite, monkeypatch
):
    suite.write(tells_environment=True)
    set_all(monkeypatch, HOSTILE)
    assert bench(suite, "--rounds", "2", "--keep-env", "OMP_PLACES  OMP_WAIT_POLICY") == 0
    document = check_valid(suite.latest / "run.json")
    kept = document["machine"]["environment"]["kept"]
    asked = {"OMP_PLACES": "{0}", "OMP_WAIT_POLICY": "active"}
    assert {each["name"]: each["value"] for each in kept} == asked
    assert not asked.keys() & set(document["machine"]["environment"]["removed"])
    for name, value in asked.items():
        assert any(f"KEEP_ENV let {name}={value} reach" in said for said in document["warnings"])
    measured = [each for each in suite.environments() if "GOMP_DEBUG" not in each]
    assert sum(asked.items() <= each.items() for each in measured) > len(measured) / 2


def test_a_run_goes_on_with_the_settings_that_it_began_with(suite, monkeypatch):
    suite.write(tells_environment=True)
    monkeypatch.setenv("OMP_PLACES", "{1}")
    bench(suite, "--rounds", "1", "--keep-env", "OMP_PLACES")
    file = suite.latest / "plan.json"
    plan = json.loads(file.read_text())
    plan.pop("finished")
    plan["processes"][-1].pop("wall")
    (suite.latest / plan["processes"][-1]["file"]).unlink()
    file.write_text(json.dumps(plan))
    suite.environments()
    monkeypatch.delenv("OMP_PLACES")
    assert bench(suite, "--resume", suite.latest.name) == 0
    assert suite.environments()[-1]["OMP_PLACES"] == "{1}"


def test_a_setting_that_is_not_there_is_refused_before_anything_runs(suite, capsys):
    assert bench(suite, "--keep-env", "OMP_PLACE") == 2
    assert capsys.readouterr().err == ("suite bench: KEEP_ENV names OMP_PLACE, which is not set\n")
    assert not suite.runs.exists()


# Pictures and report


def undrawn(suite: FakeSuite) -> int:
    def illustrate(folder: Path) -> int:
        raise RuntimeError("the report could not be written: no font")

    options = run_ladders.Options(project=suite.project, budget=600.0, rounds=1)
    return run_ladders.carry_out(options, illustrate)


def test_a_report_that_could_not_be_written_is_said_at_the_end_and_in_the_status(suite, capsys):
    assert undrawn(suite) == 3
    name = suite.latest.name
    assert capsys.readouterr().err.splitlines()[-1] == (
        "suite bench: the report could not be written: no font. All is measured and kept; "
        f"`make report RUN={name}` and `make charts RUN={name}` try again."
    )
    assert check_valid(suite.latest / "run.json")["complete"]


def test_a_wrong_answer_is_worse_than_no_report(suite, capsys):
    suite.behave(naive={"says": "wrong answer: error 1, tolerated 0"})
    assert undrawn(suite) == 1
    assert "could not be written" in capsys.readouterr().err
