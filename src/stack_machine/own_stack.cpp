#include "stack_machine/own_stack.hpp"

#include <pthread.h>

#include <exception>
#include <system_error>

namespace mythbench::stack_machine {
namespace {

struct Task {
  std::function<void()> const& work;
  std::exception_ptr failure{};
};

void* run(void* argument) {
  auto* const task = static_cast<Task*>(argument);
  try {
    task->work();
  } catch (...) {
    task->failure = std::current_exception();
  }
  return nullptr;
}

void check(int error) {
  if (error != 0) throw std::system_error{error, std::generic_category(), "cannot start a thread"};
}

}  // namespace

void on_stack_of(std::size_t bytes, std::function<void()> const& work) {
  Task task{work};
  pthread_attr_t attributes;
  check(pthread_attr_init(&attributes));
  pthread_t thread{};
  int error = pthread_attr_setstacksize(&attributes, bytes);
  if (error == 0) error = pthread_create(&thread, &attributes, run, &task);
  pthread_attr_destroy(&attributes);
  check(error);
  pthread_join(thread, nullptr);
  if (task.failure) std::rethrow_exception(task.failure);
}

}  // namespace mythbench::stack_machine
