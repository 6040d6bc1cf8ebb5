"""The machine facts: of this machine, and of machines that tell less."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from suite.machine import ceilings, passport

PROJECT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((PROJECT / "results" / "run.schema.json").read_text())
MACHINE = {**SCHEMA["$defs"]["machine"], "$defs": SCHEMA["$defs"]}


@pytest.fixture
def bare(monkeypatch):
    """A system without /proc, /sys and tools, such as a minimal container or another Unix."""
    monkeypatch.setattr(passport, "_text", lambda file: None)
    monkeypatch.setattr(passport, "_ask", lambda command, also_failed=False: None)
    monkeypatch.setattr(passport.shutil, "which", lambda name: None)
    monkeypatch.setattr(passport.Path, "exists", lambda self: False)


def test_the_passport_of_this_machine_fits_the_schema():
    facts = passport.passport({"compiler": "GNU 12"})
    jsonschema.validate(facts, MACHINE)
    assert 1 <= facts["cpu"]["usable_cores"] <= len(os.sched_getaffinity(0))
    assert facts["memory_bytes"] > 1 << 28
    assert facts["build"] == {"compiler": "GNU 12"}


def test_every_fact_is_told_or_named_unknown_with_a_reason():
    facts = passport.passport()
    for name in passport.FACTS:
        assert name in facts or facts["unknown"].get(name) or name == "container"


def test_a_machine_that_tells_nothing_still_has_a_passport(bare):
    facts = passport.passport()
    jsonschema.validate(facts, MACHINE)
    assert {"memory_bytes", "huge_pages", "governor", "virtualization"} <= facts["unknown"].keys()
    assert "model" not in facts["cpu"]


def test_an_unknown_number_is_never_zero(bare):
    facts = passport.passport()
    assert "cores" not in facts["cpu"]
    assert passport.available_memory() is None


def test_the_tightest_control_group_above_counts(tmp_path, monkeypatch):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "cpu.max").write_text("150000 100000\n")
    (inner / "cpu.max").write_text("max 100000\n")
    (tmp_path / "outer" / "memory.max").write_text("4000000000\n")
    (tmp_path / "outer" / "memory.current").write_text("1000000000\n")
    (inner / "memory.max").write_text("max\n")
    monkeypatch.setattr(passport, "_cgroups", lambda: [inner, tmp_path / "outer"])
    assert passport._limits() == {"cpu_quota": 1.5, "memory_limit_bytes": 4_000_000_000}
    assert passport.available_memory() <= 3_000_000_000


@pytest.mark.parametrize(("quota", "cores"), [("50000", 1), ("150000", 1), ("max", 4)])
def test_of_a_quota_the_whole_cores_may_be_used_and_one_at_least(
    quota, cores, tmp_path, monkeypatch
):
    (tmp_path / "cpu.max").write_text(f"{quota} 100000\n")
    monkeypatch.setattr(passport, "_cgroups", lambda: [tmp_path])
    monkeypatch.setattr(passport.os, "sched_getaffinity", lambda process: set(range(4)))
    assert passport.usable_cores() == cores


def test_caches_that_processors_share_are_counted_once(tmp_path, monkeypatch):
    for cpu in (0, 1):
        for index, (level, kind, size, shared) in enumerate(
            [(1, "Data", "32K", str(cpu)), (3, "Unified", "8M", "0-1")]
        ):
            cache = tmp_path / f"cpu{cpu}" / "cache" / f"index{index}"
            cache.mkdir(parents=True)
            for name, value in (("level", level), ("type", kind), ("size", size)):
                (cache / name).write_text(f"{value}\n")
            (cache / "shared_cpu_list").write_text(f"{shared}\n")
    monkeypatch.setattr(passport, "Path", lambda path: tmp_path)
    assert passport._caches() == [
        {"level": 1, "type": "data", "size_bytes": 32768, "instances": 2},
        {"level": 3, "type": "unified", "size_bytes": 8388608, "instances": 1},
    ]


def lscpu(*entries: tuple[str, str]) -> str:
    listed = [{"field": f"{name}:", "data": value} for name, value in entries]
    return json.dumps({"lscpu": listed})


ONE_KIND = [("Vendor ID", "ARM"), ("Model name", "Neoverse-N1"), ("Core(s) per cluster", "4")]
TWO_KINDS = [
    *(("Vendor ID", "ARM"), ("Model name", "Cortex-A55"), ("Core(s) per socket", "4")),
    *(("Socket(s)", "1"), ("Model name", "Cortex-A76"), ("Core(s) per socket", "2")),
]


def with_siblings(folder: Path, *siblings: str) -> None:
    for cpu, of_core in enumerate(siblings):
        topology = folder / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{of_core}\n")


def told_by(monkeypatch, answer: str | None) -> dict:
    monkeypatch.setattr(passport, "_ask", lambda command, also_failed=False: answer)
    return passport._cpu()


def test_an_arm_processor_has_the_name_and_the_cores_that_lscpu_tells(monkeypatch):
    told = lscpu(*ONE_KIND, ("Socket(s)", "-"), ("Cluster(s)", "2"))
    cpu = told_by(monkeypatch, told)
    assert (cpu["model"], cpu["vendor"], cpu["cores"]) == ("Neoverse-N1", "ARM", 8)


def test_of_a_processor_with_cores_of_two_kinds_both_are_named_and_all_cores_counted(
    tmp_path, monkeypatch
):
    with_siblings(tmp_path, *"012345")
    monkeypatch.setattr(passport, "Path", lambda path: tmp_path)
    cpu = told_by(monkeypatch, lscpu(*TWO_KINDS))
    assert (cpu["model"], cpu["cores"]) == ("Cortex-A55 + Cortex-A76", 6)


def test_threads_of_one_core_are_one_core(tmp_path, monkeypatch):
    with_siblings(tmp_path, "0,2", "1,3", "0,2", "1,3")
    monkeypatch.setattr(passport, "Path", lambda path: tmp_path)
    assert told_by(monkeypatch, None)["cores"] == 2


def cpuinfo(*kinds: tuple[str, str]) -> str:
    """As Linux writes it on Arm: numbers, and no name."""
    return "\n".join(
        f"processor\t: {i}\nFeatures\t: fp asimd aes\nCPU implementer\t: {who}\n"
        f"CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: {part}\nCPU revision\t: 1\n"
        for i, (who, part) in enumerate(kinds)
    )


@pytest.mark.parametrize(
    ("kinds", "model", "vendor"),
    [
        ([("0x41", "0xd0c")] * 4, "Arm Neoverse-N1", "Arm"),
        ([("0x41", "0xd05"), ("0x41", "0xd0b")], "Arm Cortex-A55 + Arm Cortex-A76", "Arm"),
        ([("0x61", "0x000")], "Apple part 0x000", "Apple"),  # a virtual machine on a Mac
        ([("0x99", "0xd0c")], "designer 0x99 part 0xd0c", "designer 0x99"),
    ],
)
def test_where_lscpu_names_no_arm_processor_its_numbers_do(
    kinds: list, model: str, vendor: str, tmp_path, monkeypatch
):
    monkeypatch.setattr(passport, "CPUINFO", tmp_path / "cpuinfo")
    passport.CPUINFO.write_text(cpuinfo(*kinds))
    for answer in (None, lscpu(("Vendor ID", "-"), ("Model name", "-"))):
        cpu = told_by(monkeypatch, answer)
        assert (cpu["model"], cpu["vendor"]) == (model, vendor)
        assert cpu["flags"] == ["fp", "asimd", "aes"]


def test_without_a_folder_of_power_supplies_nothing_is_said_of_mains(monkeypatch):
    monkeypatch.setattr(passport.Path, "is_dir", lambda self: False)
    facts = passport.passport()
    assert "power" not in facts
    assert facts["unknown"]["power"] == "/sys/class/power_supply is not there"


def test_the_name_of_the_machine_is_fit_for_a_folder(monkeypatch):
    monkeypatch.setattr(passport.socket, "gethostname", lambda: "maria's laptop.example.org")
    assert passport.machine_name() == "maria-s-laptop"


def program(folder: Path, text: str) -> Path:
    file = folder / "mythbench"
    file.write_text(f'#!/bin/sh\n[ "$1" = --ceilings ] || exit 2\n{text}\n')
    file.chmod(0o755)
    return file


PEAK = {"threads": 1, "f64_operations_per_second": 1e9, "f32_operations_per_second": 2e9}


def test_the_ceilings_are_what_the_program_measures(tmp_path):
    told = json.dumps({"instruction_set": "AVX2", "ceilings": [PEAK]})
    facts = passport.passport(program=program(tmp_path, f"echo '{told}'"))
    jsonschema.validate(facts, MACHINE)
    assert facts["ceilings"].pop("measured").startswith("20")
    assert facts["ceilings"] == {"instruction_set": "AVX2", "peaks": [PEAK]}
    assert facts["unknown"]["topology"] == "mythbench --topology tells none"


def test_what_a_node_of_several_has_is_kept_apart_from_what_all_have(tmp_path):
    every = [{"scope": scope, **PEAK} for scope in ("core", "node", "machine")]
    latency = [{"level": "L1", "bytes": 4096, "seconds": 1e-9}]
    told = json.dumps({"instruction_set": "AVX2", "ceilings": every, "latency": latency})
    facts = passport.passport(program=program(tmp_path, f"echo '{told}'"))
    jsonschema.validate(facts, MACHINE)
    assert [peak["scope"] for peak in facts["ceilings"]["peaks"]] == ["core", "machine"]
    assert facts["ceilings"]["one_node"]["scope"] == "node"
    described = dict(ceilings.described(facts["ceilings"]))
    assert described["a load takes"] == "1.00 ns in L1"
    assert "at most, 1 thread of one NUMA node" in described


def test_of_ceilings_that_lack_a_part_the_others_are_kept_with_the_reason_for_this_run(
    tmp_path, idle
):
    lack = {"threads": 1, "what": "triad in memory", "reason": "the time was out"}
    told = json.dumps({"instruction_set": "AVX2", "ceilings": [PEAK], "left_out": [lack]})
    asked = program(tmp_path, f"echo asked >> {tmp_path}/asked; echo '{told}'")
    for _ in range(2):
        facts = passport.passport({"binary_sha256": "00"}, asked)
        jsonschema.validate(facts, MACHINE)
        assert facts["ceilings"]["peaks"] == [PEAK]
        words = ("not measured, 1 thread", "triad in memory (the time was out)")
        assert words in ceilings.described(facts["ceilings"])
    assert times_asked(tmp_path) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo first >&2; echo no luck >&2; exit 2", "mythbench --ceilings ended with 2: no luck"),
        ("exit 1", "mythbench --ceilings ended with 1: no reason was given"),
        ("echo hello", "cannot be read here: Expecting value"),
        ("""echo '{"instruction_set": "AVX2", "ceilings": []}'""", "measured no rate"),
        (
            """echo '{"instruction_set": "AVX2", "ceilings": [{"threads": 1, """
            """"f64_operations_per_second": NaN, "f32_operations_per_second": 1}]}'""",
            "measured no rate",
        ),
        ("exec sleep 9", "not measured within 0.2 seconds"),
    ],
)
def test_ceilings_that_were_not_measured_are_unknown_with_the_reason(
    tmp_path, monkeypatch, text, reason
):
    monkeypatch.setattr(ceilings, "PATIENCE", 0.2)
    facts = passport.passport(program=program(tmp_path, text))
    jsonschema.validate(facts, MACHINE)
    assert "ceilings" not in facts
    assert reason in facts["unknown"]["ceilings"]


