/* The functions that are called across the border. In C, so that every tool can read it. */
#ifndef MYTHBENCH_WRAPPER_FUNCTIONS_H
#define MYTHBENCH_WRAPPER_FUNCTIONS_H

#include <stddef.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* How often it has been called since the last restart: 1, 2, 3 ... */
double mythbench_tick(void);
void mythbench_restart(void);

double mythbench_square(double x);

/* The sum of the squares. */
double mythbench_energy(double const* numbers, size_t count);

#if defined(__cplusplus)
}
#endif

#endif
