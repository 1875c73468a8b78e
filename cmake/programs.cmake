# The two libraries that every benchmark is made of, with all objects of their rooms, and the pair
# `stratbench` itself. Included when all rooms are defined.

# stratbench_library(<target> <name> <object library>...)
#
# One archive of the objects of these.
function(stratbench_library target name)
  set(objects "")
  foreach(library IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:${library}>)
  endforeach()
  add_library(${target} STATIC ${objects})
  add_library(stratbench::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX EXPORT_NAME ${name})
endfunction()

set(worker_parts stratbench_worker_main)
set(program_parts stratbench_harness_cli stratbench_report_assets)
get_property(rooms GLOBAL PROPERTY stratbench_rooms)
foreach(line IN LISTS rooms)
  if(line MATCHES "^strategies/engines/worker: (.*)$")
    string(REPLACE " " ";" worker_rooms "strategies/engines/worker ${CMAKE_MATCH_1}")
  endif()
endforeach()
foreach(line IN LISTS rooms)
  string(REGEX REPLACE ":.*" "" room "${line}")
  stratbench_target_of(library ${room})
  if(room IN_LIST worker_rooms)
    list(APPEND worker_parts ${library})
  else()
    list(APPEND program_parts ${library})
  endif()
endforeach()

# libm is named although C++ links it, because this is where glibc's vector functions come from.
stratbench_library(stratbench_worker_library worker_library ${worker_parts})
target_link_libraries(stratbench_worker_library INTERFACE stratbench_measured m Threads::Threads)
stratbench_library(stratbench_program_library program ${program_parts})
target_link_libraries(stratbench_program_library INTERFACE
  stratbench_worker_library fmt::fmt benchmark::benchmark ZLIB::ZLIB)
set_target_properties(stratbench_worker_library PROPERTIES OUTPUT_NAME stratbench_worker)
set_target_properties(stratbench_program_library PROPERTIES OUTPUT_NAME stratbench)

# A worker is small, because forking copies its mappings; but with the system's libm, so that a task's
# loop runs the very code that it runs in the threads of the benchmark itself (docs/decisions/0008).
add_library(stratbench_worker_program INTERFACE)
add_library(stratbench::worker ALIAS stratbench_worker_program)
set_target_properties(stratbench_worker_program PROPERTIES EXPORT_NAME worker)
target_link_libraries(stratbench_worker_program INTERFACE stratbench_worker_library)
if(NOT STRATBENCH_SANITIZE)
  target_link_options(stratbench_worker_program INTERFACE
    -static-libstdc++ -static-libgcc -Wl,-z,now)
endif()

include(benchmark)
stratbench_add_benchmark(stratbench)
