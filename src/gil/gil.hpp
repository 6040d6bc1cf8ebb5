#pragma once

// Myth:    "It doesn't support threads". The talk asks what two threads do to a function that
// counts
//          and to one that multiplies matrices.
// Reality: it depends on who works, the interpreter or a library, and on what the interpreter does
//          to keep its objects whole. Each rung does the same jobs, one per thread, under another
//          rule: so two threads do the work twice, and a perfect rung takes as long as one.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/contract.hpp"
#include "stack_machine/code.hpp"

namespace mythbench::gil {

enum class Work { gauss, matmul };

struct Input {
  Work work;
  std::int64_t n;  // gauss counts n + 1 times, matmul multiplies matrices of n times n
  int threads;     // and so many jobs: each thread does one
  // Where each job counts from: no two jobs have the same answer.
  std::vector<std::int64_t> starts{};
  // Python for the interpreter: gauss(n, start), or matmul(job), which calls dot(job).
  std::shared_ptr<stack_machine::Code const> program{};
  // Of matmul: each job multiplies its own by the next one's, so that no two jobs have the same
  // answer as long as there are as many as jobs.
  std::vector<std::vector<double>> factors{};
  std::int64_t first = 0;  // which of all matrices made by rule is the first of them
};

struct Output {
  std::vector<std::int64_t> counts;           // of gauss, by job
  std::vector<std::vector<double>> products;  // of matmul, by job
};

// The factors of the product that a job wants.
std::vector<double> const& left_of(Input const& in, std::size_t job);
std::vector<double> const& right_of(Input const& in, std::size_t job);

// The product that a job wants, by a library. The output must have room for it.
void multiply(Input const& in, std::size_t job, Output& out);

struct Example {
  using Input = gil::Input;
  using Output = gil::Output;

  // Of about the same size for both kinds of work, so that one foretells the other.
  static constexpr std::string_view item = "count or number of a product";
  static constexpr double tolerance = 0;  // whole numbers

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static mythbench::Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

// What no rung can do without: of matmul, the multiply-adds of all jobs. Of gauss nothing that a
// ceiling of the machine tells: an interpreter waits for one instruction after the other.
Bound least(Case const& c);

}  // namespace mythbench::gil
