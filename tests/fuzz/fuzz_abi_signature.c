/* SPDX-License-Identifier: MIT */

/* The input as a signature: its canonical text is one too, and says the same. */

#include "encoding/abi_type.h"
#include "fuzz/fuzz.h"

static void check_types(const ol_abi_signature *signature) {
  FUZZ_REQUIRE(signature->used > 0 && signature->used <= OL_ABI_TYPES);
  FUZZ_REQUIRE(signature->types[0].span <= signature->used);
  for (size_t i = 0; i < signature->used; i++) {
    const ol_abi_type *type = &signature->types[i];
    FUZZ_REQUIRE(type->span > 0 && i + type->span <= signature->used);
    FUZZ_REQUIRE(type->height <= OL_ABI_DEPTH && type->words <= OL_ABI_WORDS && type->inside <= OL_ABI_WORDS);
    FUZZ_REQUIRE(type->kind >= OL_ABI_BYTES || (type->size > 0 && type->size <= 32 && type->words == 1));
    if (type->kind == OL_ABI_ARRAY) FUZZ_REQUIRE(type->dynamic && type[1].words > 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static ol_abi_signature signature, again;
  char text[OL_ABI_CANONICAL], same[OL_ABI_CANONICAL];
  ol_error error;
  uint8_t *copy = fuzz_copy(data, len);
  ol_error_clear(&error);
  const ol_status status = ol_abi_parse(&error, &signature, ol_slice_of(copy, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    free(copy);
    return 0;
  }
  check_types(&signature);
  const size_t text_len = ol_abi_canonical(text, &signature);
  FUZZ_REQUIRE(text_len <= sizeof text);
  if (text_len <= OL_ABI_TEXT) {
    FUZZ_REQUIRE(ol_abi_parse(&error, &again, ol_slice_of(text, text_len)) == OL_OK);
    FUZZ_REQUIRE(fuzz_same(ol_slice_of(same, ol_abi_canonical(same, &again)), ol_slice_of(text, text_len)));
    FUZZ_REQUIRE(ol_hash_equal(&signature.hash, &again.hash));
    FUZZ_REQUIRE(again.types[0].span == signature.types[0].span);
  }
  free(copy);
  return 0;
}
