#include "tests/fuzz/fuzz.h"
#include "tests/play/play.h"

/* The same players with libFuzzer as their author. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static int started;
    if (!started) {
        play_start();
        started = 1;
    }
    play_script(bytes, len);
    return 0;
}
