"""Passports as files: what is kept, while it holds, and what an anonymous one leaves out."""

from __future__ import annotations

import json

import pytest

from suite.machine import kept, passport
from suite.machine.kept import NotKept, anonymous
from suite.runs import documents
from suite.runs.documents import Refused
from synthetic_run import machine, noise


def document(**facts) -> dict:
    return {
        "schema_version": 1,
        "written": "2026-11-22T14:00:00Z",
        "anonymous": False,
        "suite": {"version": "0.1.0", "commit": "0123456789abcdef", "dirty": False},
        "machine": {**machine(), **facts},
    }


def test_a_passport_is_read_as_it_was_written(tmp_path):
    told = document(noise=noise(0.02))
    file = kept.write(tmp_path, "made-up", told)
    assert file == tmp_path / "made-up" / "passport.json"
    assert kept.read(tmp_path, "made-up") == told


def test_what_is_no_passport_is_refused_before_it_is_written(tmp_path):
    with pytest.raises(Refused, match="'floor' of 'noise' of 'machine' must be"):
        kept.write(tmp_path, "made-up", document(noise={**noise(0.02), "floor": "low"}))
    assert not list(tmp_path.iterdir())


def test_noise_is_kept_while_the_state_of_the_machine_is_the_same(tmp_path):
    kept.write(tmp_path, "made-up", document(noise=noise(0.02)))
    assert kept.noise(tmp_path, machine(), {"cpu", "kernel"}) == noise(0.02)
    other = {**machine(), "kernel": "6.2", "governor": "performance"}
    with pytest.raises(NotKept, match="measured before governor, kernel changed: `make noise`"):
        kept.noise(tmp_path, other, passport.STATE)
    assert kept.noise(tmp_path, other, {"cpu"}) == noise(0.02)


@pytest.mark.parametrize("content", [None, "", "{}", json.dumps(document())])
def test_where_no_noise_was_measured_it_is_said_what_does(tmp_path, content):
    if content is not None:
        (tmp_path / "made-up").mkdir()
        (tmp_path / "made-up" / "passport.json").write_text(content)
    with pytest.raises(NotKept, match="not measured: `make noise` does"):
        kept.noise(tmp_path, machine(), passport.STATE)


def test_a_run_takes_the_noise_of_its_machine_along_or_says_why_not(tmp_path):
    facts = passport.passport(machines=tmp_path)
    assert facts["unknown"]["noise"] == "not measured: `make noise` does"
    told = {**document(), "machine": {**facts, "noise": noise(0.03)}}
    kept.write(tmp_path, facts["name"], told)
    assert passport.passport(machines=tmp_path)["noise"] == noise(0.03)


def test_an_anonymous_passport_does_not_say_whose_machine_it_is():
    personal = {
        "name": "marias-laptop",
        "scheduler": {"job_id": "4711", "partition": "maria"},
        "build": {"compiler": "GNU 12", "flags": "-O3 -I/home/maria/include -DX=~/secret/x.h"},
        "unknown": {
            "governor": "/sys/devices/system/cpu/cpu0/cpufreq is not there",
            "ceilings": "cannot be read here: /scratch/maria/build/mythbench",
        },
    }
    told = anonymous({**machine(), **personal})
    text = json.dumps(told)
    assert "maria" not in text and "4711" not in text and "secret" not in text
    assert told["name"] == "example-9000_2-cores"
    assert told["build"]["flags"] == "-O3 -I(path) -DX=(path)"
    assert told["unknown"]["governor"] == personal["unknown"]["governor"]
    assert told["ceilings"] == machine()["ceilings"]
    documents.checked({**document(), "machine": told}, "passport", "it")


def test_a_machine_that_names_no_processor_has_an_anonymous_name_too():
    assert anonymous({"name": "x", "unknown": {}})["name"] == "machine_some-cores"
    odd = {"name": "x", "cpu": {"model": "™®", "usable_cores": 4}, "unknown": {}}
    assert anonymous(odd)["name"] == "machine_4-cores"


def test_an_anonymous_passport_tells_the_host_s_name_in_no_reason_nor_a_place_on_windows():
    unknown = {"governor": r"tower-7 shows none in C:\Users\ada\cpufreq", "turbo": "a tower-71 has"}
    told = kept.anonymous({"name": "tower-7", "cpu": {}, "unknown": unknown})["unknown"]
    assert told == {"governor": "(host) shows none in (path)", "turbo": "a tower-71 has"}
