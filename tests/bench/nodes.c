/* SPDX-License-Identifier: MIT */
#include "nodes.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_MAX (256u << 10)

bool nodes_item(ol_slice *out, ol_slice *list) {
  if (list->len < 4 || work_u32(list->data) > list->len - 4) return false;
  *out = (ol_slice){list->data + 4, work_u32(list->data)};
  *list = (ol_slice){out->data + out->len, list->len - 4 - out->len};
  return true;
}

void nodes_tell(work_answer *answer, const uint64_t *figures, size_t count) {
  for (size_t i = 0; i < 8 * count && i < sizeof answer->bytes; i++)
    answer->bytes[i] = (uint8_t)(figures[i / 8] >> 8 * (i % 8));
}

bool nodes_feed(nodes_count *count, ol_engine *engine, const ol_want *want, ol_slice result) {
  static char text[ANSWER_MAX];
  ol_slice answer = result;
  if (want->body.len > 0) {
    const int head = snprintf(text, sizeof text,
                              "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":", (unsigned long long)want->id);
    if (head <= 0 || result.len >= sizeof text - (size_t)head) return false;
    memcpy(text + head, result.data, result.len);
    answer = (ol_slice){(const uint8_t *)text, (size_t)head + result.len + 1};
    text[answer.len - 1] = '}';
  }
  count->requests++;
  count->received += answer.len;
  return ol_engine_feed(engine, want->id, answer.data, answer.len) == OL_OK;
}
