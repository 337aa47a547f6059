/* SPDX-License-Identifier: MIT */
#include "client/fetch.h"

#include "encoding/jsonrpc.h"

#include "base/poison.h"

ol_status ol_fetch_block_request(ol_error *error, ol_want *out, ol_arena *arena, uint64_t id,
                                 const ol_hash *hash, uint64_t number, bool full) {
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, id, hash != NULL ? "eth_getBlockByHash" : "eth_getBlockByNumber");
  if (hash != NULL)
    ol_json_write_hex(&to, NULL, hash->bytes, sizeof hash->bytes);
  else
    ol_json_write_quantity_u64(&to, NULL, number);
  ol_json_write_bool(&to, NULL, full);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

void ol_fetch_blame(ol_engine *engine, const ol_engine_want *want, ol_status status, const char *part,
                    const char *reason) {
  ol_error error;
  ol_error_set(&error, status, OL_NOWHERE, reason);
  (void)ol_error_in(&error, status, part, OL_NOWHERE);
  ol_engine_blame(engine, want, &error);
}
