# Fuzzing: clang's libFuzzer looks for an input that crashes a reader.

FUZZ_TARGETS := spec process state
FUZZ_BUILD   := $(BUILD)/fuzz
FUZZ_CODE    := $(filter-out %/main.c,$(MODULES)) $(OCI) tests/fuzz/input.c
FUZZ_OBJECTS := $(patsubst %.c,$(FUZZ_BUILD)/%.o,$(FUZZ_CODE))
FUZZ_FLAGS   := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_CC      := clang
SECONDS      ?= 60

$(FUZZ_BUILD)/%.o: %.c $(GENERATED) mk/fuzz.mk
	@mkdir -p $(@D)
	$(call show,FUZZ,$<)
	$(Q)$(FUZZ_CC) -std=gnu11 -g -D_GNU_SOURCE -I. -I$(BUILD) $(FUZZ_FLAGS) \
		-fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(FUZZ_TARGETS:%=$(FUZZ_BUILD)/%): $(FUZZ_BUILD)/%: $(FUZZ_BUILD)/tests/fuzz/%.o $(FUZZ_OBJECTS)
	$(call show,LD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ \
		$(shell pkg-config --libs $(OCI_PACKAGES)) -lcap

#: fuzz                fuzz the readers of JSON for SECONDS=60 altogether
.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/%)
	@tests/fuzz/run.sh $(FUZZ_BUILD) $(SECONDS) $(FUZZ_TARGETS)

-include $(wildcard $(FUZZ_BUILD)/*/*.d $(FUZZ_BUILD)/*/*/*.d)
