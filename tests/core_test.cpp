#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "core/contract.hpp"
#include "core/notes.hpp"

namespace {

using mythbench::Answer;
using mythbench::Case;
using mythbench::Check;

// The smallest contract there can be: double each number.
struct Doubling {
  using Input = std::vector<double>;
  using Output = std::vector<double>;

  static constexpr std::string_view item = "number";
  static constexpr double tolerance = 0;
  static inline int references = 0;

  static std::vector<Case> cases() { return {{{"n", 3}}}; }
  static std::vector<Case> awkward_cases() { return {{{"n", 1}}}; }
  static mythbench::Work work(Case const& c) { return {.items = double(c.integer("n"))}; }
  static Input make_input(Case const& c) { return Input(c.integer("n"), 1.5); }
  static mythbench::Fields fields(Input const& input) { return {{"numbers", input}}; }
  static Output reference(Input const& input) {
    ++references;
    Output doubled;
    for (double const x : input) doubled.push_back(2 * x);
    return doubled;
  }
  static Answer answer(Output const& output) { return output; }
  static double distance(Answer const& got, Answer const& expected) {
    if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      double const distance = std::abs(got[i] - expected[i]);
      if (!(distance <= largest)) largest = distance;
    }
    return largest;
  }
};

void right(Doubling::Input const& in, Doubling::Output& out) {
  out.clear();
  for (double const x : in) out.push_back(x + x);
}

void writes_nothing(Doubling::Input const&, Doubling::Output&) {}

void not_a_number(Doubling::Input const& in, Doubling::Output& out) {
  out.assign(in.size(), std::nan(""));
}

// Right the first time; then it adds to what it left.
void accumulates(Doubling::Input const& in, Doubling::Output& out) {
  out.resize(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) out[i] += 2 * in[i];
}

template <mythbench::Kernel<Doubling>* kernel>
auto trial() {
  return mythbench::prepare<Doubling, kernel>({{"n", 3}}, std::nullopt);
}

}  // namespace

TEST_CASE("a case is found again from its label", "[core]") {
  Case const c{{"grid", "medium"}, {"noise", 0.25}, {"events", 32}, {"threads", 2}};
  CHECK(Case::labelled(c.label()) == c);
  CHECK(Case::labelled("n:-3").integer("n") == -3);
  CHECK(Case::labelled("family:1st").text("family") == "1st");
  for (char const* const wrong : {"", "n", "n:", ":3", "n:3/", "n:3//m:4", "/n:3"}) {
    INFO(wrong);
    CHECK_THROWS_AS(Case::labelled(wrong), std::out_of_range);
  }
}

TEST_CASE("a check passes up to its tolerance and never for NaN", "[core]") {
  CHECK(Check{0.1, 0.1}.passed());
  CHECK_FALSE(Check{0.2, 0.1}.passed());
  CHECK_FALSE(Check{std::nan(""), 0.1}.passed());
  CHECK_FALSE(Check{std::numeric_limits<double>::infinity(), 0.1}.passed());
}

TEST_CASE("a right kernel passes however often it runs", "[core]") {
  auto const doubling = trial<right>();
  CHECK(doubling->verify().passed());
  doubling->run();
  CHECK(doubling->inspect().passed());
}

TEST_CASE("a kernel that writes nothing is rejected, even after one that was right", "[core]") {
  CHECK_FALSE(trial<writes_nothing>()->verify().passed());
}

TEST_CASE("a kernel that gives NaN is rejected", "[core]") {
  CHECK_FALSE(trial<not_a_number>()->verify().passed());
}

TEST_CASE("a kernel that is right only the first time is found out after the timing", "[core]") {
  auto const doubling = trial<accumulates>();
  CHECK(doubling->verify().passed());
  doubling->run();
  CHECK_FALSE(doubling->inspect().passed());
}

TEST_CASE("the reference is not run when the answer is known", "[core]") {
  Doubling::references = 0;
  auto const doubling = mythbench::prepare<Doubling, right>({{"n", 3}}, Answer{3, 3, 3});
  CHECK(doubling->verify().passed());
  CHECK(Doubling::references == 0);
}

TEST_CASE("a label names the parameters of a case in their order", "[core]") {
  CHECK(Case{{"grid", "small"}, {"events", 4}, {"noise", 0.2}}.label() ==
        "grid:small/events:4/noise:0.2");
}

TEST_CASE("a case gives its parameters by name and type", "[core]") {
  Case const c{{"grid", "small"}, {"events", 4}, {"noise", 0.25}};
  CHECK(c.text("grid") == "small");
  CHECK(c.integer("events") == 4);
  CHECK(c.real("noise") == 0.25);
  CHECK_THROWS_AS(c.integer("nodes"), std::out_of_range);
  CHECK_THROWS_AS(c.integer("grid"), std::out_of_range);
}

TEST_CASE("a case that names no threads runs on one", "[core]") {
  CHECK(Case{{"n", 3}}.threads() == 1);
  CHECK(Case{{"n", 3}, {"threads", 2}}.threads() == 2);
}

TEST_CASE("thread counts begin with one and do not repeat it", "[core]") {
  auto const counts = mythbench::thread_counts();
  REQUIRE_FALSE(counts.empty());
  CHECK(counts.front() == 1);
  CHECK((counts.size() == 1 || counts.back() > 1));
}

TEST_CASE("an unknown example is an error that names it", "[core]") {
  CHECK_THROWS_AS(mythbench::example_named("no_such"), std::out_of_range);
}

TEST_CASE("notes of one name add up, and are taken once", "[core]") {
  mythbench::take_notes();
  mythbench::note("search_seconds", 1);
  mythbench::note("build_seconds", 3);
  mythbench::note("search_seconds", 2);
  CHECK(mythbench::take_notes() == mythbench::Notes{{"search_seconds", 3}, {"build_seconds", 3}});
  CHECK(mythbench::take_notes().empty());
}
