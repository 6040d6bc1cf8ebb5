// What programs do before any of their libraries begins: core/processors.hpp says why. It is linked
// into programs alone, since a shared object may have no such section.

#ifdef __linux__

extern "C" void mythbench_remember_processors();

namespace {

[[gnu::section(".preinit_array"), gnu::used]] void (*const remember)() =
    mythbench_remember_processors;

}  // namespace

#endif
