/*
 * How are the options of a filesystem written?
 */
#pragma once

/*
 * Set options, "size=1m,mode=755", at a context of fsopen(2), or of fspick(2)
 * for a filesystem that exists.  -1 with errno, and no message.
 */
int words_set(int context, const char *options);
