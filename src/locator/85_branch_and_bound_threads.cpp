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
#include <bit>
#include <vector>

#include "core/notes.hpp"
#include "core/stopwatch.hpp"
#include "locator/cone_tree.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {
namespace {

// What a search needs besides the tree.
struct Desk {
  Queue queue;
  std::vector<Candidate> candidates;
  Visits visits;
};

Location search(ConeTree& tree, Quest& quest, Desk& desk) {
  desk.candidates.clear();
  desk.queue.clear(quest.least);
  cone::Bounds bounds;
  auto const enter = [&](Brood& brood) {
    desk.visits.boxes += std::popcount(brood.present);
    for (std::uint32_t open = tree.bound(brood, quest, bounds); open != 0; open &= open - 1) {
      auto const child = static_cast<std::uint32_t>(std::countr_zero(open));
      desk.queue.push({bounds.least[child], child, &brood});
    }
  };

  enter(tree.root());
  while (!desk.queue.empty()) {
    auto const [least, child, brood] = desk.queue.pop();
    if (least > quest.least) continue;
    if (brood->level > 0) {
      enter(tree.brood_below(*brood, child));
    } else {
      Leaf const& leaf = tree.leaf_below(*brood, child);
      tree.look(leaf, quest, desk.candidates);
      desk.visits.nodes += std::popcount(leaf.valid);
    }
  }
  return tree.decide(quest, desk.candidates);
}

}  // namespace

void branch_and_bound_threads(Input const& in, Output& out) {
  out.assign(in.events(), {});
  Stopwatch const run;
  double searching = 0;
  std::size_t bytes = 0;
  std::vector<Desk> desks(static_cast<std::size_t>(in.threads));
  for (Group const& group : groups(in)) {
    std::size_t const events = group.events.size();
    if (!ConeTree::suits(in, group)) {
      Stopwatch const search_run;
#pragma omp parallel for num_threads(in.threads) schedule(dynamic)
      for (std::size_t e = 0; e < events; ++e)
        out[group.events[e]] = full_search(in, group, group.events[e]);
      searching += search_run.seconds();
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
    searching +=
        search_run.seconds() - (tree.seconds_growing() - grown) / static_cast<double>(in.threads);
    bytes = std::max(bytes, tree.bytes());
  }
  Visits visits;
  for (Desk const& desk : desks) {
    visits.boxes += desk.visits.boxes;
    visits.nodes += desk.visits.nodes;
  }
  // All that the tree costs, whenever it grew; its memory is given back by now.
  note("build_seconds", run.seconds() - searching);
  note("search_seconds", searching);
  note("boxes_visited", static_cast<double>(visits.boxes));
  note("nodes_visited", static_cast<double>(visits.nodes));
  note("tree_bytes", static_cast<double>(bytes));
}

}  // namespace mythbench::locator
