/* What is a capability called?  The kernel knows numbers only. */
#pragma once

#include "07-caps/caps.h"

#define CAPS_NAME_SIZE 32

/* "NET_RAW" or "cap_net_raw" to a number; -1: the kernel has none such. */
int caps_from_name(const char *name);

/* "CAP_NET_RAW"; the number where libcap has no name yet. */
void caps_to_name(int capability, char name[CAPS_NAME_SIZE]);

/* "close to it: CAP_NET_RAW, ..." for a word that is none; or "". */
void caps_list_near(const char *word, char *list, size_t size);

/* Is all there that was added by name?  Names the first that is not. */
int caps_check_named(const struct caps *caps, uint64_t available);
