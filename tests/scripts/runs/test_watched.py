"""What threads did, watched beside a run: read and put in words."""

from __future__ import annotations

import copy
import json

import pytest

from suite.runs import results, watched
from watched_run import WATCHED, made_up

TENURE_OF_NOTHING = {"thread": 0, "taken": 0.0, "given": 0.0}


@pytest.fixture
def folder(tmp_path):
    results.write_json(tmp_path / "run.json", made_up().document())
    results.write_json(tmp_path / "threads.json", WATCHED)
    return tmp_path


def changed(change) -> dict:
    document = copy.deepcopy(WATCHED)
    change(document)
    return document


def test_switches_count_other_threads_only():
    timeline = watched.watched_of(WATCHED).timelines[0]
    assert timeline.switches == pytest.approx(2 / 0.05)


def test_a_wait_begins_when_a_thread_asks_or_when_it_ran_last():
    said, seen, _ = watched.watched_of(WATCHED).timelines
    assert said.waits == pytest.approx([0.0, 0.01, 0.005, 0.02])
    assert seen.waits == pytest.approx([0.01])


def test_where_there_is_no_lock_nobody_switches():
    free = watched.watched_of(WATCHED).timelines[-1]
    assert free.words.startswith("no lock")


def test_lateness_is_told_by_its_median_and_its_tail():
    convoy = watched.watched_of(WATCHED).convoys[0]
    assert (convoy.middle, convoy.most, convoy.longest) == (0.003, 0.5, 0.5)


def test_arguments_are_dear_from_where_they_cost_more_than_the_job():
    payloads = watched.watched_of(WATCHED).payloads
    assert [payload.dear for payload in payloads] == [10**7, 10**7]
    assert payloads[0].words == "from 10.0 MB on, arguments cost more than the job"


def test_one_dear_size_below_a_cheap_one_is_noise():
    points = [(10, 9.0, 1.0), (100, 1.5, 1.0), (1000, 2.5, 1.0)]
    assert watched.Payload("it", points).dear == 1000
    assert watched.Payload("it", points[:2]).dear is None


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"example": "gil", "timelines": []}, "'convoys' is missing"),
        (changed(lambda d: d.pop("example")), "'example' is missing"),
        (
            changed(lambda d: d["convoys"][0].update(latencies=[])),
            "'latencies' of entry 1 (a lock)",
        ),
        (
            changed(lambda d: d["convoys"][0].update(latencies=[-1])),
            "must be at least 0, but is -1",
        ),
        (
            changed(lambda d: d["payloads"][0]["points"][0].update(bytes=0)),
            "must be at least 1, but is 0",
        ),
        (changed(lambda d: d.update(timelines=3)), "must be a list, but is 3"),
        (
            changed(lambda d: d["timelines"][2].update(tenures=[TENURE_OF_NOTHING])),
            "entry 3 of 'timelines' ends when it begins",
        ),
        (changed(lambda d: d.update(example="other")), "no example called 'other'"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_one_sentence(folder, document, complaint):
    (folder / "threads.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"threads\.json: ") as caught:
        watched.of_run(results.load(folder))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)
