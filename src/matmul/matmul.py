"""The contract of matmul for its Python rungs; matmul.hpp is the same for C++."""


def entry(which, index, bits):
    """An odd number of so many bits, its sign counted in; or an array of them."""
    multiple = ((index + 1) * 2654435761 + which * 1013904223) % 2**32
    return (multiple >> (32 - bits) | 1) - 2.0 ** (bits - 1)


def weight(column):
    return 2 * ((column + 1) * 2246822519 % 2**32 >> 29) - 7


class Problem(object):
    """Two matrices, as lists of rows; and as NumPy arrays for who asks for them.

    Of whole numbers so long that all sums are just exact, and one of each two factors too long for
    single precision: those in even columns of the left matrix, and in odd rows of the right one.
    """

    def __init__(self, n, first):
        self.n = n
        self.which = first, first + 1
        bits = 52 - 2 * n.bit_length()
        long = min(27, bits - 3)
        self.even = [bits - long if k % 2 else long for k in range(n)]
        self.odd = [bits - each for each in self.even]
        self._lists = None
        self._arrays = None

    def lists(self):
        if self._lists is None:
            n = self.n
            self._lists = [
                [
                    [entry(self.which[0], i * n + k, self.even[k]) for k in range(n)]
                    for i in range(n)
                ],
                [
                    [entry(self.which[1], k * n + j, self.odd[k]) for j in range(n)]
                    for k in range(n)
                ],
            ]
        return self._lists

    def arrays(self):
        import numpy as np

        if self._arrays is None:
            index = np.arange(self.n**2, dtype=np.int64).reshape(self.n, self.n)
            self._arrays = [
                entry(self.which[0], index, np.array(self.even)[None, :]),
                entry(self.which[1], index, np.array(self.odd)[:, None]),
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
