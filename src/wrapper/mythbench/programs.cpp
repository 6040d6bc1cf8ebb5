// The stack machine of the bytecode example for Python: source text in, what it printed out.

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "stack_machine/compiler.hpp"
#include "stack_machine/disassembler.hpp"
#include "stack_machine/machine.hpp"
#include "wrapper/mythbench/arguments.hpp"
#include "wrapper/mythbench/kernels.hpp"

namespace mythbench::wrapper {
namespace {

using namespace stack_machine;

constexpr char const* file = "<source>";

Dialect dialect(bool python3) { return python3 ? Dialect::python3 : Dialect::python2; }

// Raises the exception that Python would, if it has one of this name.
[[noreturn]] void raise(Failure const& failure) {
  std::string message = failure.what();
  if (failure.at().line > 0)
    message += " (line " + std::to_string(failure.at().line) + ", column " +
               std::to_string(failure.at().column) + ")";
  py::module_ const builtins = py::module_::import("builtins");
  py::object kind = py::getattr(builtins, failure.kind().c_str(), py::none());
  if (kind.is_none()) kind = builtins.attr("RuntimeError");
  PyErr_SetString(kind.ptr(), message.c_str());
  throw py::error_already_set{};
}

std::shared_ptr<Code const> compiled(std::string const& source, bool python3) {
  // A str knows what it is written in, and Python 2 would ask; this mark says it.
  constexpr char const* byte_order_mark = "\xef\xbb\xbf";
  try {
    return compile(byte_order_mark + source, file, dialect(python3));
  } catch (Failure const& failure) {
    raise(failure);
  }
}

// On a thread of its own, so that this one, which Python delivers signals to, can look for Ctrl-C.
template <class Policy>
void run_interruptibly(Machine<Policy>& machine, std::shared_ptr<Code const> const& module) {
  using namespace std::chrono_literals;
  std::packaged_task<void()> task{[&] { machine.run(module); }};
  std::future<void> done = task.get_future();
  std::jthread const thread{std::move(task)};
  bool stopped = false;
  for (bool ready = false; !ready;) {
    {
      py::gil_scoped_release const unlocked;
      ready = done.wait_for(20ms) == std::future_status::ready;
    }
    if (!ready && !stopped && PyErr_CheckSignals() != 0) {
      stopped = true;
      machine.interrupt();
    }
  }
  if (stopped) throw py::error_already_set{};
  try {
    done.get();
  } catch (Failure const& failure) {
    raise(failure);
  }
}

// What a program of Python 2 prints may be any bytes.
py::str decoded(std::string const& bytes) {
  PyObject* const text =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<py::ssize_t>(bytes.size()), "surrogateescape");
  if (text == nullptr) throw py::error_already_set{};
  return py::reinterpret_steal<py::str>(text);
}

py::str run(std::string const& source, bool python3) {
  auto const module = compiled(source, python3);
  std::ostringstream printed;
  Machine<CountsNothing> machine{dialect(python3), &printed};
  run_interruptibly(machine, module);
  return decoded(printed.str());
}

py::dict count(std::string const& source, bool python3) {
  auto const module = compiled(source, python3);
  std::ostringstream printed;
  Machine<CountsAll> machine{dialect(python3), &printed};
  machine.policy() = {};  // what the machine did to get ready is no part of the program
  run_interruptibly(machine, module);
  Counts const& counts = machine.policy().counts;
  py::dict result;
  result["bytecodes"] = counts.bytecodes;
  result["dispatches"] = counts.dispatches;
  result["boxed_values"] = counts.boxed_values;
  result["allocations"] = counts.allocations;
  result["references_up"] = counts.references_up;
  result["references_down"] = counts.references_down;
  result["name_lookups"] = counts.name_lookups;
  result["type_checks"] = counts.type_checks;
  return result;
}

std::string text(py::handle source) {
  if (!py::isinstance<py::str>(source))
    throw py::value_error{"source: expected a str, got " +
                          std::string{py::str(py::type::of(source).attr("__name__"))}};
  py::ssize_t size = 0;
  char const* const bytes = PyUnicode_AsUTF8AndSize(source.ptr(), &size);
  if (bytes == nullptr) throw py::error_already_set{};
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

void define_programs(py::module_& module) {
  module.def(
      "dis",
      [](py::handle source, bool python3) {
        auto const code = compiled(text(source), python3);
        std::string listing = disassemble(*code);
        for (Constant const& constant : code->constants)
          if (auto const* const function = std::get_if<std::shared_ptr<Code const>>(&constant))
            listing += "\nDisassembly of " + (*function)->name + ":\n" + disassemble(**function);
        return listing;
      },
      py::arg("source"), py::kw_only(), py::arg("python3") = true,
      R"(dis(source, *, python3=True)

The bytecode of a program, as `python2.7 -m dis` lists it.

source : str, Python: assignments, arithmetic, comparisons, if, while, for over range, def, print
python3 : bool, whether 7 / 2 is 3.5

Returns a str. Raises SyntaxError with line and column.)");
  module.def(
      "run", [](py::handle source, bool python3) { return run(text(source), python3); },
      py::arg("source"), py::kw_only(), py::arg("python3") = true,
      R"(run(source, *, python3=True)

Run a program on the stack machine of the bytecode example.

source : str, as for dis
python3 : bool, whether 7 / 2 is 3.5

Returns what it printed, a str; bytes that are no UTF-8 as os.fsdecode would give them. Raises what
the program would: SyntaxError, NameError, ZeroDivisionError ..., with line and column. The lock is released meanwhile; Ctrl-C stops it.)");
  module.def(
      "count", [](py::handle source, bool python3) { return count(text(source), python3); },
      py::arg("source"), py::kw_only(), py::arg("python3") = true,
      R"(count(source, *, python3=True)

Run a program and count what the interpreter does for it.

source, python3 : as for run

Returns a dict of int: bytecodes, dispatches, boxed_values, allocations, references_up,
references_down, name_lookups, type_checks. The lock is released meanwhile; Ctrl-C stops it.)");
}

}  // namespace mythbench::wrapper
