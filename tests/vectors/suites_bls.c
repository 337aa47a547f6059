/* SPDX-License-Identifier: MIT */

/* BLS12-381: Wycheproof's files, and Ethereum's own vectors, of which each file is one case. */
#include "suites_wycheproof.h"

#include "crypto/bls.h"

#define MEMBERS_MAX 16

/* Lengths that are not a point's are refused here, as every caller has to. */
static bool read_key(ol_bls_pubkey *out, ol_slice bytes) {
  ol_error error;
  return bytes.len == OL_BLS_PUBKEY_BYTES && ol_bls_pubkey_read(&error, out, bytes.data) == OL_OK;
}

static bool read_signature(ol_bls_signature *out, ol_slice bytes) {
  ol_error error;
  return bytes.len == OL_BLS_SIGNATURE_BYTES && ol_bls_signature_read(&error, out, bytes.data) == OL_OK;
}

/* Reads an array of byte strings. Returns: how many, or more than MEMBERS_MAX when there is no room. */
static size_t read_list(vector_file *file, ol_slice out[MEMBERS_MAX], ol_json object, const char *name) {
  ol_json_items items = vector_items(file, object, name);
  ol_json item;
  size_t count = 0;
  for (; ol_json_next(&item, NULL, &items); count++) {
    if (count < MEMBERS_MAX) out[count] = vector_bytes_of(file, item);
  }
  if (count > MEMBERS_MAX) vector_count(file->tally, false, ol_slice_of(name, strlen(name)), "is too long");
  return count;
}

/* Returns: whether there is room, and all are keys. */
static bool read_keys(vector_file *file, ol_bls_pubkey out[MEMBERS_MAX], size_t *out_count, ol_json object) {
  ol_slice bytes[MEMBERS_MAX];
  *out_count = read_list(file, bytes, object, "pubkeys");
  if (*out_count > MEMBERS_MAX) return false;
  for (size_t i = 0; i < *out_count; i++) {
    if (!read_key(&out[i], bytes[i])) return false;
  }
  return true;
}

static bool accepts_hash_to_g2(vector_file *file, ol_json group, ol_json test) {
  ol_bls_signature point;
  uint8_t bytes[OL_BLS_SIGNATURE_BYTES];
  ol_slice expected = vector_bytes(file, test, "expected");
  ol_bls_hash_to_g2(&point, vector_text(file, group, "dst"), vector_bytes(file, test, "msg"));
  ol_bls_signature_write(bytes, &point);
  return vector_same(expected, ol_slice_of(bytes, sizeof bytes));
}

static bool accepts_verify(vector_file *file, ol_json group, ol_json test) {
  ol_error error;
  ol_json key_object;
  ol_bls_pubkey key;
  ol_bls_signature signature;
  if (!ol_json_find(&key_object, group, "publicKey")) return false;
  ol_slice tag = vector_text(file, group, "ciphersuite"), message = vector_bytes(file, test, "msg");
  return read_key(&key, vector_bytes(file, key_object, "pk")) &&
         read_signature(&signature, vector_bytes(file, test, "sig")) &&
         ol_bls_verify(&error, tag, &key, message, &signature) == OL_OK;
}

static bool accepts_aggregate_verify(vector_file *file, ol_json group, ol_json test) {
  ol_error error;
  ol_bls_pubkey keys[MEMBERS_MAX];
  ol_bls_signature signature;
  ol_slice messages[MEMBERS_MAX];
  size_t count = 0;
  bool read = read_keys(file, keys, &count, test);
  return read_list(file, messages, test, "messages") == count && read &&
         read_signature(&signature, vector_bytes(file, test, "sig")) &&
         ol_bls_aggregate_verify(&error, vector_text(file, group, "ciphersuite"), keys, messages, count,
                                 &signature) == OL_OK;
}

void run_wycheproof_bls_hash_to_g2(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_hash_to_g2);
}

void run_wycheproof_bls_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_verify);
}

void run_wycheproof_bls_aggregate_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_aggregate_verify);
}

/* Ethereum's: {"input": .., "output": ..}; the output is true or false, or bytes, or null for a refusal. */
typedef struct eth_case {
  vector_file file;
  ol_json input;
  ol_json output;
  bool has_output;
} eth_case;

