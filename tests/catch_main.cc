// Catch2's main: compiled once here for version 2, an empty file for version 3 (which brings its own).
#if !__has_include(<catch2/catch_test_macros.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
