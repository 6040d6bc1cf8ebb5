#include "rung_checks.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "core/contract.hpp"
#include "core/stand_in.hpp"
#include "dummy_objects/dummy_objects.hpp"
#include "matmul/matmul.hpp"

// Rungs with a fault, planted into ladders: the checks must find them, and so must the process that
// times them, where the fault shows on what it times.

namespace {

namespace dummy = mythbench::dummy_objects;
namespace matmul = mythbench::matmul;

using mythbench::Case;
using mythbench::Rung;

// In the place of a rung that is right, of which nothing but the function is exchanged.
template <class E, mythbench::Kernel<E>* kernel>
Rung planted(std::string_view example, std::string_view name) {
  for (Rung rung : mythbench::all_rungs())
    if (rung.example == example && rung.name == name) {
      rung.prepare = mythbench::prepare<E, kernel>;
      return rung;
    }
  throw std::out_of_range{std::string{name}};
}

template <mythbench::Kernel<dummy::Example>* kernel>
Rung sum() {
  return planted<dummy::Example, kernel>("dummy_objects", "no_array");
}

template <mythbench::Kernel<dummy::Example>* kernel>
Rung threaded_sum() {
  return planted<dummy::Example, kernel>("dummy_objects", "threads");
}

template <mythbench::Kernel<matmul::Example>* kernel>
Rung product() {
  return planted<matmul::Example, kernel>("matmul", "naive");
}

void right(dummy::Input const& in, dummy::Output& out) { out = dummy::Example::reference(in); }

void right_product(matmul::Input const& in, matmul::Output& out) {
  out = matmul::Example::reference(in);
}

void returns_early_if_there_is_an_answer(dummy::Input const& in, dummy::Output& out) {
  if (!out.mersenne_twister) right(in, out);
}

void returns_early_if_the_output_has_its_size(matmul::Input const& in, matmul::Output& out) {
  if (out.size() != in.n * in.n) right_product(in, out);
}

// What it has once found for this key is its answer for ever.
template <class Key, class Value, class Compute>
Value const& kept(Key const& key, Compute const& compute) {
  static std::map<Key, Value> known;
  auto found = known.find(key);
  if (found == known.end()) found = known.emplace(key, compute()).first;
  return found->second;
}

void keeps_by_address(dummy::Input const& in, dummy::Output& out) {
  out =
      kept<dummy::Input const*, dummy::Output>(&in, [&] { return dummy::Example::reference(in); });
}

void keeps_by_size(dummy::Input const& in, dummy::Output& out) {
  out = kept<std::size_t, dummy::Output>(in.n, [&] { return dummy::Example::reference(in); });
}

void keeps_by_address_of_an_array(matmul::Input const& in, matmul::Output& out) {
  out = kept<std::pair<double const*, std::size_t>, matmul::Output>(
      {in.left.data(), in.n}, [&] { return matmul::Example::reference(in); });
}

void keeps_by_first_element(matmul::Input const& in, matmul::Output& out) {
  out = kept<double, matmul::Output>(in.left[0], [&] { return matmul::Example::reference(in); });
}

void writes_only_in_the_first_run(dummy::Input const& in, dummy::Output& out) {
  static bool done = false;
  if (!done) right(in, out);
  done = true;
}

void adds_to_what_is_there(matmul::Input const& in, matmul::Output& out) {
  matmul::Output const product = matmul::Example::reference(in);
  out.resize(product.size());
  for (std::size_t i = 0; i < product.size(); ++i) out[i] += product[i];
}

void loses_a_part_at_four_threads(dummy::Input const& in, dummy::Output& out) {
  right(in, out);
  if (in.threads == 4) out.philox = *out.philox - 1, out.mersenne_twister = out.philox;
}

void loses_a_part_with_more_threads_than_rows(dummy::Input const& in, dummy::Output& out) {
  right(in, out);
  if (static_cast<std::size_t>(in.threads) > in.n) out.mersenne_twister = 0;
}

void loses_a_part_once_in_a_while(dummy::Input const& in, dummy::Output& out) {
  static int runs = 0;
  right(in, out);
  if (in.n == 3 && ++runs % 30 == 0) out.mersenne_twister = 0;
}

bool stands_all_checks(Rung const& rung) {
  return std::ranges::none_of(mythbench::rung_checks(),
                              [&](auto const& check) { return check.finding(rung).has_value(); });
}

// As the process does that times it: checked from an empty output, run, checked, and then checked
// again with another input.
std::string objection_after_timing(Rung const& rung, double seconds) {
  Case const timed = mythbench::cases_of(rung).front();
  auto const trial = rung.prepare(timed, std::nullopt);
  if (!trial->verify().passed()) return "wrong from scratch";
  trial->run();
  if (!trial->inspect().passed()) return "wrong after several runs";
  return mythbench::objection_of_another_input(rung, timed, *trial, seconds);
}

constexpr double short_run = 1e-9;
constexpr double long_run = 10;

}  // namespace

