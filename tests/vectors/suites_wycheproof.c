/* SPDX-License-Identifier: MIT */
#include "suites_wycheproof.h"

#include <stdio.h>

static bool is_text(ol_slice text, const char *expected) {
  return vector_same(text, ol_slice_of(expected, strlen(expected)));
}

static void run_test(vector_file *file, ol_json group, ol_json test, wycheproof_accepts accepts) {
  char label[128];
  ol_slice comment = vector_text(file, test, "comment"), result = vector_text(file, test, "result");
  int printed =
      snprintf(label, sizeof label, "tcId %u (%.*s)", (unsigned)vector_u64(file, test, "tcId"),
               comment.len < 80 ? (int)comment.len : 80, comment.len == 0 ? "" : (const char *)comment.data);
  ol_slice name = ol_slice_of(label, printed < 0 ? 0 : strlen(label));
  bool accepted = accepts(file, group, test);
  if (is_text(result, "valid")) {
    vector_count(file->tally, accepted, name, "is valid but refused");
  } else if (is_text(result, "invalid")) {
    vector_count(file->tally, !accepted, name, "is invalid but accepted");
  } else {
    vector_count(file->tally, is_text(result, "acceptable"), name, "has a result that is not known");
  }
}

void run_wycheproof(vector_tally *tally, const uint8_t *json, size_t len, wycheproof_accepts accepts) {
  vector_file file;
  ol_json group, test;
  if (!vector_open(&file, tally, json, len)) return;
  ol_json_items groups = vector_items(&file, file.root, "testGroups");
  uint32_t before = tally->passed + tally->failed;
  while (ol_json_next(&group, NULL, &groups)) {
    ol_json_items tests = vector_items(&file, group, "tests");
    while (ol_json_next(&test, NULL, &tests)) run_test(&file, group, test, accepts);
  }
  /* The file says how many there are. */
  if (tally->passed + tally->failed - before != vector_u64(&file, file.root, "numberOfTests")) {
    vector_count(tally, false, ol_slice_of("file", 4), "does not have as many tests as it says");
  }
  vector_close(&file);
}
