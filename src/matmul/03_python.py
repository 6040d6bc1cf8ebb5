"""Lists of lists in plain Python: a row times a column, for each number of the product.

Bound: that of the problem.

Per multiply-add there is one step of a generator, a product and a sum, each a new object. The
columns are put together once, so that both factors are read in order.
"""


def python(problem):
    left, right = problem.lists()
    columns = list(zip(*right))
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]
