/* SPDX-License-Identifier: MIT */
#include "provider/respond.h"

#include "base/poison.h"

#define ERROR_TEXT 320
#define ERROR_ROOM 2048u /* that an error takes at most, mostly */
#define ID_MAX 1024u     /* there must be room for it in any response */

static const ol_slice no_id = {(const uint8_t *)"null", 4};

/* --- Requests --- */

static bool is_array(ol_slice text) {
  size_t at = 0;
  while (at < text.len && (text.data[at] == ' ' || (text.data[at] >= '\t' && text.data[at] <= '\r'))) at++;
  return at < text.len && text.data[at] == '[';
}

static void put_request(ol_provider *provider, ol_slice text) {
  const uint32_t at = provider->batch_count++;
  provider->batch_at[at] = (uint32_t)(text.data - provider->request);
  provider->batch_len[at] = (uint32_t)text.len;
}

static ol_status split_batch(ol_error *error, ol_provider *provider, ol_slice text) {
  ol_json_cut cut;
  ol_slice element;
  OL_TRY(ol_json_cut_array(error, &cut, text));
  OL_TRY(ol_json_cut_next(error, &element, &cut));
  if (element.data == NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "batch has no requests");
  while (element.data != NULL) {
    if (provider->batch_count == OL_PROVIDER_BATCH)
      return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "batch has more than 100 requests");
    put_request(provider, element);
    OL_TRY(ol_json_cut_next(error, &element, &cut));
  }
  return OL_OK;
}

static ol_status split(ol_error *error, ol_provider *provider, ol_text *of, ol_slice request) {
  uint8_t *at = provider->request + provider->request_len;
  if (request.len > OL_PROVIDER_REQUEST - provider->request_len)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "request is longer than 512 KiB");
  if (request.len > 0) memcpy(at, request.data, request.len);
  provider->request_len += (uint32_t)request.len;
  const ol_slice text = ol_slice_of(at, request.len);
  of->is_batch = is_array(text);
  if (of->is_batch) return split_batch(error, provider, text);
  put_request(provider, text);
  return OL_OK;
}

static int32_t code_of(const ol_error *error) {
  switch (error->status) {
  case OL_ERR_LIMIT: return OL_RPC_LIMIT;
  case OL_ERR_ARGUMENT: return OL_RPC_INVALID_REQUEST;
  default: return OL_RPC_PARSE;
  }
}

bool ol_request_split(ol_provider *provider, ol_slice request) {
  const uint32_t first = provider->batch_count, len = provider->request_len;
  if (provider->text_count == OL_PROVIDER_TEXTS || first == OL_PROVIDER_BATCH) return false;
  ol_text *of = &provider->texts[provider->text_count];
  *of = (ol_text){.first = first};
  ol_error_clear(&of->fault);
  if (split(&of->fault, provider, of, request) != OL_OK) {
    provider->batch_count = first;
    provider->request_len = len;
    if (of->fault.status == OL_ERR_LIMIT && provider->text_count > 0) return false; /* by itself it may fit */
    of->is_batch = false;
    of->code = code_of(&of->fault);
    put_request(provider, ol_slice_of(provider->request, 0));
  }
  of->count = provider->batch_count - first;
  provider->text_count++;
  return true;
}

ol_text *ol_text_of(ol_provider *provider, uint32_t request) {
  ol_text *of = provider->texts;
  while (request >= of->first + of->count) of++;
  return of;
}

static bool is_member(ol_slice name, const char *expected) {
  return name.len == ol_text_len(expected) && memcmp(name.data, expected, name.len) == 0;
}

/* Whoever cannot be told by an id is told by null. */
static void no_id_for(ol_job *job) {
  job->id_at = OL_PROVIDER_REQUEST;
  job->id_len = 1;
}

/* Reads an id: a string, a number or null, which a response repeats. */
static ol_status read_id(ol_error *error, ol_job *job, ol_json id, ol_slice text) {
  ol_slice raw = {0};
  switch (ol_json_kind_of(id)) {
  case OL_JSON_NULL: break;
  case OL_JSON_NUMBER: raw = ol_json_number_text(id); break;
  case OL_JSON_STRING: break;
  default: return ol_fail(error, OL_ERR_ENCODING, id.offset, "id is neither a string nor a number");
  }
  /* As it stands in the request; a string from its quotes on. */
  if (ol_json_kind_of(id) == OL_JSON_NULL) {
    no_id_for(job);
    return OL_OK;
  }
  size_t at = id.offset, end = at + raw.len;
  if (ol_json_kind_of(id) == OL_JSON_STRING) {
    end = at--;
    while (text.data[end] != '"') end += text.data[end] == '\\' ? 2 : 1;
    end++;
  }
  if (end - at > ID_MAX) return ol_fail(error, OL_ERR_LIMIT, at, "id is longer than 1 KiB");
  job->id_at = job->text_at + (uint32_t)at;
  job->id_len = (uint32_t)(end - at);
  return OL_OK;
}

