# Editions in other languages: docs/TRANSLATING.md.

translation_of = "$(or $(FILE),TUTORIAL.md)"

#: translation         what is missing or old in other languages; SECTION=05-cgroups-a-budget shows both texts and what changed
#: translation STAMP=1 ... a SECTION, or all of FILE=TUTORIAL.md, says what the English one says now (TO=ko); BEGIN=1: a copy to translate
.PHONY: translation
translation:
	@tools/translation.sh $(if $(BEGIN),begin $(translation_of) "$(or $(TO),ko)",$(if $(STAMP)$(SECTION), \
		$(if $(STAMP),stamp,show) $(translation_of) "$(SECTION)" "$(or $(TO),ko)" $(if $(STAMP),$(FROM)),check $(TO) && echo "nothing is missing, old, or of another shape"))
