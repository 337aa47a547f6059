/* SPDX-License-Identifier: MIT */

/* The input as a vault, as it is and with its checksum made right: what is read is what the bytes say. */

#include "fuzz/fuzz.h"
#include "openledger/vault.h"

static bool read_vault(const uint8_t *bytes, size_t len) {
  ol_error error;
  ol_vault vault;
  ol_status status = ol_vault_read(&error, &vault, ol_slice_of(bytes, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return false;
  }
  ol_derivation *derivation;
  uint8_t small[64];
  FUZZ_REQUIRE(len == OL_VAULT_OVERHEAD + (size_t)vault.content_len);
  FUZZ_REQUIRE(vault.content_len <= OL_VAULT_CONTENT);
  FUZZ_REQUIRE(vault.params.passes >= OL_VAULT_PASSES_LEAST && vault.params.memory_kib >= OL_VAULT_KIB_LEAST);
  FUZZ_REQUIRE(ol_vault_memory(&vault.params) > (size_t)vault.params.memory_kib * 1024);
  FUZZ_REQUIRE(ol_vault_open_begin(&error, &derivation, ol_slice_of(bytes, len), ol_slice_of("x", 1), small,
                                   sizeof small) == OL_ERR_MEMORY);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_hash checksum;
  if (len == 0) return 0;
  uint8_t *bytes = fuzz_copy(data, len);
  bool good = read_vault(bytes, len);
  if (len >= 32) {
    ol_keccak256(&checksum, bytes, len - 32);
    bool right = memcmp(bytes + len - 32, checksum.bytes, 32) == 0;
    FUZZ_REQUIRE(right || !good);
    memcpy(bytes + len - 32, checksum.bytes, 32);
    (void)read_vault(bytes, len);
  }
  free(bytes);
  return 0;
}
