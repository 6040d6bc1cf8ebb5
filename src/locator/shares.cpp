#include "locator/shares.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "locator/grid.hpp"

namespace mythbench::locator {
namespace {

// To compute a node's attenuations takes about as long as to compare them with so many events.
constexpr double events_per_attenuation = 32;
// Shares of events may be so much more work than the best shares of both. A search that leaves most
// of the grid out saves little by having less of it.
constexpr double bearable = 1.1;

Stretch stretch_of(std::size_t part, std::size_t parts, std::size_t count) {
  return {part * count / parts, (part + 1) * count / parts};
}

std::size_t rounded_up(std::size_t number, std::size_t divisor) {
  return (number + divisor - 1) / divisor;
}

// Of the largest share, if the events are divided like this and each division among its own layers.
double work(std::size_t divisions, std::size_t parts, std::size_t events, std::size_t layers) {
  return static_cast<double>(rounded_up(layers, parts / divisions)) *
         (static_cast<double>(rounded_up(events, divisions)) + events_per_attenuation);
}

std::size_t divisions_of_events(std::size_t parts, std::size_t events, std::size_t layers) {
  std::size_t const most = std::min(parts, events);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t n = 1; n <= most; ++n) least = std::min(least, work(n, parts, events, layers));
  std::size_t divisions = most;
  while (work(divisions, parts, events, layers) > bearable * least) --divisions;
  return divisions;
}

}  // namespace

Share share_of(std::size_t part, std::size_t parts, std::size_t events, std::size_t layers) {
  std::size_t const divisions = divisions_of_events(parts, events, layers);
  std::size_t division = 0;
  while (stretch_of(division, divisions, parts).behind <= part) ++division;
  Stretch const members = stretch_of(division, divisions, parts);
  return {stretch_of(division, divisions, events),
          stretch_of(part - members.first, members.count(), layers)};
}

Input part_of(Input const& whole, Share const& share) {
  auto const [events, layers] = share;
  Input part{};
  part.stations = whole.stations;
  part.x = {whole.x.begin() + static_cast<std::ptrdiff_t>(layers.first),
            whole.x.begin() + static_cast<std::ptrdiff_t>(layers.behind)};
  part.y = whole.y;
  part.z = whole.z;
  part.amplitudes = whole.amplitudes;
  part.decay = whole.decay;
  part.borrowed_observations = std::span{whole.observations}.subspan(
      events.first * whole.stations.size(), events.count() * whole.stations.size());
  part.masked = nodes_below_stations(part);
  part.threads = whole.threads;
  return part;
}

void place(Input const& whole, Share const& share, Output const& found, Output& all) {
  auto const before = static_cast<std::int64_t>(share.layers.first * whole.y.size() *
                                                whole.z.size() * whole.amplitudes.size());
  for (std::size_t e = 0; e < found.size(); ++e) {
    Location& location = all[share.events.first + e];
    location = found[e];
    if (location.index >= 0) location.index += before;
  }
}

void keep_better(Location& kept, Location const& other) {
  if (other.index < 0) return;
  if (kept.index < 0 || std::tie(other.error, other.index) < std::tie(kept.error, kept.index))
    kept = other;
}

}  // namespace mythbench::locator
