#pragma once

// Integers of any length, for what Python does when 64 bits are not enough.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mythbench::stack_machine {

class BigInteger {
 public:
  BigInteger() = default;
  explicit BigInteger(std::int64_t value);

  // Digits of the base, 2 to 36, without sign or prefix; they must be valid.
  static BigInteger from_digits(std::string_view digits, unsigned base);

  // Drops the fraction. The number must be finite.
  static BigInteger from_real(double number);

  bool is_zero() const { return limbs_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_odd() const { return !limbs_.empty() && (limbs_[0] & 1) != 0; }
  std::size_t bit_length() const;

  // Nothing if the value needs more than 64 bits.
  std::optional<std::int64_t> to_int64() const;

  // Rounded to nearest, ties to even; infinite if it is too large.
  double to_real() const;
  std::string to_string() const;

  BigInteger operator-() const;
  friend BigInteger operator+(BigInteger const& a, BigInteger const& b);
  friend BigInteger operator-(BigInteger const& a, BigInteger const& b);
  friend BigInteger operator*(BigInteger const& a, BigInteger const& b);
  BigInteger shifted_left(std::size_t bits) const;

  // Quotient rounded down and a remainder with the sign of the divisor, as in Python. The divisor
  // must not be zero.
  static std::pair<BigInteger, BigInteger> divide(BigInteger const& a, BigInteger const& b);

  // a / b as the nearest real; b must not be zero.
  static double true_quotient(BigInteger const& a, BigInteger const& b);

  static BigInteger power(BigInteger base, BigInteger const& exponent);

  // Negative, zero or positive, as a is less than, equal to or greater than b.
  static int compare(BigInteger const& a, BigInteger const& b);

 private:
  using Limbs = std::vector<std::uint32_t>;  // the least significant first, no zeros at the end
  using Part = std::span<std::uint32_t const>;

  BigInteger(Limbs limbs, bool negative);

  static int compare_magnitudes(Limbs const& a, Limbs const& b);
  static Limbs sum(Limbs const& a, Limbs const& b);
  static Limbs difference(Limbs const& a, Limbs const& b);  // a is not less than b
  static Limbs product(Part a, Part b);
  static Limbs product_by_halves(Part a, Part b);
  static std::uint32_t divide_by_limb(Limbs& limbs, std::uint32_t divisor);  // gives the remainder
  static std::pair<Limbs, Limbs> divide_magnitudes(Limbs const& a, Limbs const& b);

  Limbs limbs_;
  bool negative_ = false;
};

}  // namespace mythbench::stack_machine
