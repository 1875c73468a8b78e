# stratbench_registry(<library> <type> <prefix> <header> <name>...)
#
# Makes an extension point out of one file per name: adds `<name>.cpp`, which defines
# `const <type> <prefix>_<name>`, to the library, and generates the table of all of them in the
# order given. One line in a CMakeLists is all that a new file needs.
function(stratbench_registry library type prefix header)
  set(declarations "")
  set(entries "")
  foreach(name IN LISTS ARGN)
    target_sources(${library} PRIVATE ${name}.cpp)
    string(APPEND declarations "extern const ${type} ${prefix}_${name};\n")
    string(APPEND entries "    &${prefix}_${name},\n")
  endforeach()
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${prefix}_table.cpp)
  file(CONFIGURE OUTPUT ${table} CONTENT [[
#include "@header@"

namespace stratbench {

@declarations@
extern const @type@* const @prefix@_table[];
extern const std::size_t @prefix@_table_size;

const @type@* const @prefix@_table[] = {
@entries@};
const std::size_t @prefix@_table_size = sizeof(@prefix@_table) / sizeof(*@prefix@_table);

}  // namespace stratbench
]] @ONLY)
  target_sources(${library} PRIVATE ${table})
endfunction()
