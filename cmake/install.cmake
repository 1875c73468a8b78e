# What `cmake --install` lays down. The scenarios are in the program, too; these are for people and for
# other tools.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/stratbench)
set(data ${CMAKE_INSTALL_DATADIR}/stratbench)

install(TARGETS stratbench)
install(TARGETS stratbench_worker DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/stratbench)
# Python's strategies: as programs, and the workloads' code for them.
install(DIRECTORY strategies/python/ DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/stratbench/stratbench_python
  FILES_MATCHING PATTERN "*.py")
if(TARGET stratbench_kernels)  # not with sanitizers
  install(TARGETS stratbench_kernels LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/stratbench)
endif()
install(FILES harness/results/results.schema.json DESTINATION ${data}/schemas)
install(DIRECTORY workloads/scenarios DESTINATION ${data})
install(DIRECTORY examples DESTINATION ${data})
# As they stand here, so that what they point to is found, sources aside.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY strategies/examples DESTINATION ${CMAKE_INSTALL_DOCDIR}/strategies)

# The library for work of one's own: its public headers are the two of include/stratbench, which
# include the others.
set_target_properties(stratbench_api PROPERTIES EXPORT_NAME api)
set_target_properties(stratbench_measured PROPERTIES EXPORT_NAME measured)
install(TARGETS stratbench_api stratbench_measured stratbench_worker_library
  stratbench_program_library stratbench_worker_program EXPORT stratbench)
install(EXPORT stratbench NAMESPACE stratbench:: FILE stratbench-targets.cmake
  DESTINATION ${package})
install(DIRECTORY include/stratbench DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(header
  harness/base/clock.hpp
  harness/base/descriptor.hpp
  harness/base/hash.hpp
  harness/base/process/process_usage.hpp
  harness/base/refusal.hpp
  harness/base/shared_memory.hpp
  harness/base/sleep_flag.hpp
  harness/base/spec.hpp
  harness/base/this_build.hpp
  strategies/contract/containment.hpp
  strategies/contract/heartbeat.hpp
  strategies/contract/process_ledger.hpp
  strategies/contract/strategy.hpp
  strategies/contract/strategy_info.hpp
  strategies/contract/task_flow.hpp
  strategies/contract/task_output.hpp
  strategies/contract/window_ahead.hpp
  strategies/engines/channel/arena_use.hpp
  strategies/engines/channel/channel.hpp
  strategies/engines/front_end/caller_execution.hpp
  strategies/engines/worker/in_process_witness.hpp
  strategies/engines/worker/task_witness.hpp
  strategies/engines/worker/worker_loop.hpp
  workloads/api.hpp
  workloads/opaque.hpp
  workloads/reply_bytes.hpp
  workloads/task.hpp
  workloads/task_deadline.hpp
  workloads/workload.hpp)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stratbench/${folder})
endforeach()
get_property(workload_names GLOBAL PROPERTY stratbench_workload_names)
get_property(strategy_names GLOBAL PROPERTY stratbench_strategy_names)
configure_package_config_file(cmake/stratbench-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/stratbench-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/stratbench-config-version.cmake
  COMPATIBILITY SameMinorVersion)
# Wherever the prefix is moved to, which `cmake --install` and a package decide.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" to_prefix ${to_prefix})
configure_file(cmake/stratbench.pc.in stratbench.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/stratbench-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/stratbench-config-version.cmake
  cmake/benchmark.cmake cmake/registry.cmake cmake/this_build.cmake DESTINATION ${package})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/stratbench.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The program writes its own manual page and completions, from the declarations of its options.
set(written "")
# stratbench_written(<file> <destination> <argument>...)
macro(stratbench_written file destination)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/written/${file}
    COMMAND stratbench ${ARGN} > ${CMAKE_CURRENT_BINARY_DIR}/written/${file}
    DEPENDS stratbench COMMENT "Writing ${file}" VERBATIM)
  list(APPEND written ${CMAKE_CURRENT_BINARY_DIR}/written/${file})
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/written/${file} DESTINATION ${destination})
endmacro()
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/written)
set(share ${CMAKE_INSTALL_DATADIR})
stratbench_written(stratbench.1 ${CMAKE_INSTALL_MANDIR}/man1 manual)
stratbench_written(stratbench ${share}/bash-completion/completions completion bash)
stratbench_written(_stratbench ${share}/zsh/vendor-completions completion zsh)
stratbench_written(stratbench.fish ${share}/fish/vendor_completions.d completion fish)
add_custom_target(stratbench_installed ALL DEPENDS ${written})
add_dependencies(stratbench_installed stratbench stratbench_worker stratbench_program_library)

# ./dev package, for which nothing is built that is not installed
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "stratbench maintainers <maintainers@stratbench.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# For work of one's own.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "g++, cmake (>= 3.25), make | ninja-build, libbenchmark-dev, libfmt-dev, zlib1g-dev")
include(CPack)
