# make          build every stage        make check   run every test
# make demo     see a container          make help    what else there is
#
# Every stage is a directory.  Its main.c becomes bin/NN-name; its other
# files are modules, which the later stages use as well.  habits/ is what all
# of them use.
#
# A line that begins with "#:" is one line of `make help`.

CC     ?= cc
BIN    ?= bin
BUILD  ?= build
STAGES := $(sort $(wildcard [01][0-9]-*))

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 \
	-Wundef
HARDENED := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fPIE
SANITIZED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -fPIE
# On 32 bits: sizes of files and times have 64 there, too.
WIDE := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
override CFLAGS += -std=gnu11 -g $(WARNINGS) -D_GNU_SOURCE $(WIDE) -I. -I$(BUILD) \
	$(if $(SANITIZE),$(SANITIZED),$(HARDENED)) $(EXTRA)
# Linked with each program, before all else: see there.
SANITIZER := $(if $(SANITIZE),$(BUILD)/mk/sanitized.o)
override LDFLAGS += $(if $(SANITIZE), \
	-fsanitize=address$(,)undefined -pie $(SANITIZER), \
	-pie -Wl$(,)-z$(,)relro$(,)-z$(,)now)
, := ,

# What stage 10 alone needs.  Without them the other nine still build.
OCI_PACKAGES := libseccomp jansson
HAVE_OCI     := $(shell pkg-config --exists $(OCI_PACKAGES) && echo yes)
OCI_LIBS      = $(shell pkg-config --static --libs $(OCI_PACKAGES)) -lcap

ifneq ($(HAVE_OCI),yes)
STAGES := $(filter-out 10-%,$(STAGES))
endif

# Stage 10 is started for each container, and by half of its verbs twice: so it
# is static, because then nothing is looked up at run time, and what speed/ says
# (SPEED=no: not).  It stays position independent.  Without static libraries,
# and for the sanitizers, it is linked as the others are.
#
# Tried once, with a program that has to run: packed relocations need a linker
# and a C library that know them (glibc 2.36).
OCI_STATIC = $(eval OCI_STATIC := $(if $(SANITIZE),,$(shell \
	for more in -Wl,-z,pack-relative-relocs ''; do \
		echo 'int main(void) { return 0; }' | $(CC) $(OCI_STATIC_FLAGS) $$more \
			-Wl,--fatal-warnings -o $(BUILD)/static -x c - $(OCI_LIBS) && \
		$(BUILD)/static && echo $(OCI_STATIC_FLAGS) $$more && break; \
	done 2>/dev/null)))$(OCI_STATIC)
OCI_STATIC_FLAGS := -static-pie
OCI_LDFLAGS = $(if $(OCI_STATIC),$(filter-out -pie,$(LDFLAGS)) $(OCI_STATIC) $(SPEED_LDFLAGS),$(LDFLAGS))
OCI_NOTE = note: $@ is not static: libc, libcap, $(OCI_PACKAGES) are not all there as archives

# A file with a main() of its own, beside the stages' main.c.
TOOLS := 04-chroot/escape.c $(wildcard tools/*.c)

MAINS   := $(wildcard $(addsuffix /main.c,$(STAGES)))
MODULES := $(filter-out $(MAINS) $(TOOLS), \
	$(wildcard habits/*.c $(foreach stage,$(filter-out 10-%,$(STAGES)),$(stage)/*.c $(stage)/*/*.c)))
OCI     := $(filter-out %/main.c $(if $(filter no,$(SPEED)),10-full-container/speed/%),$(wildcard $(foreach stage,$(filter 10-%,$(STAGES)),$(stage)/*.c $(stage)/*/*.c)))
PROGRAMS := $(patsubst %/main.c,$(BIN)/%,$(MAINS)) \
	$(patsubst %.c,$(BIN)/%,$(notdir $(wildcard $(TOOLS))))

# The short form of a command, "  CC  01-uts/uts.c"; V=1 shows it whole, and
# make -s none (where SHOW, which ./kit gives, is not set).
Q      := $(if $(V),,@)
SILENT := $(if $(SHOW),,$(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))))
show    = $(if $(V)$(SILENT),,@printf '  %-4s %s\n' $(1) $(2))

