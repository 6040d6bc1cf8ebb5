// Runs a file of Python on the stack machine of the bytecode example, shows its bytecode, and
// counts what the interpreter does.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "program/ending.hpp"
#include "stack_machine/compiler.hpp"
#include "stack_machine/disassembler.hpp"
#include "stack_machine/machine.hpp"

namespace {

using namespace mythbench::stack_machine;
using mythbench::status::bad_usage;

constexpr int raised = 1;

struct Options {
  bool list = false;
  bool count = false;
  bool python3 = false;
  std::string file;
};

std::string read(std::string const& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file) throw std::runtime_error{"cannot read " + path};
  return text;
}

// As `python -m dis` lists a module, and then each of its functions.
void print_listing(Code const& module) {
  std::cout << disassemble(module);
  for (Constant const& constant : module.constants)
    if (auto const* const function = std::get_if<std::shared_ptr<Code const>>(&constant))
      std::cout << "\nDisassembly of " << (*function)->name << ":\n" << disassemble(**function);
}

void print_counts(Counts const& counts) {
  std::pair<char const*, std::uint64_t> const lines[] = {
      {"bytecodes", counts.bytecodes},         {"dispatches", counts.dispatches},
      {"boxed values", counts.boxed_values},   {"allocations", counts.allocations},
      {"references up", counts.references_up}, {"references down", counts.references_down},
      {"name look-ups", counts.name_lookups},  {"type checks", counts.type_checks}};
  for (auto const& [name, count] : lines)
    std::cerr << std::left << std::setw(16) << name << std::right << std::setw(14) << count << '\n';
}

// The way compilers write it, so that an editor finds the place.
void report(std::string const& file, Failure const& failure) {
  std::cerr << file << ':' << failure.at().line << ':' << failure.at().column << ": "
            << failure.kind() << ": " << failure.what() << '\n';
}

template <class Policy>
int run(Options const& options, std::shared_ptr<Code const> const& module) {
  Machine<Policy> machine{module->dialect, &std::cout};
  machine.policy() = {};  // what the machine did to get ready is no part of the program
  int status = 0;
  try {
    machine.run(module);
  } catch (Failure const& failure) {
    std::cout.flush();
    report(options.file, failure);
    status = raised;
  }
  std::cout.flush();
  if constexpr (requires { machine.policy().counts; }) print_counts(machine.policy().counts);
  return status;
}

int work(int argc, char** argv) {
  Options options;
  CLI::App app{"Runs a file of Python on a stack machine with the bytecode of CPython 2.7."};
  app.add_flag("--dis", options.list, "print the bytecode, run nothing");
  app.add_flag("--count", options.count, "count what the interpreter does");
  app.add_flag("--python3", options.python3,
               "mean what Python 3 means: 7 / 2 is 3.5, print(a, b), all digits of a float");
  app.add_option("FILE", options.file, "the program")->required();
  try {
    app.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    std::cout << app.help();
    return 0;
  } catch (CLI::ParseError const& error) {
    std::cerr << "bytecode: " << error.what() << "; --help lists the options\n";
    return bad_usage;
  }

  std::shared_ptr<Code const> module;
  try {
    module = compile(read(options.file), options.file,
                     options.python3 ? Dialect::python3 : Dialect::python2);
  } catch (Failure const& failure) {
    report(options.file, failure);
    return bad_usage;
  }
  if (options.list) {
    print_listing(*module);
    return 0;
  }
  return options.count ? run<CountsAll>(options, module) : run<CountsNothing>(options, module);
}

}  // namespace

int main(int argc, char** argv) {
  return mythbench::ended("bytecode", [&] { return work(argc, argv); });
}
