/* Ask explain for a story, and look at its steps. */
#pragma once

/*
 * The kinds of its steps, "clone NEWUTS; hostname": with these words, of
 * --since and --until this chapter; 0: of all.  "!" before one that failed.
 */
char *story_kinds(int chapter, const char *const words[]);

/* The kinds in this text of --json, each once a line. */
char *story_kinds_in(const char *json);
