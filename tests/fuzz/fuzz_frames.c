#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "net/ws.h"
#include "tests/fuzz/fuzz.h"

/*
 * Frames read at once, in pieces as long as the first byte says, and byte by byte must
 * give the same messages; text is valid UTF-8 and nothing is larger than its limit.
 */
static const struct ws_limits limits = {.text_max = 3000, .binary_max = 700};

struct trace {
    size_t count;
    uint64_t hash; /* FNV-1a over kinds, codes and bytes */
    bool failed;
};

static void note(struct trace *trace, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        trace->hash = (trace->hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3U;
    }
}

static void check(struct trace *trace, enum ws_event event, const struct ws_message *message)
{
    ASSERT(event != WS_TEXT ||
           (message->len <= limits.text_max && text_utf8((const char *)message->at, message->len)));
    ASSERT(event != WS_BINARY || message->len <= limits.binary_max);
    ASSERT(event < WS_PING || event == WS_FAIL || message->len <= WS_CONTROL_MAX);
    ASSERT(event != WS_FAIL || ws_code_fits(message->code));
    trace->count++;
    note(trace, &event, sizeof(event));
    note(trace, &message->code, event == WS_CLOSE || event == WS_FAIL ? sizeof(message->code) : 0);
    note(trace, message->at, message->len);
    trace->failed = event == WS_FAIL || event == WS_CLOSE;
}

static struct trace read_in_pieces(const uint8_t *input, size_t len, size_t piece)
{
    struct ws_in ws = {0};
    struct trace trace = {.hash = 0xcbf29ce484222325U};
    uint8_t *rest = NULL; /* what was not used yet: it comes again */
    size_t rest_len = 0;
    for (size_t from = 0; from < len && !trace.failed; from += piece) {
        size_t part = MIN(piece, len - from) + rest_len;
        uint8_t *bytes = malloc(part);
        ASSERT(bytes);
        if (rest_len) {
            memcpy(bytes, rest, rest_len);
        }
        memcpy(bytes + rest_len, input + from, part - rest_len);
        free(rest);
        rest = NULL;
        rest_len = 0;
        for (size_t used = 0; used < part && !trace.failed;) {
            size_t step = 0;
            struct ws_message message = {0};
            enum ws_event event = ws_read(&ws, &limits, bytes + used, part - used, &step, &message);
            used += step;
            if (event == WS_MORE) {
                rest_len = part - used;
                ASSERT(rest_len < 2 + 8 + 4 + WS_CONTROL_MAX);
                rest = rest_len ? malloc(rest_len) : NULL;
                ASSERT(rest || rest_len == 0);
                if (rest_len) {
                    memcpy(rest, bytes + used, rest_len);
                }
                break;
            }
            ASSERT(step > 0 || event == WS_FAIL);
            check(&trace, event, &message);
            ws_next(&ws);
        }
        free(bytes);
    }
    free(rest);
    ws_free(&ws);
    return trace;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    if (len < 2) {
        return 0;
    }
    size_t piece = 1U + input[0];
    struct trace whole = read_in_pieces(input + 1, len - 1, len);
    struct trace pieces = read_in_pieces(input + 1, len - 1, piece);
    struct trace bytes = read_in_pieces(input + 1, len - 1, 1);
    ASSERT(whole.count == pieces.count && whole.count == bytes.count);
    ASSERT(whole.hash == pieces.hash && whole.hash == bytes.hash);
    return 0;
}
