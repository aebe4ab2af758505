# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that run the programs, written with Python's standard library: cli (golden runs and promises of
# every answer), hostile (bad input), faults (kills, full disks), incremental (updates of an index).

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

# program_test(KIND NAME [TIMEOUT]): tests/KIND/test_NAME.py, run as KIND.NAME.
function(program_test kind name)
  set(timeout 300)
  if(ARGC GREATER 2)
    set(timeout ${ARGV2})
  endif()
  set(environment
    SIGNPOST_INDEXER=$<TARGET_FILE:indexer>
    SIGNPOST_SEARCH=$<TARGET_FILE:search>
    SIGNPOST_SANITIZE=${SIGNPOST_SANITIZE}
    PYTHONPATH=${CMAKE_CURRENT_SOURCE_DIR}/support
    PYTHONDONTWRITEBYTECODE=1)
  add_test(NAME ${kind}.${name}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${kind}/test_${name}.py)
  set_tests_properties(${kind}.${name} PROPERTIES TIMEOUT ${timeout} ENVIRONMENT "${environment}")
endfunction()

# long_test(KIND NAME TIMEOUT): the full form of KIND.NAME, run as long.NAME by ./check --long only. The
# script of the test takes the full form if $SIGNPOST_LONG is 1.
function(long_test kind name timeout)
  set(python Python3::Interpreter)
  if(kind STREQUAL http)
    set(python ${DEBIAN_PYTHON})
  endif()
  get_test_property(${kind}.${name} ENVIRONMENT environment)
  add_test(NAME long.${name} COMMAND ${python} ${CMAKE_CURRENT_SOURCE_DIR}/${kind}/test_${name}.py)
  set_tests_properties(long.${name} PROPERTIES LABELS long TIMEOUT ${timeout}
    ENVIRONMENT "${environment};SIGNPOST_LONG=1")
endfunction()

program_test(cli indexer)
program_test(cli index_lock)
program_test(cli diagnostics)
program_test(cli progress 600)
program_test(cli search)
program_test(cli eval)
program_test(cli answer 600)
program_test(cli semantic)
program_test(cli ranking)
program_test(cli order)
program_test(cli pins)
program_test(cli spelling 600)
program_test(cli terminal)
program_test(incremental judged 600)
program_test(relevance collection_folder)
program_test(cli placing)
program_test(cli resource_names)
program_test(cli site_queries 600)
set_tests_properties(cli.site_queries PROPERTIES SKIP_RETURN_CODE 77)
program_test(cli seed)
set_tests_properties(cli.seed PROPERTIES SKIP_RETURN_CODE 77)
program_test(hostile hostile 900)
program_test(hostile amplification)
long_test(hostile amplification 900)
program_test(hostile mutations 600)
add_library(old_kernel MODULE support/old_kernel.c)
target_link_libraries(old_kernel PRIVATE house ${CMAKE_DL_LIBS})
program_test(hostile poison 600)
long_test(hostile poison 1800)
program_test(hostile traps 600)
set_property(TEST hostile.traps APPEND PROPERTY ENVIRONMENT SIGNPOST_OLD_KERNEL=$<TARGET_FILE:old_kernel>)
long_test(hostile traps 1200)

add_executable(slowest_query hostile/slowest.c)
target_link_libraries(slowest_query PRIVATE house engine)
add_executable(hostile_queries hostile/queries.c)
target_link_libraries(hostile_queries PRIVATE house engine)
program_test(hostile queries 600)
set_property(TEST hostile.queries APPEND PROPERTY
  ENVIRONMENT "SIGNPOST_HOSTILE_QUERIES=$<TARGET_FILE:hostile_queries>")

# Fails allocations, each in turn.
if(NOT SIGNPOST_SANITIZE)
  add_executable(faults_memory faults/memory.c faults/memory_stories.c support/failing_memory.c)
  target_compile_definitions(faults_memory PRIVATE _GNU_SOURCE)
  target_link_libraries(faults_memory PRIVATE house engine indexer_run ${CMAKE_DL_LIBS})
  add_library(failing_memory MODULE support/failing_memory.c)
  target_compile_definitions(failing_memory PRIVATE _GNU_SOURCE)
  target_link_libraries(failing_memory PRIVATE house)
  program_test(faults memory 300)
  set_property(TEST faults.memory APPEND PROPERTY ENVIRONMENT SIGNPOST_FAULTS_MEMORY=$<TARGET_FILE:faults_memory>)
  long_test(faults memory 3600)
endif()

# A library between a program and libc. It can make each call fail that changes or reads the index.
add_library(interpose MODULE faults/interpose.c)
target_link_libraries(interpose PRIVATE house ${CMAKE_DL_LIBS})
target_compile_options(interpose PRIVATE -fno-sanitize=all)
target_link_options(interpose PRIVATE -fno-sanitize=all)
foreach(name calls damage disk faults power_cut runs verify)
  program_test(faults ${name} 900)
  set_property(TEST faults.${name} APPEND PROPERTY ENVIRONMENT SIGNPOST_INTERPOSE=$<TARGET_FILE:interpose>)
endforeach()

# An index that is updated incrementally equals an index that is built from scratch.
program_test(incremental manifest)
program_test(incremental property 600)
add_test(NAME all.property
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/incremental/test_property.py)
get_test_property(incremental.property ENVIRONMENT property_environment)
set_tests_properties(all.property PROPERTIES LABELS all TIMEOUT 900
  ENVIRONMENT "${property_environment};SIGNPOST_STEPS=40")

