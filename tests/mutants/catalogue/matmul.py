"""Faults in products of matrices."""

from mutant import Mutant

MUTANTS = [
    Mutant(
        "naive_in_single_precision",
        "matmul/10_naive.cpp",
        text="double sum = 0;",
        instead="float sum = 0;",
        breaks="terms are added up in single precision",
    ),
    Mutant(
        "naive_without_the_last_term",
        "matmul/10_naive.cpp",
        text="k < in.n; ++k) sum",
        instead="k + 1 < in.n; ++k) sum",
        breaks="each sum ends one term too soon",
    ),
    Mutant(
        "loop_order_on_what_was_there",
        "matmul/20_loop_order.cpp",
        text="out.assign(in.n * in.n, 0);",
        instead="out.resize(in.n * in.n);",
        breaks="sums begin with what the run before has left",
    ),
    Mutant(
        "loop_order_with_rounded_factors",
        "matmul/20_loop_order.cpp",
        text="double const factor =",
        instead="float const factor = (float)",
        breaks="one factor of each product is rounded to single precision",
    ),
    Mutant(
        "blocked_without_its_rest",
        "matmul/30_blocked.cpp",
        text="for (; k < end; ++k)",
        instead="for (; k + 1 < end; ++k)",
        breaks="of the terms that make no four the last one is lost",
    ),
    Mutant(
        "blocked_without_the_last_block",
        "matmul/30_blocked.cpp",
        text="for (std::size_t first = 0; first < in.n; first += block_columns)",
        instead="for (std::size_t first = 0; first == 0 || first + block_columns <= in.n;"
        " first += block_columns)",
        breaks="columns beyond the last whole block are lost",
    ),
    Mutant(
        "register_tile_without_the_last_row",
        "matmul/40_register_tile.cpp",
        text="for (; i < in.n; ++i) grow_tile<1, vectors>",
        instead="for (; i + 1 < in.n; ++i) grow_tile<1, vectors>",
        breaks="the last of the rows that make no tile is lost",
    ),
    Mutant(
        "register_tile_without_the_last_column",
        "matmul/40_register_tile.cpp",
        text="for (; j < in.n; ++j) grow_strip<1>",
        instead="for (; j + 1 < in.n; ++j) grow_strip<1>",
        breaks="the last of the columns that make no vector is lost",
    ),
    Mutant(
        "packed_with_the_last_depth_alone",
        "matrix_product/multiply.cpp",
        text="terms, to, n, from == 0);",
        instead="terms, to, n, true);",
        breaks="the sum over one depth writes over that of the one before",
        rungs=("matmul/packed",),
    ),
    Mutant(
        "packed_with_the_last_depth_alone_at_edges",
        "matrix_product/multiply.cpp",
        text="to[r * n + c] = (from == 0 ? 0 : to[r * n + c]) + edge[r * tile + c];",
        instead="to[r * n + c] = edge[r * tile + c];",
        breaks="at edges the sum over one depth writes over that of the one before",
        rungs=("matmul/packed",),
    ),
    Mutant(
        "eigen_by_columns",
        "matmul/60_eigen.cpp",
        text="Eigen::RowMajor>",
        instead="Eigen::ColMajor>",
        breaks="rows are taken for columns, and so the product is the other way round",
    ),
    Mutant(
        "python_rows_for_columns",
        "matmul/03_python.py",
        text="columns = list(zip(*right))",
        instead="columns = right",
        breaks="rows of the right matrix are taken for its columns",
    ),
    Mutant(
        "numpy_in_single_precision",
        "matmul/05_numpy.py",
        text="np.dot(left, right)",
        instead="np.dot(left.astype(np.float32), right.astype(np.float32)).astype(float)",
        breaks="NumPy multiplies in single precision",
    ),
    Mutant(
        "numba_without_the_last_block",
        "matmul/07_numba.py",
        text="for first in range(0, n, BLOCK_COLUMNS):",
        instead="for first in range(0, max(n - BLOCK_COLUMNS, 0) + 1, BLOCK_COLUMNS):",
        breaks="columns beyond the last whole block are lost",
    ),
]
