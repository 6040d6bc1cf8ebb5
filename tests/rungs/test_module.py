"""The Python package mythbench, as the build has left it."""

from __future__ import annotations

import ast
import gc
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "build" / os.environ.get("PRESET", "release") / "python"
PACKAGE = PROJECT / "src" / "wrapper" / "mythbench"


@pytest.fixture(scope="module")
def mythbench():
    lacking = FOLDER / "lacking.txt"
    if lacking.exists():
        pytest.skip(f"the package is not built: {lacking.read_text().strip()}")
    sys.path.insert(0, str(FOLDER))
    try:
        import mythbench

        yield mythbench
    finally:
        sys.path.remove(str(FOLDER))


def arguments(problems, label: str) -> tuple[dict, list[float]]:
    """What locate() takes for a case of the locator, and the trusted answer."""
    problem = json.loads(problems.file(f"locator/{label}").read_text())
    fields = problem["input"]
    stations = np.column_stack([fields[f"station_{axis}"] for axis in "xyz"])
    shape = -1, len(stations)
    recorded = np.array(fields["recorded"], dtype=bool).reshape(shape)
    found = {
        "stations": stations,
        "observed": np.array(fields["observations"]).reshape(shape),
        **{name: np.array(fields[name], dtype=float) for name in ("x", "y", "z", "amplitudes")},
        "decay": fields["decay"],
        "threads": fields["threads"],
    }
    if not recorded.all():
        found["recorded"] = recorded
    return found, problem["answer"]


@pytest.fixture(scope="module")
def small(problems) -> dict:
    return arguments(problems, "grid:small/events:4/threads:1")[0]


def answer(located) -> list[float]:
    per_cent = np.where(located["index"] < 0, 0.0, located["per_cent"])
    return np.column_stack([located["index"], per_cent]).ravel().tolist()


# Right answers


def test_locate_gives_the_talks_answer_on_the_small_case(mythbench, problems):
    given, expected = arguments(problems, "grid:small/events:1/threads:1")
    (located,) = mythbench.locate(**given)
    assert [located["index"], located["per_cent"]] == pytest.approx(expected, rel=1e-12)
    # The record says where that is.
    nx, ny, nz, na = (len(given[name]) for name in ("x", "y", "z", "amplitudes"))
    ix, iy, iz, ia = np.unravel_index(located["index"], (nx, ny, nz, na))
    source = given["x"][ix], given["y"][iy], given["z"][iz], given["amplitudes"][ia]
    assert (located["x"], located["y"], located["z"], located["amplitude"]) == source


