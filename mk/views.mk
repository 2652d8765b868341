# The same code, seen in other ways.  All of it is generated.

#: diff STAGE=05       what this stage's main.c adds to the one before
.PHONY: diff
diff:
	@tools/diff.sh $(or $(STAGE_DIR),$(error $(STAGE_NONE))) $(READ_IN_PART)

#: flat STAGE=05       the stage's program as one C file (DEEP=1: with all of beyond/)
GENERATED := $(BUILD)/09-seccomp/syscalls.inc $(BUILD)/10-full-container/version.inc
.PHONY: flat
flat:
	@$(if $(filter 09-% 10-%,$(STAGE_DIR)),$(MAKE) -s $(GENERATED) >&2,:)
	@awk -v build=$(BUILD) $(if $(DEEP),-v deep=1) -f tools/flat.awk $(or $(STAGE_DIR),$(error $(STAGE_NONE)))/main.c \
		$(MODULES) $(if $(filter 10-%,$(STAGE_DIR)),$(OCI)) $(READ_IN_PART)

# For editors and clang-tidy: how each file is compiled.
SOURCES := $(MAINS) $(MODULES) $(OCI) $(wildcard $(TOOLS) tools/*/*.c)

#: compile_commands.json  for editors: how each file is compiled
compile_commands.json: Makefile $(SOURCES) $(GENERATED)
	$(call show,JSON,$@)
	$(Q){ echo '['; \
	for file in $(SOURCES); do \
		printf '%b{ "directory": "%s", "file": "%s", "command": "%s" }' \
			"$$comma" '$(CURDIR)' "$$file" \
			"$(CC) $(CFLAGS) $(CPPFLAGS) -c $$file"; \
		comma=",\n"; \
	done; echo; echo ']'; } >$@.new && mv $@.new $@
