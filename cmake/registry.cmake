# stratbench_registry(<library> <type> <prefix> <header> <name>... [FROM <file> <name>...])
#
# Makes an extension point out of one file per name: adds `<name>.cpp`, which defines
# `const <type> <prefix>_<name>`, to the library, and generates the table of all of them in the
# order given. One line in a CMakeLists is all that a new file needs. FROM: those that one file
# defines together.
function(stratbench_registry library type prefix header)
  cmake_parse_arguments(arg "" "" "FROM" ${ARGN})
  list(POP_FRONT arg_FROM together)
  list(TRANSFORM arg_UNPARSED_ARGUMENTS APPEND .cpp OUTPUT_VARIABLE files)
  target_sources(${library} PRIVATE ${files} ${together})
  set(declarations "")
  set(entries "")
  foreach(name IN LISTS arg_UNPARSED_ARGUMENTS arg_FROM)
    string(APPEND declarations "extern const ${type} ${prefix}_${name};\n")
    string(APPEND entries "    &${prefix}_${name},\n")
  endforeach()
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${prefix}_table.cpp)
  file(CONFIGURE OUTPUT ${table} CONTENT [[
#include <span>

#include "@header@"

namespace stratbench {

@declarations@
namespace {
const @type@* const entries[] = {
@entries@};
}  // namespace

extern const std::span<const @type@* const> @prefix@_table;
constinit const std::span<const @type@* const> @prefix@_table = entries;

}  // namespace stratbench
]] @ONLY)
  target_sources(${library} PRIVATE ${table})
endfunction()
