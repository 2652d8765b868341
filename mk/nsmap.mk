# nsmap, the one tool that takes several files.

NSMAP := $(wildcard tools/nsmap/*.c)

all: $(BIN)/nsmap

$(BIN)/nsmap: $(call object,$(NSMAP)) $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^

-include $(wildcard $(BUILD)/tools/nsmap/*.d)
