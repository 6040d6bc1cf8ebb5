#include "locator/cone_search.hpp"

#include "core/notes.hpp"

namespace mythbench::locator {

Location search(ConeTree& tree, Quest& quest, Desk& desk) {
  desk.candidates.clear();
  desk.queue.clear(quest.least);
  cone::Bounds bounds;
  auto const enter = [&](Brood& brood) {
    desk.visits.boxes += brood.children;
    desk.queue.push(brood, tree.bound(brood, quest, bounds), bounds);
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
      desk.queue.lower(quest.least);
      desk.visits.nodes += leaf.nodes;
    }
  }
  return tree.decide(quest, desk.candidates);
}

void note_all(Took const& took) {
  note("build_seconds", took.run - took.searching);
  note("search_seconds", took.searching);
  note("boxes_visited", static_cast<double>(took.visits.boxes));
  note("nodes_visited", static_cast<double>(took.visits.nodes));
  note("tree_bytes", static_cast<double>(took.bytes));
}

}  // namespace mythbench::locator
