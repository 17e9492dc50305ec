#include "store/memory.h"

#include <sqlite3.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace cudacompat::store {

#if defined(__SANITIZE_ADDRESS__)
void UseOwnMemory() {}
#else

namespace {

constexpr size_t kStep = 16;
constexpr size_t kLargest = 8192;  // above: the C library
constexpr size_t kPiece = 65536;

// In front of each block; 8 bytes, so that a block begins on 8 as SQLite asks. A free block's first bytes are
// the link to the next one.
struct Header {
  uint64_t size;
};
struct Free {
  Free* next;
};

Free* free_blocks[kLargest / kStep + 1];
char* piece = nullptr;
size_t piece_left = 0;

Header* HeaderOf(void* block) { return static_cast<Header*>(block) - 1; }

int RoundUp(int size) {
  // A header and its block together fill whole steps.
  return static_cast<int>((static_cast<size_t>(size) + sizeof(Header) + kStep - 1) / kStep * kStep -
                          sizeof(Header));
}

char* NewPiece() {
#if defined(__linux__)
  // All its pages at once: one by one each would cost an interruption when it is first touched.
  void* pages =
      mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
#else
  return static_cast<char*>(std::malloc(kPiece));
#endif
}

void* FromPiece(size_t whole) {
  if (piece_left < whole) {
    // What is left of the old piece is lost: at most one block in 64 KiB.
    piece = NewPiece();
    if (piece == nullptr) {
      piece_left = 0;
      return nullptr;
    }
    piece_left = kPiece;
  }
  void* block = piece;
  piece += whole;
  piece_left -= whole;
  return block;
}

void* Allocate(int size) {
  size_t rounded = static_cast<size_t>(RoundUp(size));
  size_t whole = rounded + sizeof(Header);
  if (whole <= kLargest) {
    if (Free* block = free_blocks[whole / kStep]) {
      free_blocks[whole / kStep] = block->next;
      return block;
    }
  }
  auto* header = static_cast<Header*>(whole <= kLargest ? FromPiece(whole) : std::malloc(whole));
  if (header == nullptr) return nullptr;
  header->size = rounded;
  return header + 1;
}

void Release(void* block) {
  if (block == nullptr) return;
  size_t whole = HeaderOf(block)->size + sizeof(Header);
  if (whole > kLargest) {
    std::free(HeaderOf(block));
    return;
  }
  auto* free_block = static_cast<Free*>(block);
  free_block->next = free_blocks[whole / kStep];
  free_blocks[whole / kStep] = free_block;
}

int SizeOf(void* block) { return block == nullptr ? 0 : static_cast<int>(HeaderOf(block)->size); }

void* Resize(void* block, int size) {
  if (size <= SizeOf(block)) return block;
  void* larger = Allocate(size);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, static_cast<size_t>(SizeOf(block)));
  Release(block);
  return larger;
}

int Start(void*) { return SQLITE_OK; }
void Stop(void*) {}

}  // namespace

void UseOwnMemory() {
  static sqlite3_mem_methods methods = {Allocate, Release, Resize, SizeOf, RoundUp, Start, Stop, nullptr};
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

#endif

}  // namespace cudacompat::store
