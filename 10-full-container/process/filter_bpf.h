/*
 * Instructions of BPF, which is described in stage 09's compile.h.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "10-full-container/process/filter_tree.h"

/*
 * A program is written from its end to its beginning: each target of a jump
 * exists before the jump to it.  A "place" is the number of instructions from
 * there to the end, which stays the same while the program grows.
 */
struct bpf {
	struct sock_filter code[BPF_MAXINSNS];
	size_t length;
	bool is_too_long;
};

/* Each writes code in front of the rest and returns its place. */
size_t bpf_load(struct bpf *b, size_t offset); /* in struct seccomp_data */
size_t bpf_return(struct bpf *b, uint32_t action);
size_t bpf_jump(struct bpf *b, size_t place);
/* `test` is BPF_JEQ, BPF_JGT or BPF_JGE: the register compared to `value`. */
size_t bpf_test(struct bpf *b, int test, uint32_t value, size_t yes, size_t no);
size_t bpf_condition(struct bpf *b, const struct filter_condition *condition,
		     size_t yes, size_t no);

/*
 * The same code within reach of a test: where it is, or else a stepping
 * stone, which is a jump, or a copy if it is a single return.
 */
size_t bpf_near(struct bpf *b, size_t place);

/* Copy to memory that the caller frees.  Returns 0, or -1 after a message. */
int bpf_finish(const struct bpf *b, struct sock_fprog *program);
