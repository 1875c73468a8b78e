# cmake -D PROGRAM=<name> -D "FILES=<file>;..." -D OUTPUT=<file> -P this_build.cmake
#
# Writes the identity of a pair of programs (harness/base/this_build.hpp), with the hash of what its
# worker is linked from; touches the file only when that has changed.
cmake_minimum_required(VERSION 3.25)
set(sums "")
foreach(file IN LISTS FILES)
  file(SHA256 ${file} sum)
  string(APPEND sums ${sum})
endforeach()
string(SHA256 hash "${sums}")
string(SUBSTRING ${hash} 0 16 hash)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "harness/base/this_build.hpp"

namespace stratbench {

extern const build_identity this_build;
constinit const build_identity this_build = {"@PROGRAM@", 0x@hash@};

}  // namespace stratbench
]] @ONLY)
