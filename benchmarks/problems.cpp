#include "problems.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

#include "catalogue.hpp"

namespace mythbench {
namespace fs = std::filesystem;

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
  Json content{{"example", example.name},          {"label", c.label()},
               {"parameters", to_json(c)},         {"item", example.item},
               {"work", to_json(example.work(c))}, {"tolerance", example.tolerance},
               {"input", to_json(problem.input)},  {"answer", problem.answer}};
  if (example.arrays) content["arrays"] = to_json(example.arrays(c));

  // Whole or not at all: another process may be looking for the same file.
  fs::create_directories(file.parent_path());
  fs::path const draft = file.string() + '.' + std::to_string(getpid());
  {
    std::ofstream out{draft};
    out << content.dump() << '\n';
    if (!out.flush()) throw std::runtime_error{"cannot write " + draft.string()};
  }
  fs::rename(draft, file);
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
