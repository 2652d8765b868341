# What --version says: written anew only when it is another than before.

VERSION_INC := $(BUILD)/10-full-container/version.inc

$(VERSION_INC): FORCE
	@mkdir -p $(@D)
	$(Q)mk/version.sh $@ | { read -r version commit; \
		printf '#define VERSION "%s"\n#define COMMIT "%s"\n' "$$version" "$$commit"; } >$@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: FORCE
FORCE:

$(BUILD)/10-full-container/main.o lint-analyzer: $(VERSION_INC)
