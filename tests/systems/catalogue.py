"""The systems of the matrix, in the order of the table."""

from __future__ import annotations

import os
from pathlib import Path

from packages import packages
from system import STEPS, Limits, System

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
ONE_CORE = """
if build/release/mythbench --list | grep 'grid:medium.*threads:2'; then exit 1; fi
cores='from suite.machine import passport; print(passport.usable_cores())'
test "$(PYTHONPATH=scripts build/python -c "$cores")" = 1
"""
LITTLE_MEMORY = """
room='from suite.machine import passport; print(passport.available_memory())'
test "$(PYTHONPATH=scripts build/python -c "$room")" -le $((512 * 1024 * 1024))
"""
# As its activation leaves a shell: compilers of its own, flags, and a C++ library found first.
CONDA_FLAGS = (
    "-march=nocona -mtune=haswell -ftree-vectorize -fPIC -fstack-protector-strong -fno-plt -O2"
    " -ffunction-sections -pipe -isystem /opt/conda/include"
)
CONDA = {
    "CONDA_PREFIX": "/opt/conda",
    "CONDA_DEFAULT_ENV": "base",
    "CC": "x86_64-conda-linux-gnu-cc",
    "CXX": "x86_64-conda-linux-gnu-c++",
    "CFLAGS": CONDA_FLAGS,
    "CXXFLAGS": f"-fvisibility-inlines-hidden -fmessage-length=0 {CONDA_FLAGS}",
    "CPPFLAGS": "-DNDEBUG -D_FORTIFY_SOURCE=2 -O2 -isystem /opt/conda/include",
    "LDFLAGS": "-Wl,-O2 -Wl,--sort-common -Wl,--as-needed -Wl,-z,relro -Wl,-z,now"
    " -Wl,--disable-new-dtags -Wl,--gc-sections -Wl,-rpath,/opt/conda/lib -L/opt/conda/lib",
    "LD_LIBRARY_PATH": "/opt/conda/lib",
    "PATH": "/opt/conda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}
MAKE_CONDA = """
mkdir -p /opt/conda/bin /opt/conda/lib /opt/conda/include
cp -L /usr/lib/x86_64-linux-gnu/libstdc++.so.6 /usr/lib/x86_64-linux-gnu/libgomp.so.1 /opt/conda/lib
printf '#!/bin/sh\\nexec g++ "$@"\\n' > /opt/conda/bin/x86_64-conda-linux-gnu-c++
printf '#!/bin/sh\\nexec gcc "$@"\\n' > /opt/conda/bin/x86_64-conda-linux-gnu-cc
chmod +x /opt/conda/bin/*
"""

BUILT = tuple(step for step in STEPS if step not in ("set-up", "build"))


def compiler(name: str, suite: str, debian: str) -> System:
    """A release's own libraries under another of its compilers."""
    command = name.replace("g++", "g++").replace("clang", "clang++")
    return System(
        f"debian-{debian}-{name.replace('g++', 'gcc')}",
        f"Debian {debian}, {name}",
        suite,
        packages=(name,),
        environment={"CXX": command},
    )


def python(version: str) -> System:
    """The project's scripts under another Python, beside what is built already."""
    found = sorted(PYENV.glob(f"versions/{version}.*/bin/python"))
    return System(
        f"python-{version}",
        f"Debian 12, Python {version}",
        "bookworm",
        after="debian-12-root",
        environment={"PYTHON": str(found[-1]) if found else f"python{version}"},
        shares=(str(PYENV),),
    )


def limited(name: str, title: str, check: str, before: str = "", **limits) -> System:
    return System(
        name,
        f"Debian 12, {title}",
        "bookworm",
        after="debian-12-root",
        limits=Limits(**limits),
        before=before,
        check=check,
        steps=BUILT,
    )


SYSTEMS = [
    System("debian-12-root", "Debian 12, root", "bookworm"),
    System("debian-13-root", "Debian 13, root", "trixie"),
    System("debian-12-sudo", "Debian 12, user with sudo", "bookworm", user="attendee", sudo=True),
    System(
        "debian-12-user",
        "Debian 12, user without sudo; compiler and Python's venv are there",
        "bookworm",
        packages=("g++", "python3-venv"),
        user="attendee",
    ),
    System(
        "debian-13-user",
        "Debian 13, user without sudo; the administrator installed the packages",
        "trixie",
        packages=packages("tools", "libraries", "test-libraries"),
        user="attendee",
    ),
    *(
        System(
            f"debian-{debian}-offline",
            f"Debian {debian}, user, no network, packages of the system",
            suite,
            packages=packages(),
            user="attendee",
            offline=True,
        )
        for debian, suite in ((12, "bookworm"), (13, "trixie"))
    ),
    System(
        "debian-sid",
        "Debian unstable, root: newest GCC and libraries, Python 3.14",
        "sid",
        packages=("python3.14-venv", "python3.14-dev"),
        environment={"PYTHON": "python3.14"},
    ),
    compiler("clang-14", "bookworm", "12"),
    compiler("clang-15", "bookworm", "12"),
    compiler("clang-16", "bookworm", "12"),
    compiler("g++-12", "trixie", "13"),
    compiler("g++-13", "trixie", "13"),
    compiler("clang-17", "trixie", "13"),
    compiler("clang-18", "trixie", "13"),
    compiler("clang-19", "trixie", "13"),
    compiler("g++-15", "sid", "unstable"),
    *(python(version) for version in ("3.9", "3.10", "3.12", "3.13")),
    System(
        "conda",
        "Debian 13, environment as of conda: its compilers, flags and libstdc++",
        "trixie",
        packages=("g++",),
        prepare=MAKE_CONDA,
        environment=CONDA,
    ),
    limited("half-a-core", "control group of 0.5 cores", ONE_CORE, cores=0.5),
    limited("one-and-a-half-cores", "control group of 1.5 cores", ONE_CORE, cores=1.5),
    limited("one-processor", "cpuset of one processor", ONE_CORE, processors="0"),
    limited("taskset", "`taskset -c 0`", ONE_CORE, before="taskset -c 0"),
    limited("512-megabytes", "control group of 512 MB", LITTLE_MEMORY, memory_bytes=512 << 20),
]