@pytest.mark.parametrize("family", ["random", "mirror", "midpoint", "perfect", "missing"])
def test_locate_gives_the_reference_answer_where_it_is_awkward(mythbench, problems, family):
    label = f"family:{family}/seed:2/events:5/threads:1"
    given, expected = arguments(problems, label)
    assert answer(mythbench.locate(**given)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_every_method_finds_the_same_source(mythbench, small):
    expected = mythbench.locate(**small)["index"].tolist()
    assert len(mythbench.METHODS) >= 10
    for method in mythbench.METHODS:
        for threads in (1, 3):
            found = mythbench.locate(**{**small, "threads": threads}, method=method)
            assert found["index"].tolist() == expected, method


def test_a_single_event_needs_no_second_dimension(mythbench, small):
    all_of_them = mythbench.locate(**small)
    single = mythbench.locate(**{**small, "observed": small["observed"][2]})
    assert single.shape == ()
    assert single == all_of_them[2]


def test_no_event_is_no_error(mythbench, small):
    assert mythbench.locate(**{**small, "observed": small["observed"][:0]}).shape == (0,)


def test_an_event_that_hardly_a_station_recorded_cannot_be_located(mythbench, small):
    recorded = np.ones(small["observed"].shape, dtype=bool)
    recorded[1, 2:] = False
    located = mythbench.locate(**small, recorded=recorded)
    assert located["index"][1] == -1
    assert np.isnan(located["x"][1])
    assert (np.delete(located["index"], 1) >= 0).all()


def test_random_numbers_are_those_of_numpys_legacy_stream(mythbench):
    expected = np.random.RandomState(7).random(1000)
    assert (mythbench.random(1000, seed=7) == expected).all()
    assert mythbench.random(0).shape == (0,)
    assert mythbench.total(expected) == pytest.approx(expected.sum(), rel=1e-14)
    square = np.random.RandomState(7).random(30 * 30)
    assert mythbench.random_sum(30, seed=7) == pytest.approx(square.sum(), rel=1e-14)


def test_an_axis_is_the_talks(mythbench):
    assert (mythbench.axis(1, 2, 0.2) == np.arange(1, 2 + 0.2, 0.2)).all()


def test_programs_run_on_the_stack_machine(mythbench):
    source = "a = 10\nb = 20\nc = a + b\nprint(c)\n"
    assert mythbench.run(source) == "30\n"
    assert "BINARY_ADD" in mythbench.dis(source)
    assert mythbench.count(source)["name_lookups"] >= 2
    assert mythbench.run("print(7 / 2)") == "3.5\n"
    assert mythbench.run("print(7 / 2)", python3=False) == "3\n"


@pytest.mark.parametrize(
    "source, kind, place",
    [
        ("print(\n", SyntaxError, "line"),
        ("a = 1\nb = c\n", NameError, "line 2"),
        ("1 // 0", ZeroDivisionError, "line 1"),
    ],
)
def test_a_program_raises_what_python_would(mythbench, source, kind, place):
    with pytest.raises(kind, match=place):
        mythbench.run(source)


def test_a_program_prints_whatever_bytes_it_likes(mythbench):
    assert mythbench.run("print('\u00e9', '\\u00e9')") == "\u00e9 \u00e9\n"
    assert mythbench.run("print '\u00e9'", python3=False) == "\u00e9\n"
    assert os.fsencode(mythbench.run(r"print '\xff'", python3=False)) == b"\xff\n"


def test_a_str_that_is_no_text_is_refused(mythbench):
    with pytest.raises(UnicodeEncodeError):
        mythbench.run("x = '\ud800'")
    with pytest.raises(SyntaxError, match="null bytes"):
        mythbench.run("x = '\0'")


def test_a_program_may_recurse_deeply_on_any_thread(mythbench):
    nested = "(" * 190 + "-" * 3000 + "1" + ")" * 190
    source = f"def f(n):\n    return n and f(n - 1)\nf(990)\nprint({nested})\nf(-1)\n"
    raised = []

    def work():
        try:
            mythbench.run(source)
        except RecursionError as error:
            raised.append(str(error))

    before = threading.stack_size(256 << 10)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert raised == ["maximum recursion depth exceeded (line 2, column 18)"]


def test_ctrl_c_stops_a_program(tmp_path, mythbench):
    script = tmp_path / "endless.py"
    script.write_text(
        "import _thread, threading, mythbench\n"
        "threading.Timer(0.2, _thread.interrupt_main).start()\n"
        "try:\n"
        "    mythbench.run('while 1:\\n    a = 1\\n')\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=600,
        # A shell that runs this in the background has had it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert done.stdout == "stopped\n", done.stderr


# Nothing is copied


def test_arrays_are_read_where_they_are(mythbench):
    from mythbench import _kernels

    numbers = np.arange(10.0)
    assert _kernels._address_read(numbers) == numbers.ctypes.data
    assert _kernels._address_read(numbers[3:]) == numbers[3:].ctypes.data


def test_arrays_are_written_where_they_are(mythbench):
    numbers = np.zeros(1000)
    window = numbers[100:900]
    assert mythbench.fill_random(window, seed=3) is window
    assert (numbers[100:900] == np.random.RandomState(3).random(800)).all()
    assert (numbers[:100] == 0).all() and (numbers[900:] == 0).all()


def test_what_is_given_out_owns_its_memory(mythbench):
    axis = mythbench.axis(0, 1000, 1)
    assert axis.base is not None  # the vector that the kernel made
    part = axis[5:]
    del axis
    gc.collect()
    assert part[0] == 5


def test_locating_leaves_read_only_arrays_alone(mythbench, small):
    for array in small.values():
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    assert (mythbench.locate(**small)["index"] >= 0).all()


# Errors


def changed(name: str, change):
    return pytest.param(name, change, id=f"{name}: {change.__doc__}")


def _list(array):
    """a list"""
    return array.tolist()


def _float32(array):
    """float32"""
    return array.astype("f4")


def _big_endian(array):
    """the other order of bytes"""
    return array.astype(array.dtype.newbyteorder())


def _strided(array):
    """every other of twice as many"""
    return np.repeat(array, 2, axis=0)[::2]


def _nan(array):
    """NaN"""
    return np.where(array == array.flat[0], np.nan, array)


def _infinite(array):
    """infinite"""
    return np.where(array == array.flat[0], np.inf, array)


def _flat(array):
    """another number of dimensions"""
    return array.reshape(-1) if array.ndim > 1 else array.reshape(1, 1, -1)


def _nothing(_):
    """None"""
    return None


ARRAYS = ["stations", "observed", "x", "y", "z", "amplitudes"]
CHANGES = [_list, _float32, _big_endian, _strided, _nan, _infinite, _flat, _nothing]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__doc__)
@pytest.mark.parametrize("name", ARRAYS)
def test_a_wrong_array_is_a_value_error_that_says_what_was_expected(mythbench, small, name, change):
    with pytest.raises(ValueError, match=f"^{name}: expected .*, got ") as caught:
        mythbench.locate(**{**small, name: change(small[name])})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("stations", np.zeros((9, 2)), r"shape \(stations, 3\), got an array .* \(9, 2\)"),
        ("stations", np.zeros((2, 3)), "at least 3 stations, got 2"),
        ("observed", np.ones((4, 5)), r"got an array of float64 with shape \(4, 5\)"),
        ("observed", -np.ones((1, 9)), r"no number below 0, got -1 at observed\[0, 0\]"),
        ("observed", np.full((1, 9), 1e150), "too large"),
        ("observed", np.full((1, 9), 1e-150), "too small"),
        ("recorded", np.ones((4, 9)), "NumPy array of bool"),
        ("recorded", np.ones((1, 9), dtype=bool), "shape that of observed"),
        ("x", np.array([]), "at least one number"),
        ("x", np.array([1.0, 3.0, 2.0]), r"ascend, got 2 after 3 at x\[2\]"),
        (
            "amplitudes",
            np.array([1.0, 2.0, 4.0]),
            r"evenly spaced but .*, got 2 at amplitudes\[1\]",
        ),
        ("amplitudes", 1 + 1e-6 * np.arange(3) ** 2, "evenly spaced but for rounding"),
        ("amplitudes", np.array([-1.0, 0.0]), "none below 0"),
        ("amplitudes", np.array([1e160]), r"from 1e-60 to 1e\+60, got 1e\+160 at amplitudes\[0\]"),
        ("x", np.array([1e19]), r"from -1e\+10 to 1e\+10 m, got 1e\+19 at x\[0\]"),
        ("stations", np.full((9, 3), 1e19), r"to 1e\+10 m, got 1e\+19 at stations\[0, 0\]"),
        ("decay", 0.0, "above 0, got 0"),
        ("decay", float("nan"), "a finite number, got nan"),
        ("decay", "3", "a number, got str"),
        ("decay", 1e3, "nothing would arrive"),
        ("threads", 0, "a whole number from 1 to 1024, got 0"),
        ("threads", 1.5, "a whole number from 1 to 1024, got float"),
        ("threads", 2**80, "a whole number from 1 to 1024"),
        ("method", "magic", "expected one of talk, .*, got magic"),
    ],
)
def test_a_wrong_value_is_named(mythbench, small, name, value, words):
    with pytest.raises(ValueError, match=words):
        mythbench.locate(**{**small, name: value})


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.random(-1),
        lambda m: m.random(2.0),
        lambda m: m.random(3, seed=2**32),
        lambda m: m.random_sum("3"),
        lambda m: m.fill_random(np.zeros(3, dtype="f4")),
        lambda m: m.fill_random(np.broadcast_to(np.zeros(1), 3)),
        lambda m: m.total([1.0]),
        lambda m: m.total(np.array([np.inf])),
        lambda m: m.axis(0, 1, 0),
        lambda m: m.axis(1, 0, 1),
        lambda m: m.axis(0, 1e300, 1e-300),
        lambda m: m.run(3),
    ],
)
def test_the_other_functions_say_what_they_expect(mythbench, call):
    with pytest.raises(ValueError, match="expected .*, got "):
        call(mythbench)


