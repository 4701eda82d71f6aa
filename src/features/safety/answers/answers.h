#ifndef FEATURES_ANSWERS_ANSWERS_H
#define FEATURES_ANSWERS_ANSWERS_H

/*
 * Answers: what officers call to work on requests, and their desk.
 *  - For whoever has the power `requests` (call/roles.h): privacy officers, and nobody else.
 *  - Not here: the rules (features/safety/requests), what is asked (features/safety/rights).
 */

#endif
