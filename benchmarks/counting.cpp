#include "counting.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "layers/os.hpp"
#include "own_program.hpp"

extern char** environ;

namespace mythbench {
namespace {

// Above this share of what is available the machine would begin to swap.
constexpr double share_of_memory = 0.8;

// Any first run touches some new pages, of libraries and of the heap. Growth by less says nothing
// about larger cases.
constexpr double telling_growth = 4e6;

// Smaller arrays cannot be told from what else a run allocates.
constexpr double least_bytes_of_array = 65536;

Json os_counts(layers::Counted const& counts) {
  Json json = {{"seconds", counts.seconds},
               {"user_seconds", counts.user_seconds},
               {"system_seconds", counts.system_seconds},
               {"baseline_resident_bytes", counts.baseline_resident_bytes},
               {"peak_resident_bytes", counts.peak_resident_bytes},
               {"minor_page_faults", counts.minor_page_faults},
               {"major_page_faults", counts.major_page_faults},
               {"voluntary_context_switches", counts.voluntary_context_switches},
               {"involuntary_context_switches", counts.involuntary_context_switches}};
  Json seconds = Json::array(), bytes = Json::array();
  for (auto const& sample : counts.resident) {
    seconds.push_back(sample.seconds);
    bytes.push_back(sample.bytes);
  }
  json["resident"] = {{"seconds", seconds}, {"bytes", bytes}};
  return json;
}

void add(Json& json, std::string const& run, layers::Allocations const& counted) {
  json[run + "_allocations"] = counted.calls;
  json[run + "_allocated_bytes"] = counted.bytes;
}

// What was asked of malloc, and what a run does with memory once the first has been there.
Json memory_counts(layers::Counted const& counts, Arrays const& arrays) {
  Json json = Json::object(), unknown = Json::object();
  if (counts.allocations)
    add(json, "first", *counts.allocations);
  else
    unknown["first_allocations"] = "the library that counts them was not loaded";
  if (!counts.later) {
    unknown["later_page_faults"] = "a run of this case takes too long to be made again";
  } else {
    json["later_page_faults"] = counts.later->page_faults;
    if (auto const& later = counts.later->allocations) {
      add(json, "later", *later);
      // A result that is made anew is none.
      if (arrays.bytes >= least_bytes_of_array)
        json["temporaries"] = std::max(0.0, static_cast<double>(later->arrays) - arrays.results);
    }
  }
  if (!unknown.empty()) json["unknown"] = unknown;
  return json;
}

// What the interpreter did, in a run of its own: counting takes time and memory.
Json interpreter_counts(Rung const& rung, Case const& c) {
  Json counts = Json::object();
  try {
    for (auto const& [name, count] : rung.count(c)) counts[name] = count;
  } catch (std::exception const& error) {
    return {{"reason", error.what()}};
  }
  return counts;
}

// Runs this very program once more. A fork alone would not do here: OpenMP does not survive one
// once its threads are running.
std::string output_of_self(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "mythbench");
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);

  int ends[2];
  if (pipe(ends) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  pid_t child = 0;
  int const failed =
      posix_spawn(&child, own_program().c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);

  std::string text;
  std::array<char, 4096> part;
  for (ssize_t got; !failed && (got = read(ends[0], part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  if (!failed) waitpid(child, nullptr, 0);
  return text;
}

// Null if the smallest case could not be counted: then nothing is known that speaks against.
Json const& counts_of_smallest(Rung const& rung, Case const& smallest) {
  static std::map<std::string, Json> known;
  std::string const name = label(rung, smallest);
  if (auto const found = known.find(name); found != known.end()) return found->second;
  Json const counted = Json::parse(output_of_self({"--layers", name}), nullptr, false);
  Json counts;
  if (counted.is_array() && !counted.empty() && counted[0].contains("layers"))
    counts = counted[0]["layers"].value("os", Json{});
  return known[name] = counts;
}

std::string with_unit(double amount, std::vector<std::pair<double, char const*>> const& units) {
  auto const unit = std::ranges::find_if(units, [&](auto const& u) { return amount >= u.first; });
  auto const& [size, name] = unit == units.end() ? units.back() : *unit;
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %s", amount / size, name);
  return text;
}

std::string duration(double seconds) {
  return with_unit(seconds, {{86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "s"}});
}

std::string volume(double bytes) {
  return with_unit(bytes, {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}});
}

}  // namespace

Json layers_of(Rung const& rung, Case const& c) {
  std::unique_ptr<Trial> trial;
  Example const& example = example_named(rung.example);
  Arrays const arrays = example.arrays ? example.arrays(c) : Arrays{};
  auto const counted = layers::count_in_child(
      // No answer is expected of this run, so the reference, which needs memory too, stays out.
      [&] { trial = rung.prepare(c, Answer{}); }, [&] { trial->run(); },
      arrays.bytes > 0 ? static_cast<std::uint64_t>(arrays.bytes) : UINT64_MAX);
  if (auto const* const reason = std::get_if<std::string>(&counted)) return {{"reason", *reason}};
  auto const& counts = std::get<layers::Counted>(counted);
  Json layers = {{"os", os_counts(counts)}, {"memory", memory_counts(counts, arrays)}};
  if (rung.count) layers["interpreter"] = interpreter_counts(rung, c);
  return layers;
}

std::string refusal(Rung const& rung, Case const& c, double most_seconds) {
  Example const& example = example_named(rung.example);
  Case const smallest = cases_of(rung).front();
  double const growth = example.work(c).items / example.work(smallest).items;
  if (growth <= 1) return {};
  Json const& counts = counts_of_smallest(rung, smallest);
  if (counts.is_null()) return {};

  double const seconds = growth * counts["seconds"].get<double>();
  double const resident =
      counts["peak_resident_bytes"].get<double>() - counts["baseline_resident_bytes"].get<double>();
  double const bytes = resident < telling_growth ? 0 : growth * resident;
  double const available = static_cast<double>(layers::available_memory_bytes());
  if (available > 0 && bytes > share_of_memory * available)
    return "forecast " + volume(bytes) + " of memory, " + volume(available) + " are available";
  if (seconds > most_seconds)
    return "forecast " + duration(seconds) + " per run, more than --max-seconds allows";
  return {};
}

}  // namespace mythbench
