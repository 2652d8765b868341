# What the linker and the compiler are told for speed/: see README.md here.

SPEED_SCRIPT  := $(BUILD)/started.ld
SPEED_LDFLAGS := -Wl,-T,$(SPEED_SCRIPT) -Wl,-e,entry_start

# Before the C library begins there is no canary, and none of its functions.
$(BUILD)/10-full-container/speed/entry.o: override CFLAGS += -fno-stack-protector -ffreestanding

$(SPEED_SCRIPT): $(addprefix 10-full-container/speed/,started.txt started.awk)
	@mkdir -p $(@D)
	$(Q)awk -f 10-full-container/speed/started.awk $< >$@
