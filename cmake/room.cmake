# stratbench_units(<target> [BATCH <files>])
#
# Lets the compiler read so many files of the target at a time as one unit (all of them without
# BATCH, each alone with BATCH 1): most of the time goes into headers and templates that its files
# share. The preset `dev` compiles each file alone, and so does `./dev lint`, which is how a missing
# include is found.
function(stratbench_units target)
  cmake_parse_arguments(arg "" "BATCH" "" ${ARGN})
  set(unity OFF)
  if(STRATBENCH_UNITY AND NOT arg_BATCH EQUAL 1)
    set(unity ON)
  endif()
  if(NOT arg_BATCH OR STRATBENCH_UNITY STREQUAL WHOLE)
    set(arg_BATCH 0)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${unity} UNITY_BUILD_BATCH_SIZE ${arg_BATCH}
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
endfunction()

# stratbench_room(<folder> [LIGHT] [BATCH <files>] [USES <room>...] [LINKS <library>...]
#                 [HIDES <library>...] SOURCES <file>...)
#
# The static library of one folder, named after it (harness/stats: stratbench_harness_stats). USES
# names the rooms that its files may include, each of which must have been defined before: so no
# arrow can run upwards, and the order of the folders in the CMakeLists is the order of the floors.
# tests/architecture holds every #include against these lists. LINKS: other people's libraries that
# its headers include, HIDES: those that only its sources do. LIGHT: nothing of it runs while
# something is measured, so it is optimised just enough.
set_property(GLOBAL PROPERTY stratbench_rooms "")
function(stratbench_room folder)
  cmake_parse_arguments(arg "LIGHT" "BATCH" "USES;LINKS;HIDES;SOURCES" ${ARGN})
  stratbench_target_of(target ${folder})
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC stratbench_build ${arg_LINKS} PRIVATE ${arg_HIDES})
  foreach(used IN LISTS arg_USES)
    stratbench_target_of(library ${used})
    if(NOT TARGET ${library})
      message(FATAL_ERROR "${folder} uses ${used}, which is not below it")
    endif()
    target_link_libraries(${target} PUBLIC ${library})
  endforeach()
  stratbench_units(${target} BATCH ${arg_BATCH})
  if(arg_LIGHT)
    stratbench_light(${target})
  endif()
  string(REPLACE ";" " " uses "${arg_USES}")
  set_property(GLOBAL APPEND PROPERTY stratbench_rooms "${folder}: ${uses}")
endfunction()

# stratbench_target_of(<variable> <folder>)
function(stratbench_target_of variable folder)
  string(REPLACE "/" "_" name ${folder})
  set(${variable} stratbench_${name} PARENT_SCOPE)
endfunction()

# stratbench_light(<target>)
#
# For what is not measured and measures nothing: half the time of the compiler, of which a sanitizer's
# checks make the optimiser the dearest part.
function(stratbench_light target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1> $<$<CONFIG:RelWithDebInfo>:-O0>)
endfunction()
