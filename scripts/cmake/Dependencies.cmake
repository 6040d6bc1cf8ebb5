# The libraries: the system's own where it has them, else their sources from where they are
# published, held to a SHA-256. Nothing is fetched, and no network needed, when all are installed.
#
# -DFETCHCONTENT_SOURCE_DIR_<NAME>=<folder> gives sources that are already here, for machines
# without a network; -DCMAKE_DISABLE_FIND_PACKAGE_<package>=ON passes over the system's own.

include(FetchContent)

# scripts/build.sh shows the sentence alone, without what CMake writes around it. An indented line
# is one that CMake does not break.
set(sentence_file ${PROJECT_BINARY_DIR}/lacking.txt)
file(REMOVE ${sentence_file})
function(stop_for_lack what command)
  file(WRITE ${sentence_file} "${what}. Run: ${command}\n")
  message(FATAL_ERROR "${what}. Run:\n  ${command}")
endfunction()

find_package(Threads REQUIRED)
find_package(OpenMP COMPONENTS CXX QUIET)
if(NOT OpenMP_CXX_FOUND)
  string(REGEX MATCH "^[0-9]+" major ${CMAKE_CXX_COMPILER_VERSION})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    set(command "sudo apt-get install libomp-${major}-dev")
  else()
    set(command "sudo apt-get install g++")
  endif()
  stop_for_lack("${CMAKE_CXX_COMPILER} has no OpenMP" ${command})
endif()

set(missing_libraries "")
set(missing_packages "")

# Downloads by itself rather than leave it to FetchContent, whose error messages hide the reason
# and what to do about it among those of a build that nobody asked for. HEADERS names the target
# and the folder of a library that is nothing but headers: it needs no build of its own.
#
# Without one that is OPTIONAL the build goes on: <package>_FOUND says whether it is there.
macro(find_or_fetch package)
  cmake_parse_arguments(library "OPTIONAL" "VERSION;DEBIAN;RELEASE;URL;SHA256" "HEADERS" ${ARGN})
  string(TOUPPER ${package} upper_name)
  string(TOLOWER ${package} lower_name)
  find_package(${package} ${library_VERSION} QUIET)
  if(NOT ${package}_FOUND)
    get_filename_component(archive ${library_URL} NAME)
    set(archive ${PROJECT_BINARY_DIR}/_deps/${lower_name}-${archive})
    set(reason "")
    if(NOT FETCHCONTENT_SOURCE_DIR_${upper_name})
      if(missing_libraries)
        set(reason "no network")  # one library waited for it already
      else()
        fetch_archive(reason ${library_URL} ${library_SHA256} ${archive})
      endif()
    endif()
    if(reason AND library_OPTIONAL)
      message(STATUS "Going on without ${package}: ${reason}")
    elseif(reason)
      list(APPEND missing_libraries "${package} (${reason})")
      list(APPEND missing_packages ${library_DEBIAN})
    else()
      set(build_below "")
      if(library_HEADERS)
        set(build_below SOURCE_SUBDIR no_such_folder)
      endif()
      FetchContent_Declare(${package} URL ${archive} URL_HASH SHA256=${library_SHA256}
        DOWNLOAD_EXTRACT_TIMESTAMP ON ${build_below})
      FetchContent_MakeAvailable(${package})
      set(${package}_FOUND TRUE)
      set(${package}_VERSION ${library_RELEASE})
      if(library_HEADERS)
        add_header_library(${library_HEADERS} ${${lower_name}_SOURCE_DIR})
      elseif(EXISTS ${${lower_name}_SOURCE_DIR}/src/CMakeLists.txt)
        silence_warnings(${${lower_name}_SOURCE_DIR}/src)
      else()
        silence_warnings(${${lower_name}_SOURCE_DIR})
      endif()
    endif()
  endif()
endmacro()

function(fetch_archive reason url sha256 archive)
  set(${reason} "" PARENT_SCOPE)
  if(EXISTS ${archive})
    return()
  endif()
  message(STATUS "Not installed, fetching ${url}")
  file(DOWNLOAD ${url} ${archive}.part TIMEOUT 120 INACTIVITY_TIMEOUT 15 STATUS status)
  list(POP_FRONT status code text)
  if(code EQUAL 0)
    file(SHA256 ${archive}.part got)
    if(got STREQUAL sha256)
      file(RENAME ${archive}.part ${archive})
      return()
    endif()
    set(text "the SHA-256 of ${url} is ${got}, not ${sha256}")
  endif()
  file(REMOVE ${archive}.part)
  string(REPLACE "\"" "" text "${text}")
  set(${reason} "${text}" PARENT_SCOPE)
