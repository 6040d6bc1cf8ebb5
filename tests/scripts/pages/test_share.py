"""The file to hand in: small, anonymous, and enough to decide all that the whole run decides."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from class_of_runs import small_run
from suite.cli import main
from suite.judge import classes, verdicts
from suite.pages import share
from suite.runs import handed_in, results
from suite.runs.animals import animal, fingerprint
from suite.runs.documents import Refused

REFERENCES = sorted(results.RESULTS.glob("reference/*/run.json"))
HOST = "host-1"


def entries(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


def told(document: dict) -> dict:
    """The document as a reader of the file gets it."""
    shared = json.loads(json.dumps(share.shared(results.read(document))))
    results.read(shared)
    return shared


@pytest.mark.parametrize("file", REFERENCES, ids=lambda file: file.parent.name)
def test_a_whole_run_shared_is_small_and_decides_the_same(file, tmp_path):
    run = results.load(file)
    path, _ = share.write(run, output=tmp_path / "share.zip")
    assert path.stat().st_size < share.MOST_BYTES
    (handed,) = handed_in.runs(path)
    assert verdicts.decide(handed.run) == verdicts.decide(run)
    whole, shared = classes.member(run), classes.member(handed.run)
    assert shared.timings.rows == whole.timings.rows
    assert (shared.mark, shared.answers, shared.facts) == (whole.mark, whole.answers, whole.facts)


def test_nothing_in_it_names_host_user_or_paths(tmp_path):
    document = small_run(1)
    home = "/home/ada/src/mythbench"
    document["machine"].update(scheduler={"job_id": "987650321"}, affinity=[0, 7])
    document["machine"]["unknown"] = {"turbo": f"{home}/tool cannot be run on {HOST}"}
    document["machine"]["build"]["flags"] = f"-O3 -I{home}/include"
    document["settings"]["pythons"] = [f"{home}/bin/python3"]
    skipped = next(row for row in document["rows"] if row["status"] != "ok")
    skipped["reason"] = rf"no {home}/lib.so, nor C:\Users\ada\lib.dll, on {HOST}"
    for row in document["rows"]:
        if row["interpreter"]:
            row["interpreter"]["executable"] = f"{home}/python"
    path, _ = share.write(results.read(document), output=tmp_path / "share.zip")
    for text in entries(path).values():
        for secret in (HOST, "ada", "mythbench/", "987650321", "void ", "def "):
            assert secret not in text


def test_files_of_the_kernel_that_are_alike_everywhere_stay_named():
    document = small_run(1)
    document["machine"]["unknown"] = {"turbo": "/sys/devices/system/cpu does not tell"}
    assert told(document)["machine"]["unknown"]["turbo"].startswith("/sys/devices/system/cpu")


def test_a_name_is_in_it_only_if_it_is_asked_for():
    run = results.read(small_run(1))
    assert "shared_as" not in share.shared(run)["machine"]
    assert share.shared(run, "Ada & Bob")["machine"]["shared_as"] == "Ada & Bob"
    again = results.read(share.shared(run, "Ada & Bob"))
    assert "shared_as" not in share.shared(again)["machine"]
    with pytest.raises(Refused, match="60 characters at most"):
        share.write(run, "x" * 61)


def test_a_run_shared_twice_is_the_same_bytes_and_one_of_a_shared_one_the_same_run(tmp_path):
    run = results.read(small_run(1))
    one, _ = share.write(run, output=tmp_path / "one.zip")
    two, _ = share.write(run, output=tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    assert fingerprint(results.read(share.shared(run))) == fingerprint(run)


def test_the_command_says_what_is_in_it_and_the_file_does_too(tmp_path, capsys):
    (tmp_path / "run.json").write_text(json.dumps(small_run(1)))
    path = tmp_path / "share.zip"
    assert main(["share", "--run", str(tmp_path), "-o", str(path)]) == 0
    said = capsys.readouterr().out
    name = animal(fingerprint(results.load(tmp_path)))
    for text in (said, entries(path)["README.txt"]):
        assert "It names nobody." in text
        assert f"it is the {name}." in text
        assert "\nIn it: " in text
        assert "\nLeft out: " in text
    assert said.splitlines()[-1] == str(path)


def test_nothing_measured_is_nothing_to_share(tmp_path, capsys):
    document = small_run(1)
    for row in document["rows"]:
        row.update(status="skipped", reason="no time", samples=[])
        row.pop("check", None)
    (tmp_path / "run.json").write_text(json.dumps(document))
    assert main(["share", "--run", str(tmp_path), "-o", str(tmp_path / "s.zip")]) == 2
    assert capsys.readouterr().err.endswith("nothing was measured in it\n")
    assert not (tmp_path / "s.zip").exists()
