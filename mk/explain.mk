# explain: the story of any program that makes containers.

EXPLAIN := $(wildcard tools/explain/*.c)

all: $(BIN)/explain

$(BIN)/explain: $(call object,$(EXPLAIN)) $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ -lcap

-include $(wildcard $(BUILD)/tools/explain/*.d)
