#pragma once

// Catch2, whichever version the system has: 3 has split the header that 2 was.

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif
