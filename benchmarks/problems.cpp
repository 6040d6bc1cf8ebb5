#include "problems.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "catalogue.hpp"
#include "core/stand_in.hpp"
#include "program/whole_file.hpp"

namespace mythbench {
namespace fs = std::filesystem;

namespace {

Json asked(Case const& c, Fields const& input) {
  return {{"label", c.label()}, {"input", to_json(input)}};
}

Json answered(Case const& c, Problem const& problem) {
  Json content = asked(c, problem.input);
  content["answer"] = problem.answer;
  return content;
}

// What a Python rung is held against after it was timed, as stand_in.hpp does it with those of C++:
// a small problem that any rung on one thread can do, and that has another answer. Null if there is
// none.
Json stand_in(Example const& example, Case const& timed, Answer const& answer) {
  for (Case const& c : small_cases_like(timed, example.awkward_cases())) {
    if (c.threads() > 1) continue;
    Problem const problem = example.problem(c);
    if (problem.answer != answer) return answered(c, problem);
  }
  return nullptr;
}

// The twin of an awkward case comes with its answer. To find that of one that is timed may take
// longer than to time it.
Json twin_of(Example const& example, Case const& c) {
  Case const twin = example.twin(c);
  bool const awkward = std::ranges::count(example.awkward_cases(), c) > 0;
  return awkward ? answered(twin, example.problem(twin)) : asked(twin, example.input(twin));
}

}  // namespace

fs::path problem_file(fs::path const& folder, Example const& example, Case const& c) {
  std::string name = c.label();
  std::ranges::replace(name, '/', '_');
  std::ranges::replace(name, ':', '-');
  return folder / std::string{example.name} / (name + ".json");
}

void write_problem(fs::path const& folder, Example const& example, Case const& c) {
  fs::path const file = problem_file(folder, example, c);
  if (fs::exists(file)) return;

  Problem const problem = example.problem(c);
  Json content = answered(c, problem);
  content["example"] = example.name;
  content["parameters"] = to_json(c);
  content["item"] = example.item;
  content["work"] = to_json(example.work(c));
  content["tolerance"] = example.tolerance;
  if (example.arrays) content["arrays"] = to_json(example.arrays(c));
  if (Json const small = stand_in(example, c, problem.answer); !small.is_null())
    content["stand_in"] = small;

  fs::create_directories(file.parent_path());
  // A file of its own, which only who wants the twin has to read: it may be as large as the input.
  if (example.twin) {
    fs::path const twin = fs::path{file}.replace_extension(".twin.json");
    write_whole(twin, twin_of(example, c).dump() + '\n');
    content["twin"] = twin.filename().string();
  }
  // Whole or not at all: another process may be looking for the same file.
  write_whole(file, content.dump() + '\n');
}

Answer read_answer(fs::path const& folder, Example const& example, Case const& c) {
  write_problem(folder, example, c);
  fs::path const file = problem_file(folder, example, c);
  try {
    return Json::parse(std::ifstream{file}).at("answer").get<Answer>();
  } catch (Json::exception const& error) {
    throw std::runtime_error{file.string() + " is damaged, delete it: " + error.what()};
  }
}

}  // namespace mythbench
