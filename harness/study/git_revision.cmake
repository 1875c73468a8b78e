# Writes OUTPUT, a header with the revision of SOURCE_DIR; runs at every build and touches the file
# only when the revision has changed.
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#pragma once

#define STRATBENCH_GIT_REVISION "@revision@"
]] @ONLY)
