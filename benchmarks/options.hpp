#pragma once

// What is asked of the program, beside what is asked of Google Benchmark.

#include <stdexcept>
#include <string>
#include <vector>

namespace mythbench {

struct Options {
  bool list = false;
  bool catalogue = false;
  bool ceilings = false;
  bool topology = false;
  std::string made_up;  // a machine in hwloc's words; empty: this one
  bool no_forecast = false;
  double max_seconds = 60;
  double warm_up_seconds = 0.1;
  std::string problems;       // folder; empty: compute each answer anew
  std::string write_problem;  // "<example>/<case>"
  std::vector<std::string> layers;
  std::vector<std::string> cases;       // "<example>/<case>", beyond those of the examples
  std::vector<std::string> iterations;  // "<example>/<rung>/<case>=<count>"
  std::string instruction_set;          // empty: the processor's best
};

class BadUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws BadUsage, which says what is wrong.
Options read_options(int argc, char const* const* argv);

std::string help_of_options();

}  // namespace mythbench
