option(STRATBENCH_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(STRATBENCH_INSTALL "Make rules that install programs, libraries, headers and documents"
  ${PROJECT_IS_TOP_LEVEL})
set(STRATBENCH_WEB_MODULES "" CACHE PATH
  "Folder with the npm packages of the report page; empty: the build fetches them with npm")
set(STRATBENCH_UNITY ON CACHE STRING
  "Compile several files of a folder as one unit: ON, OFF, or WHOLE for all files of a target")
option(STRATBENCH_WERROR "Treat warnings as errors" OFF)
set(STRATBENCH_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them (address,undefined or thread)")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
find_package(Threads REQUIRED)

# What was compiled before is not compiled again, in whatever folder it was: paths are seen from the
# root, and a file's own name is what it is in the repository.
find_program(STRATBENCH_CCACHE ccache DOC "The compiler's cache; optional")
if(STRATBENCH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${STRATBENCH_CCACHE})
endif()

# What every target of ours is compiled with. Contraction is off so that a sum has the same bits
# whatever the compiler and the instruction set.
add_library(stratbench_build INTERFACE)
target_include_directories(stratbench_build INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(stratbench_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -ffp-contract=off
  # Seen from one file, the names of another in the same unit are not shadowed.
  $<$<NOT:$<BOOL:${STRATBENCH_UNITY}>>:-Wshadow>
  $<$<BOOL:${STRATBENCH_WERROR}>:-Werror>)
if(STRATBENCH_UNITY)
  target_compile_options(stratbench_build INTERFACE
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    # GCC takes a file that is included for a header, in which a type of its own would be a bug.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
target_link_libraries(stratbench_build INTERFACE Threads::Threads)

# What benchmarks with work of their own see: the public headers (include/stratbench), which include
# ours by their place in the tree.
add_library(stratbench_api INTERFACE)
add_library(stratbench::api ALIAS stratbench_api)
target_compile_features(stratbench_api INTERFACE cxx_std_20)
target_include_directories(stratbench_api INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/stratbench>)

# What measured code is compiled with, ours and others'. A task's loop lies the same way in every
# executable that it is linked into, and calls libm without the detour of a procedure linkage table:
# otherwise it would run up to a fifth faster in one than in another, and a strategy would win for
# where its loop happens to lie. Where no build type is chosen, it is optimised as a Release is.
add_library(stratbench_measured INTERFACE)
add_library(stratbench::measured ALIAS stratbench_measured)
target_compile_options(stratbench_measured INTERFACE
  -ffp-contract=off -fno-plt -falign-functions=64 "$<$<CONFIG:>:-O3;-DNDEBUG>")

# A program is instrumented as a whole or not at all: ours and what is built with us.
if(STRATBENCH_SANITIZE)
  foreach(target stratbench_build stratbench_measured)
    target_compile_options(${target} INTERFACE
      -fsanitize=${STRATBENCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
      # Clang's check of function types sees through no shared library and misfires in Asio.
      $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>
      # GCC warns of Asio's fences, which its thread sanitizer does not model, and, once it has
      # instrumented it, of the standard library's own code.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${target} INTERFACE -fsanitize=${STRATBENCH_SANITIZE})
  endforeach()
endif()
