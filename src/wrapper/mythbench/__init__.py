"""The kernels of mythbench for Python: NumPy arrays in and out, none copied, the lock released.

    import mythbench

    located = mythbench.locate(stations, observed, x, y, z, amplitudes, decay, threads=2)
    print(located["x"], located["y"], located["z"], located["amplitude"])

locate              sources of seismic events, by any rung of the locator's ladder (METHODS)
axis                the coordinates of a grid
random, fill_random numbers of NumPy's legacy stream
random_sum, total   sums of dummy_objects
run, count, dis     the stack machine of bytecode
"""

from mythbench._kernels import (
    METHODS,
    __version__,
    axis,
    count,
    dis,
    fill_random,
    locate,
    random,
    random_sum,
    run,
    total,
)

__all__ = [
    "METHODS",
    "__version__",
    "axis",
    "count",
    "dis",
    "fill_random",
    "locate",
    "random",
    "random_sum",
    "run",
    "total",
]
