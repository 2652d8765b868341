# explain: the story of any program that makes containers.

EXPLAIN := $(wildcard tools/explain/*.c)

all: $(BIN)/explain

$(BIN)/explain: $(call object,$(EXPLAIN)) $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ -lcap

-include $(wildcard $(BUILD)/tools/explain/*.d)

# In a guest, of which it may use all; what is missing there is said.
#: stories             docs/EXPLAIN.md anew: its commands typed on this machine, or in a guest (GUEST=debian13)
.PHONY: stories
stories: all
	@mkdir -p $(BUILD)
	@$(if $(GUEST),tools/vm/guest.sh $(GUEST) "tools/explain/stories.py tell",tools/explain/stories.py tell) \
		>$(BUILD)/stories
	@tools/explain/stories.py write <$(BUILD)/stories
