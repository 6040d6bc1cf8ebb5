// Locates the user's own events like the program locate, with as many processes as MPI has started,
// on as many machines as there are. The first one reads and writes.

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>

#include "core/stopwatch.hpp"
#include "locator/limits.hpp"
#include "locator/locate/locating.hpp"
#include "locator/locate/options.hpp"
#include "locator/locate_mpi/ranks.hpp"
#include "locator/shares.hpp"
#include "program/ending.hpp"

namespace {

using namespace mythbench::locator;

constexpr char const* program = "locate_mpi";

// Of the largest share, beside what every rank has.
Sizes largest_part(Files const& files, std::size_t ranks, int threads) {
  Sizes part = sizes_of(files, threads);
  // There may be more than can be numbered, as is seen later.
  double const layers = std::min(files.grid.x.count(), most_sources);
  std::size_t const events = files.problem.events.size();
  double largest = 0;
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    Share const share = share_of(rank, ranks, events, static_cast<std::size_t>(layers));
    largest = std::max(largest, static_cast<double>(share.layers.count()));
    part.events = std::max(part.events, static_cast<double>(share.events.count()));
  }
  part.nodes *= largest / layers;
  return part;
}

// The answers to the share of this rank, among answers to nothing.
Output search_share(Ranks const& ranks, mythbench::Rung const& rung, Input const& in) {
  Output all(in.events());
  Share const share = share_of(ranks.rank(), ranks.count(), in.events(), in.x.size());
  if (share.is_empty()) return all;
  Input const part = part_of(in, share);
  bool const has_sources = part.masked.size() < part.nodes();
  if (has_sources) place(in, share, search(rung, part), all);
  return all;
}

// The exit status.
int locate(Ranks const& ranks, int argc, char** argv) {
  Threads const threads{ranks.usual_threads(),
                        "how many threads each rank uses; default: the cores that MPI leaves it,\n"
                        "divided by the ranks that it leaves the same"};
  Options options;
  mythbench::Rung const* rung = nullptr;
  ranks.together([&] {
    options = parse(program, threads, argc, argv);
    rung = &chosen_rung(options.rung);
    if (ranks.first()) std::cout << options.help << std::flush;
  });
  if (!options.help.empty()) return mythbench::status::all_well;

  double const available = ranks.available_memory_bytes();
  Problem problem;
  ranks.together([&] {
    if (!ranks.first()) return;
    Files files = read_files(options);
    check_size(options, *rung, files, largest_part(files, ranks.count(), options.threads),
               available);
    problem = complete(options, std::move(files));
  });
  ranks.broadcast(problem.input);
  if (!rung->threaded) options.threads = 1;
  problem.input.threads = options.threads;

  mythbench::Stopwatch const run;
  Output found;
  ranks.together([&] { found = search_share(ranks, *rung, problem.input); });
  ranks.merge(found);
  double const seconds = run.seconds();
  std::string const how = "by the rung " + std::string{rung->name} +
                          " on ranks: " + std::to_string(ranks.count()) +
                          ", threads: " + std::to_string(ranks.sum(options.threads));
  int status = mythbench::status::all_well;
  ranks.together([&] {
    if (ranks.first()) status = deliver(options, problem, found, how, seconds);
  });
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Ranks const ranks{program, argc, argv};
  try {
    std::cout.exceptions(std::ios::badbit | std::ios::failbit);
    return locate(ranks, argc, argv);
  } catch (AllEnd const& end) {
    std::cout.exceptions(std::ios::goodbit);
    return end.status;
  }
}
