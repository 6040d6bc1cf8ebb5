// A tree of boxes, searched best first: a box whose least possible error is too large is left out.
//
// What a box's least possible error is, and why no rounding makes it too large: cone_tree.hpp. The
// tree is the same for all events and grows where they need it.
//
// Memory: 5 bytes per node and station, 8 bytes per node, 300 bytes per event.
//
// All of that only if all of the tree grows; what did grow is noted.
//
// Per event: some boxes for each level of the tree, 4 S multiply-adds and a few dozen operations
// each, eight boxes at a time, and the nodes of a few leaves. Bound by the caches, since an event's
// boxes and leaves are used once: so events that visit the same ones come one after the other.

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

void branch_and_bound(Input const& in, Output& out) {
  out.assign(in.events(), {});
  Stopwatch const run;
  double searching = 0;
  std::size_t bytes = 0;
  Desk desk;
  for (Group const& group : groups(in)) {
    if (!ConeTree::suits(in, group)) {
      Stopwatch const search_run;
      for (std::size_t const event : group.events) out[event] = full_search(in, group, event);
      searching += search_run.seconds();
      continue;
    }
    ConeTree tree{in, group, 1};
    double const grown = tree.seconds_growing();
    Stopwatch const search_run;
    std::vector<Quest> quests;
    for (std::size_t const event : group.events) quests.push_back(tree.begin(event, desk.visits));
    std::ranges::sort(quests, {}, &Quest::place);
    for (Quest& quest : quests) out[quest.event] = search(tree, quest, desk);
    searching += search_run.seconds() - (tree.seconds_growing() - grown);
    bytes = std::max(bytes, tree.bytes());
  }
  // All that the tree costs, whenever it grew; its memory is given back by now.
  note("build_seconds", run.seconds() - searching);
  note("search_seconds", searching);
  note("boxes_visited", static_cast<double>(desk.visits.boxes));
  note("nodes_visited", static_cast<double>(desk.visits.nodes));
  note("tree_bytes", static_cast<double>(bytes));
}

}  // namespace mythbench::locator
