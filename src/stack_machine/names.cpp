#include "stack_machine/names.hpp"

#include <utility>

namespace mythbench::stack_machine {

Object* Names::find(Text const* key) const {
  std::int32_t const index = table_[place_of(key)];
  return index == empty ? nullptr : entries_[static_cast<std::size_t>(index)].value;
}

Object* Names::bind(Text const* key, Object* value) {
  std::size_t const place = place_of(key);
  std::int32_t const index = table_[place];
  if (index != empty) return std::exchange(entries_[static_cast<std::size_t>(index)].value, value);
  table_[place] = static_cast<std::int32_t>(entries_.size());
  entries_.push_back({key->hash, key, value});
  // Two thirds full: from there on too many keys would find their place taken.
  if (3 * entries_.size() > 2 * table_.size()) grow();
  return nullptr;
}

std::size_t Names::place_of(Text const* key) const {
  std::size_t const mask = table_.size() - 1;
  std::size_t perturb = key->hash;
  for (std::size_t place = key->hash & mask;; place = (5 * place + perturb + 1) & mask) {
    std::int32_t const index = table_[place];
    if (index == empty) return place;
    Entry const& entry = entries_[static_cast<std::size_t>(index)];
    if (entry.key == key) return place;
    if (entry.hash == key->hash && entry.key->value == key->value) return place;
    // The rest of the hash has its say, too, so that keys that met once part again.
    perturb >>= 5;
  }
}

void Names::grow() {
  table_.assign(4 * table_.size(), empty);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    table_[place_of(entries_[i].key)] = static_cast<std::int32_t>(i);
}

}  // namespace mythbench::stack_machine
