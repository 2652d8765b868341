# A runtime that one installs: stage 10 as `ten-steps`, and tools beside it.

# As GNU's standards name them.  DESTDIR stands before each.  ten-steps is in bin and not
# in sbin, for an ordinary user can run containers, too, by himself and by podman.
PREFIX  ?= /usr/local
prefix  ?= $(PREFIX)
INSTALL ?= install
bindir  ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir  ?= $(datadir)/man
docdir  ?= $(datadir)/doc/ten-steps
bashcompletiondir ?= $(datadir)/bash-completion/completions
zshcompletiondir  ?= $(datadir)/zsh/site-functions
# Who keeps lists himself, as a package does, has no use for ours: RECORD=
RECORD  ?= yes

MADE    := $(BUILD)/installed
TOOLED  := nsmap $(if $(wildcard tools/explain/main.c),explain)
INSTALLED_PROGRAMS := ten-steps $(TOOLED)
INSTALLED_PAGES    := $(foreach page,$(wildcard tools/install/*.[1-9].in),\
	$(if $(filter $(basename $(basename $(notdir $(page)))),$(INSTALLED_PROGRAMS)),$(notdir $(page:.in=))))
INSTALLED := $(addprefix $(MADE)/,$(INSTALLED_PROGRAMS) $(INSTALLED_PAGES) \
	$(INSTALLED_PROGRAMS:=.bash) $(INSTALLED_PROGRAMS:%=_%) \
	$(addprefix examples/,$(notdir $(wildcard tools/install/examples/*))))

# The same objects as in bin/, but for what messages say of this clone.
$(MADE)/hints.o: habits/hints.c | $(BUILD)/able
	@mkdir -p $(@D)
	$(call show,CC,"$< (installed)")
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) -DINSTALLED -MMD -MP -c -o $@ $<

$(MADE)/ten-steps: $(MADE)/hints.o $(call object,10-full-container/main.c $(OCI)) $(BUILD)/modules.a $(SPEED_SCRIPT)
	$(call show,LD,$@)
	$(Q)$(CC) $(OCI_LDFLAGS) -Wl,--as-needed -o $@ $(filter-out %.ld,$^) $(OCI_LIBS)
	$(if $(SANITIZE)$(OCI_STATIC)$(SILENT),,@echo '$(OCI_NOTE)')

$(TOOLED:%=$(MADE)/%): $(MADE)/%: $(MADE)/hints.o $(BUILD)/modules.a
	$(call show,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -Wl,--as-needed -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcap

$(foreach tool,$(TOOLED),$(eval $(MADE)/$(tool): $(call object,$(wildcard tools/$(tool)/*.c))))

# What it can do, as it says itself: of that, pages and completion are made.
$(MADE)/%.options: $(MADE)/% tools/install/table.sh
	$(Q)tools/install/table.sh $< >$@.new && mv $@.new $@

$(MADE)/%.bash: $(MADE)/%.options tools/install/bash.awk tools/install/bash.in
	$(call show,GEN,$@)
	$(Q)awk -v program=$* -f tools/install/bash.awk $< >$@

$(MADE)/_%: $(MADE)/%.options tools/install/zsh.awk
	$(call show,GEN,$@)
	$(Q)awk -v program=$* -f tools/install/zsh.awk $< >$@

# Paths are those of this installation: hence not made once for all.
$(addprefix $(MADE)/,$(INSTALLED_PAGES)): $(MADE)/%: tools/install/%.in tools/install/man.awk FORCE
	$(Q)awk -v version="$$(mk/version.sh | cut -d' ' -f1)" -v day="$$(sed -n 's/^## [0-9][0-9.]* (\(.*\))$$/\1/p' CHANGELOG.md | head -n 1)" \
		$(if $(filter explain,$(TOOLED)),-v explain=1) \
		-f tools/install/man.awk $(MADE)/$(basename $*).options $< >$@.new && mv $@.new $@

$(foreach page,$(INSTALLED_PAGES),$(eval $(MADE)/$(page): $(MADE)/$(basename $(page)).options))

$(MADE)/examples/%: tools/install/examples/% FORCE
	@mkdir -p $(@D)
	$(Q)awk -f tools/install/man.awk $< >$@.new && mv $@.new $@

# By the environment, since there may be blanks in them; and there for these alone.
$(foreach each,DESTDIR INSTALL INSTALLED_PROGRAMS MADE RECORD bindir datadir mandir docdir \
	bashcompletiondir zshcompletiondir,\
	$(eval install uninstall installed: export $(each) := $$($(each))))

.PHONY: install installed uninstall installable
installed: $(if $(HAVE_OCI),$(INSTALLED),installable)
	@:
installable:
	@echo "make: what is installed is stage 10, which needs $(OCI_PACKAGES)" >&2
	@echo "  hint: sudo ./kit demo installs them" >&2
	@false

#: install             stage 10 as the runtime ten-steps, nsmap, pages, completion (PREFIX=/usr/local, DESTDIR=)
install: installed
	@tools/install/install.sh install
	@[ "$$(id -u)" != 0 ] || find $(BUILD) -xdev -uid 0 -exec chown -h --reference=. {} +

#: uninstall           remove what install put there, and nothing else
uninstall:
	@tools/install/install.sh uninstall

-include $(wildcard $(MADE)/*.d)
