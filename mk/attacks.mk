# The attack table: each attack is a program that needs nothing where it runs.

ATTACKS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/attacks/*.c tests/attacks/oci/*.c))

$(ATTACKS): $(BUILD)/%: %.c
	@mkdir -p $(@D)
	$(call show,CC,$@)
	$(Q)$(CC) -std=gnu11 -O2 $(WARNINGS) -D_GNU_SOURCE -static -o $@ $<

#: attacks             which attack works against which stage (as root)
.PHONY: attacks
attacks: all rootfs $(ATTACKS)
	@tests/attacks/run.sh $(BIN) $(BUILD)/tests/attacks

#: attacks-oci         attacks on this runtime, runc and crun: docs/ATTACKS.md (as root)
.PHONY: attacks-oci
attacks-oci: all rootfs $(ATTACKS)
	@tests/attacks/oci/run.sh $(BIN) $(BUILD)/tests/attacks docs/ATTACKS.md
