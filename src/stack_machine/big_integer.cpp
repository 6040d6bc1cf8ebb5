#include "stack_machine/big_integer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace mythbench::stack_machine {
namespace {

constexpr unsigned limb_bits = 32;

void drop_zeros(std::vector<std::uint32_t>& limbs) {
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

}  // namespace

BigInteger::BigInteger(std::int64_t value) : negative_{value < 0} {
  // Unsigned, because the smallest value has no positive counterpart.
  auto magnitude = static_cast<std::uint64_t>(value);
  if (negative_) magnitude = 0 - magnitude;
  for (; magnitude != 0; magnitude >>= limb_bits)
    limbs_.push_back(static_cast<std::uint32_t>(magnitude));
}

BigInteger::BigInteger(Limbs limbs, bool negative) : limbs_{std::move(limbs)} {
  drop_zeros(limbs_);
  negative_ = negative && !limbs_.empty();
}

BigInteger BigInteger::from_digits(std::string_view digits, unsigned base) {
  Limbs limbs;
  for (char const digit : digits) {
    unsigned const value =
        static_cast<unsigned>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    std::uint64_t carry = value;
    for (std::uint32_t& limb : limbs) {
      carry += std::uint64_t{limb} * base;
      limb = static_cast<std::uint32_t>(carry);
      carry >>= limb_bits;
    }
    if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  return {std::move(limbs), false};
}

BigInteger BigInteger::from_real(double number) {
  int exponent = 0;
  double const fraction = std::frexp(std::trunc(std::abs(number)), &exponent);
  constexpr int digits = std::numeric_limits<double>::digits;
  auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, digits));
  if (exponent < digits) mantissa >>= digits - exponent;
  BigInteger result{mantissa};
  if (exponent > digits) result = result.shifted_left(static_cast<std::size_t>(exponent - digits));
  return number < 0 ? -result : result;
}

std::size_t BigInteger::bit_length() const {
  if (limbs_.empty()) return 0;
  return (limbs_.size() - 1) * limb_bits + static_cast<std::size_t>(std::bit_width(limbs_.back()));
}

std::optional<std::int64_t> BigInteger::to_int64() const {
  if (limbs_.size() > 2) return std::nullopt;
  std::uint64_t magnitude = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) magnitude = magnitude << limb_bits | limbs_[i];
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (magnitude > most + (negative_ ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? 0 - magnitude : magnitude);
}

double BigInteger::to_real() const {
  std::size_t const bits = bit_length();
  if (bits > 1024) return negative_ ? -HUGE_VAL : HUGE_VAL;
  // The highest 64 bits; what is cut off below them matters only where it breaks a tie.
  std::uint64_t top = 0;
  bool sticky = false;
  std::size_t const cut = bits > 64 ? bits - 64 : 0;
  for (std::size_t i = 0; i < bits; ++i) {
    bool const bit = (limbs_[i / limb_bits] >> (i % limb_bits) & 1) != 0;
    if (i < cut)
      sticky |= bit;
    else
      top |= std::uint64_t{bit} << (i - cut);
  }
  if (sticky) top |= 1;  // 64 bits are more than 53: the lowest only says "a little more"
  double const magnitude = std::ldexp(static_cast<double>(top), static_cast<int>(cut));
  return negative_ ? -magnitude : magnitude;
}

std::string BigInteger::to_string() const {
  if (limbs_.empty()) return "0";
  constexpr std::uint32_t billion = 1'000'000'000;
  std::string text;
  Limbs rest = limbs_;
  while (!rest.empty()) {
    std::uint32_t part = divide_by_limb(rest, billion);
    for (int i = 0; i < 9 && (part != 0 || !rest.empty()); ++i, part /= 10)
      text.push_back(static_cast<char>('0' + part % 10));
  }
  if (negative_) text.push_back('-');
  std::ranges::reverse(text);
  return text;
}

BigInteger BigInteger::operator-() const { return {limbs_, !negative_}; }

