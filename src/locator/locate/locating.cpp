#include "locator/locate/locating.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/contract.hpp"
#include "csv/csv.hpp"
#include "locator/limits.hpp"
#include "locator/locate/located.hpp"
#include "locator/locate/slices.hpp"
#include "program/ending.hpp"
#include "program/whole_file.hpp"

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;

// Above this share of what is available the machine would begin to swap.
constexpr double share_of_memory = 0.8;

// Exit statuses.
using namespace mythbench::status;
constexpr int without_pictures = 3;  // all well but for them

[[noreturn]] void fail_for_memory() {
  throw std::runtime_error{"there is not enough memory for this grid"};
}

std::string rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

std::string volume(double bytes) {
  char const* unit = "B";
  for (char const* const larger : {"kB", "MB", "GB", "TB", "PB", "EB"}) {
    if (bytes < 1000) break;
    bytes /= 1000;
    unit = larger;
  }
  return rounded(bytes) + ' ' + unit;
}

void check_output(Options const& options) {
  for (fs::path const& input : {options.stations, options.events, options.grid}) {
    std::error_code ignored;
    if (fs::equivalent(input, options.located, ignored))
      throw std::runtime_error{options.located.string() + ": is an input, it would be overwritten"};
  }
  check_writable(options.located);
}

void mention_masked(std::string_view program, Input const& in) {
  for (Station const& station : in.stations)
    for (std::int64_t const node : nodes_below(in, station)) {
      auto const [x, y, z] = point(in, static_cast<std::size_t>(node));
      std::cerr << program << ": station " << station.name << " stands on the node ("
                << csv::cell(x) << ", " << csv::cell(y) << ", " << csv::cell(z)
                << "), which is left out\n";
    }
}

// A best point at the end of an axis may be so only because the grid ends there.
bool is_at_edge(Input const& in, Location const& location) {
  auto const [source, amplitude] = source_of(in, location);
  auto const ends = [](std::vector<double> const& axis, double value) {
    return axis.size() > 1 && (value == axis.front() || value == axis.back());
  };
  return ends(in.x, source.x) || ends(in.y, source.y) || ends(in.z, source.z) ||
         ends(in.amplitudes, amplitude);
}

void mention_edges(std::string_view program, Problem const& problem, Output const& found) {
  std::size_t count = 0;
  std::string names;
  for (std::size_t e = 0; e < found.size(); ++e) {
    if (found[e].index < 0 || !is_at_edge(problem.input, found[e])) continue;
    if (++count <= 5) names += (count == 1 ? "" : ", ") + problem.events[e];
  }
  if (count == 0) return;
  std::cerr << program
            << ": at the edge of the grid, so that the true source may be beyond it: " << names;
  if (count > 5) std::cerr << " and " << count - 5 << " more";
  std::cerr << '\n';
}

int draw(Options const& options, Problem const& problem, Output const& found) try {
  write_slices(problem, found, options.pictures);
  int const status = draw_slices(options.pictures);
  return status == all_well || status == refused ? status : without_pictures;
} catch (Refused const&) {
  throw;
} catch (std::exception const& error) {
  std::cerr << options.program << ": " << error.what() << '\n';
  return without_pictures;
}

}  // namespace

Files read_files(Options const& options) {
  check_output(options);
  return {read_grid(options.grid), read_problem(options.stations, options.events)};
}

Sizes sizes_of(Files const& files, int threads) {
  auto const& [grid, problem] = files;
  return {.nodes = grid.x.count() * grid.y.count() * grid.z.count(),
          .events = static_cast<double>(problem.events.size()),
          .stations = static_cast<double>(problem.input.stations.size()),
          .amplitudes = grid.amplitude.count(),
          .threads = static_cast<double>(threads)};
}

void check_size(Options const& options, Rung const& rung, Files const& files, Sizes const& part,
                double available) {
  GridFile const& grid = files.grid;
  Sizes const whole = sizes_of(files, options.threads);
  auto const refuse = [&](std::string const& what) {
    throw std::runtime_error{options.grid.string() + ": the grid has " + rounded(whole.nodes) +
                             " nodes and " + rounded(whole.amplitudes) + " amplitudes, " + what};
  };
  if (auto const excess = excess_of(whole.nodes, whole.amplitudes))
    refuse("more than can be numbered: expected " + excess->expected + "; " + excess->advice);

  double const axes =
      8 * (grid.x.count() + grid.y.count() + grid.z.count() + grid.amplitude.count());
  if (available <= 0) return;
  auto const forecast = [&](Rung const& of) { return axes + stated_bytes(of.memory, part); };
  if (forecast(rung) <= share_of_memory * available) return;
  std::string what = "for which the rung '" + std::string{rung.name} + "' needs " +
                     volume(forecast(rung)) + " of memory, but " + volume(available) +
                     " are available";
  std::vector<Rung const*> smaller = own_rungs();
  std::erase_if(smaller,
                [&](Rung const* other) { return forecast(*other) > share_of_memory * available; });
  if (!smaller.empty()) what += "; enough for --rung " + std::string{smaller.back()->name};
  refuse(what);
}

Problem complete(Options const& options, Files files) try {
  Problem problem = std::move(files.problem);
  add_grid(problem, files.grid);
  check_limits(problem, options.stations, options.grid);
  problem.input.threads = options.threads;
  mention_masked(options.program, problem.input);
  if (!options.pictures.empty()) make_folder(options.pictures);
  return problem;
} catch (std::bad_alloc const&) {
  fail_for_memory();
}

Output search(Rung const& rung, Input const& in) try {
  Output found;
  kernel_of<Example>(rung)(in, found);
  restate_errors(in, found);
  return found;
} catch (std::bad_alloc const&) {
  fail_for_memory();
}

int deliver(Options const& options, Problem const& problem, Output const& found,
            std::string const& how, double seconds) {
  write_whole(options.located, located_table(problem, found));
  mention_edges(options.program, problem, found);
  auto const unlocatable = std::ranges::count(found, -1, &Location::index);
  std::cout << found.size() - static_cast<std::size_t>(unlocatable) << " of " << found.size()
            << " events located among " << problem.input.nodes() << " nodes " << how << ", in "
            << rounded(seconds) << " s: " << options.located.string() << std::endl;
  return options.pictures.empty() ? all_well : draw(options, problem, found);
}

}  // namespace mythbench::locator
