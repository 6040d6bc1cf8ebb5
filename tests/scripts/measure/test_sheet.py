"""The passport on one screen."""

from __future__ import annotations

from suite.measure import sheet
from suite.measure.terminal import say
from synthetic_run import machine, noise, topology


def document(**facts) -> dict:
    return {
        "schema_version": 1,
        "written": "2026-11-22T14:00:00Z",
        "anonymous": False,
        "suite": {"version": "0.1.0", "commit": "0123456789abcdef", "dirty": True},
        "machine": {**machine(), **facts},
    }


def shown(capsys, what) -> list[str]:
    say(what)
    return capsys.readouterr().out.splitlines()


def test_a_passport_of_eight_nodes_is_one_screen(capsys):
    peaks = machine()["ceilings"]
    peaks["one_node"] = {**peaks["peaks"][1], "threads": 16}
    left_out = [{"threads": 1, "what": f"part {n}", "reason": "no time"} for n in range(9)]
    unknown = {f"fact_{n}": f"not told, {n // 2}" for n in range(20)}
    lines = shown(
        capsys,
        sheet.sheet(
            document(
                topology=topology(8, 16, 2),
                ceilings={**peaks, "left_out": left_out},
                noise=noise(0.02),
                unknown=unknown,
                scheduler={"job_id": "7", "partition": "short"},
            )
        ),
    )
    assert len(lines) <= 24
    assert any("8 NUMA nodes, 128 cores, 256 threads" in line for line in lines)
    assert any("fact 0, fact 1 (not told, 0)" in line and "7 more" in line for line in lines)


def test_ceilings_stand_by_level_for_a_core_a_node_and_all(capsys):
    peaks = machine()["ceilings"]
    peaks["one_node"] = {**peaks["peaks"][1], "threads": 16}
    lines = shown(capsys, sheet.sheet(document(ceilings=peaks)))
    (head,) = (line for line in lines if "one core" in line)
    assert head.split("  ")[-1].strip() == "a load takes"
    assert "one NUMA node (16)" in head and "all (2)" in head
    (l3,) = (line for line in lines if line.startswith("triad L3"))
    told = "triad L3 40.0 GB/s 80.0 GB/s 80.0 GB/s 14.0 ns 35.75 MiB of 2 cores"
    assert " ".join(l3.split()) == told
    memory = [" ".join(line.split()) for line in lines if line.startswith("triad memory")]
    assert memory[0].startswith("triad memory 8.00 GB/s 16.0 GB/s 16.0 GB/s 96.0 ns")
    assert memory[1].startswith("triad memory, streaming stores 10.0 GB/s")


def test_a_machine_that_tells_nothing_has_a_sheet_too(capsys):
    bare = {"name": "bare", "unknown": {"cpu": "nobody tells", "ceilings": "not built"}}
    lines = shown(capsys, sheet.sheet({**document(), "machine": bare}))
    assert lines[0] == "bare"
    assert lines[-1] == "Unknown: cpu (nobody tells); ceilings (not built)"


def test_what_a_busy_machine_shows_is_said_not_to_be_kept(capsys):
    busy = shown(capsys, sheet.sheet(document(load_before=3.0)))
    assert any("With a load of 3 these are not kept" in line for line in busy)
    assert not any("are not kept" in line for line in shown(capsys, sheet.sheet(document())))


def test_noise_is_told_rung_by_rung_and_what_it_means(capsys):
    lines = shown(capsys, sheet.noise_sheet({**machine(), "noise": noise(0.034)}))
    assert lines[0] == "made-up against itself, 14 pairs of processes"
    assert any(line.startswith("sums/naive, n:10, threads:1") and "3.4%" in line for line in lines)
    assert any(line.startswith("Noise floor 3.4%, measured ") for line in lines)


def test_what_noise_was_found_is_no_longer_unknown():
    before = document(unknown={"noise": "not measured", "turbo": "no switch"})
    after = sheet.held_against_itself(before, noise(0.02))
    assert after["machine"]["noise"]["floor"] == 0.02
    assert after["machine"]["unknown"] == {"turbo": "no switch"}
    assert "load_after" in after["machine"]
