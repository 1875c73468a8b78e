# stratbench_units(<target> [BATCH <files>])
#
# Lets the compiler read so many files of the target at a time as one unit (all of them without
# BATCH): most of the time goes into headers and templates that its files share. The preset `dev`
# compiles each file alone, and so does `./dev lint`, which is how a missing include is found.
function(stratbench_units target)
  cmake_parse_arguments(arg "" "BATCH" "" ${ARGN})
  if(NOT arg_BATCH OR STRATBENCH_UNITY STREQUAL WHOLE)
    set(arg_BATCH 0)
  endif()
  set(unity OFF)
  if(STRATBENCH_UNITY)
    set(unity ON)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${unity} UNITY_BUILD_BATCH_SIZE ${arg_BATCH}
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
endfunction()

# stratbench_room(<library> <room> [LIGHT] [BATCH <files>] SOURCES <file>...)
#
# The files of one folder, which become part of the static <library>. LIGHT: nothing of it runs
# while something is measured, so it is optimised just enough.
function(stratbench_room library room)
  cmake_parse_arguments(arg "LIGHT" "BATCH" "SOURCES" ${ARGN})
  set(target ${library}_${room})
  add_library(${target} OBJECT ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE $<TARGET_PROPERTY:${library},LINK_LIBRARIES>)
  stratbench_units(${target} BATCH ${arg_BATCH})
  if(arg_LIGHT)
    stratbench_light(${target})
  endif()
  target_sources(${library} PRIVATE $<TARGET_OBJECTS:${target}>)
endfunction()

# stratbench_light(<target>)
#
# For what is not measured and measures nothing: half the time of the compiler, of which a sanitizer's
# checks make the optimiser the dearest part.
function(stratbench_light target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1> $<$<CONFIG:RelWithDebInfo>:-O0>)
endfunction()
