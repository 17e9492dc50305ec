// What every fuzz target does: scan the bytes as they are, shallow and deep, and check what must hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// `magic` is written over the start, so that mutation stays inside one format; empty leaves the bytes alone.
void FuzzScan(const uint8_t* data, size_t size, std::string_view magic, size_t at = 0);
