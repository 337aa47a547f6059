/* SPDX-License-Identifier: MIT */
#include "client/bundle.h"

#include "crypto/sha2.h"
#include "encoding/json.h"
#include "openledger/text.h"

#include "base/poison.h"

static const char magic[] = "OLBUNDLE";
static const char body_head[] = OL_BUNDLE_BODY;
static const char updates_path[] = "/eth/v1/beacon/light_client/updates?";
static const char is_damaged[] = "is damaged, or was never a bundle";
static const char not_printable[] = "question is not printable ASCII";

static uint32_t load_be32(const uint8_t bytes[4]) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void store_be32(uint8_t bytes[4], uint32_t value) {
  for (int i = 3; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

static bool begins_with(ol_slice text, const char *prefix) {
  size_t len = ol_text_len(prefix);
  return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static bool is_printable(ol_slice text) {
  bool all = true;
  for (size_t i = 0; i < text.len; i++) all = all && text.data[i] >= ' ' && text.data[i] <= '~';
  return all;
}

/* --- Requests --- */

static bool is_batch(const ol_want *want) {
  return want->body.len > 0 && want->body.data[0] == '[';
}

/* Out: what follows the id in the body of a want; all of a body that is empty, or of a batch. */
static ol_status behind_id(ol_error *error, ol_slice *out, const ol_want *want) {
  ol_slice body = want->body;
  size_t at = ol_text_len(body_head);
  *out = body;
  if (body.len == 0) return OL_OK;
  const ol_slice first = is_batch(want) ? ol_slice_of(body.data + 1, body.len - 1) : body;
  if (!begins_with(first, body_head))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "body is not JSON-RPC as an engine writes it");
  if (is_batch(want)) return OL_OK;
  while (at < body.len && body.data[at] >= '0' && body.data[at] <= '9') at++;
  *out = ol_slice_of(body.data + at, body.len - at);
  return OL_OK;
}

ol_status ol_bundle_request(ol_error *error, ol_hash *out, const ol_want *want) {
  uint8_t form[3 + 2 * sizeof(ol_hash)] = {(uint8_t)want->source, (uint8_t)want->method,
                                           (uint8_t)want->format};
  ol_slice body;
  ol_hash hash;
  ol_error_clear(error);
  OL_TRY(behind_id(error, &body, want));
  ol_keccak256(&hash, want->path.data, want->path.len);
  memcpy(form + 3, hash.bytes, sizeof hash);
  ol_keccak256(&hash, body.data, body.len);
  memcpy(form + 3 + sizeof hash, hash.bytes, sizeof hash);
  ol_keccak256(out, form, sizeof form);
  return OL_OK;
}

typedef struct text_writer {
  char *out;
  size_t len;
  size_t used;
} text_writer;

static void put(text_writer *to, ol_slice text) {
  for (size_t i = 0; i < text.len; i++) {
    if (to->used + 1 < to->len) to->out[to->used] = (char)text.data[i];
    to->used++;
  }
}

static void put_text(text_writer *to, const char *text) {
  put(to, ol_slice_of(text, ol_text_len(text)));
}

/* Finds a text. Returns: where it begins, or the length of `text`. */
static size_t find(ol_slice text, const char *part) {
  size_t at = 0;
  while (at < text.len && !begins_with(ol_slice_of(text.data + at, text.len - at), part)) at++;
  return at;
}

static ol_slice behind(ol_slice text, size_t len) {
  return len < text.len ? ol_slice_of(text.data + len, text.len - len) : ol_slice_of(NULL, 0);
}

size_t ol_want_text(char *out, size_t len, const ol_want *want) {
  static const char *const sources[] = {"server", "beacon", "l1", "l2", "node", "sequencer"};
  static const char method[] = "\"method\":\"", params[] = "\",\"params\":";
  text_writer to = {.out = out, .len = len};
  put_text(&to, sources[want->source <= OL_SOURCE_SEQUENCER ? want->source : 0]);
  put_text(&to, ": ");
  put(&to, want->path);
  ol_slice body = behind(want->body, find(want->body, method) + ol_text_len(method));
  size_t name = find(body, params);
  put(&to, ol_slice_of(body.data, name));
  body = behind(body, name + ol_text_len(params));
  if (body.len > 0) {
    size_t last =
        is_batch(want) ? find(body, "]}") + 1 : body.len - 1; /* without the request's own bracket */
    put_text(&to, " ");
    put(&to, ol_slice_of(body.data, last < body.len ? last : body.len));
    if (is_batch(want)) put_text(&to, ", and those after it");
  }
  if (len > 0) out[to.used < len ? to.used : len - 1] = '\0';
  return to.used;
}

/* --- Reading --- */

static ol_hash checksum_of(ol_slice bytes) {
  ol_hash checksum;
  ol_sha256(&checksum, bytes.data, bytes.len - sizeof checksum);
  return checksum;
}

static size_t end_of(const ol_bundle *bundle, size_t entry) {
  return load_be32(bundle->index.data + OL_BUNDLE_INDEX * entry + sizeof(ol_hash));
}

static ol_slice answer_at(const ol_bundle *bundle, size_t entry) {
  size_t begin = entry == 0 ? 0 : end_of(bundle, entry - 1);
  return ol_slice_of(bundle->answers.data + begin, end_of(bundle, entry) - begin);
}

/* What is before the question. */
static ol_status read_head(ol_error *error, ol_bundle *out, ol_slice bytes) {
  if (bytes.len > OL_BUNDLE_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_BUNDLE_MAX, "is longer than 16 MiB");
  if (!begins_with(bytes, magic)) return ol_fail(error, OL_ERR_ENCODING, 0, "is no bundle");
  if (bytes.len < OL_BUNDLE_HEAD + sizeof(ol_hash))
    return ol_fail(error, OL_ERR_ENCODING, bytes.len, "ends too early");
  if (load_be32(bytes.data + OL_BUNDLE_AT_VERSION) != OL_BUNDLE_VERSION)
    return ol_fail(error, OL_ERR_ENCODING, OL_BUNDLE_AT_VERSION, "is of a version that is not known here");
  const ol_hash checksum = checksum_of(bytes);
  size_t body = bytes.len - sizeof checksum;
  if (memcmp(bytes.data + body, checksum.bytes, sizeof checksum) != 0)
    return ol_fail(error, OL_ERR_ENCODING, body, is_damaged);
  out->count = load_be32(bytes.data + OL_BUNDLE_AT_COUNT);
  out->about.made = ol_load_be64(bytes.data + OL_BUNDLE_AT_MADE);
  out->about.l1_chain_id = ol_load_be64(bytes.data + OL_BUNDLE_AT_L1);
  out->about.l2_chain_id = ol_load_be64(bytes.data + OL_BUNDLE_AT_L2);
  memcpy(out->about.checkpoint.bytes, bytes.data + OL_BUNDLE_AT_CHECKPOINT, sizeof(ol_hash));
  return OL_OK;
}

/* Hashes and ends ascend, and the last end is that of the answers. */
static ol_status check_index(ol_error *error, const ol_bundle *bundle, size_t index_at) {
  size_t end = 0;
  for (size_t i = 0; i < bundle->count; i++) {
    const uint8_t *entry = bundle->index.data + OL_BUNDLE_INDEX * i;
    size_t at = index_at + OL_BUNDLE_INDEX * i;
    if (i > 0 && memcmp(entry - OL_BUNDLE_INDEX, entry, sizeof(ol_hash)) >= 0)
      return ol_fail(error, OL_ERR_ENCODING, at, "requests are not in their order, or one is there twice");
    if (end_of(bundle, i) <= end || end_of(bundle, i) > bundle->answers.len)
      return ol_fail(error, OL_ERR_ENCODING, at + sizeof(ol_hash),
                     "answer is empty, or ends behind the bundle");
    end = end_of(bundle, i);
  }
  if (end != bundle->answers.len)
    return ol_fail(error, OL_ERR_ENCODING, index_at + bundle->index.len + end,
                   "has bytes behind its last answer");
  return OL_OK;
}

static ol_status read_bundle(ol_error *error, ol_bundle *out, ol_slice bytes) {
  OL_TRY(read_head(error, out, bytes));
  size_t question_len = load_be32(bytes.data + OL_BUNDLE_AT_QUESTION_LEN);
  size_t left = bytes.len - OL_BUNDLE_HEAD - sizeof(ol_hash);
  if (question_len > OL_BUNDLE_QUESTION || question_len > left)
    return ol_fail(error, OL_ERR_LIMIT, OL_BUNDLE_AT_QUESTION_LEN, "question is longer than accepted");
  out->about.question = ol_slice_of(bytes.data + OL_BUNDLE_HEAD, question_len);
  if (!is_printable(out->about.question))
    return ol_fail(error, OL_ERR_ENCODING, OL_BUNDLE_HEAD, not_printable);
  if (out->count < 1 || out->count > OL_BUNDLE_ENTRIES)
    return ol_fail(error, OL_ERR_LIMIT, OL_BUNDLE_AT_COUNT, "number of answers is not 1 to 256");
  left -= question_len;
  if (OL_BUNDLE_INDEX * out->count > left)
    return ol_fail(error, OL_ERR_ENCODING, OL_BUNDLE_AT_COUNT, "has fewer bytes than its answers need");
  size_t index_at = OL_BUNDLE_HEAD + question_len;
  out->index = ol_slice_of(bytes.data + index_at, OL_BUNDLE_INDEX * out->count);
  out->answers = ol_slice_of(out->index.data + out->index.len, left - out->index.len);
  return check_index(error, out, index_at);
}

ol_status ol_bundle_read(ol_error *error, ol_bundle *out, ol_slice bytes) {
  ol_bundle bundle;
  ol_error_clear(error);
  memset(&bundle, 0, sizeof bundle);
  OL_TRY(ol_error_in(error, read_bundle(error, &bundle, bytes), "bundle", OL_NOWHERE));
  *out = bundle;
  return OL_OK;
}

void ol_bundle_id(ol_hash *out, ol_slice bytes) {
  ol_sha256(out, bytes.data, bytes.len);
}

/* --- Answers --- */

/* Returns: the answer to a request; its data is NULL where there is none. */
static ol_slice find_answer(const ol_bundle *bundle, const ol_hash *request) {
  size_t low = 0, high = bundle->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = memcmp(request->bytes, bundle->index.data + OL_BUNDLE_INDEX * middle, sizeof *request);
    if (order == 0) return answer_at(bundle, middle);
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return ol_slice_of(NULL, 0);
}

static ol_status lacks(ol_error *error, const ol_bundle *bundle, const ol_want *want, uint64_t now_ms) {
  if (begins_with(want->path, updates_path) && now_ms / 1000 > bundle->about.made)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE,
                   "has no update of a sync committee period that is over: it is too old, or not whole");
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "has no answer to a request of this question");
}

