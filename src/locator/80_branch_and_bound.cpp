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
#include <vector>

#include "core/stopwatch.hpp"
#include "locator/cone_search.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {

void branch_and_bound(Input const& in, Output& out) {
  out.assign(in.events(), {});
  Stopwatch const run;
  Took took;
  Desk desk;
  for (Group const& group : groups(in)) {
    if (!ConeTree::suits(in, group)) {
      Stopwatch const search_run;
      for (std::size_t const event : group.events) out[event] = full_search(in, group, event);
      took.searching += search_run.seconds();
      continue;
    }
    ConeTree tree{in, group, 1};
    double const grown = tree.seconds_growing();
    Stopwatch const search_run;
    std::vector<Quest> quests;
    for (std::size_t const event : group.events) quests.push_back(tree.begin(event, desk.visits));
    std::ranges::sort(quests, {}, &Quest::place);
    for (Quest& quest : quests) out[quest.event] = search(tree, quest, desk);
    took.searching += search_run.seconds() - (tree.seconds_growing() - grown);
    took.bytes = std::max(took.bytes, tree.bytes());
  }
  took.visits = desk.visits;
  // The memory of the trees is given back by now.
  took.run = run.seconds();
  note_all(took);
}

}  // namespace mythbench::locator
