#pragma once

// What the interpreters of the rungs do that the one of `bytecode` does not: look whether somebody
// wants the lock, or count references so that threads may share objects. See counts.hpp for the
// policy they are made from.

#include <atomic>
#include <bit>
#include <cstdint>

#include "gil/interval_lock.hpp"
#include "gil/tick_lock.hpp"
#include "stack_machine/counts.hpp"
#include "stack_machine/machine.hpp"

namespace mythbench::gil {

using stack_machine::Op;

// One thread at a time, or nothing shared: references are counted as ever.
struct Alone : stack_machine::CountsNothing {
  void share(std::int64_t&) {}
};

// CPython 2: each instruction ticks, and every so many ticks the lock is offered. Those do not tick
// that neither fail nor take long: CPython 2.7 goes from them straight to the next instruction.
struct Ticks : Alone {
  void dispatch(Op op) {
    bool const ticks = !goes_straight_on(last_);
    last_ = op;
    if (ticks && --left_ < 0) {
      left_ = interval;
      if (lock) lock->offer();
    }
  }

  TickLock* lock = nullptr;

 private:
  static constexpr int interval = 100;  // sys.getcheckinterval()

  static constexpr bool goes_straight_on(Op op) {
    switch (op) {
      case Op::load_fast:
      case Op::load_const:
      case Op::store_fast:
      case Op::for_iter:  // predicts STORE_FAST
      case Op::pop_top:
      case Op::dup_top:
      case Op::rot_two:
      case Op::rot_three:
      case Op::jump_forward:
      case Op::pop_jump_if_false:
      case Op::pop_jump_if_true:
      case Op::jump_if_false_or_pop:
      case Op::jump_if_true_or_pop:
      case Op::nop:
        return true;
      default:
        return false;
    }
  }

  // Of all threads, as there; who holds the lock counts.
  int left_ = interval;
  Op last_ = Op::stop_code;
};

// CPython 3.2 and later: nobody counts. Who jumps back looks whether another thread has asked.
struct Requests : Alone {
  void dispatch(Op op) {
    if (op == Op::jump_absolute && lock && lock->is_wanted()) [[unlikely]]
      lock->offer();
  }

  IntervalLock* lock = nullptr;
};

// No lock: any thread may count any object's references at any time.
struct AtomicCounts : Alone {
  void up(std::int64_t& references) { __atomic_fetch_add(&references, 1, __ATOMIC_RELAXED); }
  bool down(std::int64_t& references) {
    return __atomic_fetch_sub(&references, 1, __ATOMIC_ACQ_REL) == 1;
  }
};

// No lock, as PEP 703: an object has a local count, which only its owner, the thread that made it,
// touches, and needs no atomic operation for; and a shared one for all others. Constants are
// immortal, their references are not counted at all.
//
// Both counts share the 64 bits that the machine has for one: in the local half, the owner in front
// of the count. When the owner's count comes to nothing, it writes that nobody owns the object any
// more, and from then on the shared count alone decides. An owner that hands its last reference to
// another thread is not told when that one lets go: such an object stays until its interpreter
// ends. PEP 703 keeps a queue for them.
class BiasedCounts : public Alone {
 public:
  std::int64_t first() const { return std::int64_t{owner_} << owner_shift | 1; }

  void up(std::int64_t& references) {
    Half& local = local_half(references);
    std::uint32_t const now = __atomic_load_n(&local, __ATOMIC_RELAXED);
    if (now >> owner_shift == owner_)
      __atomic_store_n(&local, now + 1, __ATOMIC_RELAXED);
    else if (now != immortal)
      __atomic_fetch_add(&shared_half(references), one_shared, __ATOMIC_RELAXED);
  }

  // True if it was the last.
  bool down(std::int64_t& references) {
    Half& local = local_half(references);
    std::uint32_t const now = __atomic_load_n(&local, __ATOMIC_RELAXED);
    if (now >> owner_shift == owner_) {
      __atomic_store_n(&local, now - 1, __ATOMIC_RELAXED);
      return (now & most_references) == 1 && give_up(references);
    }
    if (now == immortal) return false;
    return __atomic_sub_fetch(&shared_half(references), one_shared, __ATOMIC_ACQ_REL) == merged;
  }

  // Nobody may be using the object yet.
  static void share(std::int64_t& references) { local_half(references) = immortal; }

 private:
  // Half of the counter, whatever type the whole is.
  using Half [[gnu::may_alias]] = std::uint32_t;

  // Nothing has a million references here: this machine knows no lists.
  static constexpr int owner_shift = 20;
  static constexpr std::uint32_t most_owners = 0xfff;  // as the owner, it would look immortal
  static constexpr std::uint32_t most_references = (1U << owner_shift) - 1;
  static constexpr std::uint32_t immortal = 0xffffffff;
  static constexpr std::uint32_t nobody = 0;
  // The lowest bit of the shared half says that the local count has been added to it.
  static constexpr std::uint32_t merged = 1;
  static constexpr std::uint32_t one_shared = 2;

  static constexpr int low = std::endian::native == std::endian::little ? 0 : 1;
  static Half& local_half(std::int64_t& whole) { return reinterpret_cast<Half*>(&whole)[low]; }
  static Half& shared_half(std::int64_t& whole) { return reinterpret_cast<Half*>(&whole)[1 - low]; }

  // The owner has no reference left. Nobody else has one: it was the last. Otherwise the others see
  // no owner, and the last of them frees the object.
  static bool give_up(std::int64_t& references) {
    __atomic_store_n(&local_half(references), nobody, __ATOMIC_RELAXED);
    return __atomic_or_fetch(&shared_half(references), merged, __ATOMIC_ACQ_REL) == merged;
  }

  static std::uint32_t next_owner() {
    static std::atomic<std::uint32_t> made = 0;
    return 1 + made.fetch_add(1, std::memory_order_relaxed) % (most_owners - 1);
  }

  std::uint32_t owner_ = next_owner();
};

}  // namespace mythbench::gil

// Written out once, in interpreter.cpp.
namespace mythbench::stack_machine {

extern template class Machine<gil::Alone>;
extern template class Machine<gil::Ticks>;
extern template class Machine<gil::Requests>;
extern template class Machine<gil::AtomicCounts>;
extern template class Machine<gil::BiasedCounts>;

}  // namespace mythbench::stack_machine