/* A result as the response to the want: its head, the want's id, and the result. */
static ol_status wrap(ol_error *error, ol_slice *out, const ol_want *want, ol_slice result, void *memory,
                      size_t len) {
  static const char before[] = ",\"result\":";
  char digits[79];
  ol_u256 id = {{0}};
  if (len < OL_BUNDLE_AROUND || len - OL_BUNDLE_AROUND < result.len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for an answer");
  ol_store_be64(id.bytes + 24, want->id);
  ol_u256_text(digits, &id);
  text_writer to = {.out = memory, .len = len};
  put_text(&to, body_head);
  put_text(&to, digits);
  put_text(&to, before);
  memcpy(to.out + to.used, result.data, result.len);
  to.used += result.len;
  to.out[to.used++] = '}';
  *out = ol_slice_of(memory, to.used);
  return OL_OK;
}

static ol_status answer(ol_error *error, ol_slice *out, const ol_bundle *bundle, const ol_want *want,
                        uint64_t now_ms, void *memory, size_t len) {
  ol_hash request;
  OL_TRY(ol_bundle_request(error, &request, want));
  ol_slice found = find_answer(bundle, &request);
  if (found.data == NULL) return lacks(error, bundle, want, now_ms);
  if (want->body.len > 0 && !is_batch(want)) return wrap(error, out, want, found, memory, len);
  *out = found;
  return OL_OK;
}

ol_status ol_bundle_answer(ol_error *error, ol_slice *out, const ol_bundle *bundle, const ol_want *want,
                           uint64_t now_ms, void *memory, size_t len) {
  ol_error_clear(error);
  return ol_error_in(error, answer(error, out, bundle, want, now_ms, memory, len), "bundle", OL_NOWHERE);
}

/* --- Writing --- */

/* Copies JSON without the whitespace between its values. Returns: how many bytes are left. */
static size_t copy_compact(uint8_t *out, ol_slice text) {
  size_t used = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = text.data[i];
    if (byte == '"') quoted = !quoted;
    if (!quoted && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')) continue;
    out[used++] = byte;
    if (quoted && byte == '\\' && i + 1 < text.len) out[used++] = text.data[++i];
  }
  return used;
}

ol_status ol_bundle_entry_of(ol_error *error, ol_bundle_entry *out, const ol_want *want, ol_slice response,
                             void *memory, size_t len) {
  ol_slice result;
  ol_hash request;
  OL_TRY(ol_bundle_request(error, &request, want));
  if (want->body.len == 0) {
    *out = (ol_bundle_entry){.request = request, .answer = response};
    return OL_OK;
  }
  if (is_batch(want))
    result = response;
  else
    OL_TRY(
        ol_error_in(error, ol_json_cut_member(error, &result, response, "result"), "response", OL_NOWHERE));
  if (result.len > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for an answer");
  *out = (ol_bundle_entry){.request = request, .answer = ol_slice_of(memory, copy_compact(memory, result))};
  return OL_OK;
}

size_t ol_bundle_size(const ol_bundle_about *about, const ol_bundle_entry *entries, size_t count) {
  if (count < 1 || count > OL_BUNDLE_ENTRIES || about->question.len > OL_BUNDLE_QUESTION) return 0;
  size_t size = OL_BUNDLE_HEAD + about->question.len + OL_BUNDLE_INDEX * count + sizeof(ol_hash);
  for (size_t i = 0; i < count; i++) {
    if (entries[i].answer.len > OL_BUNDLE_MAX - size) return 0;
    size += entries[i].answer.len;
  }
  return size;
}

/* Returns: the entry whose request comes next behind `last`, which may be NULL; NULL when there is none. */
static const ol_bundle_entry *next_entry(const ol_bundle_entry *entries, size_t count,
                                         const ol_bundle_entry *last) {
  const ol_bundle_entry *next = NULL;
  for (size_t i = 0; i < count; i++) {
    const ol_bundle_entry *one = &entries[i];
    bool is_behind = last == NULL || memcmp(one->request.bytes, last->request.bytes, sizeof(ol_hash)) > 0;
    bool is_first = next == NULL || memcmp(one->request.bytes, next->request.bytes, sizeof(ol_hash)) < 0;
    if (is_behind && is_first) next = one;
  }
  return next;
}

static void write_head(uint8_t *out, const ol_bundle_about *about, size_t count) {
  memcpy(out, magic, OL_BUNDLE_AT_VERSION);
  store_be32(out + OL_BUNDLE_AT_VERSION, OL_BUNDLE_VERSION);
  store_be32(out + OL_BUNDLE_AT_COUNT, (uint32_t)count);
  ol_store_be64(out + OL_BUNDLE_AT_MADE, about->made);
  ol_store_be64(out + OL_BUNDLE_AT_L1, about->l1_chain_id);
  ol_store_be64(out + OL_BUNDLE_AT_L2, about->l2_chain_id);
  memcpy(out + OL_BUNDLE_AT_CHECKPOINT, about->checkpoint.bytes, sizeof(ol_hash));
  store_be32(out + OL_BUNDLE_AT_QUESTION_LEN, (uint32_t)about->question.len);
  if (about->question.len > 0) memcpy(out + OL_BUNDLE_HEAD, about->question.data, about->question.len);
}

ol_status ol_bundle_write(ol_error *error, uint8_t *out, size_t len, const ol_bundle_about *about,
                          const ol_bundle_entry *entries, size_t count) {
  size_t size = ol_bundle_size(about, entries, count), end = 0;
  ol_error_clear(error);
  if (size == 0)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answers are none, too many or too long for a bundle");
  if (len < size)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory of a bundle is less than ol_bundle_size");
  if (!is_printable(about->question)) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, not_printable);
  write_head(out, about, count);
  uint8_t *index = out + OL_BUNDLE_HEAD + about->question.len, *answers = index + OL_BUNDLE_INDEX * count;
  const ol_bundle_entry *entry = NULL;
  for (size_t i = 0; i < count; i++, index += OL_BUNDLE_INDEX) {
    entry = next_entry(entries, count, entry);
    if (entry == NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "a request is there twice");
    if (entry->answer.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "an answer is empty");
    memcpy(answers + end, entry->answer.data, entry->answer.len);
    end += entry->answer.len;
    memcpy(index, entry->request.bytes, sizeof(ol_hash));
    store_be32(index + sizeof(ol_hash), (uint32_t)end);
  }
  const ol_hash checksum = checksum_of(ol_slice_of(out, size));
  memcpy(out + size - sizeof checksum, checksum.bytes, sizeof checksum);
  return OL_OK;
}
