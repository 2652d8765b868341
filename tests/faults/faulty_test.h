/* The test of the injector itself: it has to find what is wrong in faulty.c. */
#pragma once

/* On a host of its own; prints totals as the test programs do. */
int faulty_test(const char *tools);
