/* SPDX-License-Identifier: MIT */
#include "openledger/attribution.h"

#include "attribution/stream.h"
#include "crypto/keccak.h"
#include "crypto/sha2.h"
#include "encoding/text.h"

#include "base/poison.h"

#define CHARACTER_MAX 4

struct ol_attribution_stream {
  ol_sha256_state sha256;
  ol_hash head;
  uint64_t len;
  uint8_t rest[CHARACTER_MAX]; /* of a character that a piece ends in */
  uint32_t rest_len;
  int32_t status; /* how it failed, or that it is over */
  const char *reason;
  bool is_text;
};

#define ALIGN _Alignof(ol_attribution_stream)

size_t ol_attribution_stream_size(void) {
  return sizeof(ol_attribution_stream) + ALIGN - 1;
}

void ol_stream_begin(ol_hash *out, const ol_hash *client_nonce, const ol_hash *request_sha256,
                     const ol_hash *model_id, const ol_hash *adapter_id) {
  static const char tag[] = "ATR1.stream";
  const ol_hash parts[] = {*client_nonce, *request_sha256, *model_id, *adapter_id};
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, (const uint8_t *)tag, sizeof tag - 1);
  ol_keccak_update(&keccak, parts[0].bytes, sizeof parts);
  ol_keccak_final(&keccak, out);
}

void ol_stream_next(ol_hash *head, ol_slice piece) {
  uint8_t len[4];
  ol_keccak keccak;
  ol_store_be32(len, (uint32_t)piece.len);
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, head->bytes, sizeof head->bytes);
  ol_keccak_update(&keccak, len, sizeof len);
  ol_keccak_update(&keccak, piece.data, piece.len);
  ol_keccak_final(&keccak, head);
}

ol_status ol_attribution_stream_new(ol_error *error, ol_attribution_stream **out, const ol_hash *client_nonce,
                                    const ol_hash *request_sha256, const ol_hash *model_id,
                                    const ol_hash *adapter_id, void *memory, size_t len) {
  ol_error_clear(error);
  if (len < ol_attribution_stream_size())
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for a stream");
  uint8_t *start = (uint8_t *)memory;
  start += (ALIGN - (uintptr_t)start % ALIGN) % ALIGN;
  ol_attribution_stream *stream = (ol_attribution_stream *)(void *)start;
  memset(stream, 0, sizeof *stream);
  stream->is_text = true;
  ol_sha256_init(&stream->sha256);
  ol_stream_begin(&stream->head, client_nonce, request_sha256, model_id, adapter_id);
  *out = stream;
  return OL_OK;
}

/* Collects as many bytes as the first one asks for, and looks whether they are a character. */
static void follow_text(ol_attribution_stream *stream, ol_slice piece) {
  for (size_t i = 0; i < piece.len && stream->is_text; i++) {
    stream->rest[stream->rest_len++] = piece.data[i];
    const uint8_t first = stream->rest[0];
    const size_t wanted = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : CHARACTER_MAX;
    if (stream->rest_len < wanted) continue;
    stream->is_text = ol_utf8_len(ol_slice_of(stream->rest, wanted)) == wanted;
    stream->rest_len = 0;
  }
}

static ol_status stop(ol_error *error, ol_attribution_stream *stream, ol_status status, const char *reason) {
  stream->status = status;
  stream->reason = reason;
  return ol_fail(error, status, (size_t)stream->len, reason);
}

ol_status ol_attribution_stream_add(ol_error *error, ol_attribution_stream *stream, ol_hash *out_head,
                                    ol_slice piece, const ol_hash *head) {
  ol_error_clear(error);
  if (stream->status != OL_OK)
    return ol_fail(error, (ol_status)stream->status, (size_t)stream->len, stream->reason);
  if (piece.len == 0) return stop(error, stream, OL_ERR_ARGUMENT, "piece of an answer is empty");
  if (piece.len > OL_EVIDENCE_RESPONSE - stream->len)
    return stop(error, stream, OL_ERR_LIMIT, "answer is too long");
  ol_hash next = stream->head;
  ol_stream_next(&next, piece);
  if (head != NULL && !ol_hash_equal(head, &next))
    return stop(error, stream, OL_ERR_MISMATCH, "stream's head is not that of what came");
  stream->head = next;
  stream->len += piece.len;
  ol_sha256_update(&stream->sha256, piece.data, piece.len);
  follow_text(stream, piece);
  if (out_head != NULL) *out_head = next;
  return OL_OK;
}

ol_status ol_attribution_stream_finish(ol_error *error, ol_attribution_stream *stream,
                                       ol_attribution_stream_end *out) {
  ol_error_clear(error);
  if (stream->status != OL_OK)
    return ol_fail(error, (ol_status)stream->status, (size_t)stream->len, stream->reason);
  if (!stream->is_text || stream->rest_len > 0)
    return stop(error, stream, OL_ERR_ENCODING, "answer is not UTF-8");
  ol_attribution_stream_end end = {.head = stream->head, .response_bytes = stream->len};
  ol_sha256_final(&stream->sha256, &end.response_sha256);
  stream->status = OL_ERR_ARGUMENT;
  stream->reason = "stream is over";
  *out = end;
  return OL_OK;
}
