#include "locator/tile.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <iterator>
#include <limits>

#include "locator/eigenvectors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "locator/tile.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::locator {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The squared distances of one station, a column of nodes after the other. A store may run over
// the end of a column: the next one follows, in the end the next station's.
template <class T>
void square_distances(Terrain<T> const& terrain, std::size_t station, std::size_t first,
                      std::size_t count, T* squares) {
  hn::ScalableTag<T> const d;
  Grid const& grid = terrain.grid;
  for (std::size_t n = 0; n < count;) {
    std::size_t const column = (first + n) / grid.z.size();
    std::size_t const z = (first + n) % grid.z.size();
    std::size_t const length = std::min(grid.z.size() - z, count - n);
    double const dx = grid.x[column / grid.y.size()] - terrain.x[station];
    double const dy = grid.y[column % grid.y.size()] - terrain.y[station];
    auto const across = hn::Set(d, static_cast<T>(dx * dx + dy * dy));
    T const* const upright = terrain.squares(station) + z;
    for (std::size_t i = 0; i < length; i += hn::Lanes(d))
      hn::StoreU(hn::Add(across, hn::LoadU(d, upright + i)), d, squares + n + i);
    n += length;
  }
}

// Turns squared distances into unit vectors. Attenuations are taken relative to that of the
// nearest station, so that in single precision, too, none overflows and none that matters
// vanishes.
template <class T>
void normalise(double decay, std::size_t stations, std::size_t n, Tile<T>& tile) {
  hn::ScalableTag<T> const d;
  auto const minus_decay = hn::Set(d, static_cast<T>(-decay));
  auto const tiny = hn::Set(d, static_cast<T>(1e-30));  // for a masked node's 0
  auto nearest_square = hn::Load(d, tile.unit(0) + n);
  for (std::size_t s = 1; s < stations; ++s)
    nearest_square = hn::Min(nearest_square, hn::Load(d, tile.unit(s) + n));
  auto const nearest = hn::Sqrt(hn::Max(nearest_square, tiny));

  auto power = hn::Zero(d);
  for (std::size_t s = 0; s < stations; ++s) {
    auto const r = hn::Sqrt(hn::Max(hn::Load(d, tile.unit(s) + n), tiny));
    auto const decayed = hn::Exp(d, hn::Mul(minus_decay, hn::Sub(r, nearest)));
    auto const g = hn::Mul(decayed, hn::Div(nearest, r));
    power = hn::MulAdd(g, g, power);
    hn::Store(g, d, tile.unit(s) + n);
  }

  auto const length = hn::Sqrt(power);
  auto const inverse = hn::Div(hn::Set(d, T{1}), length);
  for (std::size_t s = 0; s < stations; ++s)
    hn::Store(hn::Mul(hn::Load(d, tile.unit(s) + n), inverse), d, tile.unit(s) + n);
  auto const of_nearest = hn::Div(hn::Exp(d, hn::Mul(minus_decay, nearest)), nearest);
  hn::Store(hn::Mul(length, of_nearest), d, tile.length() + n);
}

template <class T>
void exclude(std::size_t n, std::size_t stations, Tile<T>& tile) {
  for (std::size_t s = 0; s < stations; ++s) tile.unit(s)[n] = 0;
  tile.length()[n] = std::numeric_limits<T>::quiet_NaN();
}

// Turns unit vectors into coordinates along the directions and the length of what is left. That
// length is rounded up: of 1 less the squares only the rounding may remain.
template <class T>
void project(Terrain<T> const& terrain, Tile<T>& tile) {
  hn::ScalableTag<T> const d;
  Directions const& directions = terrain.directions;
  std::size_t const stations = terrain.stations();
  auto const rounding = hn::Set(d, static_cast<T>(terrain.rounding));
  for (std::size_t n = 0; n < tile_width; n += hn::Lanes(d)) {
    auto left = hn::Set(d, T{1});
    for (std::size_t i = 0; i < directions.count(); ++i) {
      auto along = hn::Zero(d);
      for (std::size_t s = 0; s < stations; ++s) {
        auto const direction = hn::Set(d, static_cast<T>(directions.of[i * stations + s]));
        along = hn::MulAdd(direction, hn::Load(d, tile.unit(s) + n), along);
      }
      left = hn::NegMulAdd(along, along, left);
      hn::Store(along, d, tile.projected(i) + n);
    }
    auto const length = hn::Sqrt(hn::Add(hn::Max(left, hn::Zero(d)), rounding));
    hn::Store(length, d, tile.projected(directions.count()) + n);
  }
}

