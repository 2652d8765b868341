/* What is on the host that could be left behind. */
#pragma once

#include <stdbool.h>

#include "tests/faults/text.h"

/* All that there is now.  `has_network`: nftables as well, which is slow. */
struct lines left_look(bool has_network);

/*
 * What came and went since: new text, "" if nothing.  What is about to go has
 * a while to do so.
 */
char *left_since(const struct lines *before, bool has_network);

/* Put the host back by force, so that the next fault finds it as it was. */
void left_remove(const struct lines *before, bool has_network);
