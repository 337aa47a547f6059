/* SPDX-License-Identifier: MIT */
#include "openledger/witness.h"

#include "crypto/curve25519.h"
#include "crypto/sha2.h"
#include "encoding/base64.h"
#include "encoding/text.h"

#include "base/poison.h"

#define PATH 64        /* siblings of an entry in a log of 2^64 - 1 */
#define SIGNATURES 64  /* of a note: it must be 16 at least */
#define NOTE_TEXT 4096 /* bytes of a checkpoint */
#define COSIGNED 48    /* bytes that a cosignature puts before it: two lines, the longest number in one */
#define PIECE 128      /* characters of base64 that are read at once, */
#define PIECE_BYTES 96 /* and what they say */
#define KEY_ID 4
#define NO_LINE 0

/* Text whose lines are taken one by one. */
typedef struct lines {
  ol_slice left;
  uint32_t number; /* of the last that was taken */
} lines;

/* A proof, read. */
typedef struct parts {
  uint64_t index;
  uint32_t path_len;
  ol_hash path[PATH];
  ol_slice text; /* of the checkpoint */
  ol_slice origin;
  uint32_t origin_line;
  uint64_t size;
  ol_hash root;
  lines signatures;
} parts;

static ol_status in_line(ol_error *error, ol_status status, const lines *of) {
  return ol_error_in(error, status, "line", of->number);
}

static ol_status refuse(ol_error *error, const lines *of, ol_status status, const char *reason) {
  return in_line(error, ol_fail(error, status, OL_NOWHERE, reason), of);
}

/* --- Texts --- */

/* Out: a line without its end, which must be there, and is UTF-8 without control characters. */
static ol_status take(ol_error *error, ol_slice *out, lines *from) {
  size_t at = 0;
  from->number++;
  while (at < from->left.len && from->left.data[at] != '\n') {
    const size_t len = ol_utf8_len(ol_slice_of(from->left.data + at, from->left.len - at));
    if (len == 0 || from->left.data[at] < 0x20)
      return in_line(
          error, ol_fail(error, OL_ERR_ENCODING, at, "proof is not UTF-8, or has control characters"), from);
    at += len;
  }
  if (at == from->left.len)
    return refuse(error, from, OL_ERR_ENCODING, "proof ends within, or before, a line");
  *out = ol_slice_of(from->left.data, at);
  from->left = ol_slice_of(from->left.data + at + 1, from->left.len - at - 1);
  return OL_OK;
}

/* Returns: what stands behind the beginning of a text, which it has. */
static ol_slice behind(ol_slice text, size_t len) {
  return ol_slice_of(text.data + len, text.len - len);
}

static ol_status read_number(ol_error *error, uint64_t *out, ol_slice text) {
  uint64_t number = 0;
  if (text.len == 0 || (text.len > 1 && text.data[0] == '0'))
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "number has no digits, or a leading zero");
  for (size_t i = 0; i < text.len; i++) {
    const uint64_t digit = (uint64_t)text.data[i] - '0';
    if (digit > 9) return ol_fail(error, OL_ERR_ENCODING, i, "character is not a decimal digit");
    if (number > (UINT64_MAX - digit) / 10)
      return ol_fail(error, OL_ERR_ENCODING, i, "number has more than 64 bits");
    number = number * 10 + digit;
  }
  *out = number;
  return OL_OK;
}

/* Reads base64 of any length. Out: the first bytes of what it says; how many it says. */
static ol_status read_base64(ol_error *error, uint8_t out[PIECE_BYTES], size_t *out_len, ol_slice text) {
  uint8_t piece[PIECE_BYTES];
  *out_len = 0;
  if (text.len == 0) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "base64 is missing");
  for (size_t at = 0; at < text.len; at += PIECE) {
    const size_t len = text.len - at < PIECE ? text.len - at : PIECE;
    size_t got;
    OL_TRY(ol_base64_decode(error, piece, &got, (const char *)text.data + at, len));
    if (got != PIECE_BYTES && at + len < text.len)
      return ol_fail(error, OL_ERR_ENCODING, at, "base64 goes on behind its padding");
    if (at == 0) memcpy(out, piece, got);
    *out_len += got;
  }
  return OL_OK;
}

