"""The set-up script on machines made of stubs: nothing is installed by these tests."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What the script needs of a machine beside what it looks for.
COMMON = [
    "basename",
    "bash",
    "cat",
    "chmod",
    "cksum",
    "cmp",
    "cp",
    "dirname",
    "env",
    "flock",
    "grep",
] + ["mkdir", "mv", "readlink", "rm", "sh", "timeout", "true"]

REQUIREMENTS = (ROOT / "scripts/requirements.txt").read_text(encoding="utf-8").splitlines()
PACKAGES = (ROOT / "scripts" / "packages.txt").read_text(encoding="utf-8")
LIBRARIES = " ".join(re.findall("^(?:test-)?libraries: (.*)$", PACKAGES, re.MULTILINE)).split()
ALL_MODULES = ["numpy", "matplotlib", "rich", "fastjsonschema", "pytest", "jsonschema"]

# What pip says, at last, where nobody answers.
NO_INDEX = "ERROR: Could not find a version that satisfies jinja2 (from versions: none)"

# Runs the code it is given, for the version and with the modules it was made with.
PYTHON_STUB = """#!{real}
import os, shutil, sys, types

arguments = sys.argv[1:]
with open({calls!r}, "a") as calls:
    calls.write(" ".join(["python"] + arguments).replace("\\n", " ") + "\\n")
if arguments[0] == "-c":
    sys.version_info, sys.executable = {version!r}, sys.argv[0]
    for name in {absent!r}:
        sys.modules[name] = None
    for name in {present!r}:
        sys.modules[name] = types.ModuleType(name)
    exec(arguments[1])
elif arguments[:2] == ["-m", "venv"]:
    os.makedirs(arguments[2] + "/bin", exist_ok=True)
    shutil.copy({itself!r}, arguments[2] + "/bin/python")
elif arguments[:3] == ["-m", "pip", "download"]:
    sys.exit({download!r} or (None if {index!r} else {NO_INDEX!r}))
elif arguments[:3] == ["-m", "pip", "install"]:
    listed = "".join(open(name).read() for name in arguments if name.endswith(".txt"))
    lacking = any("\\n" + name + "==" in listed for name in {unavailable!r})
    sys.exit({install!r} or lacking or not {index!r})
