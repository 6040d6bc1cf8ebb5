// A search that many share out among them, without the processes that do: those are tested with the
// program locate_mpi.

#include "locator/shares.hpp"

#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "locator/locator.hpp"

namespace {

using namespace mythbench::locator;

Output shared_search(Input const& in, std::size_t parts) {
  Output kept(in.events());
  for (std::size_t part = 0; part < parts; ++part) {
    Share const share = share_of(part, parts, in.events(), in.x.size());
    if (share.is_empty()) continue;
    Input const mine = part_of(in, share);
    if (mine.masked.size() == mine.nodes()) continue;
    Output all(in.events());
    place(in, share, Example::reference(mine), all);
    for (std::size_t e = 0; e < kept.size(); ++e) keep_better(kept[e], all[e]);
  }
  return kept;
}

TEST_CASE("Any number of shares give the answer of one search, source for source, bit for bit") {
  for (mythbench::Case const& c : Example::awkward_cases()) {
    Input const in = Example::make_input(c);
    Output const expected = Example::reference(in);
    for (std::size_t const parts : {1, 2, 3, 5, 7, 64}) {
      INFO(parts << " parts");
      Output const found = shared_search(in, parts);
      REQUIRE(found.size() == expected.size());
      for (std::size_t e = 0; e < found.size(); ++e) {
        INFO("event " << e);
        CHECK(found[e].index == expected[e].index);
        CHECK(found[e].error == expected[e].error);
        CHECK(found[e].per_cent == expected[e].per_cent);
      }
    }
  }
}

TEST_CASE("Each event is looked for in each layer by one share, and by no other") {
  for (std::size_t const events : {1, 2, 3, 100, 1000})
    for (std::size_t const layers : {1, 2, 11, 91})
      for (std::size_t parts = 1; parts <= 40; ++parts) {
        std::vector<int> looks(events * layers);
        for (std::size_t part = 0; part < parts; ++part) {
          Share const share = share_of(part, parts, events, layers);
          for (std::size_t e = share.events.first; e < share.events.behind; ++e)
            for (std::size_t l = share.layers.first; l < share.layers.behind; ++l)
              ++looks[e * layers + l];
        }
        INFO(events << " events, " << layers << " layers, " << parts << " parts");
        CHECK(looks == std::vector<int>(events * layers, 1));
      }
}

TEST_CASE("Few events are shared layer by layer, many event by event") {
  CHECK(share_of(0, 7, 3, 91).events.count() == 3);
  CHECK(share_of(0, 7, 3, 91).layers.count() == 13);
  CHECK(share_of(0, 2, 1000, 91).events.count() == 500);
  CHECK(share_of(0, 2, 1000, 91).layers.count() == 91);
}

TEST_CASE("Of two answers the smaller error is kept, then the first source, then any at all") {
  auto const kept = [](Location a, Location const& b) {
    keep_better(a, b);
    return a.index;
  };
  Location const best{70, 1, 0}, equal{90, 1, 0}, worse{5, 2, 0}, none{};
  CHECK(kept(best, worse) == 70);
  CHECK(kept(worse, best) == 70);
  CHECK(kept(best, equal) == 70);
  CHECK(kept(equal, best) == 70);
  CHECK(kept(none, worse) == 5);
  CHECK(kept(worse, none) == 5);
  CHECK(kept(none, none) == -1);
}

}  // namespace