static ol_status read_hash(ol_error *error, ol_hash *out, ol_slice text) {
  uint8_t bytes[PIECE_BYTES];
  size_t len;
  OL_TRY(read_base64(error, bytes, &len, text));
  if (len != sizeof out->bytes) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "hash has not 32 bytes");
  memcpy(out->bytes, bytes, sizeof out->bytes);
  return OL_OK;
}

/* Returns: whether a character, of UTF-8 as it is, is a space by Unicode. */
static bool is_space(ol_slice text) {
  static const char *const spaces[] = {" ",
                                       "\xc2\x85",
                                       "\xc2\xa0",
                                       "\xe1\x9a\x80",
                                       "\xe2\x80\xa8",
                                       "\xe2\x80\xa9",
                                       "\xe2\x80\xaf",
                                       "\xe2\x81\x9f",
                                       "\xe3\x80\x80"};
  for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
    if (ol_slice_begins(text, spaces[i])) return true;
  return ol_slice_begins(text, "\xe2\x80") && text.len > 2 && text.data[2] <= 0x8a; /* U+2000 to U+200A */
}

static ol_status check_name(ol_error *error, ol_slice name) {
  if (name.len == 0 || name.len > OL_WITNESS_NAME)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "name of a key has not 1 to 255 bytes");
  for (size_t at = 0; at < name.len;) {
    const ol_slice rest = behind(name, at);
    const size_t len = ol_utf8_len(rest);
    if (len == 0 || rest.data[0] < 0x20 || rest.data[0] == '+' || is_space(rest))
      return ol_fail(error, OL_ERR_ENCODING, at, "name of a key has a space, a plus, or is not UTF-8");
    at += len;
  }
  return OL_OK;
}

/* --- Keys --- */

static void key_id(uint8_t out[KEY_ID], const ol_witness_key *key, ol_witness_kind kind) {
  const uint8_t between[2] = {'\n', (uint8_t)kind};
  ol_sha256_state state;
  ol_hash hash;
  ol_sha256_init(&state);
  ol_sha256_update(&state, key->name.data, key->name.len);
  ol_sha256_update(&state, between, sizeof between);
  ol_sha256_update(&state, key->key, sizeof key->key);
  ol_sha256_final(&state, &hash);
  memcpy(out, hash.bytes, KEY_ID);
}

/* Returns: bytes before a character, or all of them. */
static size_t until(ol_slice text, char character) {
  size_t at = 0;
  while (at < text.len && text.data[at] != (uint8_t)character) at++;
  return at;
}

ol_status ol_witness_key_read(ol_error *error, ol_witness_key *out, ol_slice text, ol_witness_kind kind) {
  static const char digits[] = "0123456789abcdef";
  uint8_t bytes[PIECE_BYTES], id[KEY_ID];
  size_t len;
  ol_error_clear(error);
  ol_witness_key key = {.name = ol_slice_of(text.data, until(text, '+'))};
  OL_TRY(check_name(error, key.name));
  const size_t at = key.name.len + 1;
  if (text.len <= at + 2 * KEY_ID || text.data[at + 2 * KEY_ID] != '+')
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE,
                   "key is not a name, an id and base64 with '+' between them");
  OL_TRY(read_base64(error, bytes, &len, behind(text, at + 2 * KEY_ID + 1)));
  if (len != 1 + sizeof key.key || bytes[0] != (uint8_t)kind)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "key is of another kind");
  memcpy(key.key, bytes + 1, sizeof key.key);
  key_id(id, &key, kind);
  for (size_t i = 0; i < 2 * KEY_ID; i++) {
    if (text.data[at + i] != (uint8_t)digits[i % 2 == 0 ? id[i / 2] >> 4 : id[i / 2] & 15])
      return ol_fail(error, OL_ERR_MISMATCH, at + i, "id is not that of the key");
  }
  *out = key;
  return OL_OK;
}

