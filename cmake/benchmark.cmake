# stratbench_add_benchmark(<name> [SOURCES <file>...] [STRATEGIES <file>...] [LINK <library>...])
#
# Builds the programs <name> and <name>_worker: all that stratbench is, with workloads and
# strategies of one's own beside those that it brings. Each of SOURCES is one workload, named after its file:
# my_work.cpp has `STRATBENCH_WORKLOAD(my_work) = {...};` (stratbench/workload.hpp). STRATEGIES are
# the same with STRATBENCH_STRATEGY (stratbench/strategy.hpp). LINK: libraries that either of them
# needs; what several files share is one, too.
#
# Both programs have the same objects of the workloads in them, compiled as those of stratbench are,
# and one hash of what the worker is made of. They belong into one folder.
function(stratbench_add_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;STRATEGIES;LINK")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "stratbench_add_benchmark(${name}): '${arg_UNPARSED_ARGUMENTS}"
      "${arg_KEYWORDS_MISSING_VALUES}' is not understood; accepted are SOURCES, STRATEGIES and LINK "
      "with their files or libraries")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_parts)
  stratbench_extended_table(${folder}/workload_table.cpp workload workload
    workloads/workload.hpp ${arg_SOURCES})
  stratbench_extended_table(${folder}/strategy_table.cpp strategy_info strategy
    strategies/contract/strategy_info.hpp ${arg_STRATEGIES})

  add_library(${name}_work OBJECT ${arg_SOURCES} ${folder}/workload_table.cpp)
  target_link_libraries(${name}_work
    PUBLIC stratbench::api ${arg_LINK} PRIVATE stratbench::measured)

  set(identity ${folder}/this_build.cpp)
  set(made_of $<TARGET_OBJECTS:${name}_work> $<TARGET_FILE:stratbench::worker_library>)
  add_custom_command(OUTPUT ${identity}
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=${name} -D "FILES=${made_of}" -D OUTPUT=${identity}
            -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/this_build.cmake
    COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${identity}
    DEPENDS ${made_of} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/this_build.cmake
    COMMENT "Hashing what ${name}_worker is made of"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_library(${name}_identity STATIC ${identity})
  target_link_libraries(${name}_identity PRIVATE stratbench::api stratbench::measured)

  add_executable(${name}
    ${arg_STRATEGIES} ${folder}/strategy_table.cpp $<TARGET_OBJECTS:${name}_identity>)
  target_link_libraries(${name} PRIVATE ${name}_work stratbench::measured stratbench::program)
  add_executable(${name}_worker $<TARGET_OBJECTS:${name}_identity>)
  target_link_libraries(${name}_worker PRIVATE ${name}_work stratbench::worker)
  set_target_properties(${name}_worker PROPERTIES LINKER_LANGUAGE CXX)
  # Found beside the running binary by everything that makes processes.
  add_dependencies(${name} ${name}_worker)
endfunction()

# stratbench_extended_table(<table> <type> <prefix> <header> <file>...)
#
# The table of an extension point with what stratbench brings and what these files define.
function(stratbench_extended_table table type prefix header)
  get_property(names GLOBAL PROPERTY stratbench_${prefix}_names)
  foreach(file IN LISTS ARGN)
    cmake_path(GET file STEM name)
    if(name IN_LIST names)
      message(FATAL_ERROR "stratbench_add_benchmark: there are two of the name '${name}' (${file}); "
        "each file needs a name of its own, and none of these: ${names}")
    endif()
    list(APPEND names ${name})
  endforeach()
  stratbench_registry_table(${table} ${type} ${prefix} ${header} ${names})
endfunction()
