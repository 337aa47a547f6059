/* SPDX-License-Identifier: MIT */
#include "openledger/signature.h"

#include "encoding/hex.h"
#include "encoding/jsonrpc.h"
#include "encoding/text.h"
#include "provider/write.h"
#include "trie/account.h"

#include "base/poison.h"

/* A job's signature, out of what was asked. */
static ol_slice read_signature(const ol_provider *provider, const ol_job *job, ol_arena *arena) {
  const char *digits = (const char *)provider->request + job->raw_at + 2;
  const size_t len = job->raw_len - 2;
  ol_error unused; /* the parameters were read */
  uint8_t *bytes = ol_arena_take(arena, len / 2 + 1);
  OL_ASSERT(bytes != NULL && ol_hex_decode(&unused, bytes, digits, len) == OL_OK);
  return ol_slice_of(bytes, len / 2);
}

static bool has_code(const ol_job *job) {
  return !ol_hash_equal(&job->read.account.code_hash, &ol_empty_code_hash);
}

static bool is_of_key(const ol_provider *provider, const ol_job *job, ol_arena *arena) {
  const ol_slice bytes = read_signature(provider, job, arena);
  ol_signature signature;
  ol_error unused; /* what is no signature is nobody's */
  return ol_signature_read(&unused, &signature, bytes.data, bytes.len) == OL_OK &&
         ol_signature_check(&unused, &job->hash, &signature, &job->address) == OL_OK;
}

/* That of an account with code: each endpoint says what it answers, until as many agree as it takes for a block. */
static ol_job_step ask_contract(ol_provider *provider, ol_job *job) {
  const uint32_t quorum = provider->view.config.quorum;
  if (!job->asking) {
    memset(&job->lookup, 0, sizeof job->lookup);
    job->asking = true;
  }
  if (job->lookup.index >= quorum || job->lookup.nulls >= quorum) return OL_STEP_DONE;
  if (ol_seek(&provider->view.engine, job->lookup.tries, provider->from.order, provider->from.order_count,
              OL_SOURCE_L2, OL_WANT_VERDICT, ol_job_number(provider, job)))
    return OL_STEP_WAIT;
  if (job->lookup.index + job->lookup.nulls == 0) return ol_job_stuck(job);
  return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_QUORUM,
                     "too few endpoints agree about what the contract answers");
}

ol_job_step ol_work_signature(ol_provider *provider, ol_job *job) {
  ol_job_step step = ol_work_account(provider, job);
  if (step != OL_STEP_DONE) return step;
  if (has_code(job)) return ask_contract(provider, job);
  ol_arena arena = ol_view_scratch(&provider->view);
  const ol_slice bytes = read_signature(provider, job, &arena);
  if (ol_signature_is_wrapped(bytes.data, bytes.len))
    return ol_job_fail(job, OL_RPC_UNSUPPORTED, OL_ERR_ARGUMENT,
                       "the contract is not deployed, and what deploys it is not executed here");
  return OL_STEP_DONE;
}

/* What a contract is asked about: of what ERC-6492 wraps, what is inside; the parameters were read. */
static ol_slice own_signature(ol_slice bytes) {
  ol_wrapped_signature wrapped;
  ol_error unused;
  if (!ol_signature_is_wrapped(bytes.data, bytes.len)) return bytes;
  OL_ASSERT(ol_signature_unwrap(&unused, &wrapped, bytes.data, bytes.len) == OL_OK);
  return wrapped.signature;
}

ol_status ol_signature_request(ol_error *error, ol_want *out, const ol_provider *provider, const ol_job *job,
                               const ol_engine_want *want, ol_arena *arena) {
  ol_call call;
  ol_json_writer to;
  const ol_slice bytes = own_signature(read_signature(provider, job, arena));
  const size_t len = bytes.len + 192;
  void *memory = ol_arena_take(arena, len);
  if (memory == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the call");
  OL_TRY(ol_signature_contract_call(error, &call, &job->address, &job->hash, bytes, memory, len));
  ol_jsonrpc_begin(&to, arena, want->id, "eth_call");
  ol_json_write_object(&to, NULL);
  ol_json_write_hex(&to, "to", call.to.bytes, sizeof call.to.bytes);
  ol_json_write_hex(&to, "data", call.data.data, call.data.len);
  ol_json_write_close(&to);
  ol_json_write_object(&to, NULL); /* EIP-1898 */
  ol_json_write_hex(&to, "blockHash", job->locate.at.hash.bytes, sizeof job->locate.at.hash.bytes);
  ol_json_write_close(&to);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

/* Whether an endpoint says that the call was reverted, which is a contract's way to say no. */
static bool is_reverted(ol_json response) {
  ol_json fault, code, message;
  ol_slice text;
  ol_error unused;
  if (!ol_json_find(&fault, response, "error")) return false;
  if (ol_json_find(&code, fault, "code") && ol_slice_is(ol_json_number_text(code), "3")) return true;
  return ol_json_find(&message, fault, "message") && ol_json_string(&unused, &text, message) == OL_OK &&
         ol_slice_begins(text, "execution reverted");
}

ol_status ol_signature_answer(ol_error *error, ol_job *job, const ol_engine_want *want, ol_json response,
                              ol_arena *arena) {
  ol_json result;
  ol_slice bytes;
  ol_error unused;
  bool yes = false;
  if (!is_reverted(response)) {
    OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
    OL_TRY(ol_json_hex(error, &bytes, arena, result));
    yes = ol_signature_contract_answer(&unused, bytes.data, bytes.len) == OL_OK;
  }
  job->lookup.index += yes;
  job->lookup.nulls += !yes;
  job->lookup.tries[want->endpoint] = OL_TRIES; /* it has said so */
  return OL_OK;
}

ol_status ol_write_signature(ol_error *error, const ol_result *of) {
  const ol_seen *seen = &of->provider->seen[of->job->at.tag];
  const bool contract = has_code(of->job);
  const bool valid =
      contract ? of->job->lookup.index > of->job->lookup.nulls : is_of_key(of->provider, of->job, of->arena);
  const uint32_t trust = contract && seen->trust > OL_TRUST_QUORUM ? OL_TRUST_QUORUM : seen->trust;
  (void)error;
  ol_json_write_object(of->to, of->name);
  ol_json_write_bool(of->to, "valid", valid);
  ol_json_write_text(of->to, "by", contract ? "contract" : "key");
  ol_json_write_text(of->to, "trust", ol_trust_name((ol_trust)trust));
  ol_block_write_json(of->to, "block", &of->job->locate.at);
  ol_json_write_close(of->to);
  return OL_OK;
}
