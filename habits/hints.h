/*
 * What messages say of this clone: its files, its ./kit.  An installed program
 * has no clone to speak of: hints.c is compiled once more for those, with
 * INSTALLED, and linked before all else (mk/install.mk).
 */
#pragma once

extern const char hint_root[], hint_layer[], hint_left[], hint_modules[],
	hint_beside[];

/* What --help says to try, of the programs that are installed. */
extern const char hint_try_runtime[], hint_try_nsmap[], hint_try_explain[];