"""


class Machine:
    """A project and a PATH that holds nothing but what a test puts there."""

    def __init__(self, folder: Path):
        self.project = folder / "project"
        self.tools = folder / "tools"
        self.calls_file = folder / "calls"
        self.installed = folder / "installed"
        self.unknown = folder / "unknown"
        self.environment: dict[str, str] = {}
        (self.project / "scripts").mkdir(parents=True)
        self.tools.mkdir()
        self.installed.write_text("")
        self.unknown.write_text("")
        self.forget_calls()
        for requirements in (ROOT / "scripts").glob("requirements*.txt"):
            shutil.copy(requirements, self.project / "scripts")
        for name in ("ending.sh", "packages.txt"):
            shutil.copy(ROOT / "scripts" / name, self.project / "scripts")
        script = (ROOT / "scripts/set_up.sh").read_text()
        # This machine's own must not be found beside the stubs.
        for mine in ("/usr/bin/python3", "/etc/os-release"):
            assert mine in script
            script = script.replace(mine, shlex.quote(f"{folder}{mine}"))
        (self.project / "scripts/set_up.sh").write_text(script)
        for also in ("scripts/environment.sh", "scripts/suite/machine/environment.list"):
            (self.project / also).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / also, self.project / also)
        for name in COMMON:
            real = shutil.which(name)
            if real:
                (self.tools / name).symlink_to(real)

    def add(self, name: str, body: str) -> None:
        path = self.tools / name
        calls = shlex.quote(str(self.calls_file))
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n{body}\n')
        path.chmod(0o755)

    def add_user(self, number: int) -> None:
        path = self.tools / "id"
        path.write_text(f"#!/bin/sh\necho {number}\n")
        path.chmod(0o755)

    def add_compiler(self, name: str = "g++", answer: str = "__clang_major__ 12") -> None:
        self.add(name, f'case "$*" in *-E*) echo "{answer}" ;; esac')

    def add_cmake(self, version: str = "3.25.1") -> None:
        self.add("cmake", f"echo cmake version {version}")

    def add_debian(self) -> None:
        installed, unknown = (shlex.quote(str(file)) for file in (self.installed, self.unknown))
        self.add(
            "dpkg-query",
            f'for name; do case $name in -*) ;; *) grep -qx "$name" {installed} '
            '&& echo "ii $name" ;; esac; done; true',
        )
        self.add("apt-cache", f'grep -qx "$2" {unknown} && exit 100; exit 0')
        self.add("apt-get", f'for name; do echo "$name" >> {installed}; done')

    def add_python(
        self,
        name="python3",
        version=(3, 11),
        modules=(),
        venv=True,
        index=True,
        unavailable=(),
        download="",
        install="",
    ) -> None:
        """Where there is no index, it has no packages; `download` and `install` are complaints."""
        path = self.tools / name
        absent = [each for each in ALL_MODULES if each not in modules]
        path.write_text(
            PYTHON_STUB.format(
                real=sys.executable,
                calls=str(self.calls_file),
                version=version,
                absent=absent + ([] if venv else ["ensurepip"]),
                present=[*modules, "venv", "pip", *(["ensurepip"] if venv else [])],
                itself=str(path),
                index=index,
                download=download,
                install=install,
                NO_INDEX=NO_INDEX,
                unavailable=list(unavailable),
            )
        )
        path.chmod(0o755)

    def set_up(self, purpose: str = "test", **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.tools / "bash"), "scripts/set_up.sh", *purpose.split()],
            cwd=self.project,
            env={"PATH": str(self.tools), "HOME": str(self.project), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def calls(self, program: str = "") -> list[str]:
        return [line for line in self.calls_file.read_text().splitlines() if program in line]

    def forget_calls(self) -> None:
        self.calls_file.write_text("")

    def install(self, packages: list[str]) -> None:
        self.installed.write_text("".join(f"{name}\n" for name in packages))

    def python(self) -> str:
        """The interpreter that build/python starts."""
        return re.search(r"exec '(\S+)'", (self.project / "build/python").read_text()).group(1)

    def made_from(self) -> str:
        return (self.project / ".venv/.made-from").read_text().strip()


@pytest.fixture
def machine(tmp_path) -> Machine:
    """A Debian on which all is there, used by root."""
    return debian(tmp_path)


def debian(folder: Path) -> Machine:
    machine = Machine(folder)
    machine.add_user(0)
    machine.add_compiler()
    machine.add_cmake()
    machine.add_debian()
    machine.add_python()
    for name in ("ninja", "make", "git", "chromium"):
        machine.add(name, "exit 0")
    machine.install(LIBRARIES)
    return machine


def succeeded(result: subprocess.CompletedProcess) -> bool:
    assert result.returncode == 0, result.stdout + result.stderr
    return True


def test_where_all_is_there_no_package_of_the_system_is_installed(machine):
    assert succeeded(machine.set_up())
    assert machine.calls("apt-get") == []
    assert machine.python() == str(machine.project / ".venv/bin/python")
    assert "export CXX=g++" in (machine.project / "build/set-up/tools.sh").read_text()


def test_what_a_user_has_set_for_another_python_breaks_neither_set_up_nor_what_it_leaves(machine):
    others = {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere", "PYTHONWARNINGS": "error"}
    assert succeeded(machine.set_up(**others))
    machine.forget_calls()
    subprocess.run([machine.project / "build/python", "ours.py"], check=True)
    assert machine.calls() == ["python -E ours.py"]


def test_a_second_set_up_says_nothing_and_starts_no_python_and_no_installer(machine):
    machine.set_up()
    machine.forget_calls()
    again = machine.set_up()
    assert succeeded(again)
    assert again.stdout + again.stderr == ""
    for program in ("python", "apt-", "g++", "cmake"):
        assert not any(line.startswith(program) for line in machine.calls())


def test_another_version_under_the_same_name_is_noticed(machine):
    (machine.tools / "python3").rename(machine.tools / "python3.11")
    (machine.tools / "python3").symlink_to("python3.11")
    machine.set_up()
    machine.add_python("python3.12", version=(3, 12))
    (machine.tools / "python3").unlink()
    (machine.tools / "python3").symlink_to("python3.12")
    machine.forget_calls()
    assert succeeded(machine.set_up())
    assert machine.calls("python")


def test_what_is_missing_is_named_and_installed(machine):
    machine.install([name for name in LIBRARIES if name != "libeigen3-dev"])
    result = machine.set_up()
    assert succeeded(result)
    assert "installing libeigen3-dev" in result.stdout
    [call] = machine.calls("apt-get")
    assert call.endswith("install --no-install-recommends libeigen3-dev")


def test_a_package_removed_later_is_noticed(machine):
    machine.set_up()
    machine.install([name for name in LIBRARIES if name != "catch2"])
    assert succeeded(machine.set_up())
    assert machine.calls("apt-get")[-1].endswith(" catch2")


@pytest.mark.parametrize("user", [0, 1000])
def test_no_install_means_that_no_package_manager_is_started(machine, user):
    machine.add_user(user)
    machine.add("sudo", 'shift; exec "$@"')
    machine.install([])
    result = machine.set_up(NO_INSTALL="1")
    assert succeeded(result)
    assert "missing: libbenchmark-dev" in result.stdout
    assert machine.calls("apt-get") == []
    assert machine.calls("sudo") == []


def test_a_plain_user_goes_on_with_what_is_there(machine):
    machine.add_user(1000)
    machine.install([])
    assert succeeded(machine.set_up())
    assert machine.calls("apt-get") == []


def test_a_sudo_that_asks_for_a_password_is_not_used(machine):
    machine.add_user(1000)
    machine.add("sudo", "exit 1")
    machine.install([])
    assert succeeded(machine.set_up())
    assert machine.calls("apt-get") == []


def test_a_sudo_that_asks_for_no_password_installs(machine):
    machine.add_user(1000)
    machine.add("sudo", '[ "$1" = -n ] || exit 1; shift; exec "$@"')
    machine.install(LIBRARIES[1:])
    assert succeeded(machine.set_up())
    assert machine.calls("apt-get")[-1].endswith(" libbenchmark-dev")


def test_a_package_that_nobody_knows_is_gone_without(machine):
    (machine.tools / "chromium").unlink()
    machine.unknown.write_text("chromium\n")
    machine.install(LIBRARIES[1:])
    result = machine.set_up()
    assert succeeded(result)
    assert "no package chromium here" in result.stdout
    assert machine.calls("apt-get")[-1].endswith("install --no-install-recommends libbenchmark-dev")


def test_where_no_package_can_be_fetched_the_rest_goes_on(machine):
    machine.install([])
    machine.add("apt-get", "exit 100")
    result = machine.set_up()
    assert succeeded(result)
    assert "no packages can be fetched" in result.stdout
    attempts = [call for call in machine.calls("apt-get") if " install " in call]
    assert len(attempts) == 2  # not one for each package


def test_interpreters_that_are_too_old_or_have_no_venv_are_passed_over(machine):
    machine.add_python("python3", version=(3, 6))
    machine.add_python("python3.13", version=(3, 13), venv=False)
    machine.add_python("python3.9", version=(3, 9))
    assert succeeded(machine.set_up())
    assert machine.made_from() == str(machine.tools / "python3.9")


def test_the_interpreter_that_the_user_names_comes_first(machine):
    machine.add_python("my-python", version=(3, 10))
    assert succeeded(machine.set_up())
    assert machine.made_from() == str(machine.tools / "python3")
    assert succeeded(machine.set_up(PYTHON="my-python"))
    assert machine.made_from() == str(machine.tools / "my-python")


def test_without_an_index_an_interpreter_that_has_the_packages_serves(machine):
    machine.add_python("python3", index=False)
    machine.add_python("python3.12", version=(3, 12), modules=ALL_MODULES, index=False)
    assert succeeded(machine.set_up())
    assert machine.python() == str(machine.tools / "python3.12")
    assert machine.calls("pip install") == []
    assert not (machine.project / ".venv").exists()


def test_an_environment_that_is_complete_needs_no_index(machine):
    machine.set_up()
    shutil.rmtree(machine.project / "build")
    machine.add_python("python3", index=False)
    shutil.copy(machine.tools / "python3", machine.project / ".venv/bin/python")
    assert succeeded(machine.set_up())
    assert machine.python() == str(machine.project / ".venv/bin/python")


def test_without_an_index_and_without_packages_one_sentence_says_what_to_run(machine):
    machine.add_user(1000)
    machine.add_python("python3", modules=["numpy"], index=False)
    result = machine.set_up("bench")
    assert result.returncode == 3
    [sentence] = result.stderr.splitlines()
    assert re.search(r"Run: sudo apt-get install .*python3-numpy python3-matplotlib", sentence)
    assert not (machine.project / "build/python").exists()


def test_root_without_an_index_gets_the_packages_of_the_system(machine):
    machine.add_python("python3", index=False)
    assert machine.set_up("bench").returncode == 3  # the stub installs nothing that Python finds
    assert "python3-matplotlib" in machine.calls("apt-get")[-1]


def test_no_interpreter_at_all_is_said_with_everything_else_that_is_missing(machine):
    machine.add_user(1000)
    machine.install([])
    for name in ("python3", "g++", "cmake"):
        (machine.tools / name).unlink()
    result = machine.set_up()
    assert result.returncode == 3
    [sentence] = result.stderr.splitlines()
    command = sentence.partition("Run: sudo apt-get install ")[2].split()
    assert {"g++", "cmake", "python3-numpy", "python3-pytest", *LIBRARIES} <= set(command)


def test_a_compiler_that_is_too_old_is_passed_over(machine):
    machine.add_compiler("g++", "__clang_major__ 11")
    machine.add_compiler("clang++", "14 4")
    assert succeeded(machine.set_up())
    assert "export CXX=clang++\n" in (machine.project / "build/set-up/tools.sh").read_text()


def test_the_compiler_that_the_user_names_is_respected(machine):
    machine.add_compiler("my-g++", "__clang_major__ 11")
    assert succeeded(machine.set_up(CXX="my-g++"))
    assert "export CXX=my-g++\n" in (machine.project / "build/set-up/tools.sh").read_text()


def test_a_cmake_that_is_too_old_is_replaced_from_the_package_index(machine):
    machine.add_cmake("3.22.1")
    machine.set_up()
    [call] = machine.calls("requirements-build.txt")
    assert "pip install" in call


def test_an_environment_left_half_made_is_made_anew(machine):
    half = machine.project / ".venv"
    (half / "bin").mkdir(parents=True)
    (half / ".unfinished").touch()
    (half / "rubbish").touch()
    assert succeeded(machine.set_up())
    assert not (half / "rubbish").exists()
    assert not (half / ".unfinished").exists()


def test_an_environment_whose_interpreter_is_gone_is_made_anew(machine):
    machine.set_up()
    (machine.project / ".venv/bin/python").unlink()
    assert succeeded(machine.set_up())
    assert (machine.project / ".venv/bin/python").exists()


def test_changed_requirements_are_installed(machine):
    machine.set_up()
    machine.forget_calls()
    with (machine.project / "scripts/requirements.txt").open("a") as requirements:
        requirements.write("one-more==1\n")
    assert succeeded(machine.set_up())
    assert len(machine.calls("pip install")) == 1


def test_the_environment_of_the_tests_serves_to_measure(machine):
    machine.set_up("test")
    machine.forget_calls()
    assert succeeded(machine.set_up("bench"))
    assert machine.calls("pip install") == []


def test_a_build_can_begin_before_all_packages_are_installed(machine):
    assert succeeded(machine.set_up("bench tools"))
    assert machine.python() == str(machine.project / ".venv/bin/python")
    assert "export CXX=g++" in (machine.project / "build/set-up/tools.sh").read_text()
    [call] = machine.calls("pip install")
    [listed] = [word for word in call.split() if word.endswith(".txt")]
    names = [line.split("==")[0] for line in (machine.project / listed).read_text().splitlines()]
    assert {"numpy", "pybind11", "cffi"} == set(names)
    assert not (machine.project / "build/set-up/bench.stamp").exists()


def test_the_rest_goes_into_the_same_environment(machine):
    machine.set_up("bench tools")
    machine.forget_calls()
    result = machine.set_up("bench")
    assert succeeded(result)
    assert machine.calls("-m venv") == []
    [call] = machine.calls("pip install")
    assert "scripts/requirements.txt" in call
    assert (machine.project / "build/set-up/bench.stamp").exists()


def test_where_a_build_can_begin_with_all_there_nothing_is_left_for_later(machine):
    machine.set_up("bench")
    shutil.rmtree(machine.project / "build")
    assert succeeded(machine.set_up("bench tools"))
    assert (machine.project / "build/set-up/bench.stamp").exists()


def test_without_an_index_nothing_is_left_for_later(machine):
    machine.add_python("python3", modules=ALL_MODULES, index=False)
    assert succeeded(machine.set_up("bench tools"))
    assert machine.python() == str(machine.tools / "python3")
    assert (machine.project / "build/set-up/bench.stamp").exists()


def test_where_numba_is_not_to_be_had_the_rest_is_installed(machine):
    machine.add_python("python3", unavailable=["numba"])
    assert succeeded(machine.set_up())
    assert machine.python() == str(machine.project / ".venv/bin/python")


def test_a_report_needs_no_compiler(machine):
    machine.add_user(1000)
    machine.install([])
    for name in ("g++", "cmake", "ninja", "make"):
        (machine.tools / name).unlink()
    assert succeeded(machine.set_up("report"))


@pytest.mark.parametrize("arguments", ["", "lunch", "bench test"])
def test_bad_usage_is_refused(machine, arguments):
    result = machine.set_up(arguments)
    assert result.returncode == 2
    assert "usage" in result.stderr


def test_a_search_path_of_the_shell_leads_to_no_other_folder(machine, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "scripts").mkdir(parents=True)
    assert succeeded(machine.set_up(CDPATH=str(elsewhere)))
    assert [*elsewhere.iterdir()] == [elsewhere / "scripts"]
    assert (machine.project / "build/python").exists()


@pytest.mark.parametrize(
    "only", ["scripts", "tests/nowhere", "tests/triad_test.cpp", "tests/set_up src", "/tmp"]
)
def test_tests_that_there_are_not_are_refused_before_anything_is_set_up(only):
    result = subprocess.run(
        [ROOT / "scripts" / "test.sh", f"ONLY={only}"], capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 2
    assert result.stdout == ""
    complaint = r".*: ONLY=\S+ is no folder and no Python file under tests/\n"
    assert re.fullmatch(complaint, result.stderr)


def test_make_alone_lists_every_command():
    environment = {name: os.environ[name] for name in ("PATH",)}
    result = subprocess.run(
        ["make"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    targets = re.findall("^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"help", "bench", "test"} <= set(targets)
    for target in targets:
        assert f"make {target} " in result.stdout


def test_only_where_no_index_answers_is_that_the_reason(machine):
    machine.add_python(index=False, modules=ALL_MODULES)
    told = machine.set_up()
    assert succeeded(told)
    assert "no package index is reached; using the packages of" in told.stdout


BROKEN = "ERROR: Could not install packages due to an OSError: [Errno 5] Input/output error"


@pytest.mark.parametrize("step", ["download", "install"])
def test_another_reason_of_pip_is_told_in_its_own_words(machine, step):
    machine.add_python(modules=ALL_MODULES, **{step: f"Collecting\n{BROKEN}\nWARNING: see above"})
    told = machine.set_up()
    assert succeeded(told)
    assert f"pip: {BROKEN[7:]}; using the packages of" in told.stdout
    assert "no package index" not in told.stdout
    assert BROKEN in (machine.project / "build/set-up/test.log").read_text()


def test_without_python_packages_the_reason_is_told_before_what_to_run(machine):
    machine.add_user(1000)
    machine.add_python(download=f"ERROR: Exception:\nTraceback\n{BROKEN[47:]}")
    told = machine.set_up("bench")
    assert told.returncode == 3
    assert told.stdout.splitlines()[-1] == f"Set-up: pip: {BROKEN[47:]}"


def test_an_environment_that_was_moved_is_made_anew(machine):
    assert succeeded(machine.set_up())
    machine.project = machine.project.rename(machine.project.with_name("moved"))
    (machine.project / ".venv/of-old").touch()
    assert succeeded(machine.set_up())
    assert not (machine.project / ".venv/of-old").exists()
    assert machine.python() == str(machine.project / ".venv/bin/python")


def test_a_compiler_that_does_not_work_is_quoted(machine):
    machine.add("my-g++", "echo 'my-g++: fatal error: no cc1plus' >&2; echo stopped. >&2; exit 1")
    told = machine.set_up(CXX="my-g++")
    assert told.returncode == 3
    expected = "CXX=my-g++ is not a compiler that works: my-g++: fatal error: no cc1plus."
    assert told.stderr == f"Set-up: {expected}\n"
    assert "there is no command nowhere-g++." in machine.set_up(CXX="nowhere-g++").stderr


def test_a_cmake_that_does_not_start_is_quoted(machine):
    machine.add_user(1000)
    machine.add_python(install=BROKEN, modules=ALL_MODULES)
    machine.add("cmake", "echo 'cmake: libstdc++.so.6: cannot open' >&2; exit 127")
    told = machine.set_up()
    assert told.returncode == 3
    assert "(cmake does not start: cmake: libstdc++.so.6: cannot open)" in told.stderr


def wheel(folder: Path, requirement: str) -> None:
    """A package with nothing in it but its name."""
    name, version = requirement.split("==")
    information = f"{name}-{version}.dist-info"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(
            f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{information}/WHEEL", tags)
        archive.writestr(f"{information}/RECORD", "")


@pytest.mark.parametrize("name", ["plain", 'it\'s a "checkout" für 測試'])
def test_a_pip_that_is_told_to_install_for_the_user_installs_for_the_project(tmp_path, name):
    machine = debian(tmp_path / name)
    pytest.importorskip("ensurepip")
    [requirement] = [line for line in REQUIREMENTS if line.startswith("jinja2==")]
    (machine.project / "scripts/requirements.txt").write_text(f"{requirement}\n")
    wheel(tmp_path / "wheels", requirement)
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[global]\nuser = true\nno-index = true\nfind-links = {tmp_path}/wheels\n")
    (machine.tools / "python3").unlink()
    (machine.tools / "python3").symlink_to(sys._base_executable)
    told = machine.set_up("report", PIP_CONFIG_FILE=str(settings))
    assert succeeded(told)
    assert "pip" not in told.stdout
    assert "no package index" not in told.stdout
    subprocess.run([machine.project / "build/python", "-c", "import jinja2"], check=True)