# The lock


def somebody_else_ran_during(call) -> bool:
    """Whether another thread of Python got its turn although nobody was made to give way."""
    go, ran = threading.Lock(), threading.Event()
    go.acquire()

    def other():
        with go:
            ran.set()

    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    thread.start()
    # From here on a thread gives the lock away by its own will alone.
    sys.setswitchinterval(1000)
    try:
        go.release()
        call()
        return ran.is_set()
    finally:
        sys.setswitchinterval(interval)
        thread.join()


LONG_CALLS = {
    "locate": lambda m, small: m.locate(**small, method="hoisted"),
    "random": lambda m, small: m.random(20_000_000),
    "random_sum": lambda m, small: m.random_sum(4000),
    "fill_random": lambda m, small: m.fill_random(np.empty(20_000_000)),
    "run": lambda m, small: m.run("for i in range(1000000):\n    i"),
}


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="there is no lock")
@pytest.mark.parametrize("name", LONG_CALLS)
def test_the_lock_is_released(mythbench, problems, name):
    small = arguments(problems, "grid:medium/events:1/threads:1")[0] if name == "locate" else {}
    assert somebody_else_ran_during(lambda: LONG_CALLS[name](mythbench, small))


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="there is no lock")
def test_a_call_that_keeps_the_lock_is_found_out():
    assert not somebody_else_ran_during(lambda: sum(range(10_000_000)))


