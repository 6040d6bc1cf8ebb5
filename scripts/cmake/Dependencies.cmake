# The libraries: the system's own where it has them, else their sources from where they are
# published, held to a SHA-256. Nothing is fetched, and no network needed, when all are installed.
#
# -DFETCHCONTENT_SOURCE_DIR_<NAME>=<folder> gives sources that are already here, for machines
# without a network; -DCMAKE_DISABLE_FIND_PACKAGE_<package>=ON passes over the system's own.

include(FetchContent)

find_package(Threads REQUIRED)
find_package(OpenMP COMPONENTS CXX)
if(NOT OpenMP_CXX_FOUND)
  message(FATAL_ERROR "OpenMP can not be had: ${CMAKE_CXX_COMPILER} does not know it. "
                      "Run: sudo apt-get install libomp-dev (for clang), or choose g++ with CXX=g++")
endif()

set(missing_libraries "")
set(missing_packages "")

# Downloads by itself rather than leave it to FetchContent, whose error messages hide the reason
# and what to do about it among those of a build that nobody asked for.
macro(find_or_fetch package)
  cmake_parse_arguments(library "" "VERSION;DEBIAN;URL;SHA256" "" ${ARGN})
  string(TOUPPER ${package} upper_name)
  string(TOLOWER ${package} lower_name)
  find_package(${package} ${library_VERSION} QUIET)
  if(NOT ${package}_FOUND)
    set(archive ${PROJECT_BINARY_DIR}/_deps/${library_SHA256})
    set(reason "")
    if(NOT FETCHCONTENT_SOURCE_DIR_${upper_name} AND NOT EXISTS ${archive})
      message(STATUS "${package} is not installed, fetching ${library_URL}")
      if(missing_libraries)
        set(reason "no network")  # one library waited for it already
      else()
        fetch_archive(reason ${library_URL} ${library_SHA256} ${archive})
      endif()
    endif()
    if(reason)
      list(APPEND missing_libraries "${package} (${reason})")
      list(APPEND missing_packages ${library_DEBIAN})
    else()
      FetchContent_Declare(${package} URL ${archive} URL_HASH SHA256=${library_SHA256}
        DOWNLOAD_EXTRACT_TIMESTAMP ON)
      FetchContent_MakeAvailable(${package})
      call_it_a_system_library(${${lower_name}_SOURCE_DIR})
    endif()
  endif()
endmacro()

function(fetch_archive reason url sha256 archive)
  set(${reason} "" PARENT_SCOPE)
  file(DOWNLOAD ${url} ${archive}.part TIMEOUT 120 INACTIVITY_TIMEOUT 15 STATUS status)
  list(POP_FRONT status code text)
  if(NOT code EQUAL 0)
    file(REMOVE ${archive}.part)
    string(TOLOWER "${text}" text)
    set(${reason} "${text}" PARENT_SCOPE)
    return()
  endif()
  file(SHA256 ${archive}.part got)
  if(NOT got STREQUAL sha256)
    file(REMOVE ${archive}.part)
    message(FATAL_ERROR "${url} has the SHA-256 ${got}, but should have ${sha256}")
  endif()
  file(RENAME ${archive}.part ${archive})
endfunction()

# Our warnings are for our own code, not for the headers of others.
function(call_it_a_system_library folder)
  get_directory_property(targets DIRECTORY ${folder} BUILDSYSTEM_TARGETS)
  get_directory_property(below DIRECTORY ${folder} SUBDIRECTORIES)
  foreach(target IN LISTS targets)
    get_target_property(headers ${target} INTERFACE_INCLUDE_DIRECTORIES)
    if(headers)
      set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${headers}")
    endif()
  endforeach()
  foreach(each IN LISTS below)
    call_it_a_system_library(${each})
  endforeach()
endfunction()

# What the fetched ones would build beside themselves.
foreach(switch BENCHMARK_ENABLE_TESTING BENCHMARK_ENABLE_INSTALL BENCHMARK_ENABLE_WERROR
               JSON_BuildTests EIGEN_BUILD_DOC EIGEN_BUILD_TESTING EIGEN_BUILD_PKGCONFIG
               CLI11_BUILD_TESTS CLI11_BUILD_EXAMPLES CLI11_BUILD_DOCS
               CATCH_BUILD_TESTING CATCH_INSTALL_DOCS)
  set(${switch} OFF CACHE INTERNAL "")
endforeach()

find_or_fetch(Eigen3 VERSION 3.4
  DEBIAN libeigen3-dev
  URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
  SHA256 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626)
if(MYTHBENCH_BUILD_BENCHMARKS)
  find_or_fetch(benchmark VERSION 1.7.1
    DEBIAN libbenchmark-dev
    URL https://github.com/google/benchmark/archive/refs/tags/v1.9.1.tar.gz
    SHA256 32131c08ee31eeff2c8968d7e874f3cb648034377dfc32a4c377fa8796d84981)
  find_or_fetch(nlohmann_json VERSION 3.10
    DEBIAN nlohmann-json3-dev
    URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
    SHA256 d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
  find_or_fetch(CLI11 VERSION 2.1
    DEBIAN libcli11-dev
    URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.5.0.tar.gz
    SHA256 17e02b4cddc2fa348e5dbdbb582c59a3486fa2b2433e70a0c3bacb871334fd55)
endif()
if(MYTHBENCH_BUILD_TESTS)
  # Versions 2 and 3 will both do: tests/catch.hpp.
  find_or_fetch(Catch2
    DEBIAN catch2
    URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
    SHA256 c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
  if(catch2_SOURCE_DIR)
    list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
  endif()
endif()

if(missing_libraries)
  list(JOIN missing_libraries ", " libraries)
  list(JOIN missing_packages " " packages)
  message(FATAL_ERROR "Some libraries can not be had, neither installed nor fetched: ${libraries}. "
                      "Run: sudo apt-get install ${packages}")
endif()
