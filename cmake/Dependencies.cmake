# What comes from the system's packages. Archives are preferred to shared objects, so that the one
# executable needs only the C library.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)

# fmt, compiled once (cmake/fmt.cc says why); header-only where another release of it wants another list.
add_library(cudacompat_fmt INTERFACE)
get_target_property(fmt_include fmt::fmt-header-only INTERFACE_INCLUDE_DIRECTORIES)
try_compile(CUDACOMPAT_FMT_COMPILED ${CMAKE_BINARY_DIR}/check_fmt
            SOURCES ${CMAKE_CURRENT_LIST_DIR}/fmt.cc ${CMAKE_CURRENT_LIST_DIR}/fmt_used.cc
            CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${fmt_include}" CXX_STANDARD 20)
if(CUDACOMPAT_FMT_COMPILED)
  add_library(cudacompat_fmt_code STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt.cc)
  target_include_directories(cudacompat_fmt_code SYSTEM PUBLIC ${fmt_include})
  target_link_libraries(cudacompat_fmt INTERFACE cudacompat_fmt_code)
else()
  target_link_libraries(cudacompat_fmt INTERFACE fmt::fmt-header-only)
endif()

# cudacompat_archive(<target> <header> <archive name> ...): an imported library, static where there is an archive.
function(cudacompat_archive target header)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  foreach(name ${ARGN})
    find_library(${target}_${name}_LIBRARY NAMES lib${name}.a ${name} REQUIRED)
    list(APPEND libraries ${${target}_${name}_LIBRARY})
  endforeach()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_INCLUDE})
  target_link_libraries(${target} INTERFACE ${libraries})
endfunction()

# cudacompat_needs(<target> <pkg-config module>): what an archive needs beside itself, in a group, since pkg-config
# repeats names to have an order and CMake drops what is repeated.
function(cudacompat_needs target module)
  pkg_check_modules(${target}_pc QUIET ${module})
  set(libraries)
  foreach(name ${${target}_pc_STATIC_LIBRARIES})
    find_library(cudacompat_${name}_LIBRARY NAMES lib${name}.a ${name})
    if(cudacompat_${name}_LIBRARY)
      list(APPEND libraries ${cudacompat_${name}_LIBRARY})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES libraries)
  list(LENGTH libraries count)
  if(count GREATER 1)
    list(JOIN libraries "," group)
    target_link_libraries(${target} INTERFACE "-Wl,--start-group,${group},--end-group")
  endif()
endfunction()

cudacompat_archive(cudacompat_sqlite sqlite3.h sqlite3)
target_link_libraries(cudacompat_sqlite INTERFACE Threads::Threads ${CMAKE_DL_LIBS} m)
cudacompat_archive(cudacompat_zstd zstd.h zstd)
cudacompat_archive(cudacompat_lz4 lz4.h lz4)
cudacompat_needs(cudacompat_lz4 liblz4)  # from Debian 13 on: xxhash
cudacompat_archive(cudacompat_zlib zlib.h z)
cudacompat_archive(cudacompat_deflate libdeflate.h deflate)  # its CRC-32 is ten times as fast as zlib's
cudacompat_archive(cudacompat_bzip2 bzlib.h bz2)
cudacompat_archive(cudacompat_lzma lzma.h lzma)
cudacompat_archive(cudacompat_re2 re2/re2.h re2)
cudacompat_needs(cudacompat_re2 re2)  # from its release of 2023-06 on: Abseil
target_link_libraries(cudacompat_re2 INTERFACE Threads::Threads)
cudacompat_archive(cudacompat_pugixml pugixml.hpp pugixml)

find_path(CATCH_INCLUDE NAMES catch2/catch_test_macros.hpp catch2/catch.hpp)
