"""The contract of matmul for its Python rungs; matmul.hpp is the same for C++."""


def entry(which, index):
    """A whole number from -8 to 7."""
    return (((index + 1) * 2654435761 + which * 1013904223) % 2**32 >> 28) - 8


def weight(column):
    return 2 * ((column + 1) * 2246822519 % 2**32 >> 29) - 7


class Problem(object):
    """Two matrices, as lists of rows; and as NumPy arrays for who asks for them."""

    def __init__(self, n, first):
        self.n = n
        self.factors = first, first + 1
        self._lists = None
        self._arrays = None

    def lists(self):
        if self._lists is None:
            n = self.n
            self._lists = [
                [[float(entry(which, i * n + j)) for j in range(n)] for i in range(n)]
                for which in self.factors
            ]
        return self._lists

    def arrays(self):
        import numpy as np

        if self._arrays is None:
            index = np.arange(self.n**2, dtype=np.uint64)
            self._arrays = [
                (
                    (((index + 1) * 2654435761 + which * 1013904223) % 2**32 >> 28).astype(float)
                    - 8
                ).reshape(self.n, self.n)
                for which in self.factors
            ]
        return self._arrays


def make_input(fields):
    return Problem(fields["n"], fields["first"])


def answer(output):
    """A weighted sum of each row."""
    weights = [weight(j) for j in range(len(output))]
    if hasattr(output, "dot"):
        return (output * [weights]).sum(axis=1).tolist()
    return [sum(w * number for w, number in zip(weights, row)) for row in output]


def distance(got, expected):
    if len(got) != len(expected):
        return float("inf")
    return sum(abs(a - b) for a, b in zip(got, expected))
