#include "stack_machine/peephole.hpp"

#include <algorithm>

namespace mythbench::stack_machine {
namespace {

bool is_conditional_jump(Op op) {
  return op == Op::jump_if_false_or_pop || op == Op::jump_if_true_or_pop ||
         op == Op::pop_jump_if_false || op == Op::pop_jump_if_true;
}
bool is_unconditional_jump(Op op) { return op == Op::jump_forward || op == Op::jump_absolute; }
bool jumps_on_true(Op op) { return op == Op::jump_if_true_or_pop || op == Op::pop_jump_if_true; }

// The rules of CPython 2.7's Python/peephole.c, in its order: what one rule leaves, the next sees.
class Peephole {
 public:
  explicit Peephole(Code& code) : code_{code}, size_{static_cast<int>(code.bytes.size())} {}

  void run() {
    if (size_ > 32700 || op(size_ - 1) != Op::return_value || lines_are_far_apart()) return;
    mark_blocks();
    for (int i = 0; i < size_; i += size_of(op(i))) i = improve_at(i);
    drop_nops();
  }

 private:
  Op op(int i) const {
    return i < size_ ? static_cast<Op>(code_.bytes[static_cast<std::size_t>(i)]) : Op::stop_code;
  }
  void set_op(int i, Op op) {
    code_.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(op);
  }
  int argument(int i) const { return argument_at(code_, static_cast<std::size_t>(i)); }
  void set_argument(int i, int value) {
    code_.bytes[static_cast<std::size_t>(i) + 1] = static_cast<std::uint8_t>(value & 0xff);
    code_.bytes[static_cast<std::size_t>(i) + 2] = static_cast<std::uint8_t>(value >> 8);
  }
  int target(int i) const { return argument(i) + (is_absolute_jump(op(i)) ? 0 : i + 3); }
  void erase(int begin, int count) {
    std::fill_n(code_.bytes.begin() + begin, count, static_cast<std::uint8_t>(Op::nop));
  }
  Constant const& constant(int i) const {
    return code_.constants[static_cast<std::size_t>(argument(i))];
  }

  // CPython's table of lines takes steps of at most 255, and it leaves code alone that needs one.
  bool lines_are_far_apart() const {
    std::pair<int, int> last{0, code_.first_line};
    for (auto const& [offset, line] : code_.lines) {
      if (offset - last.first >= 255 || line - last.second >= 255) return true;
      last = {offset, line};
    }
    return false;
  }

  void mark_blocks() {
    std::vector<int> starts(static_cast<std::size_t>(size_) + 1, 0);
    for (int i = 0; i < size_; i += size_of(op(i)))
      if (is_absolute_jump(op(i)) || is_relative_jump(op(i)))
        starts[static_cast<std::size_t>(target(i))] = 1;
    blocks_.resize(static_cast<std::size_t>(size_));
    int block = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) blocks_[i] = block += starts[i];
  }

  bool in_one_block(int begin, int count) const {
    if (begin < 0 || begin + count > size_) return false;
    return blocks_[static_cast<std::size_t>(begin)] ==
           blocks_[static_cast<std::size_t>(begin + count - 1)];
  }

  // Gives the offset from which to go on.
  int improve_at(int i) {
    int const constants_before = constants_in_a_row_;
    constants_in_a_row_ = 0;
    Op const what = op(i);
    switch (what) {
      case Op::unary_not:
        if (op(i + 1) != Op::pop_jump_if_false || !in_one_block(i, 4)) return i;
        {
          int const to = argument(i + 1);
          set_op(i, Op::pop_jump_if_true);
          set_argument(i, to);
          set_op(i + 3, Op::nop);
        }
        return improve_at(i);
      case Op::compare_op: {
        int const comparison = argument(i);
        if (comparison < 6 || comparison > 9 || op(i + 3) != Op::unary_not || !in_one_block(i, 4))
          return i;
        set_argument(i, comparison ^ 1);
        set_op(i + 3, Op::nop);
        return i;
      }
      case Op::load_name:
      case Op::load_global:
        if (code_.names[static_cast<std::size_t>(argument(i))] != "None") return i;
        set_op(i, Op::load_const);
        set_argument(i, index_of_none());
        constants_in_a_row_ = constants_before + 1;
        return i;
      case Op::load_const:
        constants_in_a_row_ = constants_before + 1;
        if (op(i + 3) == Op::pop_jump_if_false && in_one_block(i, 6) && is_true(constant(i))) {
          erase(i, 6);
          constants_in_a_row_ = 0;
        }
        return i;
      case Op::unary_negative:
        return constants_before >= 1 ? folded_unary(i) : i;
      case Op::jump_if_false_or_pop:
      case Op::jump_if_true_or_pop:
        if (is_conditional_jump(op(target(i)))) {
          jump_past_test(i);
          return improve_at(i);
        }
        straighten(i);
        return i;
      case Op::pop_jump_if_false:
      case Op::pop_jump_if_true:
      case Op::for_iter:
      case Op::jump_forward:
      case Op::jump_absolute:
      case Op::setup_loop:
        straighten(i);
        return i;
      case Op::return_value:
        if (i + 4 >= size_) return i;
        if (op(i + 4) == Op::return_value && in_one_block(i, 5))
          erase(i + 1, 4);
        else if (is_unconditional_jump(op(i + 1)) && in_one_block(i, 4))
          erase(i + 1, 3);
        return i;
      case Op::binary_power:
      case Op::binary_multiply:
      case Op::binary_modulo:
      case Op::binary_add:
      case Op::binary_subtract:
      case Op::binary_floor_divide:
      case Op::binary_true_divide:
        return constants_before >= 2 ? folded_binary(i) : i;
      default:
        return i;
    }
  }

