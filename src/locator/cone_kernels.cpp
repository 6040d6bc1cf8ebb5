#include "locator/cone_kernels.hpp"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "locator/cone_kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::locator::cone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Eight = hn::CappedTag<float, lanes>;  // as many at a time as there are, at most eight
using V = hn::Vec<Eight>;

constexpr float huge = 1e30f;

// The squares of the differences are taken in double precision: next to a station, and in
// coordinates of millions of metres, single precision would know a distance to metres only.
void attenuate(std::size_t stations, double const* const* station, double decay, Block const& block,
               float* g) {
  hn::CappedTag<float, leaf_width * leaf_width> const d;
  auto const minus_decay = hn::Set(d, static_cast<float>(-decay));
  for (std::size_t s = 0; s < stations; ++s) {
    HWY_ALIGN float across[leaf_width * leaf_width];
    for (std::size_t y = 0; y < leaf_width; ++y)
      for (std::size_t z = 0; z < leaf_width; ++z) {
        double const dy = block.y[y] - station[1][s], dz = block.z[z] - station[2][s];
        across[y * leaf_width + z] = static_cast<float>(dy * dy + dz * dz);
      }
    for (std::size_t x = 0; x < leaf_width; ++x) {
      double const dx = block.x[x] - station[0][s];
      auto const along = hn::Set(d, static_cast<float>(dx * dx));
      for (std::size_t i = 0; i < leaf_width * leaf_width; i += hn::Lanes(d)) {
        auto const r = hn::Sqrt(hn::Add(along, hn::Load(d, across + i)));
        auto const decayed = hn::Exp(d, hn::Mul(minus_decay, r));
        hn::StoreU(hn::Div(decayed, r), d, g + i);
      }
      g += leaf_width * leaf_width;
    }
  }
}

void attenuate_halves(std::size_t stations, double const* const* station, double decay,
                      Block const& block, float* g) {
  hn::CappedTag<float, 16> const d;
  auto const minus_decay = hn::Set(d, static_cast<float>(-decay));
  constexpr std::size_t slab = 9, padded_slab = 16;
  for (std::size_t s = 0; s < stations; ++s) {
    double dy2[3], dz2[3];
    for (std::size_t i = 0; i < 3; ++i) {
      double const dy = block.y[i] - station[1][s], dz = block.z[i] - station[2][s];
      dy2[i] = dy * dy;
      dz2[i] = dz * dz;
    }
    HWY_ALIGN float across[padded_slab];
    for (std::size_t i = 0; i < slab; ++i) across[i] = static_cast<float>(dy2[i / 3] + dz2[i % 3]);
    std::fill(across + slab, across + padded_slab, across[slab - 1]);
    // What a slab writes too much the next one overwrites.
    HWY_ALIGN float squares[half_points + padded_slab];
    for (std::size_t x = 0; x < 3; ++x) {
      double const dx = block.x[x] - station[0][s];
      auto const along = hn::Set(d, static_cast<float>(dx * dx));
      for (std::size_t i = 0; i < padded_slab; i += hn::Lanes(d))
        hn::StoreU(hn::Add(along, hn::Load(d, across + i)), d, squares + x * slab + i);
    }
    for (std::size_t i = 0; i < half_points; i += hn::Lanes(d)) {
      auto const r = hn::Sqrt(hn::Load(d, squares + i));
      auto const decayed = hn::Exp(d, hn::Mul(minus_decay, r));
      hn::StoreU(hn::Div(decayed, r), d, g + i);
    }
    g += half_points;
  }
}

