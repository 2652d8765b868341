# What --version says: written only when it is another than before, so that
# a clone that was built may be read-only.

VERSION_INC := $(BUILD)/10-full-container/version.inc

$(VERSION_INC): FORCE
	@mkdir -p $(@D)
	$(Q)new=$$(mk/version.sh $@ | { read -r version commit; \
		printf '#define VERSION "%s"\n#define COMMIT "%s"\n' "$$version" "$$commit"; }) && \
	if [ "$$new" != "$$(cat $@ 2>/dev/null)" ]; then printf "%s\n" "$$new" >$@.new && mv $@.new $@; fi

.PHONY: FORCE
FORCE:

$(BUILD)/10-full-container/main.o lint-analyzer: $(VERSION_INC)
