# An extension point is a list of names, in the order in which they are listed to people. Each is
# defined in a file `<name>.cpp`, as `const <type> <prefix>_<name>`; the build generates the table of
# all of them. The names of the global properties are `stratbench_<prefix>_names`.

# stratbench_registry(<library> <type> <prefix> <header> <name>... [FROM <file> <name>...])
#
# The extension point of a library of ours: one line in its CMakeLists is all that a new file needs.
# FROM: names that one file defines together.
function(stratbench_registry library type prefix header)
  cmake_parse_arguments(arg "" "" "FROM" ${ARGN})
  list(POP_FRONT arg_FROM together)
  list(TRANSFORM arg_UNPARSED_ARGUMENTS APPEND .cpp OUTPUT_VARIABLE files)
  target_sources(${library} PRIVATE ${files} ${together})
  set(names ${arg_UNPARSED_ARGUMENTS} ${arg_FROM})
  set_property(GLOBAL PROPERTY stratbench_${prefix}_names ${names})
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${prefix}_table.cpp)
  stratbench_registry_table(${table} ${type} ${prefix} ${header} ${names})
  target_sources(${library} PRIVATE ${table})
  # An object of its own, so that a program with a table of its own is linked without this one.
  set_source_files_properties(${table} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# stratbench_registry_table(<file> <type> <prefix> <header> <name>...)
#
# Writes the table.
function(stratbench_registry_table file type prefix header)
  set(declarations "")
  set(entries "")
  foreach(name IN LISTS ARGN)
    string(APPEND declarations "extern const ${type} ${prefix}_${name};\n")
    string(APPEND entries "    &${prefix}_${name},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${file} CONTENT [[
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
endfunction()
