#ifdef __SANITIZE_ADDRESS__
#include <omp.h>
#endif

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "catch.hpp"
#include "core/rung.hpp"
#include "rung_checks.hpp"

namespace {

namespace fs = std::filesystem;

using mythbench::Case;
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

}  // namespace

TEST_CASE("every rung stands every check of a rung", "[rungs]") {
  for (mythbench::RungCheck const& check : mythbench::rung_checks())
    SECTION(std::string{check.sentence}) {
      for (Rung const& rung : mythbench::all_rungs()) {
        if (!rung.prepare) continue;
        auto const finding = check.finding(rung);
        INFO(name_of(rung));
        if (finding) FAIL_CHECK(finding->label << ": " << finding->what);
      }
    }
#ifdef __SANITIZE_ADDRESS__
  // Tens of thousands of threads have come and gone. GCC 12 takes one for dead that has the number
  // of a dead one, and what it holds for lost: none may live on that holds anything.
  omp_pause_resource_all(omp_pause_soft);
#endif
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
