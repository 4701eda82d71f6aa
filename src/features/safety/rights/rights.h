#ifndef FEATURES_RIGHTS_RIGHTS_H
#define FEATURES_RIGHTS_RIGHTS_H

/*
 * Rights over one's data, as kinds of requests: what the law lets people ask, with the clocks that
 * count for each.
 *  - An objection to marketing is done when it is made: nobody has to decide that.
 *  - Not here: the limiting of what is done with data while a request is open, since no statement
 *    of the store honours it yet; whoever wants it asks by `question`, and is answered in time.
 *  - Not here: the queue, the clocks, the answer (features/safety/requests).
 */

/* To what one can object: of every written balancing test (privacy/assessments.json) the name
 * behind LIA-, and marketing; a test compares. */
#define RIGHTS_PURPOSES "marketing security mail operations"

#endif
