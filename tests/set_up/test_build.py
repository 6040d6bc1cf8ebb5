"""What a build depends on: whatever of it changes, all is configured anew and made from it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GXX = shutil.which("g++") or "g++"

# As small as a project can be that the script builds. What it was made with, its program tells.
CMAKE = """cmake_minimum_required(VERSION 3.24)
project(small LANGUAGES CXX)
if(REFUSED)
  message(FATAL_ERROR "This is refused: ${REFUSED}")
endif()
include(FetchContent)
FetchContent_Declare(fetched URL ${PROJECT_SOURCE_DIR}/fetched.tar SOURCE_SUBDIR none)
FetchContent_MakeAvailable(fetched)
add_executable(mythbench main.cpp)
set_source_files_properties(main.cpp PROPERTIES OBJECT_DEPENDS ${PROJECT_SOURCE_DIR}/needed)
set_target_properties(mythbench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
find_package(Threads REQUIRED)
target_link_libraries(mythbench PRIVATE Threads::Threads)
list(APPEND CMAKE_MODULE_PATH ${PROJECT_SOURCE_DIR}/scripts/cmake)
include(Root)
target_compile_definitions(mythbench PRIVATE ${MYTHBENCH_ROOT})
add_custom_target(mythbench_ladders DEPENDS mythbench)
"""
SOURCE = """#include <cstdio>
#if __has_include("found_by_the_compiler.h")
#include "found_by_the_compiler.h"
#endif
#ifndef MADE_BY
#define MADE_BY "none"
#endif
#ifndef FLAG
#define FLAG "none"
#endif
#ifndef HEADER
#define HEADER "none"
#endif
int main() { std::printf("%s|%s|%s|%s", MADE_BY, FLAG, HEADER, MYTHBENCH_ROOT); }
"""


class Project:
    def __init__(self, place: Path) -> None:
        self.place = place
        self.tools = place.parent / "tools"
        self.tools.mkdir(parents=True)
        shutil.copytree(ROOT / "scripts/cmake", place / "scripts/cmake")
        scripts = ("build.sh", "ending.sh", "environment.sh", "suite/machine/environment.list")
        for file in ("CMakePresets.json", *(f"scripts/{name}" for name in scripts)):
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, place / file)
        self.write("CMakeLists.txt", CMAKE)
        self.write("main.cpp", SOURCE)
        self.write("needed", "")
        tar = ["tar", "-cf", str(place / "fetched.tar"), "-C", str(place), "needed"]
        subprocess.run(tar, check=True)
        self.command(place / "build/python", "echo Python 3.11")
        self.use(cmake="cmake")

    def write(self, name: str, text: str) -> None:
        (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        (self.place / name).write_text(text)

    def use(self, cmake: str, more: str = "") -> None:
        """What a set-up leaves behind."""
        text = f"export CXX=${{CXX:-g++}}\ncmake={cmake}\ngenerator=Ninja\n{more}"
        self.write("build/set-up/tools.sh", text)

    @staticmethod
    def command(file: Path, text: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    def compiler(self, folder: str, version: str) -> Path:
        """A g++ that says which it is, and makes programs say so."""
        text = f'[ "$*" = -v ] && echo "version {version}"\n'
        text += f"""exec {GXX} '-DMADE_BY="{version}"' "$@\""""
        return self.command(self.tools / folder / "g++", text)

    def build(self, **variables: str) -> subprocess.CompletedProcess:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            ["scripts/build.sh", "bench"],
            cwd=self.place,
            env={**kept, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def built(self, **variables: str) -> dict[str, str]:
        """What the program tells once it is built."""
        result = self.build(**variables)
        assert result.returncode == 0, result.stdout + result.stderr
        program = self.place / "build/release/mythbench"
        told = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        return dict(zip(("compiler", "flag", "header", "root"), told.split("|")))

    def changed(self, **variables: str) -> list[str]:
        """For what a build says that it configures anew."""
        result = self.build(**variables)
        assert result.returncode == 0, result.stdout + result.stderr
        named = re.search(r"anew, for these have changed: (.*)", result.stdout)
        return named[1].split(", ") if named else []


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path / "project")


def first_in_path(folder: Path) -> str:
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_a_build_that_lacks_nothing_says_nothing(project):
    project.built()
    again = project.build()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_another_compiler_of_the_same_name_builds_all_anew(project):
    first, second = (project.compiler(name, name).parent for name in ("first", "second"))
    assert project.built(PATH=first_in_path(first))["compiler"] == "first"
    assert project.built(PATH=first_in_path(second))["compiler"] == "second"
    assert project.changed(PATH=first_in_path(first)) == ["compiler"]


def test_another_version_in_the_same_place_builds_all_anew(project):
    path = first_in_path(project.compiler("tools", "12").parent)
    assert project.built(PATH=path)["compiler"] == "12"
    project.compiler("tools", "13")
    assert project.built(PATH=path)["compiler"] == "13"


def test_the_flags_of_the_environment_are_those_of_now(project):
    assert project.built()["flag"] == "none"
    assert project.built(CXXFLAGS='-DFLAG=\\"mine\\"')["flag"] == "mine"
    assert project.changed() == ["flags"]
    assert project.built()["flag"] == "none"
    assert project.changed(LDFLAGS="-Wl,-O1") == ["flags"]


def test_headers_are_those_that_the_compiler_finds_now(project):
    for name in ("old", "new"):
        project.write(f"{name}/found_by_the_compiler.h", f'#define HEADER "{name}"\n')
    assert project.built(CPATH=str(project.place / "old"))["header"] == "old"
    assert project.built(CPATH=str(project.place / "new"))["header"] == "new"


def test_a_checkout_that_was_moved_builds_where_it_is(project):
    assert project.built()["root"] == str(project.place)
    project.place = project.place.rename(project.place.with_name("moved"))
    assert project.built()["root"] == str(project.place)
    assert project.changed() == []


@pytest.mark.parametrize("name", ["it's a checkout", 'a "checkout"', "für 測試"])
def test_a_checkout_builds_whatever_the_name_of_its_folder(tmp_path, name):
    project = Project(tmp_path / name / "project")
    assert project.built(TMPDIR=str(tmp_path))["root"] == str(project.place)
    project.write("main.cpp", SOURCE.replace('FLAG "none"', 'FLAG "new"'))
    assert project.built(TMPDIR=str(tmp_path))["flag"] == "new"
    assert project.changed(TMPDIR=str(tmp_path), LC_ALL="C.UTF-8") == []


def test_a_checkout_is_the_same_by_whatever_link_it_is_reached(project, tmp_path):
    project.built()
    (tmp_path / "link").symlink_to(project.place)
    project.place = tmp_path / "link"
    assert project.changed() == []


def test_another_python_cmake_or_library_is_noticed(project):
    project.built()
    project.command(project.place / "build/python", "echo Python 3.12")
    assert project.changed() == ["Python"]
    project.use(cmake=str(project.command(project.tools / "cmake", 'exec cmake "$@"')))
    assert project.changed() == ["CMake"]
    project.use(cmake=str(project.tools / "cmake"), more="# libhwy-dev 1.2\n")
    assert project.changed() == ["libraries"]
    assert project.changed(nlohmann_json_ROOT="/opt") == ["variables of CMake"]
    assert project.changed(CMAKE_PREFIX_PATH="/opt") == ["variables of CMake"]
    assert project.changed(CMAKE_ARGS="-DX=1") == ["variables of CMake", "arguments"]


def test_a_configuration_that_fails_is_not_taken_for_the_last_that_did_not(project):
    project.built()
    assert project.build(CMAKE_ARGS="-DREFUSED=1").returncode == 2
    assert project.built()["root"] == str(project.place)


def refused(project: Project, **variables: str) -> str:
    """The sentence with which a build ends that fails."""
    result = project.build(**variables)
    assert result.returncode == 2
    last = result.stderr.splitlines()[-1]
    assert last.endswith("; all of it is in build/release/build.log")
    return last.partition("; all of it")[0]


def test_what_cmake_refuses_is_the_sentence(project):
    sentence = refused(project, CMAKE_ARGS="-DX=1 '-DREFUSED=no such luck'")
    assert sentence == "Build: failed: This is refused: no such luck"


def test_arguments_with_a_quote_too_many_are_refused(project):
    result = project.build(CMAKE_ARGS="-DX='1")
    assert result.returncode == 2
    assert result.stderr.endswith("Build: CMAKE_ARGS=-DX='1 is not understood\n")


def test_what_the_compiler_refuses_is_the_sentence(project):
    project.built()
    project.write("main.cpp", SOURCE.replace("std::printf", "std::prinft"))
    assert re.search(r"main.cpp:\d+:\d+: error: .*prinft", refused(project))


def test_what_the_linker_refuses_is_the_sentence(project):
    project.built()
    project.write("main.cpp", "void elsewhere();\nint main() { elsewhere(); }\n")
    assert "undefined reference to `elsewhere()'" in refused(project)


def test_what_ninja_refuses_is_the_sentence(project):
    project.built()
    (project.place / "needed").unlink()
    assert re.match(r"Build: failed: ninja: error: .*needed.*missing", refused(project))


def test_a_tool_that_ends_without_an_error_is_quoted_with_its_last_words(project):
    project.built()
    text = '[ "$1" = --build ] || exec cmake "$@"\necho Segmentation fault >&2\necho >&2; exit 139'
    project.use(cmake=str(project.command(project.tools / "cmake", text)))
    assert refused(project) == "Build: failed: Segmentation fault"


def test_neither_progress_nor_commands_stand_between_the_words_of_a_compiler(project):
    project.built()
    project.write("main.cpp", SOURCE.replace("std::printf", "std::prinft"))
    told = project.build().stderr
    assert "FAILED: " in told
    assert not re.search(r"^\[\d+/\d+\]| -c ", told, re.MULTILINE)
