# What the scripts beside this one share.

# run(<variable> <command>...): standard output and error of a command that succeeds.
function(run output)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ended with ${code}:\n${said}")
  endif()
  set(${output} "${said}" PARENT_SCOPE)
endfunction()

# refused(<text> <command>...): it fails and says so.
function(refused text)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  string(FIND "${said}" "${text}" at)
  if(code EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "${ARGN}: ended with ${code}, without '${text}':\n${said}")
  endif()
endfunction()

# expect(<text> <pattern>)
function(expect text pattern)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "no '${pattern}' in:\n${text}")
  endif()
endfunction()
