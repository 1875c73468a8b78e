# cmake -D BUILD=... -D PLACE=... -D GENERATOR=... -D COMPILER=... -P installed.cmake
#
# Installs what was built to a folder of its own, and uses it as somebody would who has nothing else:
# the program, its manual page and completions, and a new project that is built against it.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/outside.cmake)
file(REMOVE_RECURSE ${PLACE})
set(prefix ${PLACE}/prefix)
run(_ ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
set(stratbench ${prefix}/bin/stratbench)

# The pair works from wherever it is.
run(said ${stratbench} --version)
expect("${said}" "^stratbench [0-9.]+ \\(revision .*, build [0-9a-f]+, ")
run(_ ${stratbench} check --workload noop --strategy process_per_task)
run(_ ${stratbench} report --help)

# Whatever option there is, is in the page and in the completions.
file(READ ${prefix}/share/man/man1/stratbench.1 page)
expect("${page}" "\n\\.BI \\\\-\\\\-task\\\\-timeout ")
find_program(groff groff)
if(groff)
  run(said ${groff} -man -z -ww ${prefix}/share/man/man1/stratbench.1)
  if(NOT said STREQUAL "")
    message(FATAL_ERROR "the manual page is not well-formed:\n${said}")
  endif()
endif()
set(completion ${prefix}/share/bash-completion/completions/stratbench)
set(completes bash ${CMAKE_CURRENT_LIST_DIR}/completes.sh ${completion})
run(said ${completes} run --task-t)
expect("${said}" "^--task-timeout\n$")
run(said ${completes} run --strategy proc)
expect("${said}" "^process_per_task\n$")
run(said ${completes} comp)
expect("${said}" "^compare completion\n$")
foreach(option out report events worker-log base-out plan junit)
  run(said ${completes} run --${option} ${prefix}/share/man/man1/strat)
  expect("${said}" "/man1/stratbench.1\n$")
endforeach()
foreach(file zsh/vendor-completions/_stratbench fish/vendor_completions.d/stratbench.fish)
  file(READ ${prefix}/share/${file} text)
  expect("${text}" "task-timeout")
endforeach()

# What the documents point to is there, sources of the program aside.
set(documents ${prefix}/share/doc/stratbench)
file(GLOB_RECURSE pages ${documents}/*.md)
if(NOT pages)
  message(FATAL_ERROR "no document is installed in ${documents}")
endif()
foreach(page ${pages})
  file(READ ${page} text)
  cmake_path(GET page PARENT_PATH folder)
  string(REGEX REPLACE "[][;]" " " text "${text}")  # they mean something in a list
  string(REGEX MATCHALL "\\([A-Za-z0-9_./-]+\\.(md|png|yml|mjs|c)[)#]" links "${text}")
  foreach(link ${links})
    string(REGEX REPLACE "[()#]" "" link ${link})
    if(NOT EXISTS ${folder}/${link})
      message(FATAL_ERROR "${page} points to ${link}, which is not installed")
    endif()
  endforeach()
endforeach()

find_program(pkg_config pkg-config)
if(pkg_config)
  run(said ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${prefix}/lib/pkgconfig
    ${pkg_config} --variable=includedir stratbench)
  string(STRIP "${said}" said)
  if(NOT EXISTS ${said}/stratbench/workload.hpp)
    message(FATAL_ERROR "pkg-config finds no headers in ${said}")
  endif()
endif()

# A new project, outside of both trees but for its place on the disk.
run(_ ${stratbench} new ${PLACE}/project)
set(configured ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER}
  -D CMAKE_PREFIX_PATH=${prefix})
run(_ ${configured} -S ${PLACE}/project -B ${PLACE}/project/build)
run(_ ${CMAKE_COMMAND} --build ${PLACE}/project/build)
set(mybench ${PLACE}/project/build/mybench)
run(said ${mybench} check --workload my_work:n=1000)
expect("${said}" "\n  sync +200 tasks right\n")
run(said ${mybench} run --workload my_work:n=2000 --load batch:50 --workers 2 --strategy sync
  --strategy async_process_pool --generations 1 --rounds 2 --out ${PLACE}/results.json
  --report none)
foreach(part "my_work:n=2000, batch:50, 2 workers" "\nasync_process_pool +" "\nsync +")
  expect("${said}" "${part}")
endforeach()
run(said ${mybench} report ${PLACE}/results.json)
expect("${said}" "my_work:n=2000")

# One line each for what cannot be built.
set(bad ${PLACE}/bad)
file(COPY ${PLACE}/project/my_work.cpp DESTINATION ${bad})
file(RENAME ${bad}/my_work.cpp ${bad}/sqrt_log.cpp)
file(WRITE ${bad}/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(bad CXX)
find_package(stratbench ${VERSION} REQUIRED)
stratbench_add_benchmark(bad SOURCES sqrt_log.cpp)
]])
refused("there are two of the name 'sqrt_log'"
  ${configured} -D VERSION=0.1 -S ${bad} -B ${bad}/build)
refused("compatible with requested version \"0.2\""
  ${configured} -D VERSION=0.2 -S ${bad} -B ${bad}/build)
