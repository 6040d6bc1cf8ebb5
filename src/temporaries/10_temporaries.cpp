// A class of arrays whose operators return a new array each, as NumPy's did until 1.13.
//
// Bound: that of the problem. What it moves instead are 16 to 24 bytes per element and operation,
// to and from new pages where arrays are large: malloc gives those above 32 MB back to the system
// when they are freed, and the next one is cleared again, page by page.

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

Array operator+(Array const& x, Array const& y) {
  Array result{x.size()};
  traffic.numbers_moved += 3;
  add(x.data(), y.data(), x.size(), result.own());
  return result;
}

Array operator*(Array const& x, Array const& y) {
  Array result{x.size()};
  traffic.numbers_moved += 3;
  multiply(x.data(), y.data(), x.size(), result.own());
  return result;
}

Array operator+(Array const& x, double y) {
  Array result{x.size()};
  traffic.numbers_moved += 2;
  add(x.data(), y, x.size(), result.own());
  return result;
}

Array operator*(double x, Array const& y) {
  Array result{y.size()};
  traffic.numbers_moved += 2;
  multiply(y.data(), x, y.size(), result.own());
  return result;
}

Array sqrt(Array const& x) {
  Array result{x.size()};
  traffic.numbers_moved += 2;
  square_root(x.data(), x.size(), result.own());
  return result;
}

Array square(Array const& x) {
  Array result{x.size()};
  traffic.numbers_moved += 2;
  multiply(x.data(), x.data(), x.size(), result.own());
  return result;
}

Array operator-(Array const& x, double y) { return x + -y; }

}  // namespace

void temporaries(Input const& in, Output& out) {
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

Bound temporaries_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
