# Modules in C or C++ for the Python that the scripts run under. All of them are optional: what is
# lacking becomes a reason, and what would have imported the module says so.

# The interpreter, unless somebody named one, is that of scripts/set_up.sh.
if(NOT Python_EXECUTABLE AND EXISTS ${PROJECT_SOURCE_DIR}/build/python)
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/build/python -c "import sys; print(sys.executable)"
    OUTPUT_VARIABLE Python_EXECUTABLE OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
find_package(Python 3.9 QUIET COMPONENTS Interpreter OPTIONAL_COMPONENTS Development.Module)

set(python_modules_lack "")
if(CMAKE_CROSSCOMPILING)
  set(python_modules_lack "the interpreter of this machine cannot load what is built for another")
elseif(MYTHBENCH_SANITIZERS)
  set(python_modules_lack "an interpreter without sanitizers cannot load what has them")
elseif(NOT Python_FOUND)
  set(python_modules_lack "there is no Python 3.9 or newer")
elseif(NOT Python_Development.Module_FOUND)
  set(python_modules_lack "the headers of Python ${Python_VERSION} are not installed")
endif()

# What the interpreter says of one of its packages; empty if it has none of this name.
function(ask_python result code)
  execute_process(COMMAND ${Python_EXECUTABLE} -c "${code}"
    OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${result} "${answer}" PARENT_SCOPE)
endfunction()

if(NOT python_modules_lack)
  # The interpreter's own pybind11 before the system's, which may be too old for its NumPy.
  ask_python(pybind11_folder "import pybind11; print(pybind11.get_cmake_dir())")
  ask_python(numpy_version "import numpy; print(numpy.__version__)")
  if(pybind11_folder)
    set(pybind11_ROOT ${pybind11_folder})
  endif()
  set(oldest_pybind11 2.10)
  if(numpy_version VERSION_GREATER_EQUAL 2)
    set(oldest_pybind11 2.12)
  endif()
  set(PYBIND11_FINDPYTHON ON)
  find_or_fetch(pybind11 OPTIONAL VERSION ${oldest_pybind11}
    DEBIAN pybind11-dev
    RELEASE 3.0.1
    URL https://github.com/pybind/pybind11/archive/refs/tags/v3.0.1.tar.gz
    SHA256 741633da746b7c738bb71f1854f957b9da660bcd2dce68d71949037f0969d0ca)
endif()
