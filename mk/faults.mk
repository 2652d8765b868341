# Every system call of every verb and stage fails once: tests/faults/.

FAULTS      := $(BUILD)/tests/faults
FAULTS_KEPT := $(BUILD)/faults
FAULTS_ALONE := $(addprefix $(FAULTS)/,inside faulty)
FAULTS_CODE := $(filter-out $(FAULTS_ALONE:$(BUILD)/%=%.c),$(wildcard tests/faults/*.c))

# They run where no library is: in a container, and before any call of ours.
$(FAULTS_ALONE): $(BUILD)/%: %.c
	@mkdir -p $(@D)
	$(call show,CC,$@)
	$(Q)$(CC) -std=gnu11 -O2 $(WARNINGS) -D_GNU_SOURCE -static -o $@ $<

$(FAULTS)/inject: $(call object,$(FAULTS_CODE)) $(BUILD)/tests/common.a $(BUILD)/modules.a
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ \
		$$(pkg-config --libs jansson) -lcap

.PHONY: faults-built
faults-built: all rootfs $(FAULTS)/inject $(FAULTS_ALONE)
	@mkdir -p $(FAULTS_KEPT)

# Interrupted, it goes on where it was.  Only a run over all of it makes the
# document.
#: faults              make each system call fail once: docs/FAULTS.md (as root)
#: faults CASES=run,exec  ... only of these; TIME=240 SEED=word: some of all
.PHONY: faults
faults: faults-built
	@$(TEST_ENV) tests/faults/run.sh $(FAULTS)/inject "$(FAULTS_KEPT)" \
		"$(CASES)" "$(TIME)" "$(SEED)"
