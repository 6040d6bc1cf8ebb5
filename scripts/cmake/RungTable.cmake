# A rung is one file, src/<example>/<NN>_<name>[.<tag>].cpp or <NN>_<name>.py, that defines
#   void mythbench::<example>::<name>(Input const&, Output&)     in C++
#   def <name>(problem)                                          in Python
# Its first line is its caption. This module turns those files into the table behind
# mythbench::all_examples() and mythbench::all_rungs().

set(RUNG_FILE_PATTERN "^([a-z][a-z0-9_]*)/([0-9][0-9])_([a-z][a-z0-9_]*)(\\.([a-z0-9]+))?\\.(cpp|py)$")
set(RUNG_NAME_RULE "a rung is named <example>/<NN>_<name>[.<tag>].cpp or <example>/<NN>_<name>.py, in lower case")

# A tag buys a rung the flags that no source code can ask for.
set(RUNG_FLAGS_fastmath -ffast-math)

# A rung that uses more than one thread says so, in a line of its own, in its opening comment.
set(RUNG_THREADS_LINE "Threads: as many as the case says.")

# The caption is what the first line says, without its comment marks.
function(read_rung_caption result file)
  file(STRINGS "${file}" lines LIMIT_COUNT 1 ENCODING UTF-8)
  list(JOIN lines ";" line)
  if(NOT line MATCHES "^(// |\"\"\")([^\"]+)(\"\"\")?$")
    message(FATAL_ERROR "${file}: the first line is the caption: '// What changed.' in C++, "
                        "'\"\"\"What changed.' in Python")
  endif()
  string(STRIP "${CMAKE_MATCH_2}" caption)
  set(${result} "${caption}" PARENT_SCOPE)
endfunction()

function(read_rung_threads result file)
  file(STRINGS "${file}" lines REGEX "^(// )?Threads:" ENCODING UTF-8)
  set(threaded false)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^// " "" line "${line}")
    if(NOT line STREQUAL RUNG_THREADS_LINE)
      message(FATAL_ERROR "${file}: '${line}' is not understood; a rung that uses threads says "
                          "'${RUNG_THREADS_LINE}'")
    endif()
    set(threaded true)
  endforeach()
  set(${result} ${threaded} PARENT_SCOPE)
endfunction()

# A rung states its bound in a function of its own, Bound <name>_bound(Case const&).
function(read_rung_bound result file name)
  set(${result} nullptr PARENT_SCOPE)
  file(STRINGS "${file}" lines REGEX "^Bound [a-z0-9_]+\\(" ENCODING UTF-8)
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "^Bound ${name}_bound\\(")
      message(FATAL_ERROR "${file}: the bound of this rung is called '${name}_bound': '${line}'")
    endif()
    set(${result} ${name}_bound PARENT_SCOPE)
  endforeach()
endfunction()

# A Python rung has no such function, but its example may state what no rung can do without:
#   Bound least(Case const&);
# in <example>.hpp. A rung that has it for its bound says so in a line of its docstring.
set(RUNG_BOUND_LINE "Bound: that of the problem.")

function(read_python_bound result file example)
  set(${result} nullptr PARENT_SCOPE)
  file(STRINGS "${file}" lines REGEX "^Bound: that" ENCODING UTF-8)
  foreach(line IN LISTS lines)
    if(NOT line STREQUAL RUNG_BOUND_LINE)
      message(FATAL_ERROR "${file}: '${line}' is not understood; a Python rung says "
                          "'${RUNG_BOUND_LINE}'")
    endif()
    set(${result} ${example}::least PARENT_SCOPE)
  endforeach()
endfunction()

# A rung that stores more than a fixed amount says so in its opening comment, as in
#   // Memory: 8 bytes per node and event, 16 bytes per node.
# so that a problem too large for the machine is refused before it is begun.
function(read_rung_memory result file)
  file(STRINGS "${file}" lines REGEX "^(// )?Memory:" ENCODING UTF-8)
  list(LENGTH lines count)
  if(count GREATER 1)
    message(FATAL_ERROR "${file}: states its memory more than once")
  endif()
  set(memory "")
  if(count EQUAL 1)
    if(NOT lines MATCHES "^(// )?Memory: ([^\"\\]+)\\.$")
      message(FATAL_ERROR "${file}: '${lines}' is not understood; a rung states its memory as in "
                          "'Memory: 8 bytes per node.'")
    endif()
    set(memory "${CMAKE_MATCH_2}")
  endif()
  set(${result} "${memory}" PARENT_SCOPE)
endfunction()

