// Locates the user's own events with a rung of the locator's ladder.

#include <iostream>
#include <string>
#include <utility>

#include "core/case.hpp"
#include "core/stopwatch.hpp"
#include "layers/os.hpp"
#include "locator/locate/locating.hpp"
#include "locator/locate/options.hpp"
#include "program/ending.hpp"

namespace {

using namespace mythbench::locator;

int locate(Options options) {
  mythbench::Rung const& rung = chosen_rung(options.rung);
  Files files = read_files(options);
  check_size(options, rung, files, sizes_of(files, options.threads),
             static_cast<double>(mythbench::layers::available_memory_bytes()));
  if (!rung.threaded) options.threads = 1;
  Problem const problem = complete(options, std::move(files));

  mythbench::Stopwatch const run;
  Output const found = search(rung, problem.input);
  return deliver(
      options, problem, found,
      "by the rung " + std::string{rung.name} + ", threads: " + std::to_string(options.threads),
      run.seconds());
}

}  // namespace

int main(int argc, char** argv) {
  return mythbench::ended("locate", [&] {
    Threads const threads{static_cast<int>(mythbench::thread_counts().back()),
                          "how many threads to use; default: all usable cores"};
    Options const options = parse("locate", threads, argc, argv);
    if (options.help.empty()) return locate(options);
    std::cout << options.help;
    return mythbench::status::all_well;
  });
}
