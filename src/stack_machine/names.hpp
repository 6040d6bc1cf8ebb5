#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stack_machine/object.hpp"

namespace mythbench::stack_machine {

// Names and what they refer to: a dictionary as CPython's, since 3.6. The entries stand in the
// order in which they came; a hash table with open addressing says at which index. The hash of a
// key is computed once, and equal keys are nearly always the very same object.
class Names {
 public:
  Names() : table_(8, empty) {}

  // Null if the name is not bound.
  Object* find(Text const* key) const;

  // Gives what the name was bound to before, or null.
  Object* bind(Text const* key, Object* value);

 private:
  struct Entry {
    std::size_t hash;
    Text const* key;
    Object* value;
  };

  static constexpr std::int32_t empty = -1;

  // The place in the table where the index of the key stands, or would stand.
  std::size_t place_of(Text const* key) const;
  void grow();

  std::vector<std::int32_t> table_;  // its size is a power of two
  std::vector<Entry> entries_;
};

}  // namespace mythbench::stack_machine