// Of f = exp(-B r) / r the second derivative along an axis at which the station is seen under an
// angle with cosine u is f (P u^2 - Q), P = B^2 + 3 B / r + 3 / r^2 and Q = B / r + 1 / r^2; over a
// box, f, P and Q are between their values at its nearest and its furthest point. Interpolating
// along an axis misses f by at most half the squared half width times the second derivative. The
// three axes add up; but since the second derivatives of either sign are bounded apart and errors
// of opposite sign do not, only the larger of the two sums counts. Where P u^2 and Q nearly cancel,
// rounding is small against either, not against their difference: so either is raised by more.
void curvature(std::size_t stations, Places const& station, float decay, Boxes const& boxes,
               float* out) {
  Eight const d;
  V const zero = hn::Zero(d), one = hn::Set(d, 1.0f), three = hn::Set(d, 3.0f);
  V const B = hn::Set(d, decay), raised = hn::Set(d, 1 + 64 * 0x1p-24f);
  for (std::size_t i = 0; i < lanes; i += hn::Lanes(d)) {
    V sum = zero;
    for (std::size_t s = 0; s < stations; ++s) {
      V nearest = zero, furthest = zero;  // squares
      V low[3] = {zero, zero, zero}, high[3] = {zero, zero, zero};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        V const half = hn::Load(d, boxes.half[axis] + i);
        V const apart =
            hn::Abs(hn::Sub(hn::Load(d, boxes.centre[axis] + i), hn::Set(d, station[axis][s])));
        V const least = hn::Max(zero, hn::Sub(apart, half));
        V const most = hn::Add(apart, half);
        low[axis] = hn::Mul(least, least);
        high[axis] = hn::Mul(most, most);
        nearest = hn::Add(nearest, low[axis]);
        furthest = hn::Add(furthest, high[axis]);
      }
      V const r = hn::Sqrt(nearest);
      V const by_near = hn::Div(one, r), by_far = hn::Div(one, hn::Sqrt(furthest));
      V const by_near2 = hn::Mul(by_near, by_near), by_far2 = hn::Mul(by_far, by_far);
      V const P_near =
          hn::Mul(raised, hn::MulAdd(three, by_near2, hn::Mul(B, hn::MulAdd(three, by_near, B))));
      V const P_far = hn::MulAdd(three, by_far2, hn::Mul(B, hn::MulAdd(three, by_far, B)));
      V const Q_near = hn::Mul(raised, hn::MulAdd(B, by_near, by_near2));
      V const Q_far = hn::MulAdd(B, by_far, by_far2);
      V upward = zero, downward = zero;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        V const half = hn::Load(d, boxes.half[axis] + i);
        V const square = hn::Mul(half, half);
        V const most = hn::MulSub(P_near, hn::Min(one, hn::Mul(high[axis], by_near2)), Q_far);
        V const least = hn::NegMulAdd(P_far, hn::Mul(low[axis], by_far2), Q_near);
        upward = hn::MulAdd(square, hn::Max(zero, most), upward);
        downward = hn::MulAdd(square, hn::Max(zero, least), downward);
      }
      V const f = hn::Mul(hn::Exp(d, hn::Neg(hn::Mul(B, r))), by_near);
      // A half, and a little for the roundings of all this.
      V const missed = hn::Mul(hn::Set(d, 0.501f), hn::Mul(hn::Max(upward, downward), f));
      sum = hn::MulAdd(missed, missed, sum);
    }
    hn::StoreU(hn::Sqrt(sum), d, out + i);
  }
}

std::size_t padded(std::size_t stations) { return (stations + lanes - 1) / lanes * lanes; }

V dot(float const* v, float const* w, std::size_t size) {
  Eight const d;
  V sum = hn::Zero(d);
  for (std::size_t i = 0; i < size; i += hn::Lanes(d))
    sum = hn::MulAdd(hn::Load(d, v + i), hn::Load(d, w + i), sum);
  return hn::SumOfLanes(d, sum);
}

void scale(float* v, V by, std::size_t size) {
  Eight const d;
  for (std::size_t i = 0; i < size; i += hn::Lanes(d))
    hn::Store(hn::Mul(hn::Load(d, v + i), by), d, v + i);
}

// What is left of v beside the unit vector w.
void subtract_along(float* v, float const* w, std::size_t size) {
  Eight const d;
  V const along = dot(v, w, size);
  for (std::size_t i = 0; i < size; i += hn::Lanes(d))
    hn::Store(hn::NegMulAdd(along, hn::Load(d, w + i), hn::Load(d, v + i)), d, v + i);
}

// Sums of eight lanes, one per station.
void fold(float const* sums, std::size_t stations, float* to) {
  for (std::size_t s = 0; s < stations; ++s) {
    float const* const p = sums + s * lanes;
    to[s] = ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]));
  }
}

// c is the mean of the typical samples' directions.
void find_centre(Samples const& in, float* sums, float* c) {
  Eight const d;
  for (std::size_t i = 0; i < lanes; i += hn::Lanes(d)) {
    float const* const g = in.typical + i;
    V even = hn::Zero(d), odd = hn::Zero(d);
    for (std::size_t s = 0; s < in.stations; ++s) {
      V const v = hn::Load(d, g + s * lanes);
      (s % 2 ? odd : even) = hn::MulAdd(v, v, s % 2 ? odd : even);
    }
    V const inverse = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(even, odd)));
    for (std::size_t s = 0; s < in.stations; ++s)
      hn::Store(hn::Mul(hn::Load(d, g + s * lanes), inverse), d, sums + s * lanes + i);
  }
  fold(sums, in.stations, c);
  std::size_t const size = padded(in.stations);
  scale(c, hn::Div(hn::Set(d, 1.0f), hn::Sqrt(dot(c, c, size))), size);
}

