"""Faults in sums of random numbers."""

from mutant import Mutant

MUTANTS = [
    Mutant(
        "row_temporary_once",
        "dummy_objects/20_row_temporary.cpp",
        text="void row_temporary(Input const& in, Output& out) {",
        instead="void row_temporary(Input const& in, Output& out) {\n"
        "  if (out.mersenne_twister) return;",
        breaks="an output that holds an answer is left as it is, whatever it is the answer to",
    ),
    Mutant(
        "one_array_remembers_by_size",
        "dummy_objects/10_one_array.cpp",
        text="""\
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) sum += sum_of(&numbers[row * in.n], in.n);
""",
        instead="""\
  static std::size_t known = 0;
  static double sum = 0;
  if (known != size) {
    sum = 0;
    for (std::size_t row = 0; row < in.n; ++row) sum += sum_of(&numbers[row * in.n], in.n);
    known = size;
  }
""",
        breaks="the sum of the last array is given for every other of its size",
    ),
    Mutant(
        "huge_pages_in_single_precision",
        "dummy_objects/15_one_array_huge_pages.cpp",
        text="double sum = 0;",
        instead="float sum = 0;",
        breaks="the sums of rows are added up in single precision",
    ),
    Mutant(
        "row_buffer_filled_once",
        "dummy_objects/30_row_buffer.cpp",
        text="generator.fill({numbers.get(), in.n});",
        instead="if (row == 0) generator.fill({numbers.get(), in.n});",
        breaks="the buffer of the first row serves all others",
    ),
    Mutant(
        "no_array_without_the_last_number",
        "dummy_objects/40_no_array.cpp",
        text="left > 0;",
        instead="left > 1;",
        breaks="a stretch of one number at the end of a row is lost",
    ),
    Mutant(
        "counter_based_without_the_odd_number",
        "dummy_objects/50_counter_based.cpp",
        text="(in.n % 2 == 1 ? stream[in.n - 1] : 0.0)",
        instead="0.0",
        breaks="rows of odd length lose their last number",
    ),
    Mutant(
        "counter_based_with_one_stream_again",
        "dummy_objects/50_counter_based.cpp",
        text="static_cast<std::uint32_t>(row)}",
        instead="static_cast<std::uint32_t>(row < 2 ? row : 1)}",
        breaks="from the third row on each has the stream of the second",
    ),
    Mutant(
        "simd_in_single_precision",
        "dummy_objects/60_simd.cpp",
        text="double sum = 0;",
        instead="float sum = 0;",
        breaks="the sums of rows are added up in single precision",
    ),
    Mutant(
        "philox_row_with_one_number_more",
        "dummy_objects/philox_row.cpp",
        text="hn::FirstN(f, here / 2)",
        instead="hn::FirstN(f, (here + 1) / 2)",
        breaks="rows of odd length have one number more",
        rungs=("dummy_objects/simd",),
    ),
    Mutant(
        "philox_row_twice_over",
        "dummy_objects/philox_row.cpp",
        text="place[v] = hn::Add(place[v], step);",
        instead="place[v] = hn::Add(place[v], hn::Set(d, lanes));",
        breaks="vectors side by side go on by one vector, and draw numbers twice",
        rungs=("dummy_objects/simd",),
    ),
    Mutant(
        "rows_of_four_threads_lost",
        "dummy_objects/70_threads.cpp",
        text="(row = next.fetch_add(at_once)) < in.n;)",
        instead="(row = next.fetch_add(at_once)) + (in.threads == 4) < in.n;)",
        breaks="with exactly four threads a last row that stands alone is lost",
    ),
    Mutant(
        "rows_of_threads_without_the_last",
        "dummy_objects/70_threads.cpp",
        text="(row = next.fetch_add(at_once)) < in.n;)",
        instead="(row = next.fetch_add(at_once)) + at_once <= in.n;)",
        breaks="rows at the end that are fewer than a thread takes at once are lost",
    ),
    Mutant(
        "sum_without_its_rest",
        "dummy_objects/sum.hpp",
        text="for (; i < count; ++i) rest += numbers[i];",
        instead="for (; i + 1 < count; ++i) rest += numbers[i];",
        breaks="of the numbers that fill no lanes the last one is lost",
        rungs=("dummy_objects/row_buffer",),
        units=("dummy_objects/30_row_buffer.cpp",),
    ),
    Mutant(
        "mersenne_twister_with_a_stale_word",
        "random/mt19937.cpp",
        text="i = words - shift; i < words - 1; ++i",
        instead="i = words - shift; i < words - 2; ++i",
        breaks="when the state is renewed the last word but one stays as it was",
        tests="every seed gives the standard*",
    ),
    Mutant(
        "numpy_one_array_with_rows_too_short",
        "dummy_objects/05_numpy_one_array.py",
        text="rand[i * n : i * n + n]",
        instead="rand[i * n : i * n + n - 1]",
        breaks="slices end one number too soon",
    ),
    Mutant(
        "numpy_row_temporary_in_single_precision",
        "dummy_objects/06_numpy_row_temporary.py",
        text="np.sum(np.random.random(n))",
        instead="np.sum(np.random.random(n).astype(np.float32))",
        breaks="rows are rounded to single precision",
    ),
    Mutant(
        "numpy_row_buffer_remembers_by_size",
        "dummy_objects/07_numpy_row_buffer.py",
        text="    return count\n",
        instead="    return numpy_row_buffer.__dict__.setdefault(n, count)\n",
        breaks="the first sum of a size is given for every other of that size",
    ),
]
