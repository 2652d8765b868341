# Tests: one program for each stage, which runs it as a user would.

TEST_FILES    := $(wildcard tests/*/test_*.c)
# ONLY, for which tests/check.sh says what it is, needs no others: where a
# machine is emulated each takes the compiler a minute.
TEST_WANTED   := $(if $(ONLY),$(sort $(wildcard $(foreach word,$(ONLY),tests/*/$(word).c tests/*/test_$(word).c tests/*/test_$(word)_*.c))),$(TEST_FILES))
TEST_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(filter-out %_filter.c %_rdt.c,$(TEST_WANTED)) tests/faulty/tests.c tests/oci/on_host.c)
# What they share: the runner and its hosts, and the verbs of stage 10.
TEST_COMMON   := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(TEST_FILES), \
	$(wildcard tests/runner/*.c tests/explain/*.c $(addsuffix /*.c,$(wildcard tests/[01][0-9]-*)))))

$(BUILD)/tests/able: mk/able.sh
	@CC="$(CC) $(EXTRA)" sh mk/able.sh $@ check.h

$(BUILD)/tests/%.o: | $(BUILD)/tests/able

# An archive: a test with a main() of its own does not take the runner's.
$(BUILD)/tests/common.a: $(TEST_COMMON)
	$(call show,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(TEST_PROGRAMS): %: %.o $(BUILD)/tests/common.a $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ $$(pkg-config --libs check) -lcap

# The tests that call stage 10's modules itself.
ifneq ($(OCI),)
OCI_TEST := $(patsubst %.c,$(BUILD)/%,$(filter %_filter.c %_rdt.c,$(TEST_WANTED)))

# Of a module that the test has compiled into it nothing is taken from here.
$(BUILD)/tests/oci.a: $(call object,$(OCI))
	$(call show,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) qcs $@ $^

$(OCI_TEST): %: %.o $(BUILD)/tests/oci.a $(BUILD)/tests/common.a $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ \
		$$(pkg-config --libs check $(OCI_PACKAGES)) -lcap
endif

# What a test program is told.
TEST_ENV := BIN=$(abspath $(BIN)) ROOTFS=$(abspath $(ROOTFS)) \
	ATTACKS=$(abspath $(BUILD)/tests/attacks)

# Where paths on the command line are meant from: make -C changes directory,
# but not this variable.
CALLER ?= $(PWD)

# All that needs a compiler, which root does not have to be for.
.PHONY: tests-built
tests-built: all rootfs $(if $(ONLY),,$(SOLUTIONS))$(if $(ONLY)$(STAGE),, $(if $(HAVE_OCI),installed)) $(TEST_PROGRAMS) $(OCI_TEST) $(ATTACKS) $(if $(ONLY),,$(if $(HAVE_OCI),faults-built))
	@:

#: check               run every test (as root)
#: check STAGE=05      ... of one stage; PROGRAM=path judges your own program (./kit check --help)
.PHONY: check
check: tests-built
	@$(TEST_ENV) CALLER="$(CALLER)" ENGINES="$(ENGINES)" tests/check.sh "$(BUILD)/tests" "$(STAGE)" "$$PROGRAM"

#: grade               many programs, one table: ./kit grade STAGE=05 handed-in/* (as root)
.PHONY: grade
grade:
	@./kit grade --help

#: check ENGINES=1     ... and what podman, Docker, containerd and a kubelet do with stage 10
#: ladder              run each stage's tests of isolation against the stage before
.PHONY: ladder
ladder: tests-built
	@$(TEST_ENV) tests/ladder.sh "$(BUILD)/tests" "$(STAGE)"

#: wrong               programs with a mistake each, which the lesson's tests have to refuse (as root)
.PHONY: wrong
wrong: tests-built
	@$(TEST_ENV) CC="$(CC)" tests/wrong/run.sh "$(abspath $(BUILD))/tests" $(STAGE)

# LANGUAGE in the environment is the reader's (gettext), not the program's.
#: start STAGE=05 DIR=mine/05  a place to write that stage yourself; LANGUAGE=python, or go
.PHONY: start
start:
	@tools/start.sh $(or $(STAGE_DIR),$(error $(STAGE_NONE))) \
		"$(if $(filter /%,$(DIR)),$(DIR),$(CALLER)/$(or $(DIR),mine))" "$(if $(filter command,$(origin LANGUAGE)),$(LANGUAGE))"

-include $(wildcard $(BUILD)/tests/*/*.d)
