# The commands. Variables reach the scripts through the environment, as make hands them on.
#
# make turns every failure into its own exit status, 2, and only names the true one: "Error 3". The
# scripts behind take the same variables and exit with it: `scripts/bench.sh QUICK=1`.

MAKEFLAGS += --no-print-directory

# What is given on the command line has to stand in the list below.
given = $(strip $(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(name))))
refuse_others = @$(if $(given),awk -v command=$@ -v given='$(given)' \
  -f scripts/variables.awk Makefile)

.PHONY: $(shell sed -n 's/^\([a-z]*\):.*/\1/p' Makefile)

help: ## this list
	@awk -F ' *## *' '/^[a-z]+:.*##/ { sub(/:.*/, "", $$1); printf "make %-9s %s\n", $$1, $$2 } \
	  /^## / { printf "  %s\n", $$2 }' Makefile

bench: ## sets up, builds, runs the ladders, answers the myths, writes the report
##   QUICK=1              a quick look
##   BUDGET=5m            how long to measure at most
##   ONLY=locator,gil     these examples only
##   ROUNDS=7             this many rounds of processes
##   PYTHONS="python3.12 pypy3"   these interpreters for the Python rungs, not the own
##   KEEP_ENV="OMP_PLACES OMP_PROC_BIND"   these settings of yours reach what is measured
##   RESUME=<id>          goes on with a run that was cut short
	$(refuse_others)
	@scripts/bench.sh

test: ## sets up, builds, runs every test
##   ONLY=tests/scripts   these tests in Python alone, as pytest names them
	$(refuse_others)
	@scripts/test.sh

passport: ## what this machine is and can do at most, as text, file and picture
##   FRESH=1              measures the ceilings again, though nothing has changed
##   ANONYMOUS=1          without host, paths, job and whatever says whose machine it is
	$(refuse_others)
	@scripts/machine.sh passport

noise: ## the machine against itself: which differences mean nothing here, and what to do
##   BUDGET=60s           how long to measure at most
	$(refuse_others)
	@scripts/machine.sh noise

verdicts: ## prints all claims of a run with their evidence
##   RUN=<id or folder>   MYTH=threads   ONLY=locator,gil
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite verdicts $(if $(RUN),--run "$$RUN") \
	  $(if $(MYTH),--myth "$$MYTH") $(if $(ONLY),--only "$$ONLY")

report: ## writes the report again
##   RUN=<id or folder>   from this run, not the latest
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite report $(if $(RUN),--run "$$RUN")

charts: ## draws the charts as files, for slides and papers
##   RUN=<id or folder>   FORMAT=svg,pdf,png   THEME=light,dark   ONLY=locator
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite charts $(if $(RUN),--run "$$RUN") $(if $(ONLY),--only "$$ONLY") \
	  $(if $(FORMAT),--format "$$FORMAT") $(if $(THEME),--theme "$$THEME")

slides: ## the talk retold with the numbers of a run: a deck to teach from
##   RUN=<id or folder>   THEME=dark   FORMAT=html,pdf,pptx
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite slides $(if $(RUN),--run "$$RUN") \
	  $(if $(FORMAT),--format "$$FORMAT") $(if $(THEME),--theme "$$THEME")

handout: ## two printed pages of a run: answers, figures, what to try
##   RUN=<id or folder>
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite handout $(if $(RUN),--run "$$RUN")

atlas: ## the tools for parallelism in Python, as the talk listed them and as they are now
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite atlas

compare: ## lays runs of several machines side by side
##   RUNS="a b c"         ids, folders or files; the first is the base
##   OUTPUT=<folder>      not results/comparisons
##   WITH=<reference>     the latest run beside this one
##   RUN=<id or folder>   with WITH, that run and not the latest
##   VERBOSE=1            all rows, not one screen
##   FAIL_ON=slower:5%    exit status 1 if a row surely is slower by so much
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite compare $(RUNS) $(if $(WITH),--with "$$WITH") \
	  $(if $(RUN),--run "$$RUN") $(if $(filter-out 0,$(VERBOSE)),--verbose) \
	  $(if $(FAIL_ON),--fail-on "$$FAIL_ON") $(if $(OUTPUT),--output "$$OUTPUT")

# Some systems have a variable NAME, with the name of the host in it: only what is asked for counts.
share: ## makes the file of a run to hand in: small, anonymous, says what is in it
##   RUN=<id or folder>   NAME="Ada L."   OUTPUT=<file>
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite share $(if $(RUN),--run "$$RUN") \
	  $(if $(findstring command line,$(origin NAME)),--name "$$NAME") $(if $(OUTPUT),--output "$$OUTPUT")

class: ## lays the runs of a whole class side by side on one page
##   DIR=<folder or .zip>   OUTPUT=<file>
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite class "$$DIR" $(if $(OUTPUT),--output "$$OUTPUT")

export: ## writes a run for other tools
##   FORMAT=github        or bmf, pyperf, csv, md, openmetrics
##   RUN=<id or folder>   OUTPUT=<file>
	$(refuse_others)
	@scripts/set_up.sh report
	@build/python scripts/suite export --format "$$FORMAT" $(if $(RUN),--run "$$RUN") \
	  $(if $(OUTPUT),--output "$$OUTPUT")

study: ## times how the locator grows beyond its cases, beside the latest run; report again
##   RUN=<id or folder>   beside this run, not the latest
	$(refuse_others)
	@scripts/study.sh locator

threads: ## watches who holds the lock when, beside the latest run; charts and report again
##   RUN=<id or folder>   PYTHONS="python2.7 python3.13"
	$(refuse_others)
	@scripts/study.sh threads

lies: ## measures the same work wrong and right, side by side: four ways to be fooled
	$(refuse_others)
	@scripts/lies.sh

programs: ## sets up and builds the programs for data and files of your own: locate, bytecode, gil
	$(refuse_others)
	@scripts/prepare.sh programs
##
## For bench, test, passport, noise, study, threads, lies and programs:
##   PRESET=native        another preset of CMakePresets.json than release
##   CXX=clang++ CXXFLAGS="-g" LDFLAGS="..." CMAKE_ARGS="-D..."   what to build with
## For all:
##   PYTHON=python3.12    what to make the project's own environment from
##   NO_INSTALL=1         never installs packages of the system
