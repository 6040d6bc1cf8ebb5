"""What the machine is, as far as it can be told without root and without waiting.

A fact that cannot be found out is left out and named in "unknown", with the reason.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from ..runs.words import brief
from . import arm, ceilings, checkout, environment, topology
from . import kept as kept_machines

PATIENCE = 2  # seconds for any tool that is asked
# The facts on which the ceilings depend.
STATE = {"affinity", "cgroup", "cpu", "governor", "huge_pages", "kernel", "memory_bytes"} | {
    "microcode",
    "numa_nodes",
    "power",
    "turbo",
    "virtualization",
}
GIBI = 1 << 30
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": GIBI}
CPUINFO = Path("/proc/cpuinfo")
MODEL, KINDS = "Model name", " + "
LSCPU_NUMBERS = {"threads_per_core": "Thread(s) per core", "sockets": "Socket(s)"}
# A limit above this is the kernel's way to say that there is none.
NO_LIMIT = 1 << 60


class Unknown(Exception):
    """A fact that cannot be told; the text says why."""


def passport(
    build: dict[str, str] | None = None,
    program: Path | None = None,
    kept: Sequence[Mapping[str, str]] = (),
    machines: Path | None = None,
) -> dict:
    """The machine facts of a run, before it begins; `program` measures what is possible at most.

    Of the environment that a user has set, `kept` reaches what is measured. Under `machines` lies
    what `make noise` found in the same state.
    """
    unknown: dict[str, str] = {}
    facts: dict = {"name": machine_name()}
    for name, find in FACTS.items():
        _put(facts, unknown, name, find)
    values = environment.values(kept)
    facts["environment"] = {"kept": list(kept), "removed": environment.removed(but=values)}
    facts["openmp"] = _openmp(environment.of_cpp(values))
    if program:
        _put(facts, unknown, "topology", lambda: topology.told(program))
        _put(facts, unknown, "ceilings", lambda: _ceilings(program, facts, build or {}))
    if machines:
        _put(facts, unknown, "noise", lambda: kept_machines.noise(machines, facts, STATE))
    facts["build"] = dict(build or {})
    facts["unknown"] = unknown
    return facts


def _ceilings(program: Path, facts: dict, build: dict[str, str]) -> dict:
    """Kept from an earlier run only if nothing that they depend on has changed since."""
    state = {name: facts[name] for name in sorted(STATE) if name in facts}
    state["boot"] = _text(Path("/proc/sys/kernel/random/boot_id"))
    # Neighbours on the same hardware come and go: what holds today need not hold tomorrow.
    state["day"] = date.today().isoformat()
    state["program"] = build.get("binary_sha256")
    state["kept"] = kept = environment.values(facts["environment"]["kept"])
    env = environment.of_cpp(kept)
    try:
        if not (state["boot"] and state["program"]):
            return ceilings.measured(program, env)
        return ceilings.kept_or_measured(program, state, facts.get("load_before"), env)
    except ceilings.NotMeasured as reason:
        raise Unknown(str(reason)) from None


def machine_name() -> str:
    """The host's name, fit to be part of a folder's."""
    name = socket.gethostname().split(".")[0] or "machine"
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)


def load() -> float:
    """The load average over one minute. Raises Unknown where there is none."""
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        raise Unknown("this system tells no load average") from None


def after() -> dict:
    """What the machine tells when the run has measured; what it does not tell is left out."""
    facts: dict = {}
    _put(facts, {}, "load_after", load)
    _put(facts, {}, "processor_after", processor_time)
    return facts


def processor_time(stat: Path = Path("/proc/stat")) -> dict:
    """Seconds since the machine started of the processors that this process may use.

    Our own are those of this process and of all that it has waited for, and theirs. The number of
    the process says whether a later reading is of the same one.
    """
    ours, ticks = os.times(), os.sysconf("SC_CLK_TCK")
    lines = [line.split() for line in (_text(stat) or "").splitlines()]
    mine = {f"cpu{number}" for number in _affinity()}
    counted = [[int(n) / ticks for n in line[1:9]] for line in lines if line and line[0] in mine]
    if not counted:
        raise Unknown(f"{stat} does not tell")
    user, nice, system, idle, waiting, hard, soft, steal = (sum(each) for each in zip(*counted))
    busy = user + nice + system + hard + soft
    seconds = {
        "busy_seconds": busy,
        "steal_seconds": steal,
        "all_seconds": busy + steal + idle + waiting,
        "own_seconds": sum(ours[:4]),
    }
    return {**{name: round(each, 2) for name, each in seconds.items()}, "process": os.getpid()}


def usable_cores() -> int:
    """Logical processors that this process may run on, of a quota the whole ones."""
    has_mask = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_mask else os.cpu_count() or 1
    quota = _limits().get("cpu_quota", cores)
    return max(1, min(cores, int(quota)))


def available_memory() -> int | None:
    """Bytes that a new process can have: of the machine and of its control groups."""
    amounts = [_in_meminfo("MemAvailable"), *(_room_in(group) for group in _cgroups())]
    return min((amount for amount in amounts if amount is not None), default=None)


def suite(project: Path, version: str) -> dict:
    """Version and commit of the suite itself."""
    try:
        commit, dirty = checkout.commit(project)
    except checkout.Unknown as reason:
        unknown = {"version": version, "commit": "unknown", "dirty": False}
        return {**unknown, "reason": brief(str(reason))}
    return {"version": version, "commit": commit, "dirty": dirty}


def on_battery() -> bool:
    """True if every mains adapter that the kernel knows of is unplugged."""
    adapters = Path("/sys/class/power_supply").glob("*/online")
    plugged = [_text(file) == "1" for file in adapters]
    return bool(plugged) and not any(plugged)


def _put(facts: dict, unknown: dict, name: str, find: Callable[[], object]) -> None:
    try:
        value = find()
        if value is not None:
            facts[name] = value
    except (Unknown, kept_machines.NotKept, topology.NotTold) as reason:
        unknown[name] = brief(str(reason))
    except (OSError, ValueError, KeyError, IndexError) as error:
        unknown[name] = brief(f"cannot be read here: {error}")


def _cpu() -> dict:
    told = _lscpu()
    flags = told.get("Flags", _in_cpuinfo("Features") or "").split()
    cpuinfo = _text(CPUINFO) or ""
    cpu = {
        "model": told.get(MODEL)
        or _in_cpuinfo("model name")
        or arm.model(cpuinfo)
        or _of_mac("machdep.cpu.brand_string"),
        "vendor": told.get("Vendor ID") or _in_cpuinfo("vendor_id") or arm.designer(cpuinfo),
        "architecture": platform.machine(),
        "cores": _cores(told),
        "usable_cores": usable_cores(),
        **{name: _number(told.get(field)) for name, field in LSCPU_NUMBERS.items()},
        "flags": flags or None,
        "caches": _caches() or None,
    }
    return {name: value for name, value in cpu.items() if value is not None}


def _lscpu() -> dict[str, str]:
    text = _ask(["lscpu", "-J"])
    if not text:
        return {}
    found: dict[str, str] = {}
    pending = list(json.loads(text)["lscpu"])
    while pending:  # newer versions nest what older ones list
        entry = pending.pop(0)
        name, value = entry["field"].rstrip(":"), entry.get("data")
        if value and value != "-":  # which stands for what is not known
            # Of a processor with cores of several kinds, each has its own.
            several = name == MODEL and value not in found.get(name, value).split(KINDS)
            found[name] = found[name] + KINDS + value if several else value
        pending += entry.get("children", [])
    return found


def _cores(told: dict[str, str]) -> int | None:
    if KINDS not in told.get(MODEL, ""):  # else what is told last is of one kind alone
        for group in ("Socket", "Cluster"):
            each = _number(told.get(f"Core(s) per {group.lower()}"))
            groups = _number(told.get(f"{group}(s)"))
            if each and groups:
                return each * groups
    threads = Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list")
    cores = {_text(siblings) for siblings in threads} - {None}
    return len(cores) or _number(_of_mac("hw.physicalcpu"))


def _caches() -> list[dict]:
    """Each distinct cache once; those that several processors share are counted once."""
    seen: dict[tuple[int, str, int], set[str]] = {}
    for cache in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cache/index*"):
        names = ("level", "type", "size", "shared_cpu_list")
        level, kind, size, shared = (_text(cache / name) for name in names)
        if level and kind and size and shared:
            seen.setdefault((int(level), kind.lower(), _bytes(size)), set()).add(shared)
    return [
        {"level": level, "type": kind, "size_bytes": size, "instances": len(shared)}
        for (level, kind, size), shared in sorted(seen.items())
    ]


def _memory() -> int:
    found = _in_meminfo("MemTotal") or _number(_of_mac("hw.memsize"))
    if not found:
        raise Unknown("neither /proc/meminfo nor sysctl tells")
    return found


def _os() -> str:
    lines = (_text(Path("/etc/os-release")) or "").splitlines()
    for line in lines:
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip("\"'")
    if platform.mac_ver()[0]:
        return f"macOS {platform.mac_ver()[0]}"
    return platform.system()


def _virtualization() -> str:
    if shutil.which("systemd-detect-virt"):
        return _ask(["systemd-detect-virt", "--vm"], also_failed=True) or "none"
    hypervisor = _lscpu().get("Hypervisor vendor")
    if hypervisor:
        return hypervisor
    if "hypervisor" in (_in_cpuinfo("flags") or "").split():
        return "unnamed hypervisor"
    raise Unknown("systemd-detect-virt is not installed and the processor names no hypervisor")


def _container() -> str | None:
    """None where there is none."""
    for file, name in (("/.dockerenv", "docker"), ("/run/.containerenv", "podman")):
        if Path(file).exists():
            return name
    if "SINGULARITY_NAME" in os.environ or "APPTAINER_NAME" in os.environ:
        return "apptainer"
    if shutil.which("systemd-detect-virt"):
        told = _ask(["systemd-detect-virt", "--container"], also_failed=True)
        return None if told in ("none", "") else told
    raise Unknown("no sign of one, and systemd-detect-virt is not installed")


def _huge_pages() -> dict:
    setting = _text(Path("/sys/kernel/mm/transparent_hugepage/enabled"))
    chosen = re.search(r"\[(always|madvise|never)\]", setting or "")
    if not chosen:
        raise Unknown("/sys/kernel/mm/transparent_hugepage/enabled is not there")
    return {"transparent": chosen[1]}


def _governor() -> str:
    governor = _text(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))
    if not governor:
        raise Unknown("the system shows no cpufreq, as most virtual machines do")
    return governor


def _driver() -> str:
    driver = _text(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver"))
    if not driver:
        raise Unknown("the system shows no cpufreq, as most virtual machines do")
    return driver


def _turbo() -> bool:
    intel = _text(Path("/sys/devices/system/cpu/intel_pstate/no_turbo"))
    any_other = _text(Path("/sys/devices/system/cpu/cpufreq/boost"))
    if intel is None and any_other is None:
        raise Unknown("the system shows no switch for it")
    return intel == "0" if intel is not None else any_other == "1"


def _microcode() -> str:
    version = _in_cpuinfo("microcode")
    if not version:
        raise Unknown("/proc/cpuinfo does not tell")
    return version


def _numa_nodes() -> int:
    nodes = list(Path("/sys/devices/system/node").glob("node[0-9]*"))
    if not nodes:
        raise Unknown("/sys/devices/system/node is not there")
    return len(nodes)


def _affinity() -> list[int]:
    if not hasattr(os, "sched_getaffinity"):
        raise Unknown("this system does not tell")
    return sorted(os.sched_getaffinity(0))


def _power() -> str:
    if not Path("/sys/class/power_supply").is_dir():
        raise Unknown("/sys/class/power_supply is not there")
    return "battery" if on_battery() else "mains, or no battery to speak of"


def _limits() -> dict:
    """The tightest limits of the control groups that this process is in."""
    quotas = [_quota_of(group) for group in _cgroups()]
    limits = [_limit_of(group) for group in _cgroups()]
    found = {
        "cpu_quota": min((q for q in quotas if q), default=None),
        "memory_limit_bytes": min((b for b in limits if b), default=None),
    }
    return {name: value for name, value in found.items() if value is not None}


def _openmp(chosen: Mapping[str, str]) -> dict[str, str]:
    names = ("OMP_PLACES", "OMP_PROC_BIND", "OMP_WAIT_POLICY")
    return {name.lower(): chosen[name] for name in names if name in chosen}


def _scheduler() -> dict[str, str]:
    names = {
        "job_id": "SLURM_JOB_ID",
        "partition": "SLURM_JOB_PARTITION",
        "modules": "LOADEDMODULES",
    }
    return {fact: os.environ[name] for fact, name in names.items() if os.environ.get(name)}


def _cgroups() -> list[Path]:
    """The folders of this process's control group and of all above it, version 2 or 1."""
    folders: list[Path] = []
    for line in (_text(Path("/proc/self/cgroup")) or "").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(",") if controllers else [""]:
            base = Path("/sys/fs/cgroup") / controller
            here = base / path.lstrip("/")
            folders += [here, *(p for p in here.parents if base in (p, *p.parents))]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def _quota_of(group: Path) -> float | None:
    quota: str | None
    period: str | None
    quota, period = (_text(group / "cpu.max") or "max 0").split()
    if quota == "max":
        quota, period = _text(group / "cpu.cfs_quota_us"), _text(group / "cpu.cfs_period_us")
    if not quota or not period or float(quota) <= 0:
        return None
    return float(quota) / float(period)


