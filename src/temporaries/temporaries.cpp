#include "temporaries/temporaries.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>

#include "core/notes.hpp"
#include "core/processors.hpp"

namespace mythbench::temporaries {
namespace {

constexpr std::pair<std::string_view, Expression> names[] = {{"linear", Expression::linear},
                                                             {"polynomial", Expression::polynomial},
                                                             {"distance", Expression::distance},
                                                             {"products", Expression::products}};

Expression expression_named(std::string_view name) {
  for (auto const& [known, expression] : names)
    if (known == name) return expression;
  throw std::out_of_range{"there is no expression '" + std::string{name} + "'"};
}

std::string_view name_of(Expression expression) {
  return names[static_cast<std::size_t>(expression)].first;
}

std::size_t arrays_read(Expression expression) {
  switch (expression) {
    case Expression::linear:
      return 2;
    case Expression::polynomial:
      return 1;
    default:
      return 3;
  }
}

// From 0.5 to 1.5, and the same in both languages: all of it is exact. A multiplier that is odd
// brings every remainder in turn.
constexpr std::int64_t period = 65536;

void fill(Input const& in, Numbers& numbers, std::int64_t multiplier, std::size_t first,
          std::size_t end) {
  for (std::size_t i = first; i < end; ++i) {
    auto const remainder = (in.start + static_cast<std::int64_t>(i)) * multiplier % period;
    numbers.data()[i] = 0.5 + static_cast<double>(remainder) / period;
  }
}

// By the threads that will read it, each its part: where the system has several memories, a page
// belongs to the one nearest to whoever writes it first.
Numbers made(Input const& in, std::int64_t multiplier) {
  Numbers numbers{in.size};
  std::vector<std::jthread> running;
  for (int part = 0; part < in.threads; ++part)
    running.emplace_back([&, part] {
      use_all_processors();
      fill(in, numbers, multiplier, begin_of_part(in.size, part, in.threads),
           begin_of_part(in.size, part + 1, in.threads));
    });
  running.clear();
  return numbers;
}

double element(Input const& in, std::size_t i) {
  double const x = in.x.data()[i];
  switch (in.expression) {
    case Expression::linear:
      return a * x + b * in.y.data()[i] - shift;
    case Expression::polynomial: {
      double sum = coefficients[degree];
      for (std::size_t k = degree; k-- > 0;) sum = sum * x + coefficients[k];
      return sum;
    }
    case Expression::distance: {
      double const dx = x - px, dy = in.y.data()[i] - py, dz = in.z.data()[i] - pz;
      return std::sqrt(dx * dx + dy * dy + dz * dz);
    }
    default: {
      double const y = in.y.data()[i], z = in.z.data()[i];
      return x * y + y * z + z * x;
    }
  }
}

// Neumaier's compensated sum: within a few units in the last place, whatever the length.
class ExactSum {
 public:
  void add(double x) {
    double const larger = sum_ + x;
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - larger) + x : (x - larger) + sum_;
    sum_ = larger;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

constexpr std::size_t samples = 32;

}  // namespace

std::vector<Case> Example::cases() {
  std::vector<Case> cases;
  auto const add = [&](std::string_view expression, std::int64_t size, std::int64_t threads) {
    cases.push_back(
        {{"expression", std::string{expression}}, {"length", size}, {"threads", threads}});
  };
  for (std::int64_t const size :
       {100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000}) {
    bool const everything = size == 1'000 || size == 10'000'000;
    for (auto const& [name, expression] : names) {
      if (expression != Expression::linear && !everything) continue;
      add(name, size, 1);
      // Threads take longer to meet than short arrays take to compute.
      for (std::int64_t const threads : thread_counts())
        if (threads > 1 && size >= 1'000'000) add(name, size, threads);
    }
  }
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  for (auto const& [name, expression] : names) {
    auto const add = [&, &text = name](std::int64_t size, std::int64_t threads) {
      cases.push_back({{"expression", std::string{text}}, {"length", size}, {"threads", threads}});
    };
    // Shorter than a vector, a cache line, a block, just as long, and one more than each.
    for (std::int64_t const size :
         {1,   2,   3,   4,    5,    7,    8,    9,    15,   16,   17,   31,   32,   33,
          511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 5000, 8191, 8192, 8193, 16385})
      add(size, 1);
    for (std::int64_t const size : {1, 2, 7, 8, 9, 33, 1023, 1025, 5000, 8193}) add(size, 3);
    // A cache line for each thread, and for some of them none.
    for (std::int64_t const threads : {2, 4, 5, 6, 7, 8})
      for (std::int64_t const size : {33, 1025}) add(size, threads);
  }
  return cases;
}

Work Example::work(Case const& c) {
  double const size = static_cast<double>(c.integer("length"));
  Expression const expression = expression_named(c.text("expression"));
  double constexpr flops[] = {4, 2 * degree, 9, 6};
  return {.items = size,
          .flops = flops[static_cast<std::size_t>(expression)] * size,
          .bytes = sizeof(double) * least_numbers_moved(expression) * size};
}

Arrays Example::arrays(Case const& c) {
  bool const reduced = expression_named(c.text("expression")) == Expression::products;
  return {.bytes = sizeof(double) * work(c).items, .results = reduced ? 0.0 : 1.0};
}

Case Example::twin(Case const& c) { return c.with("start", 1); }

Input Example::make_input(Case const& c) {
  Input in{};
  in.expression = expression_named(c.text("expression"));
  in.size = static_cast<std::size_t>(c.integer("length"));
  in.start = c.has("start") ? c.integer("start") : 0;
  in.threads = c.threads();
  std::size_t const arrays = arrays_read(in.expression);
  in.x = made(in, 40503);
  if (arrays > 1) in.y = made(in, 30011);
  if (arrays > 2) in.z = made(in, 52363);
  in.buffers = std::make_shared<std::vector<Numbers>>();
  return in;
}

// What rungs keep in buffers stays where it is.
void Example::trade_contents(Input& one, Input& other) {
  std::swap(one.start, other.start);
  for (Numbers Input::*const array : {&Input::x, &Input::y, &Input::z})
    std::swap_ranges((one.*array).data(), (one.*array).data() + (one.*array).size(),
                     (other.*array).data());
}

Fields Example::fields(Input const& input) {
  return {{"expression", std::string{name_of(input.expression)}},
          {"length", static_cast<std::int64_t>(input.size)},
          {"start", input.start},
          {"threads", static_cast<std::int64_t>(input.threads)}};
}

Output Example::reference(Input const& in) {
  Output out;
  if (in.expression == Expression::products) {
    ExactSum sum;
    for (std::size_t i = 0; i < in.size; ++i) sum.add(element(in, i));
    out.sum = sum.value();
    return out;
  }
  out.numbers = Numbers{in.size};
  for (std::size_t i = 0; i < in.size; ++i) out.numbers.data()[i] = element(in, i);
  return out;
}

// Too many numbers to keep: their sum, a sum in which each counts differently, so that no two can
// change places, and some of them, the first and the last included.
Answer Example::answer(Output const& out) {
  std::size_t const size = out.numbers.size();
  if (size == 0) return {out.sum};
  double const* const numbers = out.numbers.data();
  ExactSum plain, weighted;
  for (std::size_t i = 0; i < size; ++i) {
    double const weight = static_cast<double>(1 + i * 37 % 1024) / 1024;
    plain.add(numbers[i]);
    weighted.add(weight * numbers[i]);
  }
  Answer answer{static_cast<double>(size), plain.value(), weighted.value()};
  for (std::size_t k = 0; k < samples; ++k)
    answer.push_back(numbers[k * (size - 1) / (samples - 1)]);
  return answer;
}

// Relative, but of a number that is nearly zero because others cancelled, not to itself.
double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double furthest = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    double const off = std::abs(got[i] - expected[i]) / std::max(1.0, std::abs(expected[i]));
    if (std::isnan(off)) return off;  // and no later number may make up for it
    furthest = std::max(furthest, off);
  }
  return furthest;
}

Bound least(Case const& c) {
  Work const work = Example::work(c);
  double constexpr operations[] = {2, degree, 7, 3};
  auto const expression = static_cast<std::size_t>(expression_named(c.text("expression")));
  return {.f64_operations = operations[expression] * work.items,
          .bytes = work.bytes,
          .working_set_bytes = work.bytes};
}

std::size_t begin_of_part(std::size_t size, int part, int parts) {
  constexpr std::size_t line = 64 / sizeof(double);
  if (part == parts) return size;
  std::size_t const lines = size / line;
  return lines * static_cast<std::size_t>(part) / static_cast<std::size_t>(parts) * line;
}

double least_numbers_moved(Expression expression) {
  bool const reduced = expression == Expression::products;
  return static_cast<double>(arrays_read(expression) + (reduced ? 0 : 1));
}

void note_traffic(Input const& in, Traffic const& traffic) {
  constexpr std::size_t least_worth_noting = 100'000;
  if (in.size < least_worth_noting) return;
  note("moved_bytes", sizeof(double) * traffic.numbers_moved * static_cast<double>(in.size));
}

}  // namespace mythbench::temporaries