def test_two_threads_of_python_find_what_one_finds(mythbench, small):
    expected = mythbench.locate(**small)["index"].tolist()
    found = [[], []]

    def search(own):
        for _ in range(20):
            own.append(mythbench.locate(**small)["index"].tolist())

    threads = [threading.Thread(target=search, args=(own,)) for own in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[expected] * 20] * 2


# What is said about it


def names_in_stub() -> dict[str, ast.AST]:
    tree = ast.parse((PACKAGE / "_kernels.pyi").read_text())
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign) and not isinstance(node.value, ast.AST):
            found[node.target.id] = node
    return found


def test_every_public_name_has_a_stub_and_every_function_says_what_it_takes(mythbench):
    stubs = names_in_stub()
    assert set(mythbench.__all__) <= set(stubs)
    for name in mythbench.__all__:
        function = getattr(mythbench, name)
        if not callable(function):
            continue
        own = stubs[name].args
        for argument in [*own.args, *own.kwonlyargs]:
            assert argument.arg in function.__doc__, f"{name}: {argument.arg}"
        first_line = function.__doc__.split("\n\n")[0].replace("\n", " ")
        assert first_line.startswith(f"{name}(")
        said = ast.parse(f"def {first_line}: ...").body[0].args
        assert [a.arg for a in said.args] == [a.arg for a in own.args]
        assert [a.arg for a in said.kwonlyargs] == [a.arg for a in own.kwonlyargs]
        assert list(map(ast.dump, said.kw_defaults)) == list(map(ast.dump, own.kw_defaults))
    assert "shape" in mythbench.locate.__doc__ and "metres" in mythbench.locate.__doc__


def test_the_stubs_name_nothing_that_is_not_there(mythbench):
    from mythbench import _kernels

    assert [name for name in names_in_stub() if not hasattr(_kernels, name)] == []
    assert (FOLDER / "mythbench" / "py.typed").exists()


def test_mypys_stubtest_finds_stubs_and_module_agree(mythbench):
    pytest.importorskip("mypy", reason="mypy is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "mythbench"],
        env={**os.environ, "PYTHONPATH": str(FOLDER), "MYPYPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        cwd=FOLDER,
    )
    assert done.returncode == 0, done.stdout + done.stderr
