#include "core/case.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/control_groups.hpp"
#include "core/processors.hpp"

namespace mythbench {
namespace {

auto find(std::vector<Case::Parameter> const& parameters, std::string_view name) {
  return std::ranges::find(parameters, name, &Case::Parameter::first);
}

template <class T>
T const& value(std::vector<Case::Parameter> const& parameters, std::string_view name) {
  auto const found = find(parameters, name);
  if (found == parameters.end())
    throw std::out_of_range{"the case has no parameter '" + std::string{name} + "'"};
  T const* const held = std::get_if<T>(&found->second);
  if (!held)
    throw std::out_of_range{"the parameter '" + std::string{name} + "' is of another type"};
  return *held;
}

struct Written {
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(std::string const& text) const { return text; }
  std::string operator()(double number) const {
    char digits[32];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return {digits, end};
  }
};

// All of the text, or nothing.
template <class T>
std::optional<Case::Value> number(std::string_view text) {
  T value{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Case Case::labelled(std::string_view label) {
  std::vector<Parameter> parameters;
  for (std::size_t at = 0; at <= label.size();) {
    std::size_t const slash = std::min(label.find('/', at), label.size());
    std::string_view const parameter = label.substr(at, slash - at);
    at = slash + 1;
    auto const colon = parameter.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == parameter.size())
      throw std::out_of_range{"a case is named <parameter>:<value>/..., not '" +
                              std::string{label} + "'"};
    std::string_view const text = parameter.substr(colon + 1);
    auto const whole = number<std::int64_t>(text);
    auto const real = number<double>(text);
    parameters.emplace_back(parameter.substr(0, colon), whole  ? *whole
                                                        : real ? *real
                                                               : Value{std::string{text}});
  }
  return Case{std::move(parameters)};
}

bool Case::has(std::string_view name) const { return find(parameters_, name) != parameters_.end(); }

std::int64_t Case::integer(std::string_view name) const {
  return value<std::int64_t>(parameters_, name);
}

double Case::real(std::string_view name) const { return value<double>(parameters_, name); }

std::string const& Case::text(std::string_view name) const {
  return value<std::string>(parameters_, name);
}

Case Case::with(std::string_view name, Value value) const {
  Case changed = *this;
  auto const found = std::ranges::find(changed.parameters_, name, &Parameter::first);
  if (found == changed.parameters_.end())
    changed.parameters_.emplace_back(name, std::move(value));
  else
    found->second = std::move(value);
  return changed;
}

int Case::threads() const { return has("threads") ? static_cast<int>(integer("threads")) : 1; }

std::string Case::label() const {
  std::string joined;
  for (auto const& [name, value] : parameters_) {
    if (!joined.empty()) joined += '/';
    joined += name + ':' + std::visit(Written{}, value);
  }
  return joined;
}

std::vector<std::int64_t> thread_counts() {
  auto cores = static_cast<std::int64_t>(usable_cores());
  // One and a half are one: two threads would be stopped for a quarter of the time.
  if (auto const granted = granted_cores(control_groups()); granted && *granted < cores)
    cores = std::max<std::int64_t>(1, static_cast<std::int64_t>(*granted));
  if (cores <= 1) return {1};
  return {1, cores};
}

}  // namespace mythbench