def counting_program(folder: Path) -> Path:
    """Tells ceilings and notes that it was asked."""
    told = json.dumps({"instruction_set": "AVX2", "ceilings": [PEAK]})
    return program(folder, f"echo asked >> {folder}/asked; echo '{told}'")


def times_asked(folder: Path) -> int:
    return len((folder / "asked").read_text().split())


@pytest.fixture
def idle(monkeypatch):
    monkeypatch.setitem(passport.FACTS, "load_before", lambda: 0.1)


def test_the_ceilings_are_kept_while_the_state_of_the_machine_is_the_same(tmp_path, idle):
    build = {"binary_sha256": "00"}
    first = passport.passport(build, counting_program(tmp_path))
    again = passport.passport(build, tmp_path / "mythbench")
    assert times_asked(tmp_path) == 1
    assert again["ceilings"] == first["ceilings"]


@pytest.mark.parametrize("fact", ["governor", "huge_pages", "affinity", "power"])
def test_in_another_state_the_ceilings_are_measured_again(tmp_path, idle, monkeypatch, fact):
    asked = counting_program(tmp_path)
    passport.passport({"binary_sha256": "00"}, asked)
    monkeypatch.setitem(passport.FACTS, fact, lambda: "another")
    passport.passport({"binary_sha256": "00"}, asked)
    assert times_asked(tmp_path) == 2