static bool is_same(const ol_witness_key *a, const ol_witness_key *b) {
  return ol_slice_equal(a->name, b->name) || memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* The signed message of a cosignature does not have its key's name: the same key twice would be two witnesses. */
static ol_status check_policy(ol_error *error, const ol_witness_policy *policy) {
  if (policy->witness_count > OL_WITNESS_KEYS || policy->quorum == 0 ||
      policy->quorum > policy->witness_count)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "quorum is not from 1 to the number of witnesses");
  OL_TRY(ol_error_in(error, check_name(error, policy->log.name), "log", OL_NOWHERE));
  for (uint32_t i = 0; i < policy->witness_count; i++) {
    const ol_witness_key *witness = &policy->witnesses[i];
    OL_TRY(ol_error_in(error, check_name(error, witness->name), "witness", i));
    bool known = is_same(&policy->log, witness);
    for (uint32_t k = 0; k < i; k++) known = known || is_same(&policy->witnesses[k], witness);
    if (known)
      return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "name or key is there twice"),
                         "witness", i);
  }
  return OL_OK;
}

/* --- A proof's lines --- */

static ol_status read_path(ol_error *error, parts *out, lines *from) {
  ol_slice line;
  OL_TRY(take(error, &line, from));
  if (!ol_slice_is(line, "c2sp.org/tlog-proof@v1"))
    return refuse(error, from, OL_ERR_ENCODING, "proof is not of the form c2sp.org/tlog-proof@v1");
  OL_TRY(take(error, &line, from));
  if (ol_slice_begins(line, "extra ")) {
    uint8_t bytes[PIECE_BYTES];
    size_t len;
    OL_TRY(in_line(error, read_base64(error, bytes, &len, behind(line, 6)), from));
    OL_TRY(take(error, &line, from));
  }
  if (!ol_slice_begins(line, "index "))
    return refuse(error, from, OL_ERR_ENCODING, "proof has no index where it belongs");
  OL_TRY(in_line(error, read_number(error, &out->index, behind(line, 6)), from));
  for (;;) {
    OL_TRY(take(error, &line, from));
    if (line.len == 0) return OL_OK;
    if (out->path_len == PATH) return refuse(error, from, OL_ERR_LIMIT, "proof has more than 64 hashes");
    OL_TRY(in_line(error, read_hash(error, &out->path[out->path_len], line), from));
    out->path_len++;
  }
}

static ol_status read_checkpoint(ol_error *error, parts *out, lines *from) {
  const uint8_t *begin = from->left.data;
  ol_slice line;
  OL_TRY(take(error, &out->origin, from));
  out->origin_line = from->number;
  OL_TRY(take(error, &line, from));
  OL_TRY(in_line(error, read_number(error, &out->size, line), from));
  OL_TRY(take(error, &line, from));
  OL_TRY(in_line(error, read_hash(error, &out->root, line), from));
  do { /* what is left are extension lines, up to the empty one */
    out->text = ol_slice_of(begin, (size_t)(from->left.data - begin));
    if (out->text.len > NOTE_TEXT)
      return refuse(error, from, OL_ERR_LIMIT, "checkpoint has more than 4,096 bytes");
    OL_TRY(take(error, &line, from));
  } while (line.len > 0);
  if (from->left.len == 0) return refuse(error, from, OL_ERR_ENCODING, "checkpoint has no signatures");
  out->signatures = *from;
  return OL_OK;
}

/* --- Inclusion (RFC 6962, 2.1; the walk is that of RFC 9162, 2.1.3.2) --- */

static void hash_node(ol_hash *out, const ol_hash *left, const ol_hash *right) {
  uint8_t bytes[65] = {1};
  memcpy(bytes + 1, left->bytes, 32);
  memcpy(bytes + 33, right->bytes, 32);
  ol_sha256(out, bytes, sizeof bytes);
}

