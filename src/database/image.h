// The database inside the executable. Page-aligned, in writable data, with room behind it, so that
// sqlite3_deserialize can use it in place: the kernel copies only the pages that are written.
#pragma once

#include <cstddef>

extern "C" {
extern unsigned char cudacompat_db_begin[];
extern unsigned char cudacompat_db_end[];       ///< first byte behind the image
extern unsigned char cudacompat_db_room_end[];  ///< first byte behind the room to grow
}

namespace cudacompat {

inline size_t DatabaseSize() { return static_cast<size_t>(cudacompat_db_end - cudacompat_db_begin); }
inline size_t DatabaseRoom() { return static_cast<size_t>(cudacompat_db_room_end - cudacompat_db_begin); }

}  // namespace cudacompat
