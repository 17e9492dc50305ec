// SQLite's memory: blocks of sixteen-byte steps with a free list for each size, cut from large pieces. A
// question is some ten thousand small allocations on one thread; the C library's allocator took a sixth of
// its time (measured, docs/decisions.md). Does not own: anything beside SQLite's own allocations.
#pragma once

namespace cudacompat::store {

/// Makes SQLite allocate here. Before SQLite's first use; one thread only. Under a sanitizer nothing is
/// changed, so that it sees each block.
void UseOwnMemory();

}  // namespace cudacompat::store