// The tangents: by how much directions turn along x, y and z, made orthonormal. One that is
// nothing but rounding, because the box is flat or three stations have no more than three
// directions, becomes zero: then it decides nothing.
void find_tangents(Samples const& in, float* sums, float* basis) {
  Eight const d;
  HWY_ALIGN static constexpr float place[3][lanes] = {
      {-1, -1, -1, -1, 1, 1, 1, 1}, {-1, -1, 1, 1, -1, -1, 1, 1}, {-1, 1, -1, 1, -1, 1, -1, 1}};
  std::size_t const size = padded(in.stations);
  std::size_t const stride = in.stations * lanes;
  for (std::size_t i = 0; i < lanes; i += hn::Lanes(d)) {
    float const* const g = in.typical + i;
    V a = hn::Zero(d);
    for (std::size_t s = 0; s < in.stations; ++s)
      a = hn::MulAdd(hn::Set(d, basis[s]), hn::Load(d, g + s * lanes), a);
    V const inverse = hn::Div(hn::Set(d, 1.0f), a);
    for (std::size_t t = 0; t < 3; ++t) {
      V const by = hn::Mul(inverse, hn::Load(d, place[t] + i));
      for (std::size_t s = 0; s < in.stations; ++s)
        hn::Store(hn::Mul(by, hn::Load(d, g + s * lanes)), d, sums + t * stride + s * lanes + i);
    }
  }

  for (std::size_t t = 1; t < 4; ++t) {
    float* const tangent = basis + t * size;
    fold(sums + (t - 1) * stride, in.stations, tangent);
    float const before = hn::GetLane(dot(tangent, tangent, size));
    for (int again = 0; again < 2; ++again)
      for (std::size_t other = 0; other < t; ++other)
        subtract_along(tangent, basis + other * size, size);
    V const after = dot(tangent, tangent, size);
    float const left = hn::GetLane(after);
    bool const real = left > 1e-7f * before && left > 1e-10f;
    scale(tangent, real ? hn::Div(hn::Set(d, 1.0f), hn::Sqrt(after)) : hn::Zero(d), size);
  }
}

// What one sample, and what mixtures of it can miss, leave open.
struct Reach {
  // In so many words: one that the compiler adds, behind all else, is for no instruction set, and
  // vectors that are for one, as those of Arm, do not begin in it.
  HWY_INLINE Reach() {}

  V low[3], high[3];  // of v
  V stray;            // |e| at most
  V unsure;           // the share of a that is not known
  V least, most;      // what a is multiplied with at least and at most
};

// Of a sample with the part `a` along the axis, `along` the tangents and `rest`, squared, beside
// them.
//
// A remainder of `rel` times a adds as much at most to the part along any direction, and takes as
// much at most from a, by which the others are divided. Rounding is relative to the length of g,
// not to a.
HWY_INLINE Reach reach_of(V a, V const (&along)[3], V rest, V remainder, V roundings) {
  Eight const d;
  V const one = hn::Set(d, 1.0f);
  V const inverse = hn::Div(one, a);
  V const rel = hn::Mul(remainder, inverse);
  V const shrunk = hn::Div(one, hn::Max(hn::Sub(one, rel), hn::Set(d, 1e-3f)));
  V const beside = hn::Mul(hn::Sqrt(rest), inverse);
  V v[3], length = hn::Add(one, beside);
  for (std::size_t t = 0; t < 3; ++t) {
    v[t] = hn::Mul(along[t], inverse);
    length = hn::Add(length, hn::Abs(v[t]));
  }
  V const rounded = hn::Mul(roundings, length);
  V const spread = hn::MulAdd(rel, shrunk, rounded);
  Reach reach;
  for (std::size_t t = 0; t < 3; ++t) {
    V const off = hn::Mul(spread, hn::Add(one, hn::Abs(v[t])));
    reach.low[t] = hn::Sub(v[t], off);
    reach.high[t] = hn::Add(v[t], off);
  }
  reach.stray = hn::MulAdd(hn::Add(beside, rel), shrunk, rounded);
  reach.unsure = hn::Add(rel, rounded);
  reach.least = hn::Sub(hn::Sub(one, rel), rounded);
  reach.most = hn::Add(hn::Add(one, rel), rounded);
  return reach;
}

