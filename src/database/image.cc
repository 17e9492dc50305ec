#include "database/image.h"

// A section of its own ("a" loaded, "w" writable); "%progbits" is what both x86-64 and aarch64 understand,
// where "@" starts a comment on some ARM assemblers. CUDACOMPAT_DB_FILE is set by CMake.
__asm__(
    ".pushsection .cudacompat_db,\"aw\",%progbits\n"
    ".balign 4096\n"
    ".global cudacompat_db_begin\n"
    ".type cudacompat_db_begin,%object\n"
    "cudacompat_db_begin:\n"
    ".incbin \"" CUDACOMPAT_DB_FILE
    "\"\n"
    ".global cudacompat_db_end\n"
    ".type cudacompat_db_end,%object\n"
    "cudacompat_db_end:\n"
    ".popsection\n");