  int index_of_none() {
    auto& constants = code_.constants;
    auto const found = std::ranges::find_if(
        constants, [](Constant const& c) { return std::holds_alternative<std::monostate>(c); });
    auto const index = found - constants.begin();
    if (found == constants.end()) constants.emplace_back();
    return static_cast<int>(index);
  }

  // The new constant stands where the instruction ends; the next one sees one constant before it.
  int with_constant(int i, Constant value) {
    code_.constants.push_back(std::move(value));
    set_op(i - 2, Op::load_const);
    set_argument(i - 2, static_cast<int>(code_.constants.size()) - 1);
    constants_in_a_row_ = 1;
    return i - 2;
  }

  int folded_binary(int i) {
    Constant value;
    if (!in_one_block(i - 6, 7) || !fold_binary(op(i), constant(i - 6), constant(i - 3), value))
      return i;
    erase(i - 6, 4);
    return with_constant(i, std::move(value));
  }

  int folded_unary(int i) {
    Constant value;
    if (!in_one_block(i - 3, 4) || !fold_unary(op(i), constant(i - 3), value)) return i;
    set_op(i - 3, Op::nop);
    return with_constant(i, std::move(value));
  }

  // A test whose outcome the next test sees again.
  void jump_past_test(int i) {
    int const to = target(i);
    if (jumps_on_true(op(to)) == jumps_on_true(op(i))) {
      int const final_target = target(to);
      set_op(i, op(to));
      set_argument(i, final_target);
    } else {
      set_op(i, jumps_on_true(op(i)) ? Op::pop_jump_if_true : Op::pop_jump_if_false);
      set_argument(i, to + 3);
    }
  }

  // A jump to a jump goes where that one goes.
  void straighten(int i) {
    Op what = op(i);
    int const to = target(i);
    if (is_unconditional_jump(what) && op(to) == Op::return_value) {
      set_op(i, Op::return_value);
      erase(i + 1, 2);
      return;
    }
    if (!is_unconditional_jump(op(to))) return;
    int final_target = target(to);
    if (what == Op::jump_forward) what = Op::jump_absolute;  // a relative jump cannot go back
    if (!is_absolute_jump(what)) final_target -= i + 3;
    if (final_target < 0) return;
    set_op(i, what);
    set_argument(i, final_target);
  }

  void drop_nops() {
    std::vector<int> moved(static_cast<std::size_t>(size_) + 1);
    int nops = 0;
    for (int i = 0; i < size_; i += size_of(op(i))) {
      for (int j = i; j < std::min(i + size_of(op(i)), size_); ++j)
        moved[static_cast<std::size_t>(j)] = j - nops;
      if (op(i) == Op::nop) ++nops;
    }
    moved[static_cast<std::size_t>(size_)] = size_ - nops;
    auto const moved_to = [&](int offset) { return moved[static_cast<std::size_t>(offset)]; };

    for (auto& [offset, line] : code_.lines) offset = moved_to(offset);
    std::vector<std::uint8_t> bytes;
    std::vector<Position> positions;
    for (int i = 0; i < size_;) {
      Op const what = op(i);
      if (is_absolute_jump(what))
        set_argument(i, moved_to(argument(i)));
      else if (is_relative_jump(what))
        set_argument(i, moved_to(target(i)) - moved_to(i) - 3);
      for (int const end = i + size_of(what); i < end; ++i) {
        if (what == Op::nop) continue;
        bytes.push_back(code_.bytes[static_cast<std::size_t>(i)]);
        positions.push_back(code_.positions[static_cast<std::size_t>(i)]);
      }
    }
    code_.bytes = std::move(bytes);
    code_.positions = std::move(positions);
  }

  Code& code_;
  int size_;
  std::vector<int> blocks_;
  int constants_in_a_row_ = 0;
};

}  // namespace

void improve(Code& code) { Peephole{code}.run(); }

}  // namespace mythbench::stack_machine