BigInteger operator+(BigInteger const& a, BigInteger const& b) {
  if (a.negative_ == b.negative_) return {BigInteger::sum(a.limbs_, b.limbs_), a.negative_};
  if (BigInteger::compare_magnitudes(a.limbs_, b.limbs_) >= 0)
    return {BigInteger::difference(a.limbs_, b.limbs_), a.negative_};
  return {BigInteger::difference(b.limbs_, a.limbs_), b.negative_};
}

BigInteger operator-(BigInteger const& a, BigInteger const& b) { return a + -b; }

BigInteger operator*(BigInteger const& a, BigInteger const& b) {
  BigInteger::Limbs product(a.limbs_.size() + b.limbs_.size(), 0);
  for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.limbs_.size(); ++j) {
      carry += std::uint64_t{a.limbs_[i]} * b.limbs_[j] + product[i + j];
      product[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= limb_bits;
    }
    product[i + b.limbs_.size()] = static_cast<std::uint32_t>(carry);
  }
  return {std::move(product), a.negative_ != b.negative_};
}

BigInteger BigInteger::shifted_left(std::size_t bits) const {
  Limbs shifted(bits / limb_bits, 0);
  unsigned const by = bits % limb_bits;
  std::uint64_t carry = 0;
  for (std::uint32_t const limb : limbs_) {
    carry |= std::uint64_t{limb} << by;
    shifted.push_back(static_cast<std::uint32_t>(carry));
    carry >>= limb_bits;
  }
  shifted.push_back(static_cast<std::uint32_t>(carry));
  return {std::move(shifted), negative_};
}

std::pair<BigInteger, BigInteger> BigInteger::divide(BigInteger const& a, BigInteger const& b) {
  auto [quotient_limbs, remainder_limbs] = divide_magnitudes(a.limbs_, b.limbs_);
  BigInteger quotient{std::move(quotient_limbs), a.negative_ != b.negative_};
  BigInteger remainder{std::move(remainder_limbs), a.negative_};
  if (!remainder.is_zero() && remainder.negative_ != b.negative_) {
    quotient = quotient - BigInteger{1};
    remainder = remainder + b;
  }
  return {std::move(quotient), std::move(remainder)};
}

double BigInteger::true_quotient(BigInteger const& a, BigInteger const& b) {
  if (a.is_zero()) return b.negative_ ? -0.0 : 0.0;
  // Shifted so that the quotient has more bits than a double; a last bit stands for the remainder.
  constexpr std::int64_t wanted = 80;
  std::int64_t const have =
      static_cast<std::int64_t>(a.bit_length()) - static_cast<std::int64_t>(b.bit_length());
  std::int64_t const shift = std::max<std::int64_t>(wanted - have, 0);
  auto [quotient, remainder] =
      divide_magnitudes(a.shifted_left(static_cast<std::size_t>(shift)).limbs_, b.limbs_);
  if (!remainder.empty()) quotient[0] |= 1;
  double const magnitude =
      std::ldexp(BigInteger{std::move(quotient), false}.to_real(), static_cast<int>(-shift));
  return a.negative_ != b.negative_ ? -magnitude : magnitude;
}

BigInteger BigInteger::power(BigInteger base, BigInteger const& exponent) {
  BigInteger result{1};
  std::size_t const bits = exponent.bit_length();
  for (std::size_t i = 0; i < bits; ++i) {
    if ((exponent.limbs_[i / limb_bits] >> (i % limb_bits) & 1) != 0) result = result * base;
    if (i + 1 < bits) base = base * base;
  }
  return result;
}

int BigInteger::compare(BigInteger const& a, BigInteger const& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  int const order = compare_magnitudes(a.limbs_, b.limbs_);
  return a.negative_ ? -order : order;
}