// The intervals of a, v and |e| over the samples and what mixtures of them can miss. What a mixture
// has between its samples' quotients a weighted mean of them has, too.
bool find_intervals(Samples const& in, float const* basis, std::size_t child, float rounding,
                    float tolerance, Cones const& out) {
  Eight const d;
  std::size_t const size = padded(in.stations);
  V const zero = hn::Zero(d), lot = hn::Set(d, huge);
  V const roundings = hn::Set(d, rounding);
  V low[3] = {lot, lot, lot};
  V high[3] = {hn::Neg(lot), hn::Neg(lot), hn::Neg(lot)};
  V stray = zero, a_low = lot, a_high = zero, worst = zero;
  for (std::size_t group = 0; group < in.groups; ++group)
    for (std::size_t i = 0; i < lanes; i += hn::Lanes(d)) {
      float const* const g = in.g + group * in.group_stride + i;
      V a = zero, v[3] = {zero, zero, zero};
      for (std::size_t s = 0; s < in.stations; ++s) {
        V const gs = hn::Load(d, g + s * in.station_stride);
        a = hn::MulAdd(hn::Set(d, basis[s]), gs, a);
        for (std::size_t t = 0; t < 3; ++t)
          v[t] = hn::MulAdd(hn::Set(d, basis[(t + 1) * size + s]), gs, v[t]);
      }
      V rest = zero;
      for (std::size_t s = 0; s < in.stations; ++s) {
        V e = hn::NegMulAdd(hn::Set(d, basis[s]), a, hn::Load(d, g + s * in.station_stride));
        for (std::size_t t = 0; t < 3; ++t)
          e = hn::NegMulAdd(hn::Set(d, basis[(t + 1) * size + s]), v[t], e);
        rest = hn::MulAdd(e, e, rest);
      }

      V const remainder = hn::Load(d, in.remainder + group * lanes + i);
      Reach const reach = reach_of(a, v, rest, remainder, roundings);
      auto const some = hn::And(hn::Gt(a, zero), hn::Lt(reach.unsure, lot));
      worst = hn::Max(worst, hn::IfThenElse(some, reach.unsure, lot));
      for (std::size_t t = 0; t < 3; ++t) {
        low[t] = hn::Min(low[t], reach.low[t]);
        high[t] = hn::Max(high[t], reach.high[t]);
      }
      stray = hn::Max(stray, reach.stray);
      V const scale_low = hn::Load(d, in.scale_low + group * lanes + i);
      V const scale_high = hn::Load(d, in.scale_high + group * lanes + i);
      a_low = hn::Min(a_low, hn::Mul(hn::Mul(scale_low, a), reach.least));
      a_high = hn::Max(a_high, hn::Mul(hn::Mul(scale_high, a), reach.most));
    }
  if (!(hn::GetLane(hn::MaxOfLanes(d, worst)) <= tolerance)) return false;

  for (std::size_t t = 0; t < 3; ++t) {
    out.low[t][child] = hn::GetLane(hn::MinOfLanes(d, low[t]));
    out.high[t][child] = hn::GetLane(hn::MaxOfLanes(d, high[t]));
  }
  out.stray[child] = hn::GetLane(hn::MaxOfLanes(d, stray));
  out.a_low[child] = hn::GetLane(hn::MinOfLanes(d, a_low));
  out.a_high[child] = hn::GetLane(hn::MaxOfLanes(d, a_high));
  for (std::size_t s = 0; s < in.stations; ++s)
    for (std::size_t t = 0; t < 4; ++t)
      out.basis[(s * 4 + t) * lanes + child] = basis[t * size + s];
  return true;
}

bool describe(Samples const& samples, std::size_t child, float rounding, float tolerance,
              Cones const& out) {
  std::size_t const size = padded(samples.stations);
  float* const basis = samples.scratch;  // [c, t1, t2, t3][station], zeros behind the last
  float* const sums = basis + 4 * size;
  for (std::size_t t = 0; t < 4; ++t) {
    for (std::size_t s = 0; s < samples.stations; ++s)
      basis[t * size + s] = out.basis[(s * 4 + t) * lanes + child];
    std::fill(basis + t * size + samples.stations, basis + (t + 1) * size, 0.0f);
  }
  // One for c and each tangent that is not zero; anything else if a corner stands on a station, or
  // so far away that its squares vanish.
  float const squares = hn::GetLane(dot(basis, basis, 4 * size));
  if (!(squares > 0.9f && squares < 4.1f)) {
    std::fill_n(basis, 4 * size, 0.0f);
    find_centre(samples, sums, basis);
    find_tangents(samples, sums, basis);
  }
  return find_intervals(samples, basis, child, rounding, tolerance, out);
}

