# The names and numbers of system calls, as this machine's headers have them.
$(BUILD)/09-seccomp/syscalls.inc: mk/seccomp.mk
	$(if $(V)$(SILENT),,$(call show,GEN,$@) >&2)
	@mkdir -p $(@D)
	$(Q)echo '#include <asm/unistd.h>' | $(CC) $(CPPFLAGS) -dM -E - | \
		sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/{ "\1", __NR_\1 },/p' | \
		sed '/"syscalls"/d; /"arch_specific_syscall"/d' | \
		LC_ALL=C sort > $@.new
	@test -s $@.new && mv $@.new $@

$(BUILD)/09-seccomp/beyond/syscalls.o lint-analyzer: $(BUILD)/09-seccomp/syscalls.inc
