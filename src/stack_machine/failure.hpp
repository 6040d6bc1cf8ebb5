#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace mythbench::stack_machine {

// Where something stands in the source text, counted from 1; line 0: nowhere.
struct Position {
  int line = 0;
  int column = 0;
};

// What Python raises: SyntaxError, NameError, ...
class Failure : public std::runtime_error {
 public:
  Failure(std::string kind, std::string const& message, Position at = {})
      : std::runtime_error{message}, kind_{std::move(kind)}, at_{at} {}

  std::string const& kind() const { return kind_; }
  Position at() const { return at_; }
  void place(Position at) { at_ = at; }

 private:
  std::string kind_;
  Position at_;
};

}  // namespace mythbench::stack_machine