# Every call, and two hundred kills; the ordinary tests take a sample.
long_test(faults calls 1800)
long_test(faults faults 1800)
long_test(faults verify 1800)
long_test(faults power_cut 1800)

program_test(cli golden)
program_test(cli passages)
program_test(cli passages_unspaced)
program_test(cli prefix)
program_test(cli language)
program_test(cli words)
program_test(cli json_fields)
program_test(cli elsewhere)
program_test(cli similar)
program_test(cli explain)
program_test(cli why_not)
program_test(cli acronyms)
program_test(cli synonyms)

add_library(no_watches MODULE support/no_watches.c)
target_link_libraries(no_watches PRIVATE house ${CMAKE_DL_LIBS})
program_test(incremental watch)
set_property(TEST incremental.watch APPEND PROPERTY ENVIRONMENT SIGNPOST_NO_WATCHES=$<TARGET_FILE:no_watches>)

# The daemon, over real sockets. pycurl and other packages come with Debian's own Python.
find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

# http_test(NAME [TIMEOUT]): tests/http/test_NAME.py, run as http.NAME.
function(http_test name)
  set(timeout 300)
  if(ARGC GREATER 1)
    set(timeout ${ARGV1})
  endif()
  set(environment
    SIGNPOST_INDEXER=$<TARGET_FILE:indexer>
    SIGNPOST_SEARCH=$<TARGET_FILE:search>
    SIGNPOST_SEARCHD=$<TARGET_FILE:searchd>
    SIGNPOST_SANITIZE=${SIGNPOST_SANITIZE}
    PYTHONPATH=${CMAKE_CURRENT_SOURCE_DIR}/support
    PYTHONDONTWRITEBYTECODE=1)
  add_test(NAME http.${name}
    COMMAND ${DEBIAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/http/test_${name}.py)
  set_tests_properties(http.${name} PROPERTIES TIMEOUT ${timeout} ENVIRONMENT "${environment}")
endfunction()

http_test(api)
http_test(openapi)
http_test(page)
http_test(words)
http_test(escapes)
http_test(xss)
long_test(http xss 600)
http_test(similar)
http_test(caching)
http_test(malformed)
http_test(limits)
http_test(lifecycle)
http_test(verify)
set_property(TEST http.verify APPEND PROPERTY ENVIRONMENT SIGNPOST_INTERPOSE=$<TARGET_FILE:interpose>)
if(NOT SIGNPOST_SANITIZE)
  http_test(failing_memory)
  set_property(TEST http.failing_memory APPEND PROPERTY
    ENVIRONMENT SIGNPOST_FAILING_MEMORY=$<TARGET_FILE:failing_memory>)
  long_test(http failing_memory 3600)
endif()
http_test(signals)
long_test(http signals 600)
http_test(slow_clients)
long_test(http slow_clients 900)
http_test(byte_fuzz)
long_test(http byte_fuzz 1800)
http_test(logs_and_metrics 900) # 22,000 searches

add_library(hold MODULE support/hold.c)
target_link_libraries(hold PRIVATE house ${CMAKE_DL_LIBS})
http_test(queue)
set_property(TEST http.queue APPEND PROPERTY ENVIRONMENT SIGNPOST_HOLD_LIBRARY=$<TARGET_FILE:hold>)
http_test(overload 120)
set_property(TEST http.overload APPEND PROPERTY ENVIRONMENT SIGNPOST_SLOWEST_QUERY=$<TARGET_FILE:slowest_query>)
long_test(http overload 3600)

add_executable(confined http/confined.c)
target_compile_definitions(confined PRIVATE _GNU_SOURCE)
target_link_libraries(confined PRIVATE house searchd_core)
http_test(confinement)
set_property(TEST http.confinement APPEND PROPERTY ENVIRONMENT
  SIGNPOST_CONFINED=$<TARGET_FILE:confined> SIGNPOST_OLD_KERNEL=$<TARGET_FILE:old_kernel>)

add_executable(http_change http/change.c)
target_link_libraries(http_change PRIVATE house generations)
http_test(reload)
set_property(TEST http.reload APPEND PROPERTY ENVIRONMENT SIGNPOST_CHANGE=$<TARGET_FILE:http_change>)
long_test(http reload 4500)
http_test(remote 600)
long_test(http remote 1800)
http_test(index_data 600)
long_test(http index_data 1800)
http_test(while_indexing)
set_property(TEST http.while_indexing APPEND PROPERTY ENVIRONMENT SIGNPOST_INTERPOSE=$<TARGET_FILE:interpose>)

# A minute of load with changes every 330 ms; the ordinary test takes seconds, with quicker changes.
add_test(NAME all.reload COMMAND ${DEBIAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/http/test_reload.py
  Reload.test_no_answer_fails_or_goes_back_while_the_index_changes)
get_test_property(http.reload ENVIRONMENT reload_environment)
set_tests_properties(all.reload PROPERTIES LABELS all TIMEOUT 300
  ENVIRONMENT "${reload_environment};SIGNPOST_SECONDS=60;SIGNPOST_EVERY_MS=330")

# The longest tests start first, so that no core is idle at the end while one of them still runs.
set_tests_properties(incremental.watch faults.disk incremental.property incremental.judged cli.answer cli.progress
  faults.calls faults.faults faults.verify http.limits http.logs_and_metrics http.remote http.verify
  PROPERTIES COST 100)
