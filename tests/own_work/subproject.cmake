# cmake -D SOURCE=... -D PLACE=... -D GENERATOR=... -D COMPILER=... -D WEB_MODULES=... -P subproject.cmake
#
# Configures a project that takes stratbench as a part of itself: it has the same function, needs no
# network, and nothing else of it is changed. What is built is what the tests build.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/outside.cmake)
file(REMOVE_RECURSE ${PLACE})
file(WRITE ${PLACE}/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(parent CXX)
include(FetchContent)
FetchContent_Declare(stratbench SOURCE_DIR ${STRATBENCH})
FetchContent_MakeAvailable(stratbench)
stratbench_add_benchmark(mybench SOURCES ${STRATBENCH}/examples/own-work/my_work.cpp)
if(CMAKE_BUILD_TYPE OR CMAKE_CXX_STANDARD OR CMAKE_RUNTIME_OUTPUT_DIRECTORY)
  message(FATAL_ERROR "the parent's own settings are changed")
endif()
if(TARGET own_work_test OR TARGET stratbench_installed)
  message(FATAL_ERROR "the parent has tests or rules to install that it did not ask for")
endif()
]])
run(_ ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER} -D STRATBENCH=${SOURCE}
  -D STRATBENCH_WEB_MODULES=${WEB_MODULES} -S ${PLACE} -B ${PLACE}/build)
