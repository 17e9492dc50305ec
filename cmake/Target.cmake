# How every target of this project is made: one warning set, one sanitizer switch, one include root.

add_library(cudacompat_options INTERFACE)
target_include_directories(cudacompat_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(cudacompat_options INTERFACE -Wall -Wextra -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(cudacompat_options INTERFACE -Wno-restrict)  # false alarms of g++ 12 on std::string
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(cudacompat_options INTERFACE -Wno-subobject-linkage)  # a source that another includes is taken for a header
endif()
if(CUDACOMPAT_WERROR)
  target_compile_options(cudacompat_options INTERFACE -Werror)
endif()
if(CUDACOMPAT_SANITIZE)
  target_compile_options(cudacompat_options INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(cudacompat_options INTERFACE -fsanitize=address,undefined)
endif()

# cudacompat_library(<folder> SOURCES ... [DEPENDS ...] [PRIVATE ...]): the library cudacompat_<folder>.
function(cudacompat_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(cudacompat_${name} STATIC ${arg_SOURCES})
  target_link_libraries(cudacompat_${name} PUBLIC cudacompat_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
endfunction()

# cudacompat_small(<name>): a library whose code runs once, or waits for the system: small, not inlined. The executable with its
# database is to stay under 15 MB.
function(cudacompat_small name)
  target_compile_options(cudacompat_${name} PRIVATE $<$<CONFIG:Release>:-Os>)
endfunction()

# cudacompat_test(<name> SOURCES ... DEPENDS ...): one Catch2 binary, one CTest entry.
function(cudacompat_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE cudacompat_catch_main ${arg_DEPENDS})
  target_compile_definitions(${name} PRIVATE CUDACOMPAT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             CUDACOMPAT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
