"""Faults at the border between Python and C."""

from mutant import Mutant

MUTANTS = [
    Mutant(
        "function_pointer_goes_on_counting",
        "wrapper/80_function_pointer.cpp",
        text="  if (in.argument == Argument::none) mythbench_restart();\n",
        instead="",
        breaks="calls of earlier runs are counted, too",
    ),
    Mutant(
        "function_pointer_copies_once",
        "wrapper/80_function_pointer.cpp",
        text="std::vector<double> const copy(",
        instead="static std::vector<double> const copy(",
        breaks="the first list that was copied is taken for all others",
    ),
    Mutant(
        "inlined_calls_with_one_batch",
        "wrapper/90_inlined.cpp",
        text="out[call] = energy(in.batch_of(call), in.batch);",
        instead="out[call] = energy(in.batch_of(0), in.batch);",
        breaks="all calls are given the numbers of the first",
    ),
    Mutant(
        "energy_without_its_rest",
        "wrapper/functions.hpp",
        text="for (; i < count; ++i) rest += square(numbers[i]);",
        instead="for (; i + 1 < count; ++i) rest += square(numbers[i]);",
        breaks="of the numbers that fill no lanes the last one is lost",
        rungs=("wrapper/inlined", "wrapper/function_pointer"),
    ),
    Mutant(
        "energy_goes_on_adding",
        "wrapper/functions.hpp",
        text="std::array<double, lanes> sums{};",
        instead="static std::array<double, lanes> sums{};",
        breaks="sums begin with those of the call before",
        rungs=("wrapper/function_pointer",),
        units=("wrapper/functions.cpp",),
    ),
    Mutant(
        "square_in_single_precision",
        "wrapper/functions.cpp",
        text="return mythbench::wrapper::square(x);",
        instead="return static_cast<float>(mythbench::wrapper::square(x));",
        breaks="what a call returns is rounded to single precision",
        rungs=("wrapper/function_pointer",),
    ),
    Mutant(
        "python_goes_on_counting",
        "wrapper/03_python.py",
        text="        restart()\n",
        instead="",
        breaks="calls of earlier runs are counted, too",
    ),
    Mutant(
        "numpy_squares_in_single_precision",
        "wrapper/05_numpy.py",
        text="float(np.square(x))",
        instead="float(np.square(np.float32(x)))",
        breaks="squares are taken in single precision",
    ),
]
