// Times the C++ rungs: Google Benchmark with all its flags, and a few of our own.

#include <benchmark/benchmark.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "build.hpp"
#include "core/notes.hpp"
#include "core/rung.hpp"
#include "core/stand_in.hpp"
#include "counting.hpp"
#include "csv/csv.hpp"
#include "library.hpp"
#include "machine/instruction_set.hpp"
#include "machine/triad.hpp"
#include "options.hpp"
#include "printing.hpp"
#include "problems.hpp"
#include "program/ending.hpp"

namespace {

using mythbench::Case;
using mythbench::Check;
using mythbench::Clock;
using mythbench::Rung;
using mythbench::Selected;
using namespace mythbench::status;

mythbench::Options options;
int disagreements = 0;  // the exit status

constexpr std::chrono::milliseconds beside_a_rung{180};

// The texts before and after the first mark. Throws std::out_of_range if there is none.
std::pair<std::string, std::string> parted(std::string const& text, char mark,
                                           std::string const& complaint) {
  auto const place = text.find(mark);
  if (place == std::string::npos) throw std::out_of_range{complaint};
  return {text.substr(0, place), text.substr(place + 1)};
}

std::vector<Selected> everything() {
  std::vector<Selected> all;
  for (Rung const& rung : mythbench::all_rungs())
    if (rung.prepare)
      for (Case const& c : mythbench::cases_of(rung)) all.push_back({rung, c});
  for (std::string const& name : options.cases) {
    auto const [of, label] = parted(name, '/', "--case needs <example>/<case>");
    std::string_view const example = mythbench::example_named(of).name;
    Case const more = Case::labelled(label);
    for (Rung const& rung : mythbench::all_rungs())
      if (rung.prepare && rung.example == example && (rung.threaded || more.threads() == 1))
        all.push_back({rung, more});
  }
  return all;
}

// Throws std::out_of_range if there is no such rung and case.
Selected const& selected_labelled(std::string const& label, std::vector<Selected> const& known) {
  auto const found = std::ranges::find_if(
      known, [&](Selected const& s) { return mythbench::label(s.rung, s.timed) == label; });
  if (found == known.end()) throw std::out_of_range{"there is no rung and case '" + label + "'"};
  return *found;
}

std::optional<mythbench::Answer> known_answer(Rung const& rung, Case const& c) {
  if (options.problems.empty()) return std::nullopt;
  return mythbench::read_answer(options.problems, mythbench::example_named(rung.example), c);
}

// JSON has no word for what is not finite; a reader has.
std::string in_words(double number) {
  if (std::isnan(number)) return "not a number";
  if (std::isinf(number)) return "infinite";
  return mythbench::csv::cell(number);
}

std::string complaint(Check const& check) {
  return "wrong answer: error " + in_words(check.error) + ", tolerated " +
         in_words(check.tolerance);
}

// A rung that is checked and warm. Google Benchmark calls a benchmark several times while it looks
// for the number of iterations; the check must not be paid each time.
struct Prepared {
  std::string label;
  std::unique_ptr<mythbench::Trial> trial;
  Check check{};
  double first_seconds = 0;  // of the run that was checked: caches and pages are cold
  std::string error;         // why it is not timed
  // Bytes per second, measured after its first runs: not each time, either.
  std::optional<std::optional<double>> memory_beside{};
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds_of_run(mythbench::Trial& trial) {
  auto const start = Clock::now();
  trial.run();
  return seconds_since(start);
}

// Makes it ready to be timed; says why it is not, if it is not.
std::string complaint_beforehand(Prepared& prepared, Rung const& rung, Case const& c) {
  if (!options.no_forecast)
    if (std::string const reason = mythbench::refusal(rung, c, options.max_seconds);
        !reason.empty())
      return "skipped: " + reason;
  prepared.trial = rung.prepare(c, known_answer(rung, c));
  auto const start = Clock::now();
  prepared.check = prepared.trial->verify();
  double warm = seconds_since(start);
  prepared.first_seconds = warm;
  if (!prepared.check.passed()) {
    ++disagreements;
    return complaint(prepared.check);
  }
  while (warm < options.warm_up_seconds) warm += seconds_of_run(*prepared.trial);
  return {};
}

// What action() says, or why it could not go on.
template <class Action>
std::string complaint_of(Action const& action) {
  try {
    return action();
  } catch (std::bad_alloc const&) {
    return "skipped: out of memory";
  } catch (mythbench::Unsupported const& lacking) {
    return std::string{"skipped: "} + lacking.what();
  } catch (mythbench::Refused const& refusal) {
    return std::string{"skipped: "} + refusal.what();
  } catch (std::exception const& error) {
    ++disagreements;
    return std::string{"failed: "} + error.what();
  }
}

Prepared& prepared_once(Rung const& rung, Case const& c) {
  static Prepared current;
  std::string const label = mythbench::label(rung, c);
  if (current.label == label) return current;
  current = {};  // before the next input is made: two at once may not fit
  current.label = label;
  current.error = complaint_of([&] { return complaint_beforehand(current, rung, c); });
  return current;
}

std::optional<double> memory_beside(Rung const& rung, Case const& c) {
  if (!rung.bound) return std::nullopt;
  mythbench::Bound const bound = rung.bound(c);
  double const moved = bound.working_set_bytes > 0 ? bound.working_set_bytes : bound.bytes;
  auto const until = Clock::now() + beside_a_rung;
  try {
    return mythbench::triad_beside(static_cast<int>(c.threads()), moved, until);
  } catch (std::exception const&) {
    return std::nullopt;  // the rung is sound, even if it left no room for this
  }
}

// What is wrong after the timed runs, each of which took so many seconds; empty if nothing is.
std::string complaint_afterwards(Prepared& prepared, Rung const& rung, Case const& c,
                                 double seconds) {
  // A rung that is right only the first time is not right.
  if (Check const last = prepared.trial->inspect(); !last.passed()) {
    ++disagreements;
    return complaint(last) + " after several runs";
  }
  // Nor is one that gives an answer which it has kept.
  std::string const objection =
      mythbench::objection_of_another_input(rung, c, *prepared.trial, seconds);
  if (objection.empty()) return {};
  ++disagreements;
  return "wrong answer: " + objection;
}

// A fast wrong answer is not a result: it is reported as an error, never timed.
void measure(benchmark::State& state, Rung const& rung, Case const& c) {
  Prepared& prepared = prepared_once(rung, c);
  if (!prepared.error.empty()) {
    state.SkipWithError(prepared.error.c_str());
    return;
  }

  mythbench::take_notes();  // of earlier runs
  auto const start = Clock::now();
  for (auto _ : state) {
    prepared.trial->run();
    benchmark::ClobberMemory();
  }
  double const seconds = seconds_since(start) / static_cast<double>(state.iterations());
  mythbench::Notes const notes = mythbench::take_notes();

  prepared.error = complaint_of([&] { return complaint_afterwards(prepared, rung, c, seconds); });
  if (!prepared.error.empty()) {
    state.SkipWithError(prepared.error.c_str());
    return;
  }

  mythbench::Work const work = mythbench::example_named(rung.example).work(c);
  state.counters["items"] = work.items;
  state.counters["flops"] = work.flops;
  state.counters["bytes"] = work.bytes;
  state.counters["check_error"] = prepared.check.error;
  state.counters["check_tolerance"] = prepared.check.tolerance;
  state.counters["first_seconds"] = prepared.first_seconds;
  if (!prepared.memory_beside) prepared.memory_beside = memory_beside(rung, c);
  if (auto const rate = *prepared.memory_beside) state.counters["memory_bytes_per_second"] = *rate;
  for (auto const& [name, sum] : notes)
    if (std::isfinite(sum))
      state.counters["note_" + name] = sum / static_cast<double>(state.iterations());
}

// Throws std::out_of_range if a text is no label with a count, or of a rung that there is not.
std::map<std::string, std::int64_t> chosen_iterations(std::vector<Selected> const& known) {
  std::map<std::string, std::int64_t> chosen;
  for (std::string const& text : options.iterations) {
    auto const [label, count] = parted(text, '=', "--iterations needs <example>/<rung>/<case>=<n>");
    selected_labelled(label, known);
    char const* const last = count.data() + count.size();
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(count.data(), last, number);
    if (error != std::errc{} || end != last || number < 1)
      throw std::out_of_range{"'" + count + "' is no count of iterations"};
    chosen[label] = number;
  }
  return chosen;
}

void register_benchmarks() {
  std::vector<Selected> const known = everything();
  auto const iterations = chosen_iterations(known);
  for (Selected const& selected : known) {
    std::string const label = mythbench::label(selected.rung, selected.timed);
    // Process time, because the main thread's own says nothing about a threaded rung.
    auto* const registered = benchmark::RegisterBenchmark(
        label.c_str(),
        [selected](benchmark::State& state) { measure(state, selected.rung, selected.timed); });
    registered->UseRealTime()->MeasureProcessCPUTime();
    if (auto const found = iterations.find(label); found != iterations.end())
      registered->Iterations(found->second);
  }
}

void list_rungs() {
  for (mythbench::Example const& example : mythbench::all_examples()) {
    std::cout << example.name << '\n';
    for (Rung const& rung : mythbench::all_rungs()) {
      if (rung.example != example.name) continue;
      std::cout << "  " << rung.number << ' ' << rung.name
                << (rung.language == mythbench::Language::cpp ? "" : " (Python)") << ": "
                << rung.caption << '\n';
    }
    std::cout << "  cases:";
    for (Case const& c : example.cases()) std::cout << ' ' << c.label();
    std::cout << '\n';
  }
}

// Throws std::out_of_range if there is no such case.
Case case_labelled(std::string const& text, std::vector<Case> const& cases) {
  for (Case const& c : cases)
    if (c.label() == text) return c;
  throw std::out_of_range{"there is no case '" + text + "'"};
}

void write_problem(std::string const& name) {
  std::string const needed = "--write-problem needs <example>/<case> and --problems=<folder>";
  auto const [of, label] = parted(name, '/', needed);
  if (options.problems.empty()) throw std::out_of_range{needed};
  mythbench::Example const& example = mythbench::example_named(of);
  std::vector<Case> known = example.cases();
  for (Case const& c : example.awkward_cases()) known.push_back(c);
  Case const c = case_labelled(label, known);
  mythbench::write_problem(options.problems, example, c);
  std::cout << mythbench::problem_file(options.problems, example, c).string() << '\n';
}

void print_layers(std::vector<std::string> const& labels) {
  std::vector<Selected> const known = everything();
  std::vector<Selected> chosen;
  for (std::string const& label : labels) chosen.push_back(selected_labelled(label, known));
  mythbench::print_layers(chosen);
}

int time_rungs() {
  for (auto const& [name, value] : mythbench::build_facts())
    benchmark::AddCustomContext("mythbench_" + name, value);
  register_benchmarks();
  std::size_t const matched = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  if (matched == 0) return bad_usage;
  return disagreements == 0 ? all_well : wrong_answer;
}

int run(int argc, char** argv) {
  // Google Benchmark takes the flags that are its own and leaves the rest to us; its own help
  // would hide ours.
  for (int i = 1; i < argc; ++i)
    if (std::string_view{argv[i]} == "--help") {
      std::cout << mythbench::help_of_options();
      return all_well;
    }
  mythbench::UsageOfLibrary const usage;
  mythbench::TimesFile times{{argv, static_cast<std::size_t>(argc)}};
  benchmark::Initialize(&argc, argv);
  try {
    options = mythbench::read_options(argc, argv);
  } catch (mythbench::BadUsage const& error) {
    std::cerr << "mythbench: " << error.what() << "; --help lists the options\n";
    return bad_usage;
  }

  if (!options.instruction_set.empty()) mythbench::use_instruction_set(options.instruction_set);
  if (options.list) return list_rungs(), 0;
  if (options.ceilings) return mythbench::print_ceilings(), 0;
  if (options.topology || !options.made_up.empty())
    return mythbench::print_topology(options.made_up), 0;
  if (options.catalogue) return mythbench::print_catalogue(), 0;
  if (!options.write_problem.empty()) return write_problem(options.write_problem), 0;
  if (!options.layers.empty()) return print_layers(options.layers), 0;
  int const status = time_rungs();
  times.keep();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return mythbench::ended("mythbench", [&] { return run(argc, argv); });
}
