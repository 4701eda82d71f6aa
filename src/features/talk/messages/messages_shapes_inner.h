#ifndef FEATURES_MESSAGES_MESSAGES_SHAPES_INNER_H
#define FEATURES_MESSAGES_MESSAGES_SHAPES_INNER_H

/* What goes in and out of the routes of messages_api.c, which alone includes this. */

#include "features/talk/messages/messages.h"
#include "privacy/cursor.h"

enum { ID_MAX = 32 };

struct list_in {
    const char *box, *after;
};
struct list_out {
    JSON_LIST_OF(struct messages_conversation) items;
    const char *next;
    int64_t requests;
};
struct open_in {
    struct json_list people;
    const char *name;
};
struct change_in {
    const char *id, *name;
    bool muted;
};
struct person_in {
    const char *id, *person;
};
struct send_in {
    const char *id, *cid, *text;
    int64_t reply;
    struct json_list mentions;
};
struct message_in {
    const char *id, *text, *emoji;
    int64_t seq;
    bool on;
};
struct page_out {
    JSON_LIST_OF(struct messages_message) items;
    int64_t before, after;
};
struct search_in {
    const char *q, *cursor;
};
struct found {
    const char *conversation;
    struct messages_message message;
};
struct search_out {
    JSON_LIST_OF(struct found) items;
    const char *next;
    int64_t searched_ms;
};
struct choice {
    bool show_read;
};

#define OMITTED JSON_OPTIONAL | JSON_OMIT
#define SEQ_MAX ((int64_t)1 << 53)
JSON_SHAPE(mention, "message_mention", struct messages_mention,
           J_TEXT(struct messages_mention, id, 1, ID_MAX),
           J_TEXT(struct messages_mention, name, 1, 32));
JSON_SHAPE(reaction, "message_reaction", struct messages_reaction,
           J_CHOICE(struct messages_reaction, emoji, MESSAGES_EMOJI),
           J_I64(struct messages_reaction, count, 1, MESSAGES_PEOPLE_MAX),
           J_BOOL(struct messages_reaction, mine));
JSON_SHAPE_HERE(
    messages_message_shape, "message", J_I64(struct messages_message, seq, 1, SEQ_MAX),
    J_TEXT(struct messages_message, from, 1, ID_MAX), J_TEXT(struct messages_message, name, 1, 32),
    J_TEXT(struct messages_message, text, 1, MESSAGES_TEXT_MAX, .flags = OMITTED),
    J_TIME(struct messages_message, at),
    J_TIME(struct messages_message, edited_ms, .flags = OMITTED),
    J_BOOL(struct messages_message, gone, .about = "taken back: there is no text any more"),
    J_BOOL(struct messages_message, waits, .about = "there is no text before one accepts"),
    J_I64(struct messages_message, reply, 1, SEQ_MAX, .flags = OMITTED,
          .about = "the message it answers"),
    J_LIST(struct messages_message, mentions, mention, MESSAGES_MENTIONS_MAX),
    J_LIST(struct messages_message, reactions, reaction, MESSAGES_REACTIONS_MAX),
    J_BOOL(struct messages_message, mine),
    J_TEXT(struct messages_message, cid, 1, MESSAGES_CID_MAX, .flags = OMITTED,
           .about = "of one's own only"));
JSON_SHAPE(mark, "conversation_read", struct messages_mark,
           J_TEXT(struct messages_mark, id, 1, ID_MAX),
           J_I64(struct messages_mark, seq, 0, SEQ_MAX));