# make STAGE=05: the directory it means.  5 and 05-cgroups mean it as well.
ifneq ($(STAGE),)
override STAGE := $(firstword $(subst -, ,$(STAGE)))
override STAGE := $(if $(filter 1 2 3 4 5 6 7 8 9,$(STAGE)),0$(STAGE),$(STAGE))
STAGE_DIR  := $(wildcard $(STAGE)-*)
ifeq ($(STAGE_DIR),)
$(error there is no stage $(STAGE): they are 01 to 10)
endif
endif
STAGE_NONE := say which stage: make $(firstword $(MAKECMDGOALS)) STAGE=05

# What root is needed for is said before a compiler runs.
AS_ROOT := $(filter check ladder wrong attacks attacks-oci demo sweep bench,$(MAKECMDGOALS))
ifneq ($(AS_ROOT),)
ifneq ($(shell id -u),0)
$(error make $(firstword $(AS_ROOT)) takes root: sudo ./kit $(subst sweep,clean,$(firstword $(AS_ROOT))))
endif
endif

# The reader may leave early: make flat STAGE=05 | head.
READ_IN_PART := || { status=$$?; [ $$status = 141 ] || exit $$status; }

#: all                 build every stage (make V=1 shows the commands)
.PHONY: all
all: $(PROGRAMS)
	@:
ifeq ($(filter yes,$(HAVE_OCI))$(SILENT),)
	@echo "note: 10-full-container is not built: it needs $(OCI_PACKAGES)" \
	      "(./kit demo installs them)"
endif

object = $(addprefix $(BUILD)/,$(1:.c=.o))

$(BUILD)/modules.a: $(call object,$(MODULES)) | $(SANITIZER)
	@rm -f $@
	$(call show,AR,$@)
	$(Q)$(AR) rcs $@ $^

# libcap serves stages 07 and later; the linker takes what is used.
$(BIN)/0%: $(BUILD)/0%/main.o $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ -lcap

ifneq ($(SPEED),no)
-include 10-full-container/speed/speed.mk
endif

$(BIN)/10-full-container: $(call object,10-full-container/main.c $(OCI)) $(BUILD)/modules.a $(SPEED_SCRIPT)
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(OCI_LDFLAGS) -Wl,--as-needed -o $@ $(filter-out %.ld,$^) $(OCI_LIBS)
	$(if $(SANITIZE)$(OCI_STATIC)$(SILENT),,@echo '$(OCI_NOTE)')

# Runs inside containers whose root has no C library: hence static.
$(BIN)/escape: $(BUILD)/04-chroot/escape.o
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) -static -o $@ $^

# It cleans up after stage 10 as well, where that is built.
$(BIN)/clean: $(call object,tools/clean.c $(OCI)) $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ \
		$(if $(OCI),$(shell pkg-config --libs $(OCI_PACKAGES))) -lcap

$(BIN)/%: $(BUILD)/tools/%.o $(BUILD)/modules.a
	@mkdir -p $(@D)
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $^ -lcap

# Before the first file is compiled: is what the kit needs there?
$(BUILD)/able: mk/able.sh
	@CC="$(CC) $(EXTRA)" sh mk/able.sh $@

$(BUILD)/%.o: %.c | $(BUILD)/able
	@mkdir -p $(@D)
	$(call show,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/04-chroot/escape.o: override CFLAGS := -std=gnu11 -g -O2 $(WARNINGS) -D_GNU_SOURCE -I.

.PHONY: $(STAGES)
$(STAGES): %: $(BIN)/%

# Keep every object: make would delete those that no rule names.
.SECONDARY:

#: clean               remove what make built, or with STAGE=05 one stage's (./kit clean: what containers left)
.PHONY: clean
clean:
	$(Q)rm -rf --one-file-system $(if $(STAGE),$(BIN)/$(STAGE_DIR) $(BUILD)/$(STAGE_DIR) \
		$(BUILD)/modules.a $(BUILD)/tests/$(STAGE_DIR),$(BIN) $(BUILD) compile_commands.json)

# What a newcomer wants comes first.
.PHONY: help
help:
	@printf 'make TARGET, or ./kit TARGET, which also installs what is missing:\n\n'
	@awk '/^#: / { line[++n] = "  " substr($$0, 4); first[n] = $$2 ~ /^(demo|check)$$/ } \
		END { for (pass = 1; pass >= 0; pass--) for (i = 1; i <= n; i++) \
			if (first[i] == pass) print line[i] }' mk/demo.mk mk/tests.mk \
		$(filter-out mk/demo.mk mk/tests.mk,$(MAKEFILE_LIST)) $(READ_IN_PART)

include $(wildcard mk/*.mk)
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
