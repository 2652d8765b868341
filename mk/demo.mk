# A root file system to put containers in, and the demonstration.

ROOTFS := $(BUILD)/rootfs

#: demo                see a container, side by side with its host (as root)
.PHONY: demo
demo: all rootfs
	@tools/demo.sh $(BIN) $(ROOTFS)

#: rootfs              build/rootfs: busybox and what a program expects around it
.PHONY: rootfs
rootfs: $(ROOTFS)/etc/os-release
	@:

# Made elsewhere and moved into place, so that it is never there in part.
$(ROOTFS)/etc/os-release: tools/rootfs.sh
	$(call show,FS,$(ROOTFS))
	$(Q)tools/rootfs.sh $(ROOTFS)

#: sweep               remove what killed containers left on this machine (as root)
.PHONY: sweep
sweep: $(BIN)/clean
	@$(BIN)/clean