/* The members of a request. */
typedef struct call {
  ol_slice method;
  bool has_params;
  ol_json params;
} call;

static ol_status read_call(ol_error *error, call *out, ol_job *job, ol_json request, ol_slice text) {
  ol_json_items all, members;
  ol_json value;
  ol_slice name;
  bool has_method = false;
  *out = (call){.has_params = false};
  OL_TRY(ol_json_object(error, &all, request));
  members = all;
  while (ol_json_next(&value, &name, &members)) {
    if (is_member(name, "id")) OL_TRY(read_id(error, job, value, text));
  }
  members = all;
  while (ol_json_next(&value, &name, &members)) {
    if (is_member(name, "params") && ol_json_kind_of(value) != OL_JSON_NULL) {
      out->params = value;
      out->has_params = true;
    }
    if (!is_member(name, "method")) continue;
    OL_TRY(ol_json_string(error, &out->method, value));
    has_method = true;
  }
  if (!has_method) return ol_fail(error, OL_ERR_ENCODING, request.offset, "request names no method");
  return OL_OK;
}

static ol_status read_params(ol_error *error, ol_job *job, const call *of, ol_arena *arena) {
  ol_json params[OL_PARAMS] = {{0}};
  ol_json_items items = {0};
  size_t count = 0;
  if (of->has_params) OL_TRY(ol_json_array(error, &items, of->params));
  if (items.left > OL_PARAMS) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "too many parameters");
  while (of->has_params && ol_json_next(&params[count], NULL, &items)) count++;
  while (count > 0 && ol_json_kind_of(params[count - 1]) == OL_JSON_NULL) params[--count] = (ol_json){0};
  if (count < job->method->required)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "a parameter is missing");
  return job->method->read != NULL ? job->method->read(error, job, params, arena) : OL_OK;
}

static void refuse(ol_job *job, int32_t code, const ol_error *error) {
  job->state = OL_JOB_FAILED;
  job->code = code;
  job->error = *error;
}

/* "openledger_verified" has another request in its parameter: {"method", "params"}. */
static ol_status unwrap(ol_error *error, call *out, ol_job *job) {
  ol_json inner, method;
  ol_json_items items;
  OL_TRY(ol_json_array(error, &items, out->params));
  if (items.left != 1 || !ol_json_next(&inner, NULL, &items))
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "openledger_verified takes one request");
  OL_TRY(ol_json_need(error, &method, inner, "method", "request names no method"));
  OL_TRY(ol_json_string(error, &out->method, method));
  out->has_params = ol_json_find(&out->params, inner, "params");
  job->with_proof = true;
  return OL_OK;
}

void ol_request_read(ol_job *job, const ol_text *whole, ol_slice text, const uint8_t *all, ol_arena arena) {
  ol_json request;
  ol_error error;
  call of;
  ol_error_clear(&error);
  job->text_at = (uint32_t)(text.data - all);
  no_id_for(job);
  if (whole->code != 0) {
    refuse(job, whole->code, &whole->fault);
    return;
  }
  ol_status status = ol_json_read(&error, &request, &arena, text.data, text.len);
  if (status != OL_OK) {
    refuse(job, status == OL_ERR_ENCODING ? OL_RPC_PARSE : OL_RPC_LIMIT, &error);
    return;
  }
  job->id_len = 0;
  status = read_call(&error, &of, job, request, text);
  if (status != OL_OK) {
    if (job->id_len == 0) no_id_for(job);
    refuse(job, OL_RPC_INVALID_REQUEST, &error);
    return;
  }
  if (is_member(of.method, "openledger_verified")) status = unwrap(&error, &of, job);
  job->method = ol_method_of(of.method);
  if (status == OL_OK && job->method == NULL) {
    int32_t code = OL_RPC_NO_METHOD;
    const char *reason = ol_method_refused(of.method, &code);
    ol_error_set(&error, OL_ERR_ARGUMENT, OL_NOWHERE,
                 reason != NULL ? reason : "method is not known; nothing is passed on unverified");
    refuse(job, code, &error);
    return;
  }
  if (status == OL_OK) status = read_params(&error, job, &of, &arena);
  /* What is sent is the text that was asked with, so this must be what was read. */
  if (status == OL_OK && job->raw_len > 0 && memchr(all + job->raw_at, '\\', job->raw_len) != NULL)
    status = ol_fail(&error, OL_ERR_ENCODING, OL_NOWHERE, "transaction is written with escapes");
  job->state = OL_JOB_WORKING;
  if (status == OL_OK) return;
  int32_t code = status == OL_ERR_LIMIT ? OL_RPC_LIMIT : OL_RPC_INVALID_PARAMS;
  refuse(job, job->code != 0 ? job->code : code, &error);
}

