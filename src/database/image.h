// The database inside the executable. Page-aligned, in writable data, because sqlite3_deserialize takes it in
// place; nothing is ever written there (store.cc).
#pragma once

#include <cstddef>

extern "C" {
extern unsigned char cudacompat_db_begin[];
extern unsigned char cudacompat_db_end[];  ///< first byte behind the image
}

namespace cudacompat {

inline size_t DatabaseSize() { return static_cast<size_t>(cudacompat_db_end - cudacompat_db_begin); }

}  // namespace cudacompat
