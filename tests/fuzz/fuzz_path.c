/* SPDX-License-Identifier: MIT */

/* The input as a path of keys, which is written again, and as a private key. */

#include "fuzz/fuzz.h"
#include "openledger/key.h"

static void check_path(const ol_path *path, const char *text, size_t len) {
  char written[OL_PATH_STEPS * 12 + 2] = "m";
  size_t used = 1;
  FUZZ_REQUIRE(path->depth <= OL_PATH_STEPS);
  for (uint32_t i = 0; i < path->depth; i++) {
    const uint32_t step = path->steps[i];
    used += (size_t)snprintf(written + used, sizeof written - used, "/%u%s", step & ~OL_PATH_HARDENED,
                             step >= OL_PATH_HARDENED ? "'" : "");
  }
  FUZZ_REQUIRE(used == len);
  for (size_t i = 0; i < len; i++) {
    char c = text[i] == 'h' || text[i] == 'H' ? '\'' : text[i];
    FUZZ_REQUIRE(c == written[i]);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_path path;
  ol_address address;
  uint8_t key[32];
  char *text = (char *)fuzz_copy(data, len);
  ol_status status = ol_path_from_text(&error, &path, text, len);
  if (status == OL_OK) {
    check_path(&path, text, len);
  } else {
    fuzz_refused(&error, status, len);
  }
  status = ol_key_from_text(&error, key, ol_slice_of(text, len));
  if (status == OL_OK) {
    FUZZ_REQUIRE(ol_key_address(&error, &address, key) == OL_OK);
  } else {
    fuzz_refused(&error, status, len);
  }
  free(text);
  return 0;
}
