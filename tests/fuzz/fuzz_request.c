/* SPDX-License-Identifier: MIT */

/* The input as a request for a transaction. What is read and lacks nothing can be signed; what is signed of it is
 * decoded to the same. */

#include "fuzz/fuzz.h"
#include "openledger/openledger.h"

static void check_signable(const ol_transaction *transaction, bool is_whole) {
  ol_error error;
  ol_transaction again;
  ol_hash digest, expected;
  size_t size = 0;
  const uint32_t allowed = OL_SIGN_ANY_CHAIN | OL_SIGN_BLOBS;
  ol_status status = ol_transaction_to_sign(&error, &digest, transaction, transaction->chain_id, allowed);
  if (status != OL_OK) {
    /* But for a legacy transaction of a chain that no signature can name. */
    FUZZ_REQUIRE(!is_whole ||
                 (transaction->type == OL_TX_LEGACY && transaction->chain_id > UINT64_MAX / 2 - 36));
    fuzz_refused(&error, status, 0);
    return;
  }
  (void)!ol_transaction_encode_unsigned(&error, NULL, 0, &size, transaction);
  uint8_t *bytes = fuzz_block(size), *encoded = fuzz_block(size);
  FUZZ_REQUIRE(ol_transaction_encode_unsigned(&error, bytes, size, &size, transaction) == OL_OK);
  ol_keccak256(&expected, bytes, size);
  FUZZ_REQUIRE(ol_hash_equal(&digest, &expected));
  FUZZ_REQUIRE(ol_transaction_decode_unsigned(&error, &again, bytes, size) == OL_OK);
  FUZZ_REQUIRE(ol_transaction_encode_unsigned(&error, encoded, size, &size, &again) == OL_OK);
  FUZZ_REQUIRE(memcmp(bytes, encoded, size) == 0);
  FUZZ_REQUIRE(again.nonce == transaction->nonce && again.gas_limit == transaction->gas_limit);
  free(bytes);
  free(encoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_transaction_request request;
  uint64_t gas, floor;
  const size_t size = 16 * len + 4096;
  uint8_t *text = fuzz_copy(data, len), *memory = fuzz_block(size);
  ol_status status = ol_transaction_request_read(&error, &request, ol_slice_of(text, len), memory, size);
  if (status == OL_OK) {
    const ol_transaction *transaction = &request.transaction;
    FUZZ_REQUIRE(transaction->type <= OL_TX_SET_CODE && transaction->is_create <= 1);
    FUZZ_REQUIRE(transaction->is_create == 0 || transaction->data.len > 0);
    check_signable(transaction, request.missing == 0);
    status = ol_transaction_intrinsic_gas(&error, &gas, &floor, transaction, OL_FORK_JOVIAN);
    FUZZ_REQUIRE(status == OL_OK ? gas >= 21000 && floor >= 21000
                                 : transaction->type == OL_TX_BLOB || status == OL_ERR_LIMIT);
  } else {
    FUZZ_REQUIRE(status != OL_ERR_MEMORY && error.part[0] != '\0');
    fuzz_refused(&error, status, len);
  }
  free(memory);
  free(text);
  return 0;
}
