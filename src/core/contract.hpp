#pragma once

// What an example states once, so that each of its rungs can be tested and timed.

#include <any>
#include <concepts>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/rung.hpp"

namespace mythbench {

template <class E>
concept Contract = requires(Case const& c, typename E::Input const& input,
                            typename E::Output const& output, Answer const& answer) {
  std::string_view{E::item};
  { E::tolerance } -> std::convertible_to<double>;
  { E::cases() } -> std::same_as<std::vector<Case>>;
  { E::awkward_cases() } -> std::same_as<std::vector<Case>>;
  { E::work(c) } -> std::same_as<Work>;
  { E::make_input(c) } -> std::same_as<typename E::Input>;
  { E::fields(input) } -> std::same_as<Fields>;
  { E::reference(input) } -> std::same_as<typename E::Output>;
  { E::answer(output) } -> std::same_as<Answer>;
  { E::distance(answer, answer) } -> std::same_as<double>;
};

template <Contract E>
using Kernel = void(typename E::Input const&, typename E::Output&);

// A vector into which one of its length is copied stays where it is. An example whose arrays cannot
// be copied may say how they trade what is in them.
template <Contract E>
void trade_contents(typename E::Input& one, typename E::Input& other) {
  if constexpr (requires { E::trade_contents(one, other); }) {
    E::trade_contents(one, other);
  } else if constexpr (std::copyable<typename E::Input>) {
    auto mine = one;
    one = other;
    other = std::move(mine);
  } else {
    std::swap(one, other);
  }
}

template <Contract E, Kernel<E>* kernel>
class KernelTrial final : public Trial {
 public:
  KernelTrial(typename E::Input input, std::optional<Answer> expected)
      : input_{std::move(input)},
        expected_{expected ? *std::move(expected) : E::answer(E::reference(input_))} {}

  void run() override { kernel(input_, output_); }

  // Starts from an empty output, so a rung that writes nothing is caught.
  Check verify() override {
    output_ = {};
    run();
    return inspect();
  }

  Check inspect() const override {
    return {E::distance(E::answer(output_), expected_), E::tolerance};
  }

  void trade_inputs(Trial& other) override {
    auto& that = dynamic_cast<KernelTrial&>(other);
    std::swap(input_, that.input_);
    std::swap(expected_, that.expected_);
  }

  void trade_contents(Trial& other) override {
    auto& that = dynamic_cast<KernelTrial&>(other);
    mythbench::trade_contents<E>(input_, that.input_);
    std::swap(expected_, that.expected_);
  }

  void trade_outputs(Trial& other) override {
    std::swap(output_, dynamic_cast<KernelTrial&>(other).output_);
  }

 private:
  typename E::Input input_;
  Answer expected_;
  typename E::Output output_{};
};

template <Contract E, Kernel<E>* kernel>
std::unique_ptr<Trial> prepare(Case const& c, std::optional<Answer> expected) {
  return std::make_unique<KernelTrial<E, kernel>>(E::make_input(c), std::move(expected));
}

// The table of rungs holds functions of many types; each remembers its own.
template <Contract E, Kernel<E>* function>
std::any kernel() {
  return function;
}

// The function behind a C++ rung of the example E. Throws std::bad_any_cast for a rung of another.
template <Contract E>
Kernel<E>* kernel_of(Rung const& rung) {
  return std::any_cast<Kernel<E>*>(rung.kernel());
}

// An example whose rungs are interpreters says how to count what they do: counted() makes a rung
// count on this input, counts() tells what was counted. A rung that is none leaves zeros.
template <class E>
concept Counting = requires(typename E::Input& input, typename E::Input const& counted) {
  E::counted(input);
  { E::counts(counted) } -> std::same_as<Counts>;
};

template <Contract E, Kernel<E>* kernel>
Counts count(Case const& c) {
  auto input = E::make_input(c);
  typename E::Output output{};
  E::counted(input);
  kernel(input, output);
  return E::counts(input);
}

template <Contract E, Kernel<E>* kernel>
constexpr auto counter() -> Counts (*)(Case const&) {
  if constexpr (Counting<E>)
    return count<E, kernel>;
  else
    return nullptr;
}

// An example whose rungs differ in the arrays that they make says how large those are.
template <Contract E>
constexpr auto arrays_of() -> Arrays (*)(Case const&) {
  if constexpr (requires(Case const& c) {
                  { E::arrays(c) } -> std::same_as<Arrays>;
                })
    return E::arrays;
  else
    return nullptr;
}

// An example may state, for each of its cases, another one of the same shape: then it can be seen
// whether a rung looks at its input, or keeps an answer that it has given before.
template <Contract E>
constexpr auto twin_of() -> Case (*)(Case const&) {
  if constexpr (requires(Case const& c) {
                  { E::twin(c) } -> std::same_as<Case>;
                })
    return E::twin;
  else
    return nullptr;
}

template <Contract E>
Fields input(Case const& c) {
  return E::fields(E::make_input(c));
}

template <Contract E>
Problem problem(Case const& c) {
  auto const input = E::make_input(c);
  return {E::fields(input), E::answer(E::reference(input))};
}

}  // namespace mythbench
