"""The program locate_mpi: what locate writes, from any number of processes, or nothing at all."""

from __future__ import annotations

import math
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

import test_locate
from test_locate import BAD_INPUT, STATIONS, Data, event, files, observations

PROGRAM = test_locate.PROGRAM.with_name("locate_mpi")
MPIRUN = shutil.which("mpirun")


def version() -> str:
    if not MPIRUN:
        return ""
    return subprocess.run([MPIRUN, "--version"], capture_output=True, text=True).stdout


# Open MPI would not start more ranks than there are cores, nor any for root.
LAUNCHER = [str(MPIRUN), *(["--oversubscribe", "--allow-run-as-root"] * ("Open MPI" in version()))]
# Ranks that wait for others leave the core to them.
ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "passive", "OMPI_MCA_mpi_yield_when_idle": "1"}

INPUTS = {"stations.csv", "events.csv", "grid.json"}

pytestmark = [
    pytest.mark.skipif(not MPIRUN, reason="mpirun is not installed"),
    pytest.mark.skipif(not PROGRAM.is_file(), reason=f"{PROGRAM} is not built"),
]


def command(ranks: int, *arguments: str) -> list[str]:
    return ["-np", str(ranks), str(PROGRAM), *arguments]


def launch(*words: str, **more) -> subprocess.CompletedProcess[str]:
    more = {"env": ENVIRONMENT, "timeout": 300, **more}
    return subprocess.run([*LAUNCHER, *words], capture_output=True, text=True, check=False, **more)


def arguments(data: Data, *more: str) -> list[str]:
    return [*files(data.folder), "-o", str(data.located), *more]


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def write_noisy_events(data: Data, count: int) -> None:
    noise = random.Random(7)
    lines = "event,A,B,C,D\n"
    for i in range(count):
        place = (noise.uniform(0, 1000), noise.uniform(0, 1000), noise.uniform(0, 500))
        values: list[float | str] = [
            o * math.exp(noise.gauss(0, 0.2)) for o in observations(*place, 5)
        ]
        for missing in range(i % 4):  # of which every fourth event misses too many
            values[missing] = ""
        lines += event(f"e{i}", values)
    data.write("events.csv", lines)


def expected(data: Data) -> bytes:
    """What locate writes; no longer there then."""
    assert data.locate().returncode == 0
    content = data.located.read_bytes()
    data.located.unlink()
    return content


def check_same(data: Data, ranks: int, content: bytes, *more: str) -> None:
    result = launch(*command(ranks, *arguments(data, *more)))
    assert result.returncode == 0, result.stderr
    assert f"on ranks: {ranks}, " in result.stdout
    assert result.stdout.count("\n") == 1
    assert data.located.read_bytes() == content, (ranks, more)
    assert {path.name for path in data.folder.iterdir()} == {*INPUTS, "located.csv"}
    data.located.unlink()


# ---- What it finds ----


@pytest.mark.parametrize("events", [1, 3, 200])
def test_any_number_of_ranks_writes_what_locate_writes(data: Data, events: int):
    write_noisy_events(data, events)
    content = expected(data)
    for ranks in (1, 2, 3, 4, 5, 7):
        check_same(data, ranks, content)


def test_ranks_without_a_share_do_no_harm(data: Data):
    one = {"first": 300, "last": 300, "step": 1}
    data.write_grid(x=one)
    check_same(data, 5, expected(data))


def test_a_rank_whose_share_is_all_below_stations_does_no_harm(data: Data):
    data.write("stations.csv", STATIONS.replace("A,120,130,900", "A,100,200,300"))
    y, z = ({"first": at, "last": at, "step": 1} for at in (200, 300))
    data.write_grid(x={"first": 100, "last": 200, "step": 100}, y=y, z=z)
    check_same(data, 2, expected(data))


