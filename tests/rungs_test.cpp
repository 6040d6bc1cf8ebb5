#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "catch.hpp"
#include "core/rung.hpp"

namespace {

namespace fs = std::filesystem;

using mythbench::Case;
using mythbench::Check;
using mythbench::Rung;

// "src/dot/15_relaxed.fastmath.cpp" is the rung "dot/relaxed".
std::set<std::string> rungs_on_disk() {
  std::set<std::string> found;
  for (auto const& entry : fs::recursive_directory_iterator{fs::path{MYTHBENCH_ROOT} / "src"}) {
    fs::path const& file = entry.path();
    std::string const name = file.filename().string();
    bool const source = file.extension() == ".cpp" || file.extension() == ".py";
    if (source && std::isdigit(static_cast<unsigned char>(name.front())))
      found.insert(file.parent_path().filename().string() + '/' +
                   name.substr(3, name.find('.') - 3));
  }
  return found;
}

std::string name_of(Rung const& rung) {
  return std::string{rung.example} + '/' + std::string{rung.name};
}

void check_passes(Check const& check) {
  INFO("error " << check.error << ", tolerated " << check.tolerance);
  CHECK(check.passed());
}

// Nothing from a rung that this machine lacks something for: it is skipped, not wrong.
template <class Action>
void unless_unsupported(Action const& action) {
  try {
    action();
  } catch (mythbench::Unsupported const& lacking) {
    WARN(lacking.what());
  }
}

}  // namespace

TEST_CASE("every rung gives the reference answer where it is awkward", "[rungs]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    if (!rung.prepare) continue;
    for (Case const& c : mythbench::example_named(rung.example).awkward_cases()) {
      INFO(mythbench::label(rung, c));
      unless_unsupported([&] { check_passes(rung.prepare(c, std::nullopt)->verify()); });
    }
  }
}

TEST_CASE("every rung gives the reference answer on its smallest timed case", "[rungs]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    if (!rung.prepare) continue;
    Case const smallest = mythbench::cases_of(rung).front();
    INFO(mythbench::label(rung, smallest));
    unless_unsupported([&] { check_passes(rung.prepare(smallest, std::nullopt)->verify()); });
  }
}

TEST_CASE("a rung leaves no state behind for its next run", "[rungs]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    if (!rung.prepare) continue;
    std::vector<Case> const cases = mythbench::example_named(rung.example).awkward_cases();
    auto const first = rung.prepare(cases.front(), std::nullopt);
    auto const last = rung.prepare(cases.back(), std::nullopt);
    INFO(name_of(rung));
    unless_unsupported([&] {
      last->run();
      first->run();
      check_passes(first->inspect());
      first->run();
      check_passes(first->inspect());
      check_passes(last->inspect());
      last->run();
      check_passes(last->inspect());
    });
  }
}

TEST_CASE("the table lists the rung files on disk, no more and no less", "[rungs]") {
  std::set<std::string> in_table;
  for (Rung const& rung : mythbench::all_rungs()) in_table.insert(name_of(rung));
  CHECK(in_table == rungs_on_disk());
}

TEST_CASE("the table shows the first line of each rung file", "[rungs]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    std::ifstream file{fs::path{MYTHBENCH_ROOT} / std::string{rung.file}};
    std::string line;
    std::getline(file, line);
    INFO(rung.file);
    CHECK(line.find(rung.caption) != std::string::npos);
  }
}

TEST_CASE("each ladder stands in the order of its numbers", "[rungs]") {
  auto const rungs = mythbench::all_rungs();
  for (std::size_t i = 1; i < rungs.size(); ++i)
    if (rungs[i].example == rungs[i - 1].example) {
      INFO(name_of(rungs[i]));
      CHECK(rungs[i].number > rungs[i - 1].number);
    }
}

TEST_CASE("the cases of an example grow in work and have labels of their own", "[rungs]") {
  for (mythbench::Example const& example : mythbench::all_examples()) {
    std::set<std::string> labels;
    double work = 0;
    for (Case const& c : example.cases()) {
      INFO(example.name << ' ' << c.label());
      CHECK(example.work(c).items >= work);
      CHECK(labels.insert(c.label()).second);
      work = example.work(c).items;
    }
    CHECK(work > 0);
  }
}

TEST_CASE("a rung on one thread is not timed with more", "[rungs]") {
  for (Rung const& rung : mythbench::all_rungs())
    for (Case const& c : mythbench::cases_of(rung)) {
      INFO(mythbench::label(rung, c));
      CHECK((rung.threaded || c.threads() == 1));
    }
}
