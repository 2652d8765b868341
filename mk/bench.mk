# How fast stage 10 is, beside other runtimes and the least that is possible.

BENCH := $(BUILD)/bench

#: bench               measure stage 10 beside other runtimes (as root; ROUNDS=30)
.PHONY: bench bench-built
bench: bench-built
	@bench/run.sh $(abspath $(BIN)/10-full-container) $(abspath $(BENCH)) \
		$(abspath $(ROOTFS)) $(or $(ROUNDS),30)

bench-built: all rootfs $(addprefix $(BENCH)/,measure floor exit pause)
	@:

#: bench-doc           put what make bench has measured into docs/BENCH.md
.PHONY: bench-doc
bench-doc:
	@bench/doc.sh $(BENCH) docs/BENCH.md

#: bench-filter        measure what a filter for system calls costs: a list, a tree
.PHONY: bench-filter
bench-filter: $(BENCH)/filter
	@$< cost

# A small program, for its own needs are the least that it can measure.
$(BENCH)/measure: $(BENCH)/measure.o
	$(call show,LD,$@)
	$(Q)$(CC) -static-pie -o $@ $^

# Built as the runtime is: the C library's start is a part of both.
$(BENCH)/floor: $(BENCH)/floor.o
	$(call show,LD,$@)
	$(Q)$(CC) -static-pie -Wl,-z,relro,-z,now -o $@ $^

$(BENCH)/floor.o: $(BENCH)/filter.inc

$(BENCH)/filter.inc: $(BENCH)/filter
	$(call show,GEN,$@)
	$(Q)$< >$@

$(BENCH)/filter: $(BENCH)/filter.o $(call object,$(wildcard 10-full-container/process/filter_tree.c 10-full-container/process/filter_bpf.c)) $(BUILD)/modules.a
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

$(BENCH)/exit $(BENCH)/pause: bench/payload.c
	@mkdir -p $(@D)
	$(call show,CC,$@)
	$(Q)$(CC) -O2 $(if $(@:%/pause=),,-DPAUSE) -static -nostdlib \
		-fno-stack-protector -fno-asynchronous-unwind-tables \
		-fcf-protection=none -Wl,--build-id=none -s -o $@ $<

-include $(wildcard $(BENCH)/*.d)
