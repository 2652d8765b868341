# A stage's own Makefile is `include ../stage.mk`: make in a stage's directory
# builds that stage's programs, make check tests them.
STAGE := $(notdir $(CURDIR))

.PHONY: all check diff flat format clean
all check diff flat format clean:
	@$(MAKE) --no-print-directory -C .. $(if $(filter all,$@),$(STAGE),$@) STAGE=$(firstword $(subst -, ,$(STAGE)))
