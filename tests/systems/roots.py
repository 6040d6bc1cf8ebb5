"""Roots of other systems: made by debootstrap once, entered as often as one likes.

A system's own files lie in a layer over the root of its release, so that a try begins anew in no
time and takes little room. Each command has namespaces of its own, and all that it has mounted and
started ends with it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from system import PROJECT, Limits, System

MIRROR = "http://deb.debian.org/debian"
CHECKOUT = "/srv/mythbench"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CONTROL_GROUPS = Path("/sys/fs/cgroup")

# Packages that were fetched serve the next root; a mirror that lags behind is good enough.
APT = 'APT::Keep-Downloaded-Packages "true";\nAcquire::Check-Valid-Until "false";\n'

# Makes the root out of its layers, and what every root needs beside its files.
ENTER = """
set -e
root=$1 layers=$2 upper=$3 work=$4 offline=$5; shift 5
mount -t overlay overlay -o "lowerdir=$layers,upperdir=$upper,workdir=$work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  shift 2
done
shift
if [ "$offline" ]; then ip link set lo up; fi
exec chroot "$root" "$@"
"""


class NotMade(Exception):
    """A root that cannot be made; the text says why."""


@dataclass(frozen=True)
class Root:
    """The root of one system, in a folder where all roots lie."""

    folder: Path
    system: System
    layers: tuple[Path, ...]  # the topmost first

    @property
    def upper(self) -> Path:
        return self.folder / self.system.name / "files"

    def path(self, inside: str) -> Path:
        """Where the topmost layer has a file of the root."""
        return self.upper / inside.lstrip("/")

    def command(
        self, words: Sequence[str], offline: bool = False, shares: Sequence[tuple[str, str]] = ()
    ) -> list[str]:
        """What runs the words inside, as root."""
        mine = self.folder / self.system.name
        (mine / "root").mkdir(parents=True, exist_ok=True)
        layers = ":".join(map(str, self.layers))
        places = [mine / "root", layers, self.upper, mine / "work", "yes" if offline else ""]
        return [
            *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
            *(["--net"] if offline else []),
            *("bash", "-c", ENTER, "enter", *map(str, places)),
            *(each for share in shares for each in share),
            *("--", *words),
        ]


def fresh(folder: Path, system: System, below: Sequence[System]) -> Root:
    """A root for this system with nothing of an earlier try; `below` are those it goes on with."""
    root = Root(folder, system, layers(folder, system, below))
    shutil.rmtree(folder / system.name, ignore_errors=True)
    for each in (root.upper, folder / system.name / "work"):
        each.mkdir(parents=True)
    return root


def based(folder: Path, suite: str) -> Path:
    """The root that all systems of a release have below them: git and make, and certificates."""
    base = folder / f"base-{suite}"
    if (base / "etc/debian_version").exists():
        return base
    for need in ("debootstrap", "unshare", "git"):
        if not shutil.which(need):
            raise NotMade(f"{need} is not installed")
    if os.geteuid() != 0:
        raise NotMade("only root can make roots")
    unfinished = folder / f"base-{suite}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    (folder / "archives").mkdir(parents=True, exist_ok=True)
    options = ["--variant=minbase", "--include=git,make,ca-certificates"]
    made = subprocess.run(
        ["debootstrap", *options, f"--cache-dir={folder}/archives", suite, unfinished, MIRROR],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise NotMade(f"debootstrap: {made.stdout.strip().splitlines()[-1]}")
    resemble_this_network(unfinished, suite)
    unfinished.rename(base)
    return base


def resemble_this_network(root: Path, suite: str) -> None:
    """Names, certificates and the newest packages as this machine gets them."""
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    if CERTIFICATES.exists():
        # Under another name: that of Debian is written anew by its own packages.
        shutil.copy(CERTIFICATES, root / "etc/ssl/this-network.pem")
        (root / "etc/pip.conf").write_text("[global]\ncert = /etc/ssl/this-network.pem\n")
    if suite != "sid":
        (root / "etc/apt/sources.list").write_text(
            f"deb {MIRROR} {suite} main\n"
            f"deb {MIRROR} {suite}-updates main\n"
            f"deb {MIRROR}-security {suite}-security main\n"
        )
    (root / "etc/apt/apt.conf.d/90mirror").write_text(APT)


def standing(folder: Path, system: System, below: Sequence[System]) -> Root:
    """The root of this system as an earlier try has left it."""
    root = Root(folder, system, layers(folder, system, below))
    if not root.upper.is_dir():
        raise NotMade(f"{system.name} was not tried yet")
    return root


def layers(folder: Path, system: System, below: Sequence[System]) -> tuple[Path, ...]:
    return (*(folder / each.name / "files" for each in below), based(folder, system.suite))


def check_out(root: Root) -> None:
    """The last commit of this project, where whoever works in the root may write."""
    place = root.path(CHECKOUT)
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", PROJECT, place], check=True)


class Granted:
    """A control group with these limits, of version 2 or 1, for as long as it is entered."""

    def __init__(self, name: str, limits: Limits):
        self.name, self.limits = f"mythbench-{name}", limits
        self.groups: list[Path] = []

    def __enter__(self) -> list[Path]:
        limits = self.limits
        if limits.cores:
            self._write("cpu", "cpu.max", f"{int(limits.cores * 100_000)} 100000")
        if limits.memory_bytes:
            self._write("memory", "memory.max", str(limits.memory_bytes))
        if limits.processors:
            self._write("cpuset", "cpuset.cpus", limits.processors)
        return self.groups

    def _write(self, controller: str, file: str, text: str) -> None:
        second = CONTROL_GROUPS / "cgroup.controllers"
        if second.exists() and controller in second.read_text().split():
            group = CONTROL_GROUPS / self.name
            _made(group, self.groups)
            (group / file).write_text(text)
            return
        group = CONTROL_GROUPS / controller / self.name
        if not group.parent.is_dir():
            raise NotMade(f"this kernel has no control group for {controller}")
        _made(group, self.groups)
        for name, value in _of_version_1(file, text).items():
            (group / name).write_text(value)

    def __exit__(self, *raised: object) -> None:
        for group in self.groups:
            while (group / "cgroup.procs").read_text():
                time.sleep(0.1)  # until the last of its processes has ended
            group.rmdir()


def _made(group: Path, groups: list[Path]) -> None:
    if group not in groups:
        group.mkdir()
        groups.append(group)


def _of_version_1(file: str, text: str) -> dict[str, str]:
    if file == "cpu.max":
        quota, period = text.split()
        return {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": quota}
    if file == "memory.max":
        return {"memory.limit_in_bytes": text}
    return {"cpuset.mems": "0", file: text}


def joining(groups: Sequence[Path], words: Sequence[str]) -> list[str]:
    """What runs the words in these groups."""
    if not groups:
        return list(words)
    joined = "".join(
        f"echo $$ > {shlex.quote(str(group / 'cgroup.procs'))} && " for group in groups
    )
    return ["bash", "-c", f'{joined}exec "$@"', "join", *words]
