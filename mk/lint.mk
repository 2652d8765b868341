# Checks that read the code and run none of it.  `make lint` makes them all;
# each can be had alone: make lint-format.  With STAGE=03 it is that stage's files
# and its tests'.  Only `make format` changes files.

CLANG_FORMAT ?= clang-format-14
CLANG_TIDY   ?= clang-tidy-14

of_stage = $(if $(STAGE_DIR),$(filter $(STAGE_DIR)/% tests/$(STAGE_DIR)/%,$(1)),$(1))
C_CODE  := $(call of_stage,$(sort $(wildcard mk/*.c exercises/*/*.c habits/*.[ch] [01][0-9]-*/*.[ch] [01][0-9]-*/*/*.[ch] tests/*.[ch] tests/*/*.[ch] tools/*.[ch] tools/*/*.[ch] bench/*.[ch])))
SCRIPTS := kit .ci/run mk/*.sh bench/*.sh $(wildcard tools/*.sh tools/*/*.sh tests/*.sh tests/*/*.sh)
LINTS   := format words includes rooms prefixes doors sides order lengths headers flat quotes tutorial translation readmes exercises links features version vm \
	shell cppcheck analyzer tidy arm64 i386
ifneq ($(STAGE),)
LINTS   := $(filter-out shell vm $(if $(filter 10,$(STAGE)),,features),$(LINTS))
endif

# The analyzer of gcc 12 loses track of pointers that leave a function and of
# variables with a cleanup attribute.
ANALYZER := -O2 -fanalyzer -Werror -fdiagnostics-path-format=none \
	-Wno-analyzer-malloc-leak -Wno-analyzer-use-of-uninitialized-value

# Another release of a tool has another opinion, and Debian 13 lacks these.
has      = $(shell command -v $(1))
without  = echo "$@: not checked: $(1) is not here; Debian 12 has it" >&2

lint_run = $(call show,LINT,$(@:lint-%=%))

#: lint                check the code: format, lengths, includes, static analysis (STAGE=03: one stage's)
.PHONY: lint
lint: $(addprefix lint-,$(LINTS))

#: format              write all C files as clang-format 14 would
.PHONY: format
format:
	$(CLANG_FORMAT) -i $(C_CODE)

#: figures             how long functions and files are, and how much is comment
.PHONY: figures
figures:
	@tests/lint/figures.sh $(C_CODE)

.PHONY: $(addprefix lint-,$(LINTS))
lint-format:
	$(lint_run)
	$(Q)$(if $(call has,$(CLANG_FORMAT)),$(CLANG_FORMAT) --dry-run -Werror $(C_CODE),$(call without,$(CLANG_FORMAT)))

# No sleep: wait for the thing itself.  No atoi: it cannot say that it failed.
lint-words:
	$(lint_run)
	$(Q)! grep -nE '\b(u|nano)?sleep\(|\bato(i|l|ll|f)\(' $(C_CODE)

lint-includes:
	$(lint_run)
	$(Q)awk -f tests/lint/includes.awk $(C_CODE)

# Which room of stage 10 may include which.
lint-rooms:
	$(lint_run)
	$(Q)awk -f tests/lint/rooms.awk /dev/null $(filter 10-%,$(C_CODE))

# A function's first word is its file's; in all of 05 that is cgroup_.
lint-prefixes:
	$(lint_run)
	$(Q)awk -f tests/lint/prefixes.awk /dev/null $(foreach kind,%.h %.c,\
		$(filter $(kind),$(filter-out 05-%,$(filter habits/% 0% 10-%,$(C_CODE)))))

# What a lesson may call of beyond/; and the side in the stages' headers.
lint-doors:
	$(lint_run)
	$(Q)awk -f tests/lint/doors.awk /dev/null $(filter 0%,$(C_CODE))

lint-sides:
	$(lint_run)
	$(Q)awk -f tests/lint/sides.awk /dev/null $(filter 0%.h,$(C_CODE))

lint-order:
	$(lint_run)
	$(Q)awk -f tests/lint/order.awk /dev/null $(filter-out 10-%,$(call of_stage,$(MAINS)))

lint-lengths:
	$(lint_run)
	$(Q)tests/lint/figures.sh quiet=1 $(C_CODE)

# Each header alone: it includes what it needs.
lint-headers:
	$(lint_run)
	$(Q)status=0; for header in $(filter %.h,$(C_CODE)); do echo "extern int one;" | \
		$(CC) $(CFLAGS) -Werror -fsyntax-only -include $$header \
			-x c - || status=1; \
	done; exit $$status

# Each program as one file: it compiles, so names are unique across modules;
# with and without what is beyond the lessons.
lint-flat:
	$(lint_run)
	$(Q)status=0; for stage in $(patsubst %/main.c,%,$(call of_stage,$(MAINS))); do for deep in '' 1; do \
		$(MAKE) -s flat STAGE=$${stage%%-*} DEEP=$$deep | \
			$(CC) $(filter-out -I%,$(CFLAGS)) -Werror -Wno-shadow -fsyntax-only -x c - || \
			{ echo "make flat STAGE=$${stage%%-*} DEEP=$$deep does not compile"; status=1; }; \
	done; done; exit $$status

lint-quotes:
	$(lint_run)
	$(Q)tests/tutorial/quotes.sh $(TUTORIALS) $(wildcard README*.md)

# Complete, no link of the article forgotten, minutes as counted, and a page to
# print can be made.
lint-tutorial:
	$(lint_run)
	$(Q)tests/lint/tutorial.sh $(TUTORIALS)
	$(Q)status=0; for each in $(TUTORIALS); do \
		awk -f tools/headings.awk -f tools/minutes.awk $(COUNTED) $$each && \
		awk -f tools/headings.awk -f tools/handout.awk $$each >/dev/null || status=1; \
	done; exit $$status

# What learners read says the same in every language, and in the words agreed on.
lint-translation:
	$(lint_run)
	$(Q)status=0; tools/translation.sh check || status=1; tests/lint/spelling.sh || status=1; exit $$status

# What an exercise says of how it is judged is what the tests do.
lint-exercises:
	$(lint_run)
	$(Q)tests/lint/exercises.sh

# Each stage's README.md names every file of its directory, and no others.
lint-readmes:
	$(lint_run)
	$(Q)tests/lint/readmes.sh $(MAINS:/main.c=) $(patsubst %/,%,$(wildcard $(MAINS:main.c=*/))) habits

# The table says what this program says now; the others' part is kept.
lint-features: $(if $(HAVE_OCI),$(BIN)/10-full-container)
	$(lint_run)
	$(Q)$(if $(HAVE_OCI),tools/features.py $< docs/features | diff docs/FEATURES.md - || \
		{ echo "docs/FEATURES.md is old: make features"; exit 1; },:)

# Debian's package has the changelog's version and day.
lint-version:
	$(lint_run)
	$(Q)tests/lint/version.sh

# The templates for other systems' virtual machines.
lint-vm:
	$(lint_run)
	$(Q)tests/lint/vm.sh

# Links within the repository: to files, and to headings.
lint-links:
	$(lint_run)
	$(Q)tests/lint/links.sh $(wildcard *.md */README.md exercises/*/README.md docs/*.md)

lint-shell:
	$(lint_run)
	$(Q)shellcheck -x $(wildcard $(SCRIPTS))

lint-cppcheck:
	$(lint_run)
	$(Q)cppcheck -q --error-exitcode=1 --std=c11 --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=memleakOnRealloc:tests/runner/helpers.c --suppress=ctuuninitvar \
		-D_GNU_SOURCE -D__x86_64__ -I. $(filter %.c,$(C_CODE))

lint-analyzer:
	$(lint_run)
	$(Q)status=0; for file in $(filter-out tests/%,$(call of_stage,$(SOURCES))); do \
		$(CC) $(CFLAGS) $(ANALYZER) -c -o /dev/null $$file || status=1; \
	done; exit $$status

lint-tidy: compile_commands.json
	$(lint_run)
	$(Q)$(if $(call has,$(CLANG_TIDY)),printf '%s\n' $(filter-out tests/%,$(call of_stage,$(SOURCES))) | \
		xargs -P "$$(nproc)" -n 4 $(CLANG_TIDY) --quiet -p . 2>/dev/null,$(call without,$(CLANG_TIDY)))

# The other processors, of which arm64 lacks the older system calls and i386 has
# long integers of 32 bits: all compiles for them, tests included.  The libraries'
# headers are this machine's.
ARM64 := aarch64-linux-gnu-gcc
I386  := i686-linux-gnu-gcc
lint_other = $(if $(shell command -v $(1)),$(MAKE) -s --no-print-directory CC=$(1) Q=@ \
	BUILD=$(BUILD)/$(2) EXTRA='-O1 -Werror -idirafter /usr/include' \
	$(patsubst %.c,$(BUILD)/$(2)/%.o,$(filter-out mk/% bench/%,$(filter %.c,$(C_CODE)))) >/dev/null,:)
lint-arm64:
	$(lint_run)
	$(Q)$(call lint_other,$(ARM64),arm64)

lint-i386:
	$(lint_run)
	$(Q)$(call lint_other,$(I386),i386)
