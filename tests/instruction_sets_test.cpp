#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "core/rung.hpp"
#include "machine/instruction_set.hpp"
#include "machine/peaks.hpp"

namespace {

namespace fs = std::filesystem;

using mythbench::Case;
using mythbench::Check;
using mythbench::Rung;

// Leaves the best one in use, whatever a test does.
struct Forced {
  explicit Forced(std::string const& set) { mythbench::use_instruction_set(set); }
  ~Forced() { mythbench::use_best_instruction_set(); }
};

std::string text_of(fs::path const& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool dispatches(fs::path const& file) {
  return text_of(file).find("HWY_DYNAMIC_DISPATCH") != std::string::npos;
}

// In the file, or behind a header that it includes, itself or by another.
bool chooses_instructions(fs::path const& file, std::set<fs::path>& seen) {
  if (!seen.insert(file).second) return false;
  if (dispatches(file)) return true;
  std::string const source = text_of(file);
  static std::regex const include{"#include \"([a-z_]+/[a-z_]+)\\.hpp\""};
  for (std::sregex_iterator found{source.begin(), source.end(), include}, end; found != end;
       ++found) {
    fs::path header = fs::path{MYTHBENCH_ROOT} / "src" / (found->str(1) + ".hpp");
    if (chooses_instructions(header, seen)) return true;
    if (dispatches(header.replace_extension(".cpp"))) return true;
  }
  return false;
}

bool chooses_instructions(Rung const& rung) {
  std::set<fs::path> seen;
  return rung.prepare &&
         chooses_instructions(fs::path{MYTHBENCH_ROOT} / std::string{rung.file}, seen);
}

mythbench::Peaks peaks(double milliseconds) {
  std::chrono::duration<double, std::milli> const time{milliseconds};
  return mythbench::operation_peaks(
      1, mythbench::Clock::now() + std::chrono::duration_cast<mythbench::Clock::duration>(time));
}

}  // namespace

TEST_CASE("every rung gives the reference answer with every instruction set", "[machine][rungs]") {
  int chosen = 0;
  for (std::string const& set : mythbench::instruction_sets()) {
    Forced const forced{set};
    for (Rung const& rung : mythbench::all_rungs()) {
      if (!chooses_instructions(rung)) continue;
      ++chosen;
      for (Case const& c : mythbench::example_named(rung.example).awkward_cases()) {
        Check const check = rung.prepare(c, std::nullopt)->verify();
        INFO(set << ' ' << mythbench::label(rung, c));
        INFO("error " << check.error << ", tolerated " << check.tolerance);
        CHECK(check.passed());
      }
    }
  }
  CHECK(chosen > 0);
}

TEST_CASE("instruction sets have names of their own, and others are refused", "[machine]") {
  std::set<std::string> names;
  for (std::string const& set : mythbench::instruction_sets()) CHECK(names.insert(set).second);
  CHECK_FALSE(names.empty());
  CHECK_THROWS_AS(mythbench::use_instruction_set("abacus"), std::out_of_range);
}

TEST_CASE("peaks are measured with every instruction set, at any time", "[machine]") {
  for (std::string const& set : mythbench::instruction_sets()) {
    Forced const forced{set};
    for (double const milliseconds : {0, 20}) {
      auto const peak = peaks(milliseconds);
      CHECK(peak.f64 > 0);
      CHECK(peak.f32 > 0);
      CHECK(peak.u64 > 0);
    }
  }
}

// By hand, on an idle machine: mythbench_tests "[timing]"
TEST_CASE("the peak grows with the vectors", "[.][timing]") {
  double const best = peaks(1000).f64;
  Forced const forced{mythbench::instruction_sets().back()};
  CHECK(best > 1.2 * peaks(1000).f64);
}

TEST_CASE("vectors hold twice as many numbers in single precision", "[.][timing]") {
  auto const peak = peaks(1000);
  CHECK(peak.f32 > 1.5 * peak.f64);
  CHECK(peak.f32 < 2.5 * peak.f64);
}
