// Locates the user's own events with a rung of the locator's ladder.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/contract.hpp"
#include "csv/csv.hpp"
#include "layers/os.hpp"
#include "locator/limits.hpp"
#include "locator/locate/grid_file.hpp"
#include "locator/locate/help.hpp"
#include "locator/locate/located.hpp"
#include "locator/locate/problem.hpp"
#include "locator/locate/slices.hpp"
#include "locator/memory.hpp"
#include "program/ending.hpp"
#include "program/whole_file.hpp"

namespace {

namespace fs = std::filesystem;
namespace csv = mythbench::csv;
using mythbench::check_writable;
using mythbench::Rung;
using mythbench::write_whole;
using namespace mythbench::locator;

// Above this share of what is available the machine would begin to swap.
constexpr double share_of_memory = 0.8;

// Exit statuses.
using namespace mythbench::status;
constexpr int without_pictures = 3;  // all well but for them

struct Options {
  fs::path stations, events, grid, located, pictures;
  int threads = static_cast<int>(mythbench::thread_counts().back());
  std::string rung;
};

// The rungs of the ladder that this program can run, in the order of their numbers.
std::vector<Rung const*> own_rungs() {
  std::vector<Rung const*> rungs;
  for (Rung const& rung : mythbench::all_rungs())
    if (rung.example == "locator" && rung.kernel) rungs.push_back(&rung);
  return rungs;
}

std::string names_of(std::vector<Rung const*> const& rungs) {
  std::string names;
  for (Rung const* const rung : rungs)
    names += (names.empty() ? "" : ", ") + std::string{rung->name};
  return names;
}

// A ladder grows in speed: without a wish, the highest rung that uses threads.
Rung const& chosen_rung(std::string const& name) {
  std::vector<Rung const*> const rungs = own_rungs();
  if (name.empty()) {
    auto const threaded = std::ranges::find_if(rungs.rbegin(), rungs.rend(), &Rung::threaded);
    return threaded == rungs.rend() ? *rungs.back() : **threaded;
  }
  auto const found = std::ranges::find(rungs, name, &Rung::name);
  if (found == rungs.end())
    throw std::runtime_error{"there is no rung '" + name + "' in C++; there are " +
                             names_of(rungs)};
  return **found;
}

Options parse(CLI::App& app, int argc, char** argv) {
  Options options;
  app.add_option("--stations", options.stations, "where the stations are")
      ->required()
      ->type_name("stations.csv");
  app.add_option("--events", options.events, "what they recorded")
      ->required()
      ->type_name("events.csv");
  app.add_option("--grid", options.grid, "where to look for sources, and the medium")
      ->required()
      ->type_name("grid.json");
  app.add_option("-o,--output", options.located, "the table to write")
      ->required()
      ->type_name("located.csv");
  app.add_option("--threads", options.threads, "how many threads to use; default: all usable cores")
      ->check(CLI::Range(1, 4096))
      ->type_name("n");
  app.add_option("--rung", options.rung,
                 "which rung of the ladder to use, one of\n" + names_of(own_rungs()) +
                     ";\ndefault: " + std::string{chosen_rung("").name})
      ->type_name("name");
  app.add_option("--plot", options.pictures,
                 "also draw, for each located event, the error around the best point")
      ->type_name("folder");
  app.footer(explanation);
  app.parse(argc, argv);
  return options;
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

Sizes sizes_of(GridFile const& grid, Problem const& problem, int threads) {
  return {.nodes = grid.x.count() * grid.y.count() * grid.z.count(),
          .events = static_cast<double>(problem.events.size()),
          .stations = static_cast<double>(problem.input.stations.size()),
          .amplitudes = grid.amplitude.count(),
          .threads = static_cast<double>(threads)};
}

// Before anything as large as the grid is allocated.
void check_size(Options const& options, Rung const& rung, GridFile const& grid,
                Sizes const& sizes) {
  auto const refuse = [&](std::string const& what) {
    throw std::runtime_error{options.grid.string() + ": the grid has " + rounded(sizes.nodes) +
                             " nodes and " + rounded(sizes.amplitudes) + " amplitudes, " + what};
  };
  if (auto const excess = excess_of(sizes.nodes, sizes.amplitudes))
    refuse("more than can be numbered: expected " + excess->expected + "; " + excess->advice);

  double const axes =
      8 * (grid.x.count() + grid.y.count() + grid.z.count() + grid.amplitude.count());
  double const available = static_cast<double>(mythbench::layers::available_memory_bytes());
  if (available <= 0) return;  // the system does not say
  auto const forecast = [&](Rung const& of) { return axes + stated_bytes(of.memory, sizes); };
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

void mention_masked(Input const& in) {
  for (Station const& station : in.stations)
    for (std::int64_t const node : nodes_below(in, station)) {
      auto const [x, y, z] = point(in, static_cast<std::size_t>(node));
      std::cerr << "locate: station " << station.name << " stands on the node (" << csv::cell(x)
                << ", " << csv::cell(y) << ", " << csv::cell(z) << "), which is left out\n";
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

void mention_edges(Problem const& problem, Output const& found) {
  std::size_t count = 0;
  std::string names;
  for (std::size_t e = 0; e < found.size(); ++e) {
    if (found[e].index < 0 || !is_at_edge(problem.input, found[e])) continue;
    if (++count <= 5) names += (count == 1 ? "" : ", ") + problem.events[e];
  }
  if (count == 0) return;
  std::cerr << "locate: at the edge of the grid, so that the true source may be beyond it: "
            << names;
  if (count > 5) std::cerr << " and " << count - 5 << " more";
  std::cerr << '\n';
}

Output run(Rung const& rung, Problem const& problem, double& seconds) {
  Input const& in = problem.input;
  Output found;
  auto const start = std::chrono::steady_clock::now();
  mythbench::kernel_of<Example>(rung)(in, found);
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  restate_errors(in, found);
  return found;
}

// The exit status. Why it is not 0 has been said, unless it is thrown.
int draw(Problem const& problem, Output const& found, fs::path const& folder) try {
  write_slices(problem, found, folder);
  int const status = draw_slices(folder);
  return status == all_well || status == refused ? status : without_pictures;
} catch (mythbench::Refused const&) {
  throw;
} catch (std::exception const& error) {
  std::cerr << "locate: " << error.what() << '\n';
  return without_pictures;
}

int locate(Options const& options) {
  Rung const& rung = chosen_rung(options.rung);
  check_output(options);
  GridFile const grid = read_grid(options.grid);
  Problem problem = read_problem(options.stations, options.events);
  check_size(options, rung, grid, sizes_of(grid, problem, options.threads));
  add_grid(problem, grid);
  check_limits(problem, options.stations, options.grid);
  problem.input.threads = rung.threaded ? options.threads : 1;
  mention_masked(problem.input);
  if (!options.pictures.empty()) make_folder(options.pictures);

  double seconds = 0;
  Output const found = run(rung, problem, seconds);
  write_whole(options.located, located_table(problem, found));
  mention_edges(problem, found);
  auto const unlocatable = std::ranges::count(found, -1, &Location::index);
  std::cout << found.size() - static_cast<std::size_t>(unlocatable) << " of " << found.size()
            << " events located among " << problem.input.nodes() << " nodes by the rung "
            << rung.name << ", threads: " << problem.input.threads << ", in " << rounded(seconds)
            << " s: " << options.located.string() << std::endl;

  return options.pictures.empty() ? all_well : draw(problem, found, options.pictures);
}

}  // namespace

int main(int argc, char** argv) {
  return mythbench::ended("locate", [&] {
    CLI::App app{"Locates seismic events by the amplitudes that stations recorded."};
    try {
      return locate(parse(app, argc, argv));
    } catch (CLI::CallForHelp const&) {
      std::cout << app.help();
      return all_well;
    } catch (CLI::ParseError const& error) {
      std::cerr << "locate: " << error.what() << "; --help describes options and files\n";
    } catch (std::bad_alloc const&) {
      std::cerr << "locate: there is not enough memory for this grid\n";
    }
    return bad_usage;
  });
}