// As above, but with a child in each lane, so that nothing has to be added up across lanes.
std::uint32_t describe_corners(std::size_t stations, float const* all_g, float const* missed,
                               float rounding, float tolerance, Cones const& out) {
  Eight const d;
  constexpr std::size_t corners = 8;
  V const zero = hn::Zero(d), one = hn::Set(d, 1.0f), lot = hn::Set(d, huge);
  V const roundings = hn::Set(d, rounding), tolerated = hn::Set(d, tolerance);
  std::uint32_t described = 0;
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    float* const basis = out.basis + lane;
    auto const g = [&](std::size_t s, std::size_t corner) HWY_ATTR {
      return hn::Load(d, all_g + (s * corners + corner) * lanes + lane);
    };
    auto const axis = [&](std::size_t s, std::size_t t)
                          HWY_ATTR { return hn::Load(d, basis + (s * 4 + t) * lanes); };
    auto const set_axis = [&](std::size_t s, std::size_t t, V v)
                              HWY_ATTR { hn::Store(v, d, basis + (s * 4 + t) * lanes); };
    V const remainder = hn::Load(d, missed + lane);

    V by[corners];  // first squares, then one by the length
    for (V& square : by) square = zero;
    for (std::size_t s = 0; s < stations; ++s)
      for (std::size_t i = 0; i < corners; ++i) by[i] = hn::MulAdd(g(s, i), g(s, i), by[i]);
    auto fine = hn::Lt(remainder, lot);
    for (V& square : by) {
      square = hn::Div(one, hn::Sqrt(square));
      fine = hn::And(fine, hn::Le(hn::Mul(remainder, square), tolerated));
    }

    V square = zero;
    for (std::size_t s = 0; s < stations; ++s) {
      V even = zero, odd = zero;
      for (std::size_t i = 0; i < corners; i += 2) {
        even = hn::MulAdd(g(s, i), by[i], even);
        odd = hn::MulAdd(g(s, i + 1), by[i + 1], odd);
      }
      V const sum = hn::Add(even, odd);
      square = hn::MulAdd(sum, sum, square);
      set_axis(s, 0, sum);
    }
    V const by_length = hn::Div(one, hn::Sqrt(square));
    for (V& a : by) a = zero;
    for (std::size_t s = 0; s < stations; ++s) {
      V const c = hn::Mul(axis(s, 0), by_length);
      set_axis(s, 0, c);
      for (std::size_t i = 0; i < corners; ++i) by[i] = hn::MulAdd(c, g(s, i), by[i]);
    }
    for (V& a : by) a = hn::Div(one, a);

    for (std::size_t s = 0; s < stations; ++s) {
      V sum[4], difference[4];  // of corners that differ in z
      for (std::size_t i = 0; i < 4; ++i) {
        V const first = hn::Mul(g(s, 2 * i), by[2 * i]);
        V const last = hn::Mul(g(s, 2 * i + 1), by[2 * i + 1]);
        sum[i] = hn::Add(last, first);
        difference[i] = hn::Sub(last, first);
      }
      set_axis(s, 1, hn::Sub(hn::Add(sum[2], sum[3]), hn::Add(sum[0], sum[1])));
      set_axis(s, 2, hn::Sub(hn::Add(sum[1], sum[3]), hn::Add(sum[0], sum[2])));
      set_axis(
          s, 3,
          hn::Add(hn::Add(difference[0], difference[1]), hn::Add(difference[2], difference[3])));
    }
    for (std::size_t t = 1; t < 4; ++t) {
      V before = zero, left = zero;
      for (std::size_t s = 0; s < stations; ++s)
        before = hn::MulAdd(axis(s, t), axis(s, t), before);
      for (int again = 0; again < 2; ++again) {
        V along[3] = {zero, zero, zero};
        for (std::size_t s = 0; s < stations; ++s)
          for (std::size_t other = 0; other < t; ++other)
            along[other] = hn::MulAdd(axis(s, t), axis(s, other), along[other]);
        left = zero;
        for (std::size_t s = 0; s < stations; ++s) {
          V rest = axis(s, t);
          for (std::size_t other = 0; other < t; ++other)
            rest = hn::NegMulAdd(along[other], axis(s, other), rest);
          left = hn::MulAdd(rest, rest, left);
          set_axis(s, t, rest);
        }
      }
      auto const real = hn::And(hn::Gt(left, hn::Mul(hn::Set(d, 1e-7f), before)),
                                hn::Gt(left, hn::Set(d, 1e-10f)));
      V const by_left = hn::IfThenElseZero(real, hn::Div(one, hn::Sqrt(left)));
      for (std::size_t s = 0; s < stations; ++s) set_axis(s, t, hn::Mul(axis(s, t), by_left));
    }

    if (hn::AllFalse(d, fine)) continue;
    V low[3] = {lot, lot, lot};
    V high[3] = {hn::Neg(lot), hn::Neg(lot), hn::Neg(lot)};
    V stray = zero, a_low = lot, a_high = zero;
    constexpr std::size_t pair = 2;  // corners at a time
    for (std::size_t corner = 0; corner < corners; corner += pair) {
      V part[pair][4], rest[pair];
      for (std::size_t i = 0; i < pair; ++i)
        part[i][0] = part[i][1] = part[i][2] = part[i][3] = rest[i] = zero;
      for (std::size_t s = 0; s < stations; ++s)
        for (std::size_t i = 0; i < pair; ++i)
          for (std::size_t t = 0; t < 4; ++t)
            part[i][t] = hn::MulAdd(axis(s, t), g(s, corner + i), part[i][t]);
      for (std::size_t s = 0; s < stations; ++s)
        for (std::size_t i = 0; i < pair; ++i) {
          V e = g(s, corner + i);
          for (std::size_t t = 0; t < 4; ++t) e = hn::NegMulAdd(axis(s, t), part[i][t], e);
          rest[i] = hn::MulAdd(e, e, rest[i]);
        }
      for (std::size_t i = 0; i < pair; ++i) {
        V const a = part[i][0];
        Reach const reach =
            reach_of(a, {part[i][1], part[i][2], part[i][3]}, rest[i], remainder, roundings);
        fine = hn::And(fine, hn::And(hn::Gt(a, zero), hn::Le(reach.unsure, tolerated)));
        for (std::size_t t = 0; t < 3; ++t) {
          low[t] = hn::Min(low[t], reach.low[t]);
          high[t] = hn::Max(high[t], reach.high[t]);
        }
        stray = hn::Max(stray, reach.stray);
        a_low = hn::Min(a_low, hn::Mul(a, reach.least));
        a_high = hn::Max(a_high, hn::Mul(a, reach.most));
      }
    }

    auto const keep = [&](V value, float* to)
                          HWY_ATTR { hn::BlendedStore(value, fine, d, to + lane); };
    for (std::size_t t = 0; t < 3; ++t) {
      keep(low[t], out.low[t]);
      keep(high[t], out.high[t]);
    }
    keep(stray, out.stray);
    keep(a_low, out.a_low);
    keep(a_high, out.a_high);
    HWY_ALIGN float as_one[lanes];
    hn::Store(hn::IfThenElseZero(fine, one), d, as_one);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i)
      described |= std::uint32_t{as_one[i] > 0} << (lane + i);
  }
  return described;
}

