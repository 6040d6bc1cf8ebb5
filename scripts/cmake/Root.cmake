# A definition that names the folder of the sources, where data files are read as they lie. The name
# may have anything in it that C++ takes for the end of a string, and a link may lead to it.

file(REAL_PATH ${PROJECT_SOURCE_DIR} MYTHBENCH_ROOT)
string(REGEX REPLACE "([\\\"])" "\\\\\\1" MYTHBENCH_ROOT "${MYTHBENCH_ROOT}")
set(MYTHBENCH_ROOT "MYTHBENCH_ROOT=\"${MYTHBENCH_ROOT}\"")
