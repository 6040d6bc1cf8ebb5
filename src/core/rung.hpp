#pragma once

// The vocabulary of the suite. An example is a myth put to the test; its rungs
// are ways to compute one answer, ordered from naive to fast.

#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/case.hpp"

namespace mythbench {

// Useful work of one run, the same for every rung of a case. Forecasts of larger
// cases scale by items: the example says what one item is.
struct Work {
  double items = 0;
  double flops = 0;
  double bytes = 0;
};

// What one run cannot do without, by the rung's own account: operations of vector lanes that take
// a port of the multiply-adds (a multiply-add is one, and so is a maximum in its place, and a
// product of integers), operations that any port for vectors does, and bytes to and from memory.
// Against what the machine does at most, it says how fast the rung could be.
struct Bound {
  double f64_operations = 0;
  double f32_operations = 0;
  double u64_operations = 0;  // of all ports: those above are to be counted here again
  double bytes = 0;
  // Different bytes among them: the cache that holds them says how fast they come, from the second
  // run on. 0 if none will: then they come from memory.
  double working_set_bytes = 0;
};

// The arrays of a problem that are worth counting where rungs differ in how many they make: their
// size, and how many of them its result is.
struct Arrays {
  double bytes = 0;
  double results = 0;
};

// What an output says, as plain finite numbers: the form in which an answer
// crosses from one language to the other and survives in a file.
using Answer = std::vector<double>;

// Distance from the reference answer. NaN never passes.
struct Check {
  double error;
  double tolerance;
  bool passed() const { return error <= tolerance; }
};

// The input of a case, as a Python rung reads it: named numbers, texts and arrays.
using Field = std::variant<std::int64_t, double, std::string, std::vector<double>,
                           std::vector<std::int64_t>, std::vector<std::string>>;
using Fields = std::vector<std::pair<std::string, Field>>;

// One case with its trusted answer.
struct Problem {
  Fields input;
  Answer answer;
};

// What an interpreter did in one run, by name: {"dispatches", 7007}, ...
using Counts = std::vector<std::pair<std::string, double>>;

// What a rung throws where this machine lacks what it needs: then it is skipped, and its row says
// why. That is no failure.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One rung on one input, ready to run as often as the caller likes.
class Trial {
 public:
  virtual ~Trial() = default;
  virtual void run() = 0;
  // Runs once more, from an empty output.
  virtual Check verify() = 0;
  // Looks at what the last run left, without running.
  virtual Check inspect() const = 0;
  // Between two trials of one rung: the inputs change places, with the answers that are expected
  // of them, or the outputs do. Where a rung finds them stays the same: it meets another input, or
  // what another input has left, at an address that it knows. Inputs of one shape may trade what is
  // in them: then their arrays stay where they are, too.
  virtual void trade_inputs(Trial& other) = 0;
  virtual void trade_contents(Trial& other) = 0;
  virtual void trade_outputs(Trial& other) = 0;
};

struct Example {
  std::string_view name;
  std::string_view item;  // what Work::items counts, in the singular
  double tolerance;
  std::vector<Case> (*cases)();          // smallest first
  std::vector<Case> (*awkward_cases)();  // where tails, ties and edges break; tested, never timed
  Work (*work)(Case const&);
  Fields (*input)(Case const&);
  Problem (*problem)(Case const&);
  Arrays (*arrays)(Case const&);  // null if nobody asks how many a rung makes
  // A case whose input and output have the shape of this one's, and whose answer is another. Null
  // if the example knows none.
  Case (*twin)(Case const&);
};

enum class Language { cpp, python };

struct Rung {
  std::string_view example;
  std::string_view name;
  int number;
  std::string_view file;     // relative to the root of the project
  std::string_view caption;  // the first line of the file
  Language language;
  bool threaded;  // uses as many threads as the case says
  // The expected answer is computed by the reference when none is given.
  // Null for a Python rung: benchmarks/python.py runs those.
  std::unique_ptr<Trial> (*prepare)(Case const&, std::optional<Answer> expected);
  Bound (*bound)(Case const&);  // null if the rung states none
  // What it stores that grows with the input, in the words of its file: "8 bytes per node". Empty
  // if it says nothing. The example knows what the words mean.
  std::string_view memory;
  // The function itself, for inputs that belong to no case: see kernel_of(). Null as above.
  std::any (*kernel)();
  // Runs it once more, counting what an interpreter does. Null if its example counts nothing.
  Counts (*count)(Case const&);
};

// Examples in alphabetical order; rungs likewise, each ladder from its ground up.
std::span<Example const> all_examples();
std::span<Rung const> all_rungs();

// Throws std::out_of_range if there is no such example.
Example const& example_named(std::string_view name);

// The cases that a rung is timed on: one that runs on a single thread has no use for more.
std::vector<Case> cases_of(Rung const& rung);

// The awkward cases that mean something to the rung: likewise.
std::vector<Case> awkward_cases_of(Rung const& rung);

// "locator/talk/grid:small/events:4/threads:1"
std::string label(Rung const& rung, Case const& c);

}  // namespace mythbench