TEST_CASE("a right rung stands all checks, and nothing is objected to it", "[checks]") {
  CHECK(stands_all_checks(sum<right>()));
  CHECK(stands_all_checks(threaded_sum<right>()));
  CHECK(stands_all_checks(product<right_product>()));
  for (double const seconds : {short_run, long_run}) {
    CHECK(objection_after_timing(sum<right>(), seconds).empty());
    CHECK(objection_after_timing(product<right_product>(), seconds).empty());
  }
}

TEST_CASE("the checks find a rung that keeps an answer, whatever it goes by", "[checks]") {
  CHECK_FALSE(stands_all_checks(sum<returns_early_if_there_is_an_answer>()));
  CHECK_FALSE(stands_all_checks(product<returns_early_if_the_output_has_its_size>()));
  CHECK_FALSE(stands_all_checks(sum<keeps_by_address>()));
  CHECK_FALSE(stands_all_checks(sum<keeps_by_size>()));
  CHECK_FALSE(stands_all_checks(product<keeps_by_address_of_an_array>()));
  CHECK_FALSE(stands_all_checks(product<keeps_by_first_element>()));
  CHECK_FALSE(stands_all_checks(sum<writes_only_in_the_first_run>()));
}

TEST_CASE("the checks find a rung that is wrong for some thread counts or in some runs",
          "[checks]") {
  CHECK_FALSE(stands_all_checks(threaded_sum<loses_a_part_at_four_threads>()));
  CHECK_FALSE(stands_all_checks(threaded_sum<loses_a_part_with_more_threads_than_rows>()));
  CHECK_FALSE(stands_all_checks(threaded_sum<loses_a_part_once_in_a_while>()));
}

TEST_CASE("a rung that keeps an answer is found out after it was timed", "[checks]") {
  CHECK_FALSE(
      objection_after_timing(sum<returns_early_if_there_is_an_answer>(), short_run).empty());
  CHECK_FALSE(objection_after_timing(product<returns_early_if_the_output_has_its_size>(), short_run)
                  .empty());
  CHECK_FALSE(objection_after_timing(sum<keeps_by_address>(), short_run).empty());
  CHECK_FALSE(objection_after_timing(sum<keeps_by_size>(), short_run).empty());
  CHECK_FALSE(objection_after_timing(product<keeps_by_address_of_an_array>(), short_run).empty());
  CHECK_FALSE(objection_after_timing(product<adds_to_what_is_there>(), short_run).empty());
}

TEST_CASE("after long runs the small input that stands in finds those that know no sizes",
          "[checks]") {
  CHECK_FALSE(objection_after_timing(sum<returns_early_if_there_is_an_answer>(), long_run).empty());
  CHECK_FALSE(objection_after_timing(sum<keeps_by_address>(), long_run).empty());
}

TEST_CASE("an objection says on which other input the rung was wrong", "[checks]") {
  std::string const same =
      objection_after_timing(sum<returns_early_if_there_is_an_answer>(), short_run);
  CHECK(same == "the same is given for n:1000/seed:20180203");
  std::string const small =
      objection_after_timing(sum<returns_early_if_there_is_an_answer>(), long_run);
  CHECK(small.find("in its place on n:1") != std::string::npos);
}

TEST_CASE("what is timed is as before when another input has been in its place", "[checks]") {
  for (Rung const& rung : mythbench::all_rungs()) {
    if (!rung.prepare) continue;
    Case const timed = mythbench::cases_of(rung).front();
    auto const trial = rung.prepare(timed, std::nullopt);
    try {
      trial->run();
    } catch (mythbench::Unsupported const&) {
      continue;
    }
    for (double const seconds : {short_run, long_run}) {
      INFO(mythbench::label(rung, timed));
      mythbench::objection_of_another_input(rung, timed, *trial, seconds);
      CHECK(trial->inspect().passed());
    }
  }
}

TEST_CASE("the twin of each case has another answer, but of the same length", "[checks]") {
  for (mythbench::Example const& example : mythbench::all_examples()) {
    REQUIRE(example.twin);
    std::vector<Case> cases = example.awkward_cases();
    cases.push_back(example.cases().front());
    for (Case const& c : cases) {
      Case const twin = example.twin(c);
      INFO(example.name << ' ' << c.label() << " and " << twin.label());
      mythbench::Answer const answer = example.problem(c).answer;
      CHECK(example.problem(twin).answer != answer);
      CHECK(twin.threads() == c.threads());
      // What can be said in one way only has no twin of its shape.
      if (c.has("argument") && (c.text("argument") == "none" || answer.empty())) continue;
      CHECK(example.problem(twin).answer.size() == answer.size());
    }
  }
}

TEST_CASE("every example has two small problems with different answers to stand in", "[checks]") {
  for (mythbench::Example const& example : mythbench::all_examples())
    for (Case const& timed : example.cases()) {
      INFO(example.name << ' ' << timed.label());
      auto const small = mythbench::small_cases_like(timed, example.awkward_cases());
      REQUIRE(small.size() >= 2);
      mythbench::Answer const first = example.problem(small.front()).answer;
      CHECK(std::ranges::any_of(
          small, [&](Case const& other) { return example.problem(other).answer != first; }));
    }
}
