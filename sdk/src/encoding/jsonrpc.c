/* SPDX-License-Identifier: MIT */
#include "encoding/jsonrpc.h"

#include "base/poison.h"

void ol_jsonrpc_open(ol_json_writer *to, uint64_t id, const char *method) {
  ol_json_write_object(to, NULL);
  ol_json_write_text(to, "jsonrpc", "2.0");
  ol_json_write_u64(to, "id", id);
  ol_json_write_text(to, "method", method);
  ol_json_write_array(to, "params");
}

void ol_jsonrpc_close(ol_json_writer *to) {
  ol_json_write_close(to);
  ol_json_write_close(to);
}

void ol_jsonrpc_begin(ol_json_writer *to, ol_arena *arena, uint64_t id, const char *method) {
  ol_json_write_begin(to, arena);
  ol_jsonrpc_open(to, id, method);
}

ol_status ol_jsonrpc_end(ol_error *error, ol_slice *out, ol_json_writer *to) {
  ol_jsonrpc_close(to);
  return ol_json_write_end(error, out, to);
}

/* The codes of JSON-RPC 2.0 and of EIP-1474, and of Ethereum's clients for state that they no longer have. */
static const char *remote_reason(ol_slice code) {
  static const struct {
    const char *code;
    const char *reason;
  } known[] = {
      {"-32700", "endpoint could not parse the request"},
      {"-32600", "endpoint calls the request invalid"},
      {"-32601", "endpoint does not know the method"},
      {"-32602", "endpoint refuses the parameters"},
      {"-32603", "endpoint has an internal error"},
      {"-32001", "endpoint does not have what was asked"},
      {"-32002", "endpoint does not have what was asked at present"},
      {"-32005", "endpoint limits the number of requests"},
      {"4444", "endpoint has pruned that block"},
  };
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    size_t len = ol_text_len(known[i].code);
    if (len == code.len && memcmp(known[i].code, code.data, len) == 0) return known[i].reason;
  }
  return "endpoint answered with an error of its own";
}

static ol_status remote_error(ol_error *error, ol_json object) {
  ol_json code;
  ol_slice digits = {0};
  if (ol_json_find(&code, object, "code")) digits = ol_json_number_text(code);
  return ol_fail(error, OL_ERR_REMOTE, object.offset, remote_reason(digits));
}

ol_status ol_jsonrpc_result(ol_error *error, ol_json *out, ol_json response, uint64_t id) {
  ol_json member;
  uint64_t claimed;
  if (ol_json_kind_of(response) != OL_JSON_OBJECT)
    return ol_fail(error, OL_ERR_ENCODING, response.offset, "JSON-RPC response is not an object");
  if (ol_json_find(&member, response, "error")) return remote_error(error, member);
  OL_TRY(ol_json_need(error, &member, response, "id", "JSON-RPC response has no id"));
  OL_TRY(ol_json_u64(error, &claimed, member));
  if (claimed != id)
    return ol_fail(error, OL_ERR_MISMATCH, member.offset, "JSON-RPC response is to another request");
  if (!ol_json_find(out, response, "result"))
    return ol_fail(error, OL_ERR_REMOTE, response.offset, "endpoint has no result for the request");
  return OL_OK;
}

bool ol_jsonrpc_is_null(ol_json response) {
  ol_error none;
  ol_json_items members;
  ol_json member;
  ol_slice name;
  if (ol_json_find(&member, response, "error") || ol_json_object(&none, &members, response) != OL_OK)
    return false;
  while (ol_json_next(&member, &name, &members)) {
    if (name.len == 6 && memcmp(name.data, "result", 6) == 0) return ol_json_kind_of(member) == OL_JSON_NULL;
  }
  return false;
}

ol_status ol_jsonrpc_unwrap(ol_error *error, ol_json *out, ol_json value) {
  ol_json member;
  *out = value;
  if (!ol_json_find(&member, value, "jsonrpc")) return OL_OK;
  if (ol_json_find(&member, value, "error")) return remote_error(error, member);
  return ol_json_need(error, out, value, "result", "JSON-RPC response has no result");
}
