/* What is tried: each verb in each of its ways, and each stage. */
#pragma once

/* How the container is when the verb comes. */
enum before {
	NOTHING, /* the verb is about none */
	UNMADE,
	CREATED,
	RUNNING,
	PAUSED,
	STOPPED,
};

enum {
	SPEAKS = 1 << 0,   /* a process inside says what it has */
	STAYS = 1 << 1,    /* ... and then waits */
	NUMBERS = 1 << 2,  /* in what it prints, they are of the moment */
	SURVIVES = 1 << 3, /* the container is the same afterwards */
	NETWORK = 1 << 4,  /* it has a bridge, and rules of nftables */
	ENDS = 1 << 5,     /* the container ends by it, a moment later */
};

struct fault_case {
	const char *name;
	const char *program; /* below $BIN */
	const char *words[40];
	int status; /* when all goes well */
	enum before before;
	unsigned int flags;
	const char *file, *patch; /* see world_configure() */
	int seconds;              /* then it hangs; 0: as usual */
};

extern const struct fault_case fault_cases[];

/* A program whose faults are known: the test of all this. */
extern const struct fault_case faulty_case;