// The bound of cone_tree.hpp. It is convex in s with a second derivative of at least 2, so it is
// nowhere below the parabola through its value and slope at s0 = o.c; the least of that over the s
// that the grid's amplitudes allow, on either side of s0, is in closed form.
std::uint32_t bound(Cones const& cones, Sought const& event, float limit, Bounds& out) {
  Eight const d;
  V const zero = hn::Zero(d), one = hn::Set(d, 1.0f), lot = hn::Set(d, huge);
  std::uint32_t passed = 0;
  for (std::size_t i = 0; i < lanes; i += hn::Lanes(d)) {
    V even[4] = {zero, zero, zero, zero};
    V odd[4] = {zero, zero, zero, zero};
    float const* row = cones.basis + i;
    std::size_t s = 0;
    for (; s + 1 < event.stations; s += 2, row += 8 * lanes) {
      V const o = hn::Set(d, event.unit[s]), next = hn::Set(d, event.unit[s + 1]);
      for (std::size_t t = 0; t < 4; ++t) {
        even[t] = hn::MulAdd(o, hn::Load(d, row + t * lanes), even[t]);
        odd[t] = hn::MulAdd(next, hn::Load(d, row + (t + 4) * lanes), odd[t]);
      }
    }
    if (s < event.stations)
      for (std::size_t t = 0; t < 4; ++t)
        even[t] = hn::MulAdd(hn::Set(d, event.unit[s]), hn::Load(d, row + t * lanes), even[t]);

    V const along = hn::Add(even[0], odd[0]);
    V const s0 = hn::Max(along, zero);
    V const off = hn::Sub(s0, along);
    V least = hn::Mul(off, off);
    V slope = off;                                // half of it
    V normal = hn::NegMulAdd(along, along, one);  // rho squared
    for (std::size_t t = 0; t < 3; ++t) {
      V const o = hn::Add(even[t + 1], odd[t + 1]);
      V const low = hn::Load(d, cones.low[t] + i), high = hn::Load(d, cones.high[t] + i);
      V const over = hn::Max(zero, hn::NegMulAdd(s0, high, o));
      V const under = hn::Max(zero, hn::MulSub(s0, low, o));
      least = hn::MulAdd(over, over, hn::MulAdd(under, under, least));
      slope = hn::NegMulAdd(over, high, hn::MulAdd(under, low, slope));
      normal = hn::NegMulAdd(o, o, normal);
    }
    V const stray = hn::Load(d, cones.stray + i);
    V const beyond = hn::Max(zero, hn::NegMulAdd(s0, stray, hn::Sqrt(hn::Max(zero, normal))));
    least = hn::MulAdd(beyond, beyond, least);
    slope = hn::NegMulAdd(beyond, stray, slope);

    // The first amplitude of the grid that can make s as large as s0, and the last that can make
    // it as small; rounding may find one too near, never one too far.
    V const a_low = hn::Load(d, cones.a_low + i), a_high = hn::Load(d, cones.a_high + i);
    V const first = hn::Set(d, event.first), step = hn::Set(d, event.step);
    V const last = hn::Set(d, event.last), per_step = hn::Set(d, event.per_step);
    V const norm = hn::Set(d, event.norm), per_norm = hn::Set(d, event.per_norm);
    V const fuzz = hn::Set(d, 8e-6f);
    V const size = hn::Mul(s0, norm);
    V const beyond_all = hn::Set(d, event.beyond);
    V const from = hn::Min(beyond_all, hn::Div(size, a_high));
    V const to = hn::Min(beyond_all, hn::Div(size, a_low));
    V const fuzz_from = hn::Mul(fuzz, hn::MulAdd(hn::Add(from, first), per_step, one));
    V const fuzz_to = hn::Mul(fuzz, hn::MulAdd(hn::Add(to, first), per_step, one));
    V const k_above =
        hn::Max(zero, hn::Ceil(hn::Sub(hn::Mul(hn::Sub(from, first), per_step), fuzz_from)));
    V const k_below =
        hn::Min(last, hn::Floor(hn::Add(hn::Mul(hn::Sub(to, first), per_step), fuzz_to)));
    V const s_above = hn::Mul(hn::Mul(hn::MulAdd(k_above, step, first), per_norm), a_low);
    V const s_below = hn::Mul(hn::Mul(hn::MulAdd(k_below, step, first), per_norm), a_high);

    // What rounding does is relative to what is added up, and to the event, whose length is one.
    V const slack = hn::Set(d, event.slack);
    V const at_s0 = least, with_event = hn::Add(one, least);
    auto const least_beyond = [&](V distance, V half_slope) HWY_ATTR {
      V const x = hn::Max(distance, hn::Neg(half_slope));
      V const square = hn::Mul(x, x);
      V const there = hn::Add(at_s0, hn::MulAdd(hn::Add(half_slope, half_slope), x, square));
      return hn::NegMulAdd(slack, hn::Add(hn::Add(with_event, square), there), there);
    };
    V const above = hn::IfThenElse(hn::Gt(k_above, last), lot,
                                   least_beyond(hn::Max(zero, hn::Sub(s_above, s0)), slope));
    V const below =
        hn::IfThenElse(hn::Lt(k_below, zero), lot,
                       least_beyond(hn::Max(zero, hn::Sub(s0, s_below)), hn::Neg(slope)));
    least = hn::Max(zero, hn::Min(above, below));
    hn::Store(least, d, out.least + i);
    hn::Store(hn::Sub(one, along), d, out.across + i);
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, hn::Le(least, hn::Set(d, limit)), bits);
    passed |= std::uint32_t{bits[0]} << i;
  }
  return passed;
}

