#include <string.h>

#include "base/err.h"
#include "net/head.h"
#include "tests/fuzz/fuzz.h"

/*
 * A head read at once and byte by byte must be the same; one that is accepted must
 * obey the rules that keep two servers from reading it in two ways.
 */
enum { BODY_MAX = 64 * 1024 };

static void check_spans(const struct head *head)
{
    ASSERT(head->method.len > 0 && (head->method.at == 0 || head->method.at == 2));
    ASSERT(head->authority.len == 0 || head->authority.at > head->method.at + head->method.len);
    ASSERT(head->target.len > 0 && head->target.len <= HEAD_TARGET_MAX);
    size_t at = (size_t)head->target.at + head->target.len;
    for (size_t i = 0; i < head->field_count; i++) {
        ASSERT(head->fields[i].name.at > at && head->fields[i].name.len > 0);
        at = (size_t)head->fields[i].name.at + head->fields[i].name.len;
        ASSERT(head->fields[i].value.at > at);
        at = (size_t)head->fields[i].value.at + head->fields[i].value.len;
    }
    ASSERT(at + 4 <= head->pos);
}

static void check_lines(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        ASSERT(bytes[i] != '\0');
        ASSERT(bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'));
        ASSERT(bytes[i] != '\r' || (i + 1 < len && bytes[i + 1] == '\n'));
    }
    ASSERT(len >= 4 && memcmp(bytes + len - 4, "\r\n\r\n", 4) == 0);
}

static void check_facts(const struct head *head, const char *bytes)
{
    struct head_facts facts = {0};
    struct head_span first;
    size_t at = 0;
    int status = head_facts(head, bytes, BODY_MAX, &facts);
    ASSERT(status == 0 || status == 400 || status == 411 || status == 413 || status == 417 ||
           status == 501);
    if (status != 0) {
        return;
    }
    ASSERT(facts.body_len <= BODY_MAX);
    ASSERT(!head_value(head, bytes, "transfer-encoding").len);
    if (head_next(head, bytes, "content-length", &at, &first)) {
        ASSERT(!head_next(head, bytes, "content-length", &at, &first));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    const char *bytes = (const char *)input;
    struct head whole = {0};
    struct head slow = {0};
    int status = head_read(&whole, bytes, len);
    int slow_status = 0;
    for (size_t i = 1; i <= len && slow_status == 0; i++) {
        slow_status = head_read(&slow, bytes, i);
    }
    ASSERT(status == slow_status);
    ASSERT(memcmp(&whole, &slow, sizeof(whole)) == 0);
    ASSERT(whole.pos <= HEAD_MAX && whole.pos <= len);
    if (status == 200) {
        check_spans(&whole);
        check_lines(bytes, whole.pos);
        check_facts(&whole, bytes);
    }
    return 0;
}
