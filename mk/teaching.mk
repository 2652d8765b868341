# For teachers: pages made from the tutorial (docs/TEACHING.md).

PAGES := exercises/*/README.md TUTORIAL.md TUTORIAL.md
PRINTER := $(firstword $(foreach each,chromium chromium-browser google-chrome,$(shell command -v $(each))))

#: handout             a page for each chapter to print: build/handout.html, .pdf where Chromium is
.PHONY: handout
handout:
	@mkdir -p $(BUILD)
	@awk -f tools/handout.awk TUTORIAL.md >$(BUILD)/handout.html.new
	@mv $(BUILD)/handout.html.new $(BUILD)/handout.html
	@echo $(BUILD)/handout.html
	@$(if $(PRINTER),$(PRINTER) --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
		--print-to-pdf=$(abspath $(BUILD))/handout.pdf $(BUILD)/handout.html >$(BUILD)/handout.log 2>&1 && \
		echo $(BUILD)/handout.pdf,echo "no PDF: Chromium is not here; print the page from any browser")

#: minutes             how long each chapter takes, written into the tutorial's contents
.PHONY: minutes
minutes:
	@awk -v write=1 -f tools/minutes.awk $(PAGES) >TUTORIAL.md.new
	@mv TUTORIAL.md.new TUTORIAL.md
