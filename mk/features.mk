# What stage 10 can do, beside the runtimes of the distribution.

#: features            docs/FEATURES.md: this runtime, runc and crun as they say themselves
# The others are those of the newest stable Debian: it was made in a guest
# (./kit vm) with Debian 13.  A runtime that is not installed keeps what it said before.
.PHONY: features
features: $(BIN)/10-full-container
	@mkdir -p docs/features
	@tools/features.py --ask $< docs/features >docs/FEATURES.md.new
	@mv docs/FEATURES.md.new docs/FEATURES.md
