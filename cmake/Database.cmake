# data/ → cudacompat.db → the object that embeds it (library cudacompat_database, header database/image.h).

# Cross-compiling, mkdb cannot run: name one that was built for this machine.
set(CUDACOMPAT_MKDB "$<TARGET_FILE:mkdb>" CACHE STRING "The mkdb to run")

# What mkdb reads, and nothing else: an edited vector or README does not rebuild the database.
file(GLOB database_inputs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/data/*.csv
     ${PROJECT_SOURCE_DIR}/data/sources.d/*.csv ${PROJECT_SOURCE_DIR}/data/facts/*.csv
     ${PROJECT_SOURCE_DIR}/data/facts/*.d/*.csv
     ${PROJECT_SOURCE_DIR}/data/schema/*.sql ${PROJECT_SOURCE_DIR}/data/derived/*.sql
     ${PROJECT_SOURCE_DIR}/data/rules/*.sql ${PROJECT_SOURCE_DIR}/data/checks/*.sql
     ${PROJECT_SOURCE_DIR}/data/checks/*.csv ${PROJECT_SOURCE_DIR}/docs/rules/*.md)
set(database_file ${PROJECT_BINARY_DIR}/cudacompat.db)
set(embedded_file ${PROJECT_BINARY_DIR}/cudacompat.embedded.db)
set(scan_facts_file ${PROJECT_BINARY_DIR}/scan_facts.inc)
add_custom_command(OUTPUT ${database_file} ${embedded_file} ${scan_facts_file}
                   COMMAND ${CUDACOMPAT_MKDB} --strict ${PROJECT_SOURCE_DIR}/data ${database_file} ${embedded_file} ${scan_facts_file}
                   DEPENDS mkdb ${database_inputs} COMMENT "Compiling data/ into cudacompat.db" VERBATIM)

set(database_source ${PROJECT_SOURCE_DIR}/src/database/image.cc)
set(scan_facts_source ${PROJECT_SOURCE_DIR}/src/database/scan_facts.cc)
add_library(cudacompat_database STATIC ${database_source} ${scan_facts_source} ${embedded_file} ${scan_facts_file})
target_include_directories(cudacompat_database PUBLIC ${PROJECT_SOURCE_DIR}/src)
set_source_files_properties(${database_source} PROPERTIES OBJECT_DEPENDS ${embedded_file}
                            COMPILE_DEFINITIONS CUDACOMPAT_DB_FILE="${embedded_file}")
set_source_files_properties(${scan_facts_source} PROPERTIES OBJECT_DEPENDS ${scan_facts_file}
                            COMPILE_DEFINITIONS CUDACOMPAT_SCAN_FACTS="${scan_facts_file}" SKIP_UNITY_BUILD_INCLUSION ON)
add_custom_target(database DEPENDS ${database_file})
install(FILES ${database_file} DESTINATION share/cudacompat)