def _limit_of(group: Path) -> int | None:
    for name in ("memory.max", "memory.limit_in_bytes"):
        limit = _number(_text(group / name))
        if limit and limit < NO_LIMIT:
            return limit
    return None


def _room_in(group: Path) -> int | None:
    limit = _limit_of(group)
    used = _number(_text(group / "memory.current") or _text(group / "memory.usage_in_bytes"))
    return None if limit is None or used is None else max(0, limit - used)


def _in_meminfo(field: str) -> int | None:
    found = re.search(rf"^{field}:\s+(\d+) kB", _text(Path("/proc/meminfo")) or "", re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def _in_cpuinfo(field: str) -> str | None:
    found = re.search(rf"^{field}\s*: (.+)$", _text(CPUINFO) or "", re.MULTILINE)
    return found[1].strip() if found else None


def _of_mac(name: str) -> str | None:
    return _ask(["sysctl", "-n", name]) if platform.system() == "Darwin" else None


def _ask(command: list[str], also_failed: bool = False) -> str | None:
    """What a tool answers; nothing if it is missing, slow or fails."""
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=environment.of_tools(LC_ALL="C"),
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return answer.stdout.strip() if also_failed or answer.returncode == 0 else None


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _bytes(size: str) -> int:
    """32K, 1M"""
    found = re.fullmatch(r"(\d+)([KMG]?)", size)
    if not found:
        raise Unknown(f"'{size}' is no size of a cache")
    return int(found[1]) * UNITS[found[2]]


FACTS: dict[str, Callable[[], object]] = {
    "cpu": _cpu,
    "memory_bytes": _memory,
    "os": _os,
    "kernel": lambda: f"{platform.system()} {platform.release()}",
    "virtualization": _virtualization,
    "container": _container,
    "huge_pages": _huge_pages,
    "governor": _governor,
    "driver": _driver,
    "turbo": _turbo,
    "microcode": _microcode,
    "numa_nodes": _numa_nodes,
    "affinity": _affinity,
    "power": _power,
    "cgroup": _limits,
    "scheduler": _scheduler,
    "load_before": load,
    "processor_before": processor_time,
}