static ol_status check_inclusion(ol_error *error, const parts *of, const ol_witness_batch *batch) {
  uint8_t leaf[1 + OL_WITNESS_ENTRY] = {0};
  ol_hash hash;
  if (of->index >= of->size)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "index is behind the end of the log");
  ol_witness_entry(leaf + 1, batch);
  ol_sha256(&hash, leaf, sizeof leaf);
  uint64_t at = of->index, last = of->size - 1;
  for (uint32_t i = 0; i < of->path_len; i++) {
    if (last == 0) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof has a hash too many");
    if (at % 2 == 1 || at == last) {
      hash_node(&hash, &of->path[i], &hash);
      for (; at % 2 == 0 && at != 0; at >>= 1) last >>= 1; /* levels without a sibling */
    } else {
      hash_node(&hash, &hash, &of->path[i]);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof has too few hashes");
  if (!ol_hash_equal(&hash, &of->root))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "checkpoint does not have the entry");
  return OL_OK;
}

/* --- Signatures --- */

/* A line of a signature: the name, and the beginning of the bytes. */
typedef struct signature {
  ol_slice name;
  size_t len;
  uint8_t bytes[PIECE_BYTES];
} signature;

static ol_status read_signature(ol_error *error, signature *out, ol_slice line) {
  static const char dash[] = "\xe2\x80\x94 ";
  if (!ol_slice_begins(line, dash))
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "line is not a signature");
  const ol_slice rest = behind(line, sizeof dash - 1);
  out->name = ol_slice_of(rest.data, until(rest, ' '));
  OL_TRY(check_name(error, out->name));
  if (out->name.len == rest.len)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "line has no signature behind a name");
  OL_TRY(read_base64(error, out->bytes, &out->len, behind(rest, out->name.len + 1)));
  if (out->len <= KEY_ID)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "signature has no bytes behind its id");
  return OL_OK;
}

static bool is_by(const signature *of, const ol_witness_key *key, ol_witness_kind kind) {
  uint8_t id[KEY_ID];
  if (!ol_slice_equal(of->name, key->name)) return false;
  key_id(id, key, kind);
  return memcmp(id, of->bytes, KEY_ID) == 0;
}

static ol_status check_log(ol_error *error, const signature *of, const ol_witness_key *key, ol_slice text) {
  if (of->len != KEY_ID + 64)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "signature has another length");
  return ol_ed25519_verify(error, key->key, text, of->bytes + KEY_ID);
}

/* Out: when it was given. */
static ol_status check_cosignature(ol_error *error, uint64_t *out, const signature *of,
                                   const ol_witness_key *key, ol_slice text) {
  static const char front[] = "cosignature/v1\ntime ";
  uint8_t message[COSIGNED + NOTE_TEXT], digits[20];
  size_t len = sizeof front - 1, count = 0;
  if (of->len != KEY_ID + 8 + 64)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "cosignature has another length");
  *out = ol_load_be64(of->bytes + KEY_ID);
  if (*out > INT64_MAX)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "time of a cosignature has more than 63 bits");
  memcpy(message, front, len);
  for (uint64_t time = *out; count == 0 || time > 0; time /= 10) digits[count++] = (uint8_t)('0' + time % 10);
  while (count > 0) message[len++] = digits[--count];
  message[len++] = '\n';
  memcpy(message + len, text.data, text.len);
  return ol_ed25519_verify(error, key->key, ol_slice_of(message, len + text.len), of->bytes + KEY_ID + 8);
}

/* Counts a signature, of a key that is known. */
static ol_status count(ol_error *error, ol_witness_report *out, bool *out_by_log, const signature *of,
                       const ol_witness_policy *policy, ol_slice text) {
  uint64_t time;
  if (is_by(of, &policy->log, OL_WITNESS_LOG)) {
    OL_TRY(check_log(error, of, &policy->log, text));
    *out_by_log = true;
  }
  for (uint32_t i = 0; i < policy->witness_count; i++) {
    if (!is_by(of, &policy->witnesses[i], OL_WITNESS_COSIGNER)) continue;
    OL_TRY(check_cosignature(error, &time, of, &policy->witnesses[i], text));
    if ((policy->not_after != 0 && time > policy->not_after) || (out->seen_by >> i & 1) == 1) continue;
    out->seen_by |= 1u << i;
    out->count++;
    if (time > out->time) out->time = time;
  }
  return OL_OK;
}

