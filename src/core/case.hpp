#pragma once

// One set of named parameters of an example, such as grid:medium, events:32, threads:2.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mythbench {

class Case {
 public:
  using Value = std::variant<std::int64_t, double, std::string>;
  using Parameter = std::pair<std::string, Value>;

  Case(std::initializer_list<Parameter> parameters) : parameters_{parameters} {}

  // The case with this label: "grid:medium/events:32". What reads as a number is one. Throws
  // std::out_of_range if it is no label.
  static Case labelled(std::string_view label);

  // In the order in which the example states them.
  std::vector<Parameter> const& parameters() const { return parameters_; }

  bool has(std::string_view name) const;

  // Throw std::out_of_range, naming the parameter, if it is absent or of another type.
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  std::string const& text(std::string_view name) const;

  // The same case, but for this parameter: changed, or added as the last.
  Case with(std::string_view name, Value value) const;

  // How many threads a threaded rung may use; 1 where the example does not say.
  int threads() const;

  // "grid:medium/events:32/threads:2", as in the name of a benchmark.
  std::string label() const;

  friend bool operator==(Case const&, Case const&) = default;

 private:
  explicit Case(std::vector<Parameter> parameters) : parameters_{std::move(parameters)} {}

  std::vector<Parameter> parameters_;
};

// The thread counts worth a case on this machine: 1, and all cores that the process may use, of a
// quota the whole ones.
std::vector<std::int64_t> thread_counts();

}  // namespace mythbench
