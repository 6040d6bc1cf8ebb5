#include "locator/memory.hpp"

#include <stdexcept>
#include <string>
#include <variant>

#include "catch.hpp"
#include "core/contract.hpp"
#include "layers/os.hpp"
#include "locator/grid.hpp"
#include "locator/locator.hpp"

namespace {

using mythbench::Rung;
using namespace mythbench::locator;

// The smallest that still shows what grows with the grid, or with the events.
Input problem(double steps_per_axis, std::size_t events) {
  Input in{};
  in.stations = {{"A", -500, 300, 2000}, {"B", 900, -200, 2100}, {"C", 400, 1700, 1900}};
  in.x = in.y = in.z = Axis{0, 10 * steps_per_axis, 10}.values();
  in.amplitudes = {1};
  in.decay = 2.5e-4;
  in.threads = 1;  // a fork has none of its parent's threads, which OpenMP may count on
  for (std::size_t i = 0; i < 3 * events; ++i)
    in.observations.push_back(1e-3 * static_cast<double>(1 + i % 7));
  return in;
}

Sizes sizes_of(Input const& in) {
  return {.nodes = static_cast<double>(in.nodes()),
          .events = static_cast<double>(in.events()),
          .stations = static_cast<double>(in.stations.size()),
          .amplitudes = static_cast<double>(in.amplitudes.size()),
          .threads = static_cast<double>(in.threads)};
}

// Code, stacks and tiles: what a rung may use of any problem.
constexpr double fixed_bytes = 16e6;

void check_statement(Rung const& rung, Input const& in) {
  auto const counted =
      mythbench::layers::count_in_child([] {},
                                        [&] {
                                          Output out;
                                          mythbench::kernel_of<Example>(rung)(in, out);
                                        });
  auto const* const counts = std::get_if<mythbench::layers::Counted>(&counted);
  if (!counts) return;  // a system that does not count
  double const used =
      static_cast<double>(counts->peak_resident_bytes - counts->baseline_resident_bytes);
  double const stated = stated_bytes(rung.memory, sizes_of(in));
  INFO(rung.file << " states '" << rung.memory << "'");
  // Not also at least: a tree that grows where events look is stated as if they looked everywhere.
  CHECK(used <= 1.1 * stated + fixed_bytes);
}

}  // namespace

TEST_CASE("a statement of memory is added up over its terms", "[memory]") {
  Sizes const sizes{.nodes = 1000, .events = 20, .stations = 9, .amplitudes = 5, .threads = 2};
  CHECK(stated_bytes("", sizes) == 0);
  CHECK(stated_bytes("8 bytes per node", sizes) == 8000);
  CHECK(stated_bytes("8 bytes per node and event, 24 bytes per amplitude", sizes) == 160'120);
  CHECK(stated_bytes("0.5 bytes per node and station and thread", sizes) == 9000);
}

TEST_CASE("a statement of memory in other words is refused", "[memory]") {
  for (std::string const text : {"8 bytes", "much", "8 bytes per moon", "8 kB per node",
                                 "8 bytes per node or event", "8 bytes per node and"})
    CHECK_THROWS_AS(stated_bytes(text, {}), std::invalid_argument);
}

// A sanitizer keeps books about every byte.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a rung of the locator needs no more memory than its file states", "[memory]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    if (rung.example != "locator" || !rung.kernel) continue;
    check_statement(rung, problem(159, 1));  // four million nodes
    check_statement(rung, problem(7, 20'000));
  }
}
#endif