static bool open_case(eth_case *test, vector_tally *tally, const uint8_t *json, size_t len) {
  if (!vector_open(&test->file, tally, json, len)) return false;
  test->has_output = ol_json_find(&test->output, test->file.root, "output");
  if (ol_json_find(&test->input, test->file.root, "input")) return true;
  vector_count(tally, false, ol_slice_of("file", 4), "has no input");
  vector_close(&test->file);
  return false;
}

static void close_case(eth_case *test, bool passed) {
  vector_count(test->file.tally, passed, ol_slice_of("case", 4), "differs from its output");
  vector_close(&test->file);
}

static void close_case_bool(eth_case *test, bool accepted) {
  close_case(test, vector_bool(&test->file, test->file.root, "output") == accepted);
}

/* In: whether a signature came out, and which. */
static void close_case_signature(eth_case *test, bool made, const ol_bls_signature *signature) {
  uint8_t bytes[OL_BLS_SIGNATURE_BYTES];
  if (!made || !test->has_output) {
    close_case(test, made == test->has_output);
    return;
  }
  ol_bls_signature_write(bytes, signature);
  close_case(test, vector_same(vector_bytes_of(&test->file, test->output), ol_slice_of(bytes, sizeof bytes)));
}

void run_bls_aggregate(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_slice bytes[MEMBERS_MAX];
  ol_bls_signature signatures[MEMBERS_MAX], sum;
  if (!open_case(&test, tally, json, len)) return;
  size_t count = read_list(&test.file, bytes, test.file.root, "input");
  bool made = count <= MEMBERS_MAX;
  for (size_t i = 0; made && i < count; i++) made = read_signature(&signatures[i], bytes[i]);
  made = made && ol_bls_aggregate_signatures(&error, &sum, signatures, count) == OL_OK;
  close_case_signature(&test, made, &sum);
}

void run_bls_aggregate_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey keys[MEMBERS_MAX];
  ol_slice messages[MEMBERS_MAX];
  ol_bls_signature signature;
  size_t count = 0;
  if (!open_case(&test, tally, json, len)) return;
  bool accepted =
      read_keys(&test.file, keys, &count, test.input) &&
      read_list(&test.file, messages, test.input, "messages") == count &&
      read_signature(&signature, vector_bytes(&test.file, test.input, "signature")) &&
      ol_bls_aggregate_verify(&error, ol_bls_ethereum, keys, messages, count, &signature) == OL_OK;
  close_case_bool(&test, accepted);
}

/* The batch must say what its members say one by one. */
void run_bls_batch_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey keys[MEMBERS_MAX];
  ol_slice messages[MEMBERS_MAX], bytes[MEMBERS_MAX];
  ol_bls_signature signatures[MEMBERS_MAX];
  ol_bls_claim claims[MEMBERS_MAX];
  const uint8_t seed[32] = {0};
  size_t count = 0;
  bool each = true;
  if (!open_case(&test, tally, json, len)) return;
  bool read = read_keys(&test.file, keys, &count, test.input) &&
              read_list(&test.file, messages, test.input, "messages") == count &&
              read_list(&test.file, bytes, test.input, "signatures") == count;
  for (size_t i = 0; read && i < count; i++) {
    read = read_signature(&signatures[i], bytes[i]);
    claims[i] = (ol_bls_claim){.key = &keys[i], .message = messages[i], .signature = &signatures[i]};
    if (!read) break;
    each = each && ol_bls_verify(&error, ol_bls_ethereum, &keys[i], messages[i], &signatures[i]) == OL_OK;
  }
  bool accepted = read && ol_bls_verify_batch(&error, ol_bls_ethereum, claims, count, seed) == OL_OK;
  bool expected = vector_bool(&test.file, test.file.root, "output");
  close_case(&test, accepted == expected && (read && each) == expected);
}