/* --- Responses --- */

static ol_slice id_of(const ol_provider *provider, const ol_job *job) {
  if (job->id_at + (size_t)job->id_len > provider->request_len) return no_id;
  return ol_slice_of(provider->request + job->id_at, job->id_len);
}

static void begin_response(ol_json_writer *to, ol_arena *out, const ol_provider *provider,
                           const ol_job *job) {
  ol_json_write_begin(to, out);
  ol_json_write_object(to, NULL);
  ol_json_write_text(to, "jsonrpc", "2.0");
  ol_json_write_raw(to, "id", id_of(provider, job));
}

/* The L1 origin, as the block says it; that of a newer block than is proven of L1, and of a much older one, is not. */
static void write_origin(ol_json_writer *to, const ol_origin *origin) {
  const ol_l1_attributes *said = &origin->attributes;
  ol_json_write_object(to, "l1Origin");
  ol_json_write_quantity_u64(to, "number", said->number);
  ol_json_write_hex(to, "hash", said->hash.bytes, sizeof said->hash.bytes);
  ol_json_write_quantity_u64(to, "timestamp", said->timestamp);
  ol_json_write_bool(to, "proven", origin->is_proven);
  ol_json_write_close(to);
}

/* What a result rests on: the block at which it holds, and the one above it that is anchored. */
static void write_proof(ol_json_writer *to, const ol_provider *provider, const ol_job *job) {
  if (!ol_job_needs_block(job)) return;
  const ol_seen *seen = &provider->seen[job->at.tag];
  const uint64_t now = provider->view.engine.now_ms / 1000;
  ol_json_write_text(to, "trust", ol_trust_name((ol_trust)seen->trust));
  if (!job->is_null && job->placed) ol_block_write_json(to, "block", &job->locate.at);
  if (job->origin.has) write_origin(to, &job->origin);
  ol_block_write_json(to, "head", &seen->block);
  ol_json_write_u64(to, "ageSeconds", now > seen->block.timestamp ? now - seen->block.timestamp : 0);
  if (seen->trust > OL_TRUST_QUORUM) {
    ol_anchor_write_json(to, &seen->anchor, (ol_trust)seen->trust);
  } else {
    ol_json_write_u64(to, "agreed", seen->agreed);
    ol_json_write_u64(to, "asked", provider->view.config.endpoints);
  }
}

static ol_status write_value(ol_error *error, ol_json_writer *to, const char *name, ol_provider *provider,
                             const ol_job *job) {
  ol_arena arena = ol_view_scratch(&provider->view);
  const ol_result result = {.to = to, .name = name, .provider = provider, .job = job, .arena = &arena};
  if (!job->is_null && job->method->write != NULL) return job->method->write(error, &result);
  ol_json_write_null(to, name);
  return OL_OK;
}

static ol_status write_result(ol_error *error, ol_slice *out, ol_arena *arena, ol_provider *provider,
                              const ol_job *job) {
  ol_json_writer to;
  begin_response(&to, arena, provider, job);
  if (!job->with_proof) {
    OL_TRY(write_value(error, &to, "result", provider, job));
  } else {
    ol_json_write_object(&to, "result");
    write_proof(&to, provider, job);
    OL_TRY(write_value(error, &to, "value", provider, job));
    ol_json_write_close(&to);
  }
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}

