// Threads share the events and one tree, which grows under all of them at once.
//
// Threads: as many as the case says.
//
// Memory: 5 bytes per node and station, 8 bytes per node, 300 bytes per event.
//
// Per event: as without threads. No thread waits for another: who needs a box that is not there
// makes it, and of two who make the same the first to be ready wins. Each thread has events that
// visit the same boxes, so that they stay in its caches.

#include <omp.h>

#include <algorithm>
#include <vector>

#include "core/stopwatch.hpp"
#include "locator/cone_search.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {

void branch_and_bound_threads(Input const& in, Output& out) {
  out.assign(in.events(), {});
  Stopwatch const run;
  Took took;
  std::vector<Desk> desks(static_cast<std::size_t>(in.threads));
  for (Group const& group : groups(in)) {
    std::size_t const events = group.events.size();
    if (!ConeTree::suits(in, group)) {
      Stopwatch const search_run;
#pragma omp parallel for num_threads(in.threads) schedule(dynamic)
      for (std::size_t e = 0; e < events; ++e)
        out[group.events[e]] = full_search(in, group, group.events[e]);
      took.searching += search_run.seconds();
      continue;
    }
    ConeTree tree{in, group, in.threads};
    double const grown = tree.seconds_growing();
    Stopwatch const search_run;
    std::vector<Quest> quests(events);
    // Enough parts for all threads to end together, large enough for neighbours to meet.
    std::size_t const part = events / (16 * desks.size()) + 1;
#pragma omp parallel num_threads(in.threads)
    {
      Desk& desk = desks[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(dynamic, part)
      for (std::size_t e = 0; e < events; ++e) quests[e] = tree.begin(group.events[e], desk.visits);
#pragma omp single
      std::ranges::sort(quests, {}, &Quest::place);
#pragma omp for schedule(dynamic, part)
      for (std::size_t e = 0; e < events; ++e) out[quests[e].event] = search(tree, quests[e], desk);
    }
    // The threads grow it side by side, each as far as it has to.
    took.searching +=
        search_run.seconds() - (tree.seconds_growing() - grown) / static_cast<double>(in.threads);
    took.bytes = std::max(took.bytes, tree.bytes());
  }
  for (Desk const& desk : desks) {
    took.visits.boxes += desk.visits.boxes;
    took.visits.nodes += desk.visits.nodes;
  }
  // The memory of the trees is given back by now.
  took.run = run.seconds();
  note_all(took);
}

}  // namespace mythbench::locator
