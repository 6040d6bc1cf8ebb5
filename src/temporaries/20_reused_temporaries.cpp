// An operator whose operand is about to die writes its result there, as NumPy does since 1.13.
//
// Bound: that of the problem. As many operations as before pass over memory, but most of them over
// what the one before has just written, and few ask for new pages.
//
// C++ says with && that nobody else will use an operand. NumPy has to find out: an array with one
// reference left, whose only owner is the expression, and large enough that looking pays.

#include <cstddef>

#include "temporaries/expressions.hpp"
#include "temporaries/operations.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {
namespace {

Traffic traffic;

class Array {
 public:
  Array() = default;
  explicit Array(std::size_t size) : own_{size}, data_{own_.data()}, size_{size} {}
  // Of numbers that belong to somebody else.
  explicit Array(Numbers const& numbers) : data_{numbers.data()}, size_{numbers.size()} {}

  Array(Array&&) = default;
  Array& operator=(Array&&) = default;

  std::size_t size() const { return size_; }
  double const* data() const { return data_; }
  double* own() { return own_.data(); }
  Numbers release() { return std::move(own_); }

  double sum() const {
    ++traffic.numbers_moved;
    return temporaries::sum(data_, size_);
  }

 private:
  Numbers own_;
  double const* data_ = nullptr;
  std::size_t size_ = 0;
};

// Operations come twice where the expressions need both: with an operand that may be written over,
// and without.

Array operator+(Array&& x, Array const& y) {
  traffic.numbers_moved += 3;
  add(x.data(), y.data(), x.size(), x.own());
  return std::move(x);
}
Array operator*(Array&& x, Array const& y) {
  traffic.numbers_moved += 3;
  multiply(x.data(), y.data(), x.size(), x.own());
  return std::move(x);
}
Array operator*(Array const& x, Array const& y) {
  Array result{x.size()};
  traffic.numbers_moved += 3;
  multiply(x.data(), y.data(), x.size(), result.own());
  return result;
}

Array operator+(Array&& x, double y) {
  traffic.numbers_moved += 2;
  add(x.data(), y, x.size(), x.own());
  return std::move(x);
}
Array operator+(Array const& x, double y) {
  Array result{x.size()};
  traffic.numbers_moved += 2;
  add(x.data(), y, x.size(), result.own());
  return result;
}

Array operator-(Array&& x, double y) { return std::move(x) + -y; }
Array operator-(Array const& x, double y) { return x + -y; }

Array operator*(double x, Array const& y) {
  Array result{y.size()};
  traffic.numbers_moved += 2;
  multiply(y.data(), x, y.size(), result.own());
  return result;
}

Array square(Array&& x) {
  traffic.numbers_moved += 2;
  multiply(x.data(), x.data(), x.size(), x.own());
  return std::move(x);
}

Array sqrt(Array&& x) {
  traffic.numbers_moved += 2;
  square_root(x.data(), x.size(), x.own());
  return std::move(x);
}

}  // namespace

void reused_temporaries(Input const& in, Output& out) {
  traffic = {};
  Array const x{in.x}, y{in.y}, z{in.z};
  if (in.expression == Expression::products) {
    out.numbers.resize(0);
    out.sum = sum_of_products(x, y, z);
  } else {
    Array result;
    assign(in.expression, x, y, z, result);
    out.numbers = result.release();
  }
  note_traffic(in, traffic);
}

Bound reused_temporaries_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
