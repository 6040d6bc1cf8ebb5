from pathlib import Path

import pytest

from suite.measure import interpreters, ladders


def pretend(folder: Path, name: str, version: str, implementation: str = "CPython", gil="true"):
    """A program that says of itself what it is told to say."""
    folder.mkdir(parents=True, exist_ok=True)
    told = f'{{"implementation": "{implementation}", "version": "{version}", "gil": {gil}}}'
    (folder / name).write_text(f"#!/bin/sh\necho '{told}'\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tmp_path / 'shims'}:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def found(known=()) -> list[str]:
    made_up = [python for python in interpreters.others(list(known)) if "/bin/" in python.command]
    own = [python for python in made_up if not python.command.startswith(("/bin/", "/usr/"))]
    return [python.key for python in own]


def test_interpreters_are_found_in_the_path_and_in_the_folder_of_pyenv(place):
    pretend(place / "bin", "python9.1", "9.1.4")
    pretend(place / "bin", "pypy9", "9.2.0", "PyPy")
    pretend(place / "pyenv" / "versions" / "9.3" / "bin", "python", "9.3.1")
    pretend(place / "bin", "python9.4t", "9.4.0", gil="false")
    assert found() == ["cpython-9.1.4", "cpython-9.3.1", "cpython-9.4.0-nogil", "pypy-9.2.0"]


def test_of_one_version_the_newest_is_enough_and_none_that_is_known(place):
    pretend(place / "bin", "python9.1", "9.1.4")
    pretend(place / "pyenv" / "versions" / "9.1.11" / "bin", "python9.1", "9.1.11")
    pretend(place / "bin", "python9.2", "9.2.0")
    known = interpreters.Interpreter("python9.2", "CPython", "9.2.7", True)
    assert found([known]) == ["cpython-9.1.11"]


def test_what_does_not_run_and_what_only_stands_for_others_is_passed_over(place):
    pretend(place / "shims", "python9.1", "9.1.4")
    pretend(place / "bin", "python-config", "9.1.4")
    (place / "bin" / "python9.5").write_text("#!/bin/sh\nexit 127\n")
    (place / "bin" / "python9.5").chmod(0o755)
    assert found() == []


def test_a_statement_that_is_nearly_one_is_refused():
    assert ladders._statements("Interpreters: all that are found.\n", "x.py") == {
        "every_interpreter": True
    }
    assert ladders._statements("Process: needs one of its own.\n", "x.py") == {"own_process": True}
    with pytest.raises(ValueError, match="x.py: 'Process: its own.' is not understood"):
        ladders._statements("Process: its own.\n", "x.py")
    with pytest.raises(ValueError, match="x.py: 'Interpreters: all.' is not understood"):
        ladders._statements("Interpreters: all.\n", "x.py")