endfunction()

# An imported target: the compiler takes its headers for those of the system and does not warn.
function(add_header_library target folder source)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${source}/${folder})
endfunction()

# Our warnings are for our own code, not for the headers of others.
function(silence_warnings folder)
  get_directory_property(targets DIRECTORY ${folder} BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(headers ${target} INTERFACE_INCLUDE_DIRECTORIES)
    if(headers)
      set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${headers}")
    endif()
  endforeach()
endfunction()

# What the fetched ones would build beside themselves.
foreach(switch BENCHMARK_ENABLE_TESTING BENCHMARK_ENABLE_INSTALL BENCHMARK_ENABLE_WERROR
               CATCH_BUILD_TESTING CATCH_INSTALL_DOCS
               HWY_ENABLE_TESTS HWY_ENABLE_EXAMPLES HWY_ENABLE_CONTRIB HWY_ENABLE_INSTALL)
  set(${switch} OFF CACHE INTERNAL "")
endforeach()

find_or_fetch(Eigen3
  DEBIAN libeigen3-dev
  RELEASE 3.4.0
  HEADERS Eigen3::Eigen .
  URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
  SHA256 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626)
find_or_fetch(hwy VERSION 1.0.3
  DEBIAN libhwy-dev
  RELEASE 1.2.0
  URL https://github.com/google/highway/archive/refs/tags/1.2.0.tar.gz
  SHA256 7e0be78b8318e8bdbf6fa545d2ecb4c90f947df03f7aadc42c1967f019e63343)
if(TARGET hwy AND NOT TARGET hwy::hwy)
  add_library(hwy::hwy ALIAS hwy)
endif()
# Not for a Python module, which shall run where there is no hwloc. Never fetched: /sys serves.
if(MYTHBENCH_BUILD_BENCHMARKS AND NOT CMAKE_DISABLE_FIND_PACKAGE_hwloc)
  find_path(HWLOC_HEADERS hwloc/cpukinds.h)  # from 2.4 on
  find_library(HWLOC_LIBRARY hwloc)
  mark_as_advanced(HWLOC_HEADERS HWLOC_LIBRARY)
  if(HWLOC_HEADERS AND HWLOC_LIBRARY)
    add_library(hwloc::hwloc INTERFACE IMPORTED GLOBAL)
    target_include_directories(hwloc::hwloc INTERFACE ${HWLOC_HEADERS})
    target_link_libraries(hwloc::hwloc INTERFACE ${HWLOC_LIBRARY})
  else()
    message(STATUS "Going on without hwloc: libhwloc-dev 2.4 or newer is not installed")
  endif()
endif()
if(MYTHBENCH_BUILD_BENCHMARKS)
  find_or_fetch(benchmark VERSION 1.7.1
    DEBIAN libbenchmark-dev
    RELEASE 1.9.1
    URL https://github.com/google/benchmark/archive/refs/tags/v1.9.1.tar.gz
    SHA256 32131c08ee31eeff2c8968d7e874f3cb648034377dfc32a4c377fa8796d84981)
  find_or_fetch(nlohmann_json VERSION 3.10
    DEBIAN nlohmann-json3-dev
    RELEASE 3.11.3
    HEADERS nlohmann_json::nlohmann_json include
    URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
    SHA256 d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
  find_or_fetch(CLI11 VERSION 2.1
    DEBIAN libcli11-dev
    RELEASE 2.5.0
    HEADERS CLI11::CLI11 include
    URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.5.0.tar.gz
    SHA256 17e02b4cddc2fa348e5dbdbb582c59a3486fa2b2433e70a0c3bacb871334fd55)
endif()
if(MYTHBENCH_BUILD_TESTS)
  # Versions 2 and 3 will both do: tests/catch.hpp.
  find_or_fetch(Catch2
    DEBIAN catch2
    RELEASE 3.7.1
    URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
    SHA256 c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
  if(catch2_SOURCE_DIR)
    list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
  endif()
endif()

if(missing_libraries)
  list(JOIN missing_libraries ", " libraries)
  list(JOIN missing_packages " " packages)
  stop_for_lack("Neither installed nor to be fetched: ${libraries}"
    "sudo apt-get install ${packages}")
endif()
