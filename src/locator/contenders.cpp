#include "locator/contenders.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "locator/limits.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "locator/contenders.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::locator {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void examine(Tile<double> const& tile, UnitEvents const& events, std::size_t event,
             Contenders& contenders) {
  hn::ScalableTag<double> const d;
  std::size_t const lanes = hn::Lanes(d);
  double const* const unit = events.units.data() + event * events.stations;
  double const length = events.lengths[event];
  auto const steps_per_amplitude = hn::Set(d, length / events.step);
  auto const steps_before = hn::Set(d, events.first / events.step);
  auto const last = hn::Set(d, events.last);
  auto const first = hn::Set(d, events.first / length);
  auto const step = hn::Set(d, events.step / length);

  constexpr std::size_t vectors = 4;  // chains of multiply-adds that do not wait for each other
  for (std::size_t n = 0; n < tile_width; n += vectors * lanes) {
    hn::Vec<decltype(d)> cosine[vectors];
    for (auto& c : cosine) c = hn::Zero(d);
    for (std::size_t s = 0; s < events.stations; ++s)
      for (std::size_t v = 0; v < vectors; ++v)
        cosine[v] =
            hn::MulAdd(hn::Set(d, unit[s]), hn::Load(d, tile.unit(s) + n + v * lanes), cosine[v]);

    auto largest = cosine[0];
    for (auto const& c : cosine) largest = hn::Max(largest, c);
    auto const least_cosine = hn::Set(d, contenders.least_cosine(event));
    if (hn::AllFalse(d, hn::Ge(largest, least_cosine))) continue;

    for (std::size_t v = 0; v < vectors; ++v) {
      std::size_t const at = n + v * lanes;
      auto const node_length = hn::Load(d, tile.length() + at);
      auto const best =
          hn::Sub(hn::Mul(hn::Div(cosine[v], node_length), steps_per_amplitude), steps_before);
      auto const k = hn::Round(hn::Min(hn::Max(best, hn::Zero(d)), last));
      // A |g| / |o|
      auto const size = hn::Mul(hn::MulAdd(k, step, first), node_length);
      auto const explained = hn::Mul(size, hn::Sub(hn::Add(cosine[v], cosine[v]), size));
      if (hn::AllFalse(d, hn::Ge(explained, hn::Set(d, contenders.least(event))))) continue;

      HWY_ALIGN double shares[hn::MaxLanes(d)];
      hn::Store(explained, d, shares);
      for (std::size_t i = 0; i < lanes; ++i)
        if (shares[i] >= contenders.least(event))
          contenders.offer(event, tile.first + at + i, shares[i]);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::locator
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::locator {
namespace {

HWY_EXPORT(examine);

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

UnitEvents::UnitEvents(Input const& in, Group const& group, Directions const& directions)
    : stations{group.stations.size()},
      coordinates{directions.coordinates()},
      first{in.amplitudes.front()},
      step{in.amplitude_step()},
      last{static_cast<double>(in.amplitudes.size() - 1)} {
  for (std::size_t const event : group.events) {
    double power = 0;
    for (std::size_t const s : group.stations)
      power += in.observation(event, s) * in.observation(event, s);
    lengths.push_back(std::sqrt(power));
    for (std::size_t const s : group.stations)
      units.push_back(in.observation(event, s) / lengths.back());
  }
  if (directions.count() == 0) {
    screened = units;
    return;
  }
  double const rounding = roundings(in, group) * std::numeric_limits<double>::epsilon();
  for (std::size_t event = 0; event < events(); ++event) {
    double left = 1;
    for (std::size_t i = 0; i < directions.count(); ++i) {
      double along = 0;
      for (std::size_t s = 0; s < stations; ++s)
        along += directions.of[i * stations + s] * units[event * stations + s];
      screened.push_back(along);
      left -= along * along;
    }
    screened.push_back(std::sqrt(std::max(left, 0.0) + rounding));
  }
}

Contenders::Contenders(Input const& in, Group const& group, double slack)
    : rounding_{4 * (roundings(in, group) * std::numeric_limits<double>::epsilon() + 3 * uneven)},
      slack_{slack},
      best_(group.events.size(), -infinity),
      least_{best_},
      least_cosine_{best_} {}

// A share may be off by `reach`: in proportion to the squares in it, A^2 |g|^2 / |o|^2 and 1, of
// which the triangle inequality bounds the first by the error. So two nodes can be confused that
// are closer than twice that; for the bound by the cosine, once more.
void Contenders::raise(std::size_t event, double explained) {
  double const reach = rounding_ * (2 - explained);
  best_[event] = explained;
  least_[event] = explained - 2 * reach;
  double const square = explained - 3 * reach;
  least_cosine_[event] = square > 0 ? std::sqrt(square) - slack_ : -infinity;
}

// Many a node looked good before a better one was found. Without this the list would keep them.
void Contenders::sweep() {
  std::erase_if(found_, [&](Found const& f) { return f.explained < least_[f.event]; });
  sweep_at_ = std::max<std::size_t>(4096, 2 * found_.size());
}

void Contenders::learn(Contenders const& other) {
  for (std::size_t event = 0; event < best_.size(); ++event)
    if (other.best_[event] > best_[event]) raise(event, other.best_[event]);
}

void Contenders::merge(Contenders const& other) {
  learn(other);
  found_.insert(found_.end(), other.found_.begin(), other.found_.end());
  sweep();
}

std::vector<std::vector<std::size_t>> Contenders::nodes() {
  sweep();
  std::vector<std::vector<std::size_t>> of_events(best_.size());
  for (Found const& f : found_) of_events[f.event].push_back(f.node);
  for (auto& nodes : of_events) std::ranges::sort(nodes);
  return of_events;
}

void examine(Tile<double> const& tile, UnitEvents const& events, std::size_t event,
             Contenders& contenders) {
  HWY_DYNAMIC_DISPATCH(examine)(tile, events, event, contenders);
}

double operations_of_a_sieve(Case const& c) {
  Input const in = Example::make_input(c);
  double operations = 0;
  for (Group const& group : groups(in)) {
    Directions const directions = principal_directions(every(coarse, in), in, group);
    auto const stations = static_cast<double>(group.stations.size());
    auto const events = static_cast<double>(group.events.size());
    double const per_node =
        stations * (operations_per_attenuation + static_cast<double>(directions.count()));
    double const per_pair = static_cast<double>(directions.coordinates()) + 1;
    operations += static_cast<double>(in.nodes()) * (events * per_pair + per_node);
  }
  return operations;
}

}  // namespace mythbench::locator
#endif  // HWY_ONCE
