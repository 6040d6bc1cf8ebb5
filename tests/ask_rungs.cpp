// Asks rungs, given as <example>/<name>, whether they stand every check of a rung, until one does
// not. For tests that plant faults in rungs: each sentence is printed before it is asked, so that a
// rung that ends the program has been overheard, too.
//
// Exit status: 0 all stand; 1 one does not, and why is the last line; 2 there is no such rung.

#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "core/rung.hpp"
#include "rung_checks.hpp"

namespace {

using mythbench::Rung;

Rung const* rung_named(std::string_view name) {
  for (Rung const& rung : mythbench::all_rungs())
    if (rung.prepare && name.substr(0, name.find('/')) == rung.example &&
        name.substr(name.find('/') + 1) == rung.name)
      return &rung;
  return nullptr;
}

bool stands(mythbench::RungCheck const& check, Rung const& rung) {
  std::cout << check.sentence << std::endl;  // flushed: it may be the last that is heard
  try {
    auto const finding = check.finding(rung);
    if (finding) std::cout << finding->label << ": " << finding->what << '\n';
    return !finding;
  } catch (std::exception const& error) {
    std::cout << rung.example << '/' << rung.name << ": " << error.what() << '\n';
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Rung const*> rungs;
  for (std::string_view const name : std::vector<std::string_view>(argv + 1, argv + argc)) {
    rungs.push_back(rung_named(name));
    if (!rungs.back()) {
      std::cerr << "ask_rungs: there is no rung " << name << " in C++\n";
      return 2;
    }
  }
  for (mythbench::RungCheck const& check : mythbench::rung_checks())
    for (Rung const* const rung : rungs)
      if (!stands(check, *rung)) return 1;
  return 0;
}
