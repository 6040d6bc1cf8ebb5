"""Faults in jobs that threads do at the same time."""

from mutant import Mutant

MUTANTS = [
    Mutant(
        "interval_lock_does_one_job",
        "gil/30_interval_lock.cpp",
        text="interpreter.run(in, job, out);",
        instead="interpreter.run(in, 0, out);",
        breaks="the first job is done again and again",
    ),
    Mutant(
        "library_takes_neighbours_matrices",
        "gil/gil.cpp",
        text="matrix_product::multiply(left_of(in, job).data(),",
        instead="matrix_product::multiply(left_of(in, job % 2).data(),",
        breaks="jobs multiply the matrices of the last but one",
        rungs=("gil/own_state",),
    ),
    Mutant(
        "lock_released_to_the_wrong_job",
        "gil/40_lock_released.cpp",
        text="    multiply(in, job, out);",
        instead="    multiply(in, job / 2 * 2, out);",
        breaks="a product is put where that of another job belongs",
    ),
    Mutant(
        "job_of_one_of_four_threads_lost",
        "gil/70_own_state.cpp",
        text="job < in.threads; ++job",
        instead="job < in.threads - (in.threads == 4); ++job",
        breaks="of exactly four threads the last one's work is lost",
    ),
    Mutant(
        "threads_with_a_late_binding",
        "gil/03_threads.py",
        text="threading.Thread(target=work, args=(job,))",
        instead="threading.Thread(target=lambda: work(job))",
        breaks="all threads see the last value of the variable, and do the same job",
    ),
    Mutant(
        "processes_in_any_order",
        "gil/04_processes.py",
        text="for _, reader in started]",
        instead="for _, reader in reversed(started)]",
        breaks="answers stand in another order than the jobs",
    ),
]
