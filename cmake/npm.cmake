# stratbench_npm_packages(<target> [<file>...])
#
# Installs what package.json and package-lock.json of the current source folder name into
# <current binary folder>/node_modules, when <target> is built: once, and again only when one of
# the two changes. Nothing is written into the source tree and no package runs a script.
# The <file>s are those that other rules need from there.
function(stratbench_npm_packages target)
  find_program(STRATBENCH_NPM npm REQUIRED DOC "Node's package manager")
  set(folder ${CMAKE_CURRENT_BINARY_DIR})
  set(stamp ${folder}/${target}.stamp)
  set(copied "")
  foreach(file package.json package-lock.json .npmrc)
    list(APPEND copied ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(OUTPUT ${stamp} ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E copy ${copied} ${folder}
    COMMAND ${STRATBENCH_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${stamp} ${ARGN}
    DEPENDS ${copied}
    WORKING_DIRECTORY ${folder}
    COMMENT "Fetching the npm packages of ${target}"
    VERBATIM)
  add_custom_target(${target} DEPENDS ${stamp})
endfunction()