int BigInteger::compare_magnitudes(Limbs const& a, Limbs const& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

BigInteger::Limbs BigInteger::sum(Limbs const& a, Limbs const& b) {
  Limbs result;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
    if (i < a.size()) carry += a[i];
    if (i < b.size()) carry += b[i];
    result.push_back(static_cast<std::uint32_t>(carry));
    carry >>= limb_bits;
  }
  return result;
}

BigInteger::Limbs BigInteger::difference(Limbs const& a, Limbs const& b) {
  Limbs result = a;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    borrow += std::int64_t{a[i]} - (i < b.size() ? std::int64_t{b[i]} : 0);
    result[i] = static_cast<std::uint32_t>(borrow);
    borrow >>= limb_bits;
  }
  return result;
}

std::uint32_t BigInteger::divide_by_limb(Limbs& limbs, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    rest = rest << limb_bits | limbs[i];
    limbs[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  drop_zeros(limbs);
  return static_cast<std::uint32_t>(rest);
}

// Knuth, The Art of Computer Programming 2, section 4.3.1, algorithm D.
std::pair<BigInteger::Limbs, BigInteger::Limbs> BigInteger::divide_magnitudes(Limbs const& a,
                                                                              Limbs const& b) {
  if (compare_magnitudes(a, b) < 0) return {Limbs{}, a};
  if (b.size() == 1) {
    Limbs quotient = a;
    std::uint32_t const rest = divide_by_limb(quotient, b[0]);
    return {std::move(quotient), rest == 0 ? Limbs{} : Limbs{rest}};
  }
  // Shifted until the divisor's highest bit is set: then a guessed digit is at most two too large.
  auto const shift = static_cast<unsigned>(std::countl_zero(b.back()));
  Limbs const divisor = BigInteger{b, false}.shifted_left(shift).limbs_;
  Limbs rest = BigInteger{a, false}.shifted_left(shift).limbs_;
  rest.resize(a.size() + 1, 0);
  std::size_t const n = divisor.size();
  Limbs quotient(rest.size() - n, 0);
  constexpr std::uint64_t base = std::uint64_t{1} << limb_bits;

  for (std::size_t j = quotient.size(); j-- > 0;) {
    std::uint64_t const top = std::uint64_t{rest[j + n]} << limb_bits | rest[j + n - 1];
    std::uint64_t guess = top / divisor[n - 1];
    std::uint64_t left = top % divisor[n - 1];
    while (guess >= base || guess * divisor[n - 2] > (left << limb_bits | rest[j + n - 2])) {
      --guess;
      left += divisor[n - 1];
      if (left >= base) break;
    }
    std::int64_t borrow = 0;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
      carry += guess * divisor[i];
      borrow += std::int64_t{rest[i + j]} - static_cast<std::int64_t>(carry & (base - 1));
      rest[i + j] = static_cast<std::uint32_t>(borrow);
      borrow >>= limb_bits;
      carry >>= limb_bits;
    }
    borrow += std::int64_t{rest[j + n]} - static_cast<std::int64_t>(carry);
    rest[j + n] = static_cast<std::uint32_t>(borrow);
    if (borrow < 0) {  // the guess was one too large after all
      --guess;
      std::uint64_t back = 0;
      for (std::size_t i = 0; i < n; ++i) {
        back += std::uint64_t{rest[i + j]} + divisor[i];
        rest[i + j] = static_cast<std::uint32_t>(back);
        back >>= limb_bits;
      }
      rest[j + n] += static_cast<std::uint32_t>(back);
    }
    quotient[j] = static_cast<std::uint32_t>(guess);
  }
  drop_zeros(quotient);
  drop_zeros(rest);
  if (shift != 0 && !rest.empty()) {
    for (std::size_t i = 0; i < rest.size(); ++i) {
      std::uint64_t const next = i + 1 < rest.size() ? rest[i + 1] : 0;
      rest[i] = static_cast<std::uint32_t>((next << limb_bits | rest[i]) >> shift);
    }
    drop_zeros(rest);
  }
  return {std::move(quotient), std::move(rest)};
}

}  // namespace mythbench::stack_machine
