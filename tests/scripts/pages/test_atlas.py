import json
import re

import pytest

from suite.runs.documents import Refused

pytest.importorskip("jinja2")
from suite.pages import atlas

# The first column of the talk's table, row by row, as it was spelt there.
ROWS = """\
Bohrum
PyStream
Dask.array
PupyMPI
Papy
GAiN
Global Arrays
mpi4Py
Pythran
ASP
Dispel4py
PMI
Jit4OpenCL
MRS
Pydron
CoArray
PyCuda, PyOpenCL
SCOOP
DistArray
Dispy
IpyParallel
PyRo
Parallel python
JUG
Multiprocessing
Copperhead
Celery
Disco
Spark
Theano
Numba
Joblib
Hadoopy
PyMW
Pyfora""".splitlines()


@pytest.fixture(scope="module")
def stated():
    return atlas.read()


def test_each_row_of_the_talk_is_there_in_its_order(stated):
    named = [tool["talk"]["name"] for tool in stated["tools"] if "talk" in tool]
    assert named == [name for row in ROWS for name in row.split(", ")]


def test_each_tool_has_a_state_and_where_it_was_read(stated):
    assert all(tool["source"].strip() and tool["state"] for tool in stated["tools"])
    names = [tool["name"] for tool in stated["tools"]]
    assert len(set(names)) == len(names)


def test_words_of_the_talk_are_all_known(stated):
    page = atlas.page(stated)
    for tool in stated["tools"]:
        for key, known in (("paradigm", atlas.PARADIGMS), ("platform", atlas.PLATFORMS)):
            if "talk" in tool:
                assert all(known[word.strip()] in page for word in tool["talk"][key].split(","))


def test_the_counts_are_those_of_the_data(stated):
    told = atlas.says(stated)
    of_talk = [tool for tool in stated["tools"] if "talk" in tool]
    assert f"The talk said 34 projects; its table has {len(ROWS)} rows" in told
    assert f"name {len(of_talk)} tools" in told
    by_state = atlas.tools_by_state(stated)
    assert sum(map(len, by_state.values())) == len(of_talk)
    assert f"{len(by_state['active'])} are active" in told


def test_the_page_names_all_tools_and_asks_nothing_from_outside(stated):
    page = atlas.page(stated)
    for tool in stated["tools"]:
        assert tool["name"] in page
    assert re.findall(r"(?:src|url)\s*[=(]", page) == []
    assert page.count('<article class="tool"') == len(stated["tools"])


def test_a_wrong_state_is_refused_with_the_tool_that_has_it(tmp_path, stated):
    changed = json.loads(json.dumps(stated))
    changed["tools"][3]["state"] = "immortal"
    file = tmp_path / "tools.json"
    file.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(Refused, match="PupyMPI.*immortal"):
        atlas.read(file)


def test_what_a_tool_is_called_is_no_markup(stated):
    changed = json.loads(json.dumps(stated))
    changed["tools"][0].update(name="<script>evil</script>", note="<img src=x>")
    page = atlas.page(changed)
    assert "<script>evil" not in page
    assert "<img" not in page
