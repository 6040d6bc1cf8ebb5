#pragma once

// What is left of a search for the best nodes when only unit vectors have been compared.
//
// Let g be the vector of a node's attenuations and o that of an event's observations. The error of
// amplitude A is |A g - o|^2. With c the cosine of the angle between g and o,
//   error / |o|^2 = (1 - c^2) + (c - A |g| / |o|)^2,
// so a node explains at most the share c^2 of an event's power, whatever the amplitude. An upper
// bound of c takes a few multiply-adds (Directions, in tile.hpp). Most nodes are out of the
// question by this alone; the others are examined with the amplitudes of the grid, and what
// rounding may have confused among the best is left to the talk's own expression.

#include <cstddef>
#include <vector>

#include "locator/locator.hpp"
#include "locator/tile.hpp"

namespace mythbench::locator {

// The observations of a group's events as unit vectors, and their lengths.
struct UnitEvents {
  UnitEvents(Input const& in, Group const& group, Directions const& directions);

  std::size_t stations;
  std::vector<double> units;  // [event][station]
  // What a screen multiplies with a node's: the same, or the coordinates along the directions and
  // the length of what is left.
  std::size_t coordinates;
  std::vector<double> screened;  // [event][coordinate]
  std::vector<double> lengths;
  // Amplitudes: first + k * step for k = 0 .. last.
  double first, step, last;

  std::size_t events() const { return lengths.size(); }
};

class Contenders {
 public:
  // `slack` is how much smaller than it is a cosine may come out.
  Contenders(Input const& in, Group const& group, double slack);

  // The share of its event's power that a node must explain to come into question, and the cosine
  // that it needs for this.
  double least(std::size_t event) const { return least_[event]; }
  double least_cosine(std::size_t event) const { return least_cosine_[event]; }

  void offer(std::size_t event, std::size_t node, double explained) {
    if (explained > best_[event]) raise(event, explained);
    found_.push_back({event, node, explained});
    if (found_.size() >= sweep_at_) sweep();
  }

  // Takes over how much can be explained, not by which node.
  void learn(Contenders const& other);
  // Takes over the nodes, too.
  void merge(Contenders const& other);

  // For each event of the group the nodes that still come into question, ascending.
  std::vector<std::vector<std::size_t>> nodes();

 private:
  struct Found {
    std::size_t event, node;
    double explained;
  };

  void raise(std::size_t event, double explained);
  void sweep();

  double rounding_;  // of an explained share
  double slack_;
  std::vector<double> best_, least_, least_cosine_;
  std::vector<Found> found_;
  std::size_t sweep_at_ = 4096;
};

// Offers the nodes of a tile, each with the amplitude of the grid that suits it best.
void examine(Tile<double> const& tile, UnitEvents const& events, std::size_t event,
             Contenders& contenders);

// Vector operations of a search that needs one multiply-add per coordinate and one maximum for each
// node and event, the tables included and what is examined left out.
double operations_of_a_sieve(Case const& c);

}  // namespace mythbench::locator
