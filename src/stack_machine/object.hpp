#pragma once

// Every value of a program is such an object, somewhere in memory, with a count of those who refer
// to it: to add two numbers is to make a third object.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "stack_machine/big_integer.hpp"

namespace mythbench::stack_machine {

struct Object;
struct Runtime;  // the machine, as the slots below see it

enum class Arithmetic : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  true_divide,
  floor_divide,
  modulo,
  power,
  count
};

// What operators do, as in CPython a table of its own beside the type. A null operation, or a null
// result: ask on, first the left operand's operation in place, then both operands' ordinary ones.
struct Operations {
  using Binary = Object* (*)(Runtime&, Object*, Object*);
  Binary binary[static_cast<std::size_t>(Arithmetic::count)];
  Binary in_place[static_cast<std::size_t>(Arithmetic::count)];
};

// What a kind of objects can do. The machine does not know: it asks the object, each time.
struct Type {
  char const* name;
  Operations const* operations;        // null: no operator at all
  Object* (*next)(Runtime&, Object*);  // null: no iterator; a null result: exhausted
  void (*release)(Runtime&, Object*);
};

struct Object {
  std::int64_t references;
  Type const* type;
};

struct Integer : Object {
  std::int64_t value;
};

struct Real : Object {
  double value;
};

// Objects that own more than themselves know each other, so that the machine can free what a
// program that failed has left.
struct Linked : Object {
  Linked* previous = nullptr;
  Linked* following = nullptr;
  virtual ~Linked() = default;
};

struct Big : Linked {
  BigInteger value;
};

struct Text : Linked {
  std::string value;
  std::size_t hash = 0;
};

struct Range : Linked {
  std::int64_t start = 0;
  std::int64_t stop = 0;
  std::int64_t step = 1;
  std::uint64_t length = 0;
};

struct RangeIterator : Linked {
  std::int64_t next = 0;
  std::int64_t step = 1;
  std::uint64_t left = 0;
};

struct LoadedCode;

struct Function : Linked {
  LoadedCode const* code = nullptr;
};

struct Builtin : Linked {
  char const* name = nullptr;
  Object* (*call)(Runtime&, Object** arguments, std::size_t count) = nullptr;
};

// How many numbers range(start, stop, step) holds.
inline std::uint64_t range_length(std::int64_t start, std::int64_t stop, std::int64_t step) {
  auto const distance = static_cast<std::uint64_t>(stop) - static_cast<std::uint64_t>(start);
  if (step > 0) return start < stop ? (distance - 1) / static_cast<std::uint64_t>(step) + 1 : 0;
  return start > stop ? (0 - distance - 1) / (0 - static_cast<std::uint64_t>(step)) + 1 : 0;
}

// Memory for objects of one size. What is freed is handed out next.
template <class T>
class FreeList {
 public:
  void* take() {
    if (!free_) refill();
    Cell* const cell = free_;
    free_ = cell->next;
    return cell;
  }
  void give_back(void* memory) {
    auto* const cell = static_cast<Cell*>(memory);
    cell->next = free_;
    free_ = cell;
  }

 private:
  union Cell {
    Cell* next;
    alignas(T) unsigned char memory[sizeof(T)];
  };

  static constexpr std::size_t cells_per_block = 512;

  void refill() {
    blocks_.push_back(std::make_unique<Cell[]>(cells_per_block));
    Cell* const block = blocks_.back().get();
    for (std::size_t i = cells_per_block; i-- > 0;) give_back(&block[i]);
  }

  Cell* free_ = nullptr;
  std::vector<std::unique_ptr<Cell[]>> blocks_;
};

}  // namespace mythbench::stack_machine
