#include "arrays/program.hpp"

namespace mythbench::arrays {

Program program(Factors const& factors) {
  using Kind = Instruction::Kind;
  Program program{{Kind::load, Place::here},
                  {Kind::scale, {}, factors.centre},
                  {Kind::load, Place::above},
                  {Kind::load, Place::below},
                  {Kind::add},
                  {Kind::load, Place::left},
                  {Kind::add},
                  {Kind::load, Place::right},
                  {Kind::add},
                  {Kind::scale, {}, factors.side},
                  {Kind::add}};
  if (factors.keep != 0) {
    program.push_back({Kind::load, Place::before});
    program.push_back({Kind::subtract});
  }
  return program;
}

}  // namespace mythbench::arrays
