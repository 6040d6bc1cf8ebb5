#include "locator/locate/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "locator/locate/help.hpp"

namespace mythbench::locator {
namespace {

std::string names_of(std::vector<Rung const*> const& rungs) {
  std::string names;
  for (Rung const* const rung : rungs)
    names += (names.empty() ? "" : ", ") + std::string{rung->name};
  return names;
}

void add_options(CLI::App& app, Threads const& threads, Options& options) {
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
  app.add_option("--threads", options.threads, std::string{threads.help})
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
}

}  // namespace

std::vector<Rung const*> own_rungs() {
  std::vector<Rung const*> rungs;
  for (Rung const& rung : all_rungs())
    if (rung.example == "locator" && rung.kernel) rungs.push_back(&rung);
  return rungs;
}

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

Options parse(std::string_view program, Threads const& threads, int argc, char** argv) {
  Options options{};
  options.program = program;
  options.threads = threads.usual;
  CLI::App app{"Locates seismic events by the amplitudes that stations recorded."};
  add_options(app, threads, options);
  try {
    app.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    options.help = app.help();
  } catch (CLI::ParseError const& error) {
    throw std::runtime_error{std::string{error.what()} + "; --help describes options and files"};
  }
  return options;
}

}  // namespace mythbench::locator