void power(std::size_t stations, float const* g, float* out) {
  hn::CappedTag<float, 16> const d;
  for (std::size_t i = 0; i < leaf_nodes; i += hn::Lanes(d)) {
    auto G = hn::Zero(d);
    for (std::size_t s = 0; s < stations; ++s) {
      auto const v = hn::Load(d, g + s * leaf_nodes + i);
      G = hn::MulAdd(v, v, G);
    }
    hn::Store(G, d, out + i);
  }
}

Looked look(float const* g, float const* power, Sought const& event, float least, float* low) {
  hn::CappedTag<float, 16> const d;
  using W = hn::Vec<decltype(d)>;
  W const one = hn::Set(d, 1.0f);
  W const first = hn::Set(d, event.first), step = hn::Set(d, event.step);
  W const last = hn::Set(d, event.last), per_step = hn::Set(d, event.per_step);
  W const norm = hn::Set(d, event.norm), per_norm = hn::Set(d, event.per_norm);
  W const rounding = hn::Set(d, event.rounding);
  W best = hn::Set(d, least), lowest = hn::Set(d, huge);
  constexpr std::size_t vectors = 4;
  for (std::size_t n = 0; n < leaf_nodes; n += vectors * hn::Lanes(d)) {
    W even[vectors], odd[vectors];
    for (std::size_t v = 0; v < vectors; ++v) even[v] = odd[v] = hn::Zero(d);
    float const* row = g + n;
    std::size_t s = 0;
    for (; s + 1 < event.stations; s += 2, row += 2 * leaf_nodes) {
      W const o = hn::Set(d, event.unit[s]), next = hn::Set(d, event.unit[s + 1]);
      for (std::size_t v = 0; v < vectors; ++v) {
        even[v] = hn::MulAdd(o, hn::Load(d, row + v * hn::Lanes(d)), even[v]);
        odd[v] = hn::MulAdd(next, hn::Load(d, row + leaf_nodes + v * hn::Lanes(d)), odd[v]);
      }
    }
    if (s < event.stations)
      for (std::size_t v = 0; v < vectors; ++v)
        even[v] =
            hn::MulAdd(hn::Set(d, event.unit[s]), hn::Load(d, row + v * hn::Lanes(d)), even[v]);

    for (std::size_t v = 0; v < vectors; ++v) {
      std::size_t const at = n + v * hn::Lanes(d);
      W const C = hn::Add(even[v], odd[v]);
      W const G = hn::Load(d, power + at);
      W const steps = hn::Mul(hn::Sub(hn::Div(hn::Mul(norm, C), G), first), per_step);
      W const k = hn::Min(last, hn::Max(hn::Zero(d), hn::Floor(steps)));
      W lower = hn::Set(d, huge);
      W const either[2] = {k, hn::Min(last, hn::Add(k, one))};
      for (W const& amplitude : either) {
        W const A = hn::Mul(per_norm, hn::MulAdd(amplitude, step, first));
        W const error = hn::MulAdd(A, hn::MulSub(A, G, hn::Add(C, C)), one);
        W const reach = hn::Mul(rounding, hn::MulAdd(hn::Mul(A, A), G, one));
        best = hn::Min(best, hn::Add(error, reach));
        lower = hn::Min(lower, hn::Sub(error, reach));
      }
      lowest = hn::Min(lowest, lower);
      hn::Store(lower, d, low + at);
    }
  }
  Looked seen{hn::GetLane(hn::MinOfLanes(d, best)), 0};
  if (hn::GetLane(hn::MinOfLanes(d, lowest)) <= seen.least)
    for (std::size_t n = 0; n < leaf_nodes; ++n)
      seen.close |= std::uint64_t{low[n] <= seen.least} << n;
  return seen;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::locator::cone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::locator::cone {
namespace {

HWY_EXPORT(attenuate);
HWY_EXPORT(attenuate_halves);
HWY_EXPORT(curvature);
HWY_EXPORT(describe);
HWY_EXPORT(describe_corners);
HWY_EXPORT(bound);
HWY_EXPORT(power);
HWY_EXPORT(look);

}  // namespace

void attenuate(std::size_t stations, double const* const* station, double decay, Block const& block,
               float* g) {
  HWY_DYNAMIC_DISPATCH(attenuate)(stations, station, decay, block, g);
}

void attenuate_halves(std::size_t stations, double const* const* station, double decay,
                      Block const& block, float* g) {
  HWY_DYNAMIC_DISPATCH(attenuate_halves)(stations, station, decay, block, g);
}

void curvature(std::size_t stations, Places const& station, float decay, Boxes const& boxes,
               float* out) {
  HWY_DYNAMIC_DISPATCH(curvature)(stations, station, decay, boxes, out);
}

std::size_t scratch_floats(std::size_t stations) {
  return 4 * (stations + lanes) + 3 * stations * lanes;
}

bool describe(Samples const& samples, std::size_t child, float rounding, float tolerance,
              Cones const& out) {
  return HWY_DYNAMIC_DISPATCH(describe)(samples, child, rounding, tolerance, out);
}

std::uint32_t describe_corners(std::size_t stations, float const* g, float const* missed,
                               float rounding, float tolerance, Cones const& out) {
  return HWY_DYNAMIC_DISPATCH(describe_corners)(stations, g, missed, rounding, tolerance, out);
}

std::uint32_t bound(Cones const& cones, Sought const& event, float limit, Bounds& out) {
  return HWY_DYNAMIC_DISPATCH(bound)(cones, event, limit, out);
}

void power(std::size_t stations, float const* g, float* out) {
  HWY_DYNAMIC_DISPATCH(power)(stations, g, out);
}

Looked look(float const* g, float const* power, Sought const& event, float least, float* low) {
  return HWY_DYNAMIC_DISPATCH(look)(g, power, event, least, low);
}

}  // namespace mythbench::locator::cone
#endif  // HWY_ONCE