/* The codes of EIP-1193 are positive, the others below zero. */
static void write_code(ol_json_writer *to, int32_t code) {
  char text[12];
  size_t at = sizeof text;
  uint32_t left = code < 0 ? 0u - (uint32_t)code : (uint32_t)code;
  do text[--at] = (char)('0' + left % 10);
  while ((left /= 10) > 0);
  if (code < 0) text[--at] = '-';
  ol_json_write_raw(to, "code", ol_slice_of(text + at, sizeof text - at));
}

static void write_place(ol_json_writer *to, const char *name, uint32_t place) {
  if (place != OL_NOWHERE) ol_json_write_u64(to, name, place);
}

static ol_status write_error(ol_error *error, ol_slice *out, ol_arena *arena, const ol_provider *provider,
                             const ol_job *job) {
  char line[ERROR_TEXT];
  ol_json_writer to;
  const size_t len = ol_error_text(&job->error, line, sizeof line);
  begin_response(&to, arena, provider, job);
  ol_json_write_object(&to, "error");
  write_code(&to, job->code);
  ol_json_write_string(&to, "message", ol_slice_of(line, len < sizeof line ? len : sizeof line - 1));
  ol_json_write_object(&to, "data");
  ol_json_write_text(&to, "status", ol_status_name((ol_status)job->error.status));
  ol_json_write_text(&to, "reason", job->error.reason);
  if (job->error.part[0] != '\0') ol_json_write_text(&to, "part", job->error.part);
  write_place(&to, "item", job->error.item);
  if (job->error.field[0] != '\0') ol_json_write_text(&to, "field", job->error.field);
  write_place(&to, "node", job->error.node);
  write_place(&to, "offset", job->error.offset);
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}

/* Memory that is kept for errors in place of the responses that are still to come. */
static size_t reserve_of(const ol_provider *provider, const ol_job *job) {
  const size_t room = (size_t)provider->config.max_response / 2;
  const size_t wanted = (size_t)(provider->batch_count - job->index - 1) * ERROR_ROOM;
  return wanted < room ? wanted : room;
}

/* Makes room for what separates two responses; what was swept goes to the end. Returns: the memory between. */
static ol_arena open_response(ol_provider *provider, const ol_text *of, ol_job *job) {
  ol_arena out = ol_provider_out(provider);
  const bool begins = provider->out_len == of->out_at;
  out.len -= 1 + provider->text_count + job->swept_len; /* and the ends of batches */
  memmove(out.memory + out.len, out.memory + job->swept_at, job->swept_len);
  job->swept_at = (uint32_t)out.len;
  if (of->is_batch && out.used < out.len) out.memory[out.used++] = begins ? '[' : ',';
  return ol_arena_of(out.memory + out.used, out.used < out.len ? out.len - out.used : 0);
}

/* Writes a result, and leaves room for what comes after it. */
static ol_status try_result(ol_error *error, ol_slice *out_text, ol_arena out, ol_provider *provider,
                            ol_job *job) {
  const size_t reserve = reserve_of(provider, job);
  out.len = out.len > reserve ? out.len - reserve : 0;
  ol_status status = write_result(error, out_text, &out, provider, job);
  if (status == OL_ERR_MEMORY)
    status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "response is longer than accepted");
  return status;
}

static void write_response(ol_provider *provider, ol_text *of, ol_job *job) {
  ol_arena out = open_response(provider, of, job);
  ol_error error;
  ol_slice text;
  ol_error_clear(&error);
  ol_status status = OL_OK;
  if (job->state == OL_JOB_READY) {
    status = try_result(&error, &text, out, provider, job);
    if (status == OL_ERR_LIMIT && provider->text_count > 1) of->is_crowded = true;
    if (status != OL_OK) refuse(job, status == OL_ERR_LIMIT ? OL_RPC_LIMIT : OL_RPC_UNAVAILABLE, &error);
  }
  if (job->state == OL_JOB_FAILED) status = write_error(&error, &text, &out, provider, job);
  /* Where there is not even room for an error, the rest of a batch goes unanswered. */
  if (status == OL_OK) provider->out_len = (size_t)(text.data + text.len - ol_provider_out(provider).memory);
}

void ol_respond(ol_provider *provider, ol_job *job) {
  ol_text *of = ol_text_of(provider, job->index);
  if (job->index == of->first) of->out_at = provider->out_len;
  if (job->id_len > 0) write_response(provider, of, job);
  if (job->index + 1 < of->first + of->count) return;
  if (of->is_batch && provider->out_len > of->out_at)
    ol_provider_out(provider).memory[provider->out_len++] = ']';
  of->out_len = provider->out_len - of->out_at;
}