template <class T>
void fill(Terrain<T> const& terrain, std::size_t first, Tile<T>& tile) {
  std::size_t const stations = terrain.stations();
  std::size_t const count = std::min(tile_width, terrain.grid.nodes() - first);
  tile.first = first;
  for (std::size_t s = 0; s < stations; ++s) {
    square_distances(terrain, s, first, count, tile.unit(s));
    std::fill(tile.unit(s) + count, tile.unit(s) + tile_width, T{1});
  }
  for (std::size_t n = 0; n < tile_width; n += hn::Lanes(hn::ScalableTag<T>()))
    normalise(terrain.decay, stations, n, tile);

  for (std::size_t n = count; n < tile_width; ++n) exclude(n, stations, tile);
  auto const& masked = terrain.grid.masked;
  for (auto node = std::ranges::lower_bound(masked, first);
       node != masked.end() && *node < first + count; ++node)
    exclude(*node - first, stations, tile);

  tile.is_projected = terrain.directions.count() > 0;
  if (tile.is_projected) project(terrain, tile);
}

void fill_f64(Terrain<double> const& terrain, std::size_t first, Tile<double>& tile) {
  fill(terrain, first, tile);
}

void fill_f32(Terrain<float> const& terrain, std::size_t first, Tile<float>& tile) {
  fill(terrain, first, tile);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::locator
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::locator {
namespace {

// With more, fewer nodes need a closer look, and each costs more to reject.
constexpr std::size_t most_directions = 5;
// Or the projection costs more than it saves.
constexpr std::size_t events_worth_directions = 16;

HWY_EXPORT(fill_f64);
HWY_EXPORT(fill_f32);

// Every so many of the values along an axis.
class Thinned {
 public:
  Thinned(std::vector<double> const& axis, std::size_t stride)
      : first_{std::min(stride / 2, axis.size() - 1)}, stride_{stride} {
    for (std::size_t i = first_; i < axis.size(); i += stride) values.push_back(axis[i]);
  }

  bool has(std::size_t i) const { return i >= first_ && (i - first_) % stride_ == 0; }
  std::size_t index_of(std::size_t i) const { return (i - first_) / stride_; }

  std::vector<double> values;

 private:
  std::size_t first_, stride_;
};

}  // namespace

Grid every(std::size_t stride, Input const& in) {
  Thinned const x{in.x, stride}, y{in.y, stride}, z{in.z, stride};
  Grid grid{x.values, y.values, z.values, {}};
  for (std::int64_t const node : in.masked) {
    auto const number = static_cast<std::size_t>(node);
    std::size_t const iz = number % in.z.size(), column = number / in.z.size();
    std::size_t const iy = column % in.y.size(), ix = column / in.y.size();
    if (x.has(ix) && y.has(iy) && z.has(iz))
      grid.masked.push_back((x.index_of(ix) * grid.y.size() + y.index_of(iy)) * grid.z.size() +
                            z.index_of(iz));
  }
  return grid;
}

template <class T>
Terrain<T>::Terrain(Grid const& of, Input const& in, Group const& group, Directions const& along)
    : grid{of},
      directions{along},
      decay{in.decay},
      rounding{roundings(in, group) * std::numeric_limits<T>::epsilon()},
      height_{of.z.size() + most_lanes},
      squares_(group.stations.size() * height_) {
  for (std::size_t i = 0; i < group.stations.size(); ++i) {
    Station const& station = in.stations[group.stations[i]];
    x.push_back(station.x);
    y.push_back(station.y);
    for (std::size_t k = 0; k < grid.z.size(); ++k) {
      double const dz = grid.z[k] - station.z;
      squares_[i * height_ + k] = static_cast<T>(dz * dz);
    }
  }
}

Directions principal_directions(Grid const& grid, Input const& in, Group const& group) {
  std::size_t const stations = group.stations.size();
  if (stations <= most_directions + 1 || group.events.size() < events_worth_directions)
    return {stations, {}};

  Terrain<double> const terrain{grid, in, group};
  Tile<double> tile{stations};
  auto const size = static_cast<Eigen::Index>(stations);
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(size, size);
  for (std::size_t node = 0; node < grid.nodes(); node += tile_width) {
    tabulate(terrain, node, tile);
    Eigen::Map<Eigen::MatrixXd const> const units{tile.unit(0), tile_width, size};
    products += units.transpose() * units;
  }

  return {stations, largest_eigenvectors({products.data(), stations * stations}, most_directions)};
}

template class Terrain<double>;
template class Terrain<float>;

void tabulate(Terrain<double> const& terrain, std::size_t first, Tile<double>& tile) {
  HWY_DYNAMIC_DISPATCH(fill_f64)(terrain, first, tile);
}

void tabulate(Terrain<float> const& terrain, std::size_t first, Tile<float>& tile) {
  HWY_DYNAMIC_DISPATCH(fill_f32)(terrain, first, tile);
}

double roundings(Input const& in, Group const& group) {
  return 2 * static_cast<double>(group.stations.size()) + 40 + 8 * in.decay * longest_distance(in);
}

}  // namespace mythbench::locator
#endif  // HWY_ONCE