static ol_status check_signatures(ol_error *error, ol_witness_report *out, const ol_witness_policy *policy,
                                  const parts *of) {
  lines from = of->signatures;
  const uint32_t before = from.number;
  signature found;
  ol_slice line;
  bool by_log = false;
  while (from.left.len > 0) {
    OL_TRY(take(error, &line, &from));
    if (from.number - before > SIGNATURES)
      return refuse(error, &from, OL_ERR_LIMIT, "checkpoint has more than 64 signatures");
    OL_TRY(in_line(error, read_signature(error, &found, line), &from));
    OL_TRY(in_line(error, count(error, out, &by_log, &found, policy, of->text), &from));
  }
  if (!by_log) return refuse(error, &from, OL_ERR_CRYPTO, "log has not signed the checkpoint");
  return OL_OK;
}

/* --- The whole --- */

static ol_status verify(ol_error *error, ol_witness_report *out, const ol_witness_policy *policy,
                        const ol_witness_batch *batch, ol_slice proof, uint32_t quorum) {
  lines from = {proof, NO_LINE};
  parts found;
  memset(&found, 0, sizeof found);
  if (proof.len > OL_WITNESS_PROOF_BYTES)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "proof has more than 64 KiB");
  OL_TRY(read_path(error, &found, &from));
  OL_TRY(read_checkpoint(error, &found, &from));
  from.number = found.origin_line;
  if (!ol_slice_equal(found.origin, policy->log.name))
    return refuse(error, &from, OL_ERR_MISMATCH, "checkpoint is of another log");
  from.number = found.origin_line + 2; /* that of the root */
  OL_TRY(in_line(error, check_inclusion(error, &found, batch), &from));
  ol_witness_report report = {.index = found.index, .size = found.size, .root = found.root};
  OL_TRY(check_signatures(error, &report, policy, &found));
  if (report.count < quorum)
    return ol_fail(error, OL_ERR_QUORUM, OL_NOWHERE, "too few of the witnesses that are known have cosigned");
  *out = report;
  return OL_OK;
}

void ol_witness_entry(uint8_t out[OL_WITNESS_ENTRY], const ol_witness_batch *batch) {
  static const uint8_t tag[10] = {'A', 'T', 'R', '1', '.', 'b', 'a', 't', 'c', 'h'};
  memcpy(out, tag, sizeof tag);
  ol_store_be64(out + 10, batch->chain_id);
  memcpy(out + 18, batch->registry.bytes, 20);
  ol_store_be64(out + 38, batch->batch_id);
  memcpy(out + 46, batch->root.bytes, 32);
}

ol_status ol_witness_verify(ol_error *error, ol_witness_report *out, const ol_witness_policy *policy,
                            const ol_witness_batch *batch, ol_slice proof) {
  ol_error_clear(error);
  OL_TRY(check_policy(error, policy));
  return verify(error, out, policy, batch, proof, policy->quorum);
}

ol_status ol_witness_conflict_verify(ol_error *error, ol_witness_conflict *out,
                                     const ol_witness_policy *policy, const ol_witness_batch *batch,
                                     const ol_hash *other_root, ol_slice proof, ol_slice other_proof) {
  ol_witness_conflict found;
  ol_witness_batch other = *batch;
  other.root = *other_root;
  ol_error_clear(error);
  OL_TRY(check_policy(error, policy));
  if (ol_hash_equal(&batch->root, other_root))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "roots are the same");
  OL_TRY(ol_error_within(error, verify(error, &found.one, policy, batch, proof, 0), "proof", 0));
  OL_TRY(ol_error_within(error, verify(error, &found.other, policy, &other, other_proof, 0), "proof", 1));
  found.is_split_view =
      found.one.size == found.other.size && !ol_hash_equal(&found.one.root, &found.other.root);
  *out = found;
  return OL_OK;
}
