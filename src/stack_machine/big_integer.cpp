#include "stack_machine/big_integer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace mythbench::stack_machine {
namespace {

constexpr unsigned limb_bits = 32;

// Below it, the schoolbook's product is faster than one by halves: CPython's, in limbs of 30 bits,
// is 70.
constexpr std::size_t few_limbs = 64;

void drop_zeros(std::vector<std::uint32_t>& limbs) {
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

// Adds to a number what stands so many limbs further up. The sum must fit.
void add_at(std::vector<std::uint32_t>& number, std::size_t place,
            std::vector<std::uint32_t> const& summand) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < summand.size() || carry != 0; ++i) {
    carry += std::uint64_t{number[place + i]} + (i < summand.size() ? summand[i] : 0);
    number[place + i] = static_cast<std::uint32_t>(carry);
    carry >>= limb_bits;
  }
}

unsigned value_of_digit(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
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

// Limb by limb while there are few digits; more of them as two halves.
BigInteger BigInteger::from_digits(std::string_view digits, unsigned base) {
  constexpr std::size_t few_digits = 512;
  if (digits.size() > few_digits) {
    // The lower halves of equal lengths share the power that the upper ones are multiplied by.
    std::size_t lower = few_digits;
    while (2 * lower < digits.size()) lower *= 2;
    BigInteger const upper = from_digits(digits.substr(0, digits.size() - lower), base);
    BigInteger const weight = power(BigInteger{base}, BigInteger{static_cast<std::int64_t>(lower)});
    return upper * weight + from_digits(digits.substr(digits.size() - lower), base);
  }
  Limbs limbs;
  while (!digits.empty()) {
    std::uint64_t weight = 1;
    std::uint64_t carry = 0;
    while (!digits.empty() && weight * base <= std::numeric_limits<std::uint32_t>::max()) {
      weight *= base;
      carry = carry * base + value_of_digit(digits[0]);
      digits.remove_prefix(1);
    }
    for (std::uint32_t& limb : limbs) {
      carry += limb * weight;
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
  // Limbs of another base, as CPython makes them: Knuth, volume 2, section 4.4, method 1b. The
  // divisor is a constant, so the compiler needs no division.
  constexpr std::uint32_t billion = 1'000'000'000;
  Limbs parts;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    std::uint64_t carry = limbs_[i];
    for (std::uint32_t& part : parts) {
      carry += std::uint64_t{part} << limb_bits;
      part = static_cast<std::uint32_t>(carry % billion);
      carry /= billion;
    }
    for (; carry != 0; carry /= billion)
      parts.push_back(static_cast<std::uint32_t>(carry % billion));
  }
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::uint32_t part = parts[i];
    for (int digit = 0; digit < 9 && (part != 0 || i + 1 < parts.size()); ++digit, part /= 10)
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
  return {BigInteger::product(a.limbs_, b.limbs_), a.negative_ != b.negative_};
}

BigInteger::Limbs BigInteger::product(Part a, Part b) {
  if (a.size() > b.size()) std::swap(a, b);
  Limbs result(a.size() + b.size(), 0);
  if (a.size() <= few_limbs) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < b.size(); ++j) {
        carry += std::uint64_t{a[i]} * b[j] + result[i + j];
        result[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= limb_bits;
      }
      result[i + b.size()] = static_cast<std::uint32_t>(carry);
    }
    return result;
  }
  // Pieces of the longer one that are as long as the shorter one.
  for (std::size_t place = 0; place < b.size(); place += a.size()) {
    Part const piece = b.subspan(place, std::min(a.size(), b.size() - place));
    add_at(result, place,
           piece.size() == a.size() ? product_by_halves(a, piece) : product(a, piece));
  }
  return result;
}

// Karatsuba's: three products of half the length, not four.
BigInteger::Limbs BigInteger::product_by_halves(Part a, Part b) {
  std::size_t const half = a.size() / 2;
  auto const number = [](Part part) {
    Limbs limbs(part.begin(), part.end());
    drop_zeros(limbs);
    return limbs;
  };
  Limbs const sum_of_a = sum(number(a.first(half)), number(a.subspan(half)));
  Limbs const sum_of_b = sum(number(b.first(half)), number(b.subspan(half)));
  Limbs low = product(a.first(half), b.first(half));
  Limbs high = product(a.subspan(half), b.subspan(half));
  drop_zeros(low);
  drop_zeros(high);
  Limbs middle = product(sum_of_a, sum_of_b);
  drop_zeros(middle);
  middle = difference(difference(middle, low), high);
  drop_zeros(middle);
  Limbs result(a.size() + b.size(), 0);
  add_at(result, 0, low);
  add_at(result, half, middle);
  add_at(result, 2 * half, high);
  return result;
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
