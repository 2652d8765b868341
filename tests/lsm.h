/* Security modules: what the machine has, and a profile to try. */
#pragma once

#include "tests/helpers.h"

bool has_apparmor(void);
bool has_selinux(void);

/* Skip the test where AppArmor, or its parser, is missing. */
void need_apparmor(void);

/*
 * Load the profile of the kit under a name of the test's own, which is
 * returned.  Profiles are the machine's, in no namespace: so it has to be
 * unloaded before anything is asserted.
 */
char *load_profile(void);
void unload_profile(const char *profile);

/* A label that the policy lets root run a program with, or skip. */
char *usable_label(void);
