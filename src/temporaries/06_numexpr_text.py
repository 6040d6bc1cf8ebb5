"""numexpr takes the expression as text, and goes through it block by block on a small machine.

Threads: as many as the case says.

Bound: that of the problem.

Its machine works on registers of a few thousand numbers, in a cache; the text is compiled when it
is first seen.
"""

import numexpr
import numpy as np

from temporaries import COEFFICIENTS, MOVED_AT_LEAST, PX, PY, PZ, SHIFT, A, B, moved


def horner(coefficients):
    text = repr(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        text = "(%s) * x + (%r)" % (text, coefficient)
    return text


TEXTS = {
    "linear": "(%r) * x + (%r) * y - (%r)" % (A, B, SHIFT),
    "polynomial": horner(COEFFICIENTS),
    "distance": "sqrt((x - (%r)) ** 2 + (y - (%r)) ** 2 + (z - (%r)) ** 2)" % (PX, PY, PZ),
    # Row by row: numexpr adds up one number after the other, and a sum so long would round too
    # often.
    "products": "sum(x * y + y * z + z * x, axis=1)",
}
ROW = 4096


def arrays_of(problem):
    """By name: whole, or for a reduction as rows of equal length, and what is left over."""
    arrays = {name: getattr(problem, name) for name in "xyz" if getattr(problem, name) is not None}
    if problem.expression != "products":
        return [arrays], np.empty(problem.length)
    end = problem.length // ROW * ROW
    rows = {name: array[:end].reshape(-1, ROW) for name, array in arrays.items()}
    rest = {name: array[end:].reshape(1, -1) for name, array in arrays.items()}
    return [part for part in (rows, rest) if part["x"].size], None


def numexpr_text(problem):
    parts, result = problem.kept("numexpr", lambda: arrays_of(problem))
    numexpr.set_num_threads(min(problem.threads, numexpr.MAX_THREADS))
    text = TEXTS[problem.expression]
    if result is not None:
        return numexpr.evaluate(text, local_dict=parts[0], out=result)
    return sum(np.sum(numexpr.evaluate(text, local_dict=part)) for part in parts)


def numexpr_text_notes(problem):
    return moved(MOVED_AT_LEAST, problem)