def test_of_sources_that_no_rank_can_tell_apart_the_first_one_is_kept(data: Data):
    # The stations stand on the plane x = 500, so that each source has its mirror image.
    on_a_plane = (
        "station,x_m,y_m,z_m\nA,500,130,900\nB,500,180,800\nC,500,870,1000\nD,500,860,950\n"
    )
    data.write("stations.csv", on_a_plane)
    data.write("events.csv", "event,A,B,C,D\none,0.004,0.003,0.002,0.0025\n")
    content = expected(data)
    for ranks in (2, 3, 5):
        check_same(data, ranks, content)


@pytest.mark.parametrize("rung", ["talk", "matrix_product", "fused_threads", "branch_and_bound"])
def test_each_kind_of_rung_can_be_shared(data: Data, rung: str):
    write_noisy_events(data, 5)
    check_same(data, 3, expected(data), "--rung", rung)


def test_each_rank_uses_as_many_threads_as_one_asks_for(data: Data):
    write_noisy_events(data, 5)
    content = expected(data)
    result = launch(*command(3, *arguments(data, "--threads=2")))
    assert "on ranks: 3, threads: 6, " in result.stdout
    assert data.located.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no system call tells the cores")
@pytest.mark.parametrize("ranks", [1, 2, 5])
def test_ranks_that_may_use_the_same_cores_share_them(data: Data, ranks: int):
    threads = ranks * max(1, len(os.sched_getaffinity(0)) // ranks)
    # Whatever OpenMP does to the first thread of a rank.
    for environment in (ENVIRONMENT, {**ENVIRONMENT, "OMP_PROC_BIND": "true"}):
        result = launch("--bind-to", "none", *command(ranks, *arguments(data)), env=environment)
        assert f"on ranks: {ranks}, threads: {threads}, " in result.stdout


def test_names_of_stations_and_events_may_hold_anything(data: Data):
    lines = STATIONS.replace("A,", '"a ""b"", c",').replace("B,", "ß,")
    data.write("stations.csv", lines)
    data.write("events.csv", '"a ""b"", c",ß,C,event,D\n0.004,0.005,0.006,"1,\n2",0.0055\n')
    check_same(data, 3, expected(data), "--rung", "talk")


def test_pictures_are_written_once_and_are_those_of_locate(data: Data):
    alone, shared = data.folder / "alone", data.folder / "shared"
    result = data.locate("--plot", str(alone))
    assert result.returncode in (0, 3)  # 3: there is no matplotlib
    again = launch(*command(3, *arguments(data, "--plot", str(shared))))
    assert again.returncode == result.returncode
    names = {path.name for path in shared.iterdir()}
    assert names == {path.name for path in alone.iterdir()}
    assert (shared / "one.json").read_bytes() == (alone / "one.json").read_bytes()


def test_it_runs_without_a_launcher_as_one_rank(data: Data):
    content = expected(data)
    words = [str(PROGRAM), *arguments(data)]
    result = subprocess.run(words, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    assert data.located.read_bytes() == content


def test_help_is_printed_once(data: Data):
    result = launch(*command(3, "--help"))
    assert result.returncode == 0
    assert result.stdout.count("--stations") == 1
    assert "each rank" in result.stdout


# ---- What it refuses ----


def refused(data: Data, result: subprocess.CompletedProcess[str], status: int, why: str) -> None:
    """By one sentence of its own, beside what mpirun says of the end of a rank."""
    own = [line for line in result.stderr.splitlines() if line.startswith("locate_mpi: ")]
    assert len(own) == 1, result.stderr
    assert own[0].startswith(f"locate_mpi: {why}")
    assert "located among" not in result.stdout
    assert result.returncode == status
    assert {path.name for path in data.folder.iterdir()} <= INPUTS


@pytest.mark.parametrize(
    "case", ["text for an observation", "a station twice", "an unknown key", "a grid of stations"]
)
def test_bad_input_ends_all_ranks_by_one_sentence(data: Data, case: str):
    if case in BAD_INPUT:
        name, content, complaint = BAD_INPUT[case]
        data.write(name, content)
    else:
        here = [{"first": at, "last": at, "step": 1} for at in (120, 130, 900)]
        data.write_grid(**dict(zip("xyz", here)))
        name, complaint = "grid.json", ": x, y, z: expected a grid with nodes where no station"
    result = launch(*command(3, *arguments(data)))
    refused(data, result, 2, f"{data.folder / name}{complaint.format(folder=data.folder)}")


def test_bad_usage_ends_all_ranks_by_one_sentence(data: Data):
    refused(data, launch(*command(3)), 2, "--stations is required")
    result = launch(*command(3, *arguments(data, "--rung=warp")))
    refused(data, result, 2, "there is no rung 'warp' in C++; there are talk, ")


def test_an_error_of_a_rank_that_is_not_the_first_ends_all(data: Data):
    right = command(2, *arguments(data))
    result = launch(*right, ":", *command(1, *arguments(data, "--threads=none")))
    refused(data, result, 2, "--threads: ")


def test_a_rank_that_has_no_memory_ends_all(data: Data):
    limit = 400_000  # kB
    limited = ["-np", "1", "bash", "-c", f'ulimit -v {limit} && exec "$0" "$@"', str(PROGRAM)]
    if launch(*command(1, *arguments(data)), ":", *limited, *arguments(data)).returncode != 0:
        pytest.skip("MPI itself takes more memory than the rank is allowed")
    data.located.unlink()
    data.write_grid(amplitude={"first": 1, "last": 1 + limit * 1024 / 8, "step": 1})
    result = launch(*command(1, *arguments(data)), ":", *limited, *arguments(data))
    refused(data, result, 2, "there is not enough memory")


def test_an_output_without_a_place_is_refused_before_anything_is_computed(data: Data):
    nowhere = data.folder / "none" / "located.csv"
    result = launch(*command(3, *files(data.folder), "-o", str(nowhere)))
    refused(data, result, 2, f"{nowhere}: cannot be written: ")


def test_what_an_earlier_run_has_found_stays_where_a_later_one_fails(data: Data):
    data.located.write_text("kept\n")
    data.write("events.csv", "event,A,B,C,D\none,1,1,1,x\n")
    assert launch(*command(3, *arguments(data))).returncode == 2
    assert data.located.read_text() == "kept\n"


def test_a_grid_is_refused_that_the_shares_of_all_ranks_have_no_memory_for(data: Data):
    fine = {"first": 0, "last": 1000, "step": 0.02}
    data.write_grid(x=fine, y=fine, z={"first": 0, "last": 500, "step": 0.02})
    result = launch(*command(2, *arguments(data)))
    refused(data, result, 2, f"{data.folder}/grid.json: the grid has 6.25e+13 nodes and ")


# ---- What becomes of the others when a rank dies ----


def children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in listed]


def ranks_below(process: int) -> list[int]:
    """Process numbers, wherever the launcher puts them below itself."""
    found = []
    for child in children(process):
        try:
            name = Path(f"/proc/{child}/exe").readlink().name
        except OSError:
            continue
        found += [child] if name == PROGRAM.name else ranks_below(child)
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="ranks are found in /proc")
@pytest.mark.parametrize("victim", [0, -1])
def test_a_rank_that_is_killed_takes_the_others_with_it_and_leaves_no_file(data: Data, victim: int):
    # A station on a node is mentioned when all is read. To search takes long.
    data.write("stations.csv", STATIONS.replace("B,910,180,800", "B,900,200,400"))
    data.write_grid(
        x={"first": 0, "last": 1000, "step": 5},
        y={"first": 0, "last": 1000, "step": 5},
        amplitude={"first": 1, "last": 1000, "step": 1},
    )
    words = [*LAUNCHER, *command(3, *arguments(data, "--rung=talk"))]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as job:
        assert job.stdout and job.stderr
        said = job.stderr.readline()
        while said and "is left out" not in said:
            said = job.stderr.readline()
        assert said, "the search has not begun"
        ranks = sorted(ranks_below(job.pid))
        assert len(ranks) == 3
        os.kill(ranks[victim], 9)
        out, _ = job.communicate(timeout=60)
    assert "located among" not in out
    assert job.returncode != 0
    deadline = time.monotonic() + 30
    while any(map(is_alive, ranks)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, ranks))
    assert {path.name for path in data.folder.iterdir()} == INPUTS