JSON_SHAPE(conversation, "conversation", struct messages_conversation,
           J_TEXT(struct messages_conversation, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_CHOICE(struct messages_conversation, kind, "pair group"),
           J_TEXT(struct messages_conversation, name, 1, MESSAGES_NAME_MAX, .flags = OMITTED,
                  .about = "of a group that has one; a stranger's has none before one accepts"),
           J_LIST(struct messages_conversation, people, face_shape, MESSAGES_PEOPLE_MAX - 1,
                  .about = "the others, as far as one perceives them"),
           J_TEXT(struct messages_conversation, asked_by, 1, ID_MAX, .flags = OMITTED,
                  .about = "of a group that asks: which of the people asks one in"),
           J_CHOICE(struct messages_conversation, state, "in request",
                    .about = "request: it waits in one's request box"),
           J_BOOL(struct messages_conversation, mine, .about = "a group that one made"),
           J_BOOL(struct messages_conversation, muted),
           J_I64(struct messages_conversation, unread, 0, MESSAGES_UNREAD_MAX),
           J_BOOL(struct messages_conversation, may_write),
           J_OBJECT(struct messages_conversation, last, messages_message_shape, .flags = OMITTED,
                    .about = "the last message, without mentions and reactions"),
           J_TIME(struct messages_conversation, last_ms),
           J_LIST(struct messages_conversation, reads, mark, MESSAGES_PEOPLE_MAX - 1,
                  .about = "how far others read; empty when one does not show it oneself"));
JSON_SHAPE(list, "conversation_list", struct list_out,
           J_LIST(struct list_out, items, conversation, MESSAGES_LIST),
           J_TEXT(struct list_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct list_out, requests, 0, INT64_MAX, .about = "how many wait in the box"));
JSON_SHAPE(list_asked, "conversation_list_which", struct list_in,
           J_CHOICE(struct list_in, box, "in requests", .flags = JSON_OPTIONAL),
           J_TEXT(struct list_in, after, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(opened, "conversation_new", struct open_in,
           J_TEXTS(struct open_in, people, MESSAGES_PEOPLE_MAX - 1, ID_MAX),
           J_TEXT(struct open_in, name, 1, MESSAGES_NAME_MAX, .flags = JSON_OPTIONAL,
                  .about = "of a group"));
JSON_SHAPE(which, "conversation_which", struct change_in, J_TEXT(struct change_in, id, 1, ID_MAX));
JSON_SHAPE(changed, "conversation_change", struct change_in,
           J_TEXT(struct change_in, id, 1, ID_MAX),
           J_TEXT(struct change_in, name, 1, MESSAGES_NAME_MAX, .flags = JSON_OPTIONAL,
                  .about = "its maker names a group; without it muted is set"),
           J_BOOL(struct change_in, muted, .flags = JSON_OPTIONAL));
JSON_SHAPE(added, "conversation_add", struct person_in, J_TEXT(struct person_in, id, 1, ID_MAX),
           J_TEXT(struct person_in, person, 1, ID_MAX));
JSON_SHAPE(page, "message_page", struct page_out,
           J_LIST(struct page_out, items, messages_message_shape, MESSAGES_PAGE_MAX),
           J_I64(struct page_out, before, 1, SEQ_MAX, .flags = OMITTED,
                 .about = "pass it as before to go on back"),
           J_I64(struct page_out, after, 1, SEQ_MAX, .flags = OMITTED,
                 .about = "pass it as after to go on"));
JSON_SHAPE(page_asked, "message_page_which", struct messages_asked,
           J_TEXT(struct messages_asked, id, 1, ID_MAX),
           J_I64(struct messages_asked, before, 1, SEQ_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct messages_asked, after, 1, SEQ_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct messages_asked, around, 1, SEQ_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct messages_asked, limit, 1, MESSAGES_PAGE_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(sent, "message_new", struct send_in, J_TEXT(struct send_in, id, 1, ID_MAX),
           J_TEXT(struct send_in, cid, 1, MESSAGES_CID_MAX,
                  .about = "chosen by the client: the same again is the same message"),
           J_TEXT(struct send_in, text, 1, MESSAGES_TEXT_MAX),
           J_I64(struct send_in, reply, 1, SEQ_MAX, .flags = JSON_OPTIONAL),
           J_TEXTS(struct send_in, mentions, MESSAGES_MENTIONS_MAX, ID_MAX,
                   .flags = JSON_OPTIONAL));
JSON_SHAPE(edited, "message_edit", struct message_in, J_TEXT(struct message_in, id, 1, ID_MAX),
           J_I64(struct message_in, seq, 1, SEQ_MAX),
           J_TEXT(struct message_in, text, 1, MESSAGES_TEXT_MAX));
JSON_SHAPE(one, "message_which", struct message_in, J_TEXT(struct message_in, id, 1, ID_MAX),
           J_I64(struct message_in, seq, 1, SEQ_MAX));
JSON_SHAPE(reacted, "message_react", struct message_in, J_TEXT(struct message_in, id, 1, ID_MAX),
           J_I64(struct message_in, seq, 1, SEQ_MAX),
           J_CHOICE(struct message_in, emoji, MESSAGES_EMOJI), J_BOOL(struct message_in, on));
JSON_SHAPE(searched, "message_search", struct search_in,
           J_TEXT(struct search_in, q, MESSAGES_QUERY_MIN, MESSAGES_QUERY_MAX),
           J_TEXT(struct search_in, cursor, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(found_shape, "message_found", struct found,
           J_TEXT(struct found, conversation, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_OBJECT(struct found, message, messages_message_shape,
                    .about = "without mentions and reactions"));
JSON_SHAPE(found_list, "message_found_list", struct search_out,
           J_LIST(struct search_out, items, found_shape, MESSAGES_FOUND_MAX),
           J_TEXT(struct search_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL),
           J_TIME(struct search_out, searched_ms,
                  .about = "how far back it has looked; 0: through everything"));
JSON_SHAPE(choice_shape, "message_choice", struct choice,
           J_BOOL(struct choice, show_read,
                  .about = "others see how far one has read, and one sees it of them"));

#endif
