/* Security modules: what the machine has, and a profile to try. */
#pragma once

#include "tests/runner/helpers.h"

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

/*
 * A root file system for a command with this label: it may read /mine, and
 * not /other, which is another container's.  Or skip; it has to be removed.
 */
#define CONTAINER_LABEL "system_u:system_r:container_t:s0:c1,c2"
#define LABELLED        "/run/labelled"
void make_labelled(void);
void remove_labelled(void);
