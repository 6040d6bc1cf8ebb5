#include "options.hpp"

#include <CLI/CLI.hpp>

namespace mythbench {
namespace {

void add_options(CLI::App& app, Options& options) {
  app.description("Times the C++ rungs of mythbench and checks them first.");
  app.add_flag("--list", options.list, "list the rungs with their captions and cases");
  app.add_flag("--catalogue", options.catalogue, "print examples, rungs, cases and work as JSON");
  app.add_option("--problems", options.problems,
                 "folder of problem files: answers are read from it, missing ones are added");
  app.add_option("--write-problem", options.write_problem,
                 "write the problem <example>/<case> into the folder of --problems, time nothing");
  app.add_option("--layers", options.layers,
                 "count what the OS does for <example>/<rung>/<case> ..., print it as JSON");
  app.add_flag("--ceilings", options.ceilings,
               "measure what this machine computes and moves at most, print it as JSON");
  app.add_flag("--topology", options.topology,
               "tell how processors, caches and memory lie to each other, and of which of them "
               "--ceilings measures what, as JSON");
  app.add_option("--made-up", options.made_up,
                 "with --topology: of a machine in hwloc's words, such as \"node:8 core:16 pu:1\"");
  app.add_option("--instruction-set", options.instruction_set,
                 "let the rungs that choose their vector instructions use this set, such as AVX2");
  app.add_option("--case", options.cases,
                 "time <example>/<case> too, such as locator/grid:medium/spacing:400/events:64");
  app.add_option("--iterations", options.iterations,
                 "time <example>/<rung>/<case>=<n> by n runs, instead of looking for their number");
  app.add_option("--max-seconds", options.max_seconds,
                 "refuse a case whose run is forecast to take longer (default 60)");
  app.add_option("--warm-up-seconds", options.warm_up_seconds,
                 "run a rung for so long before it is timed (default 0.1)");
  app.add_flag("--no-forecast", options.no_forecast, "refuse nothing");
  app.footer(
      "All flags of Google Benchmark work too, such as --benchmark_filter=<regex>;\n"
      "--benchmark_list_tests lists what they select from.");
}

}  // namespace

Options read_options(int argc, char const* const* argv) {
  Options options;
  CLI::App app;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    throw BadUsage{error.what()};
  }
  return options;
}

std::string help_of_options() {
  Options options;
  CLI::App app;
  add_options(app, options);
  return app.help();
}

}  // namespace mythbench
