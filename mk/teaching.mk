# For teachers: pages made from the tutorial (docs/TEACHING.md), in each language.

TUTORIALS := TUTORIAL.md $(sort $(wildcard TUTORIAL.*.md))
COUNTED   := exercises/*/README.md TUTORIAL.md
PRINTER   := $(firstword $(foreach each,chromium chromium-browser google-chrome,$(shell command -v $(each))))

# TUTORIAL.ko.md -> build/handout.ko
handouts = $(patsubst TUTORIAL%,$(BUILD)/handout%,$(TUTORIALS:.md=))

#: handout             a page for each chapter to print: build/handout.html, .pdf where Chromium is
.PHONY: handout
handout: $(addsuffix .html,$(handouts))
	@$(if $(PRINTER),,echo "no PDF: Chromium is not here; print the page from any browser")

# Each time: a pattern cannot be phony.
$(BUILD)/handout%html: TUTORIAL%md FORCE
	@mkdir -p $(@D)
	@awk -f tools/headings.awk -f tools/handout.awk $< >$@.new
	@mv $@.new $@
	@echo $@
	@$(if $(PRINTER),$(PRINTER) --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
		--print-to-pdf=$(abspath $(@:html=pdf)) $@ >$(@:html=log) 2>&1 && echo $(@:html=pdf) || \
		{ echo "no PDF: what $(notdir $(PRINTER)) said is in $(@:html=log)" >&2; exit 1; })

.PHONY: FORCE
FORCE:

#: minutes             how long each chapter takes, written into the tutorial's contents
.PHONY: minutes
minutes:
	@for each in $(TUTORIALS); do \
		awk -v write=1 -f tools/headings.awk -f tools/minutes.awk $(COUNTED) $$each >$$each.new && \
		mv $$each.new $$each || exit; \
	done
