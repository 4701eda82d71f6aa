#include <string.h>

#include "base/err.h"
#include "sandbox/frame.h"
#include "tests/fuzz/fuzz.h"

/* What passes lies whole inside the bytes, is as large as allowed, and names no metadata. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    struct sandbox_pages pages;
    enum frame_word word = FRAME_BROKEN;
    if (!frame_read(input, len, &word, &pages) || word != FRAME_PAGES) {
        return 0;
    }
    ASSERT(pages.count >= 1 && pages.count <= SANDBOX_PAGES_MAX);
    const uint8_t *end = input + FRAME_HEAD;
    for (size_t i = 0; i < pages.count; i++) {
        const uint8_t *jpeg = pages.pages[i].jpeg;
        size_t size = pages.pages[i].len;
        ASSERT(jpeg == end + FRAME_LENGTH && size <= SANDBOX_PAGE_MAX);
        ASSERT(memcmp(jpeg, "\xff\xd8\xff", 3) == 0 && memcmp(jpeg + size - 2, "\xff\xd9", 2) == 0);
        ASSERT(jpeg[3] < 0xe1 || jpeg[3] > 0xef);
        end = jpeg + size;
    }
    ASSERT(end == input + len);
    return 0;
}