/* These vectors are about points, and infinity is one, though it is no key. */
void run_bls_deserialization_G1(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey_unchecked point;
  ol_bls_pubkey key;
  if (!open_case(&test, tally, json, len)) return;
  ol_slice bytes = vector_bytes(&test.file, test.input, "pubkey");
  bool is_point =
      bytes.len == OL_BLS_PUBKEY_BYTES && ol_bls_pubkey_decompress(&error, &point, bytes.data) == OL_OK;
  bool is_key = is_point && ol_bls_pubkey_admit(&error, &key, &point) == OL_OK;
  bool is_infinity = is_point && ol_bls_pubkey_is_infinity(&point);
  close_case_bool(&test, is_key != is_infinity);
}

void run_bls_deserialization_G2(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_bls_signature signature;
  if (!open_case(&test, tally, json, len)) return;
  close_case_bool(&test, read_signature(&signature, vector_bytes(&test.file, test.input, "signature")));
}

void run_bls_fast_aggregate_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey keys[MEMBERS_MAX];
  ol_bls_signature signature;
  size_t count = 0;
  if (!open_case(&test, tally, json, len)) return;
  bool accepted =
      read_keys(&test.file, keys, &count, test.input) &&
      read_signature(&signature, vector_bytes(&test.file, test.input, "signature")) &&
      ol_bls_fast_aggregate_verify(&error, ol_bls_ethereum, keys, count,
                                   vector_bytes(&test.file, test.input, "message"), &signature) == OL_OK;
  close_case_bool(&test, accepted);
}

/* A coordinate is "0xREAL,0xIMAGINARY", 96 digits each; `bytes` has the imaginary part first. */
static bool is_coordinate(vector_file *file, ol_json point, const char *name, const uint8_t bytes[96]) {
  static const char digits[] = "0123456789abcdef";
  ol_slice text = vector_text(file, point, name);
  if (text.len != 197 || text.data[98] != ',') return false;
  for (size_t i = 0; i < 96; i++) {
    const uint8_t *pair = text.data + (i < 48 ? 101 + 2 * i : 2 + 2 * (i - 48));
    if (pair[0] != digits[bytes[i] >> 4] || pair[1] != digits[bytes[i] & 15]) return false;
  }
  return true;
}

/* The message is text; the tag is the one of RFC 9380's own examples (appendix J.10.1). */
void run_bls_hash_to_G2(vector_tally *tally, const uint8_t *json, size_t len) {
  static const char tag[] = "QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_";
  eth_case test;
  ol_bls_signature point;
  uint8_t bytes[192];
  if (!open_case(&test, tally, json, len)) return;
  ol_bls_hash_to_g2(&point, ol_slice_of(tag, sizeof tag - 1), vector_text(&test.file, test.input, "msg"));
  ol_bls_signature_coordinates(bytes, &point);
  close_case(&test, is_coordinate(&test.file, test.output, "x", bytes) &&
                        is_coordinate(&test.file, test.output, "y", bytes + 96));
}

/* A signature that was made must also verify. */
void run_bls_sign(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey key;
  ol_bls_signature signature;
  if (!open_case(&test, tally, json, len)) return;
  ol_slice secret = vector_bytes(&test.file, test.input, "privkey");
  ol_slice message = vector_bytes(&test.file, test.input, "message");
  bool made = secret.len == 32 && ol_bls_pubkey_create(&error, &key, secret.data) == OL_OK &&
              ol_bls_sign(&error, &signature, ol_bls_ethereum, secret.data, message) == OL_OK &&
              ol_bls_verify(&error, ol_bls_ethereum, &key, message, &signature) == OL_OK;
  close_case_signature(&test, made, &signature);
}

void run_bls_verify(vector_tally *tally, const uint8_t *json, size_t len) {
  eth_case test;
  ol_error error;
  ol_bls_pubkey key;
  ol_bls_signature signature;
  if (!open_case(&test, tally, json, len)) return;
  bool accepted = read_key(&key, vector_bytes(&test.file, test.input, "pubkey")) &&
                  read_signature(&signature, vector_bytes(&test.file, test.input, "signature")) &&
                  ol_bls_verify(&error, ol_bls_ethereum, &key,
                                vector_bytes(&test.file, test.input, "message"), &signature) == OL_OK;
  close_case_bool(&test, accepted);
}
