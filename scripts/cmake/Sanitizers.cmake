# MYTHBENCH_SANITIZERS="address,undefined" builds everything with them.

if(MYTHBENCH_SANITIZERS)
  add_compile_options(-fsanitize=${MYTHBENCH_SANITIZERS} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MYTHBENCH_SANITIZERS})
endif()