def test_another_program_measures_its_own_ceilings(tmp_path, idle):
    asked = counting_program(tmp_path)
    for sha256 in ("00", "11"):
        passport.passport({"binary_sha256": sha256}, asked)
    assert times_asked(tmp_path) == 2


def test_what_a_busy_machine_showed_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setitem(passport.FACTS, "load_before", lambda: 3.0)
    asked = counting_program(tmp_path)
    for _ in range(2):
        assert "ceilings" in passport.passport({"binary_sha256": "00"}, asked)
    assert times_asked(tmp_path) == 2


def test_a_spoiled_file_of_ceilings_is_measured_anew(tmp_path, idle):
    asked = counting_program(tmp_path)
    for spoiled in ("", "[1]", '{"state": 1}'):
        (tmp_path / "ceilings.json").write_text(spoiled)
        assert "ceilings" in passport.passport({"binary_sha256": "00"}, asked)
    assert times_asked(tmp_path) == 3


def test_a_bandwidth_that_is_no_number_is_no_ceiling(tmp_path):
    spoiled = {**PEAK, "bandwidths": [{"level": "L1", "bytes_per_second": 0, "stores": "ordinary"}]}
    told = json.dumps({"instruction_set": "AVX2", "ceilings": [spoiled]})
    facts = passport.passport(program=program(tmp_path, f"echo '{told}'"))
    assert "measured no rate" in facts["unknown"]["ceilings"]


def test_processor_time_is_that_of_the_processors_that_may_be_used(tmp_path, monkeypatch):
    stat = tmp_path / "stat"
    stat.write_text(
        "cpu  1 1 1 1 1 1 1 1 0 0\ncpu0 9 9 9 9 9 9 9 9 0 0\n"
        "cpu1 100 200 300 400 500 600 700 800 100 0\nintr 5\n"
    )
    monkeypatch.setattr(passport.os, "sysconf", lambda name: 100)
    monkeypatch.setattr(passport, "_affinity", lambda: [1])
    told = passport.processor_time(stat)
    assert told["busy_seconds"] == 19.0
    assert told["steal_seconds"] == 8.0
    assert told["all_seconds"] == 36.0
    assert told["process"] == passport.os.getpid()


def test_where_no_processor_time_is_told_it_is_unknown_before_and_left_out_after(
    tmp_path, monkeypatch
):
    def nothing() -> dict:
        return read(tmp_path / "absent")

    read = passport.processor_time
    with pytest.raises(passport.Unknown, match="absent does not tell"):
        nothing()
    monkeypatch.setattr(passport, "processor_time", nothing)
    monkeypatch.setattr(passport, "load", lambda: 1.5)
    assert passport.after() == {"load_after": 1.5}
