#pragma once

// Rumour:  "Hey, use NumPy!": write the whole expression, and the library does the rest at the
//          speed of C.
// Reality: each operation passes over memory once and leaves a temporary array behind. What counts
//          from some length on is how many bytes move, and that is decided by who sees the whole
//          expression: nobody, an expression template, a compiler, or the one who writes the loop.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/contract.hpp"
#include "machine/pages.hpp"

namespace mythbench::temporaries {

// Numbers side by side. Never filled: what they hold is up to whoever writes them first.
class Numbers {
 public:
  Numbers() = default;
  explicit Numbers(std::size_t size) : size_{size}, memory_{untouched_pages(size)} {}

  std::size_t size() const { return size_; }
  double* data() { return memory_.get(); }
  double const* data() const { return memory_.get(); }

  // Memory for so many numbers, the same as before where it fits.
  void resize(std::size_t size) {
    if (size != size_) *this = Numbers{size};
  }

 private:
  std::size_t size_ = 0;
  Pages memory_;
};

// As codes of high-performance computing write them, on arrays x, y, z.
enum class Expression {
  linear,      // a * x + b * y - shift
  polynomial,  // of x, of degree 8, in Horner's form
  distance,    // sqrt((x - px)^2 + (y - py)^2 + (z - pz)^2)
  products,    // the sum of x * y + y * z + z * x
};

inline constexpr double a = 1.25, b = -0.75, shift = 0.3;
inline constexpr double coefficients[] = {0.3, -1.1, 0.7, 0.2, -0.4, 0.9, -0.6, 0.5, 0.1};
inline constexpr std::size_t degree = 8;
inline constexpr double px = 0.9, py = 1.1, pz = 1.3;

struct Input {
  Expression expression;
  std::size_t size;
  std::int64_t start;  // where in its period each array begins
  int threads;
  Numbers x, y, z;  // those that the expression names; the others are empty
  // For rungs that keep buffers from run to run. Only the first run finds them empty.
  std::shared_ptr<std::vector<Numbers>> buffers;
};

struct Output {
  Numbers numbers;  // one per element
  double sum = 0;   // or this one, where the expression is a reduction
};

struct Example {
  using Input = temporaries::Input;
  using Output = temporaries::Output;

  static constexpr std::string_view item = "element";
  // Relative. Rungs round differently where they multiply and add at once, and sums are taken in
  // another order; both stay far below. Single precision does not.
  static constexpr double tolerance = 1e-12;

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Arrays arrays(Case const& c);
  static Case twin(Case const& c);
  static void trade_contents(Input& one, Input& other);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

// What no rung can do without: each number that the expression names is read once, each result
// written once, and the least that computes them is a multiply-add per product. The square root is
// counted as one more, which is generous to the processor.
Bound least(Case const& c);

// Where element first of part `part` of `parts` begins: at a cache line, so that no two threads
// write to the same one.
std::size_t begin_of_part(std::size_t size, int part, int parts);

// What a rung did beside computing; noted only where that takes no time against the run. The arrays
// that it makes are counted from outside: see Example::arrays.
struct Traffic {
  double numbers_moved = 0;  // read or written by an operation, per element
};
double least_numbers_moved(Expression expression);
void note_traffic(Input const& in, Traffic const& traffic);

}  // namespace mythbench::temporaries
