# The exercises' solutions: one file each, which needs nothing of the kit.

SOLUTION_FILES := $(if $(HAVE_OCI),$(wildcard exercises/*/solution.c), \
	$(filter-out exercises/09-%,$(wildcard exercises/*/solution.c)))
solution_program = $(BUILD)/exercises/$(firstword $(subst -, ,$(notdir $(1))))
SOLUTIONS := $(foreach file,$(SOLUTION_FILES),$(call solution_program,$(patsubst %/,%,$(dir $(file)))))

$(BUILD)/exercises/07: SOLUTION_LIBS := -lcap
$(BUILD)/exercises/09: SOLUTION_LIBS := -lseccomp

.SECONDEXPANSION:
$(SOLUTIONS): $(BUILD)/exercises/%: $$(wildcard exercises/$$*-*/solution.c) | $(BUILD)/able
	@mkdir -p $(@D)
	$(call show,CC,$<)
	$(Q)$(CC) -std=gnu11 -g -O2 $(WARNINGS) -D_GNU_SOURCE -o $@ $< $(SOLUTION_LIBS)

#: solutions           a solution of each exercise, as build/exercises/05
.PHONY: solutions
solutions: $(SOLUTIONS)
	@:

#: hint STAGE=05       a hint for that exercise, again for the next (./kit hint 05)
#: after STAGE=05      when it is solved: what the kit does besides (./kit after 05)
.PHONY: hint after
hint after:
	@tools/hint.sh $@ $(STAGE)

#: progress            what was written in this clone, and how it was judged: a picture
.PHONY: progress
progress:
	@tools/progress.sh $(STAGE)
