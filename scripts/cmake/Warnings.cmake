# The warnings that all of our own code is built with.

add_library(mythbench_warnings INTERFACE)
target_compile_options(mythbench_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(MYTHBENCH_WARNINGS_AS_ERRORS)
  target_compile_options(mythbench_warnings INTERFACE -Werror)
endif()