function(write_rung_table table_file)
  set(includes "")
  set(declarations "")
  set(example_rows "")
  set(rung_rows "")
  set(rung_count 0)
  set(seen "")
  set(examples "")

  foreach(file IN LISTS ARGN)
    if(NOT file MATCHES "${RUNG_FILE_PATTERN}")
      message(FATAL_ERROR "src/${file}: ${RUNG_NAME_RULE}")
    endif()
    set(example ${CMAKE_MATCH_1})
    set(number ${CMAKE_MATCH_2})
    set(name ${CMAKE_MATCH_3})
    set(tag "${CMAKE_MATCH_5}")
    set(extension ${CMAKE_MATCH_6})
    set(path "${CMAKE_CURRENT_SOURCE_DIR}/${file}")

    if("${example}/${name}" IN_LIST seen)
      message(FATAL_ERROR "src/${file}: the name '${name}' is already taken on this ladder")
    endif()
    list(APPEND seen "${example}/${name}")

    if(NOT example IN_LIST examples)
      foreach(part ${example}.hpp ${example}.cpp ${example}.py claims.json README.md)
        if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${example}/${part}")
          message(FATAL_ERROR "src/${example}: an example needs ${part}, which is not there")
        endif()
      endforeach()
      list(APPEND examples ${example})
      string(APPEND includes "#include \"${example}/${example}.hpp\"\n")
      string(APPEND example_rows
        "    example<${example}::Example>(\"${example}\"),\n")
    endif()

    if(tag)
      if(NOT DEFINED RUNG_FLAGS_${tag} OR NOT extension STREQUAL "cpp")
        message(FATAL_ERROR "src/${file}: unknown tag '${tag}'")
      endif()
      # What was compiled beforehand was compiled without them.
      set_source_files_properties(${file} PROPERTIES
        COMPILE_OPTIONS "${RUNG_FLAGS_${tag}}" SKIP_PRECOMPILE_HEADERS ON)
    endif()

    read_rung_caption(caption "${path}")
    string(REPLACE "\\" "\\\\" caption "${caption}")
    string(REPLACE "\"" "\\\"" caption "${caption}")
    read_rung_threads(threaded "${path}")
    read_rung_memory(memory "${path}")

    if(extension STREQUAL "cpp")
      set(language cpp)
      set(prepare "prepare<${example}::Example, ${example}::${name}>")
      set(kernel "kernel<${example}::Example, ${example}::${name}>")
      set(count "counter<${example}::Example, ${example}::${name}>()")
      string(APPEND declarations "namespace mythbench::${example} { Kernel<Example> ${name}; }\n")
      read_rung_bound(bound "${path}" ${name})
      if(NOT bound STREQUAL "nullptr")
        string(APPEND declarations
          "namespace mythbench::${example} { Bound ${bound}(Case const&); }\n")
        set(bound "${example}::${bound}")
      endif()
    else()
      set(language python)
      set(prepare nullptr)
      read_python_bound(bound "${path}" ${example})
      set(kernel nullptr)
      set(count nullptr)
      file(STRINGS "${path}" definition REGEX "^def ${name}\\(" ENCODING UTF-8)
      if(NOT definition)
        message(FATAL_ERROR "src/${file}: defines no function ${name}(problem)")
      endif()
    endif()

    # The leading zero of a number would make it octal.
    math(EXPR number "1${number} - 100")
    string(APPEND rung_rows
      "    {\"${example}\", \"${name}\", ${number}, \"src/${file}\",\n"
      "     \"${caption}\",\n"
      "     Language::${language}, ${threaded}, ${prepare}, ${bound},\n"
      "     \"${memory}\", ${kernel}, ${count}},\n")
    math(EXPR rung_count "${rung_count} + 1")

    # The caption is part of the table: an edited rung file rewrites it.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
  endforeach()

  list(LENGTH examples example_count)
  file(CONFIGURE OUTPUT "${table_file}" CONTENT [[
// Generated from the files under src/. Do not edit.

#include "core/contract.hpp"

#include <array>

@includes@
@declarations@
namespace mythbench {
namespace {

template <Contract E>
constexpr Example example(std::string_view name) {
  return {name, E::item, E::tolerance, E::cases, E::awkward_cases, E::work, input<E>, problem<E>,
          arrays_of<E>(), twin_of<E>()};
}

constexpr std::array<Example, @example_count@> examples{{
@example_rows@}};

constexpr std::array<Rung, @rung_count@> rungs{{
@rung_rows@}};

}  // namespace

std::span<Example const> all_examples() { return examples; }
std::span<Rung const> all_rungs() { return rungs; }

}  // namespace mythbench
]] @ONLY)
endfunction()
