/* SPDX-License-Identifier: MIT */

/* Runs by a bundle in the place of servers, and what makes one. */

#include "host.h"

#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "out of memory";

uint8_t *host_want_copy(ol_want *out, const ol_want *want) {
  uint8_t *block = malloc(want->path.len + want->body.len + 1);
  if (block == NULL) return NULL;
  uint8_t *body = block + want->path.len;
  if (want->path.len > 0) memcpy(block, want->path.data, want->path.len);
  if (want->body.len > 0) memcpy(body, want->body.data, want->body.len);
  *out = *want;
  out->path = (ol_slice){block, want->path.len};
  out->body = (ol_slice){body, want->body.len};
  return block;
}

/* --- A bundle as all servers --- */

ol_status ol_host_bundle(ol_error *error, ol_host *host, ol_slice bytes, uint64_t now_ms) {
  ol_status status = ol_bundle_read(error, &host->bundle, bytes);
  host->has_bundle = status == OL_OK;
  host->bundle_now_ms = now_ms;
  return status;
}

uint64_t host_now_ms(const ol_host *host) {
  return host->has_bundle && host->bundle_now_ms != 0 ? host->bundle_now_ms : ol_host_now_ms();
}

const char *ol_host_lack(const ol_host *host) {
  return host->lack[0] != '\0' ? host->lack : NULL;
}

/*
 * Gives an engine the answer to a want. Out: the error, where there is none. An engine may do without some answers; so
 * where it fails, it is for the last one that it lacked.
 */
static void give(ol_error *error, ol_host *host, host_driven *driven, const ol_want *want, void *memory,
                 size_t len) {
  ol_engine *engine = driven->engine;
  ol_error lacking;
  ol_slice answer;
  driven->stats.requests++;
  if (ol_bundle_answer(&lacking, &answer, &host->bundle, want, host_now_ms(host), memory, len) == OL_OK) {
    driven->stats.bytes_received += answer.len;
    ol_engine_feed(engine, want->id, answer.data, answer.len);
    host_record_take(host, driven, want, answer);
    return;
  }
  *error = lacking;
  ol_want_text(host->lack, sizeof host->lack, want);
  ol_engine_fail(engine, want->id, OL_FAIL_CONNECTION);
  ol_blame silence; /* ol_host_lack tells it */
  while (ol_engine_next_blame(engine, &silence) == 1) continue;
}

/* Gives all that the engine wants. Out: the last error that there is no answer. Returns: of the host's own errors. */
static ol_status give_all(ol_error *error, ol_error *out_lacking, ol_host *host, host_driven *driven,
                          void *memory, size_t len) {
  ol_engine *engine = driven->engine;
  ol_want want, copy;
  while (ol_engine_state(engine) == OL_ENGINE_WORKING) {
    if (ol_engine_next_want(engine, &want) != 1)
      return ol_engine_state(engine) == OL_ENGINE_WORKING
                 ? host_fail(error, OL_ERR_ARGUMENT, "",
                             "the engine waits for an answer that was asked elsewhere")
                 : OL_OK;
    if (want.endpoint != 0)
      return host_fail(error, OL_ERR_ARGUMENT, "bundle",
                       "is one endpoint of each source, and no quorum of many");
    uint8_t *block = host_want_copy(&copy, &want);
    if (block == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
    give(out_lacking, host, driven, &copy, memory, len);
    free(block);
    host_keep_blames(host, driven);
  }
  return OL_OK;
}

ol_status host_bundle_drive(ol_error *error, ol_host *host, host_driven *driven) {
  const ol_engine *engine = driven->engine;
  size_t len = host->bundle.answers.len + OL_BUNDLE_AROUND;
  void *memory = malloc(len);
  ol_error lacking = {0};
  host->lack[0] = '\0';
  if (memory == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  ol_status status = give_all(error, &lacking, host, driven, memory, len);
  free(memory);
  if (status != OL_OK) return status;
  if (host->blame_count > 0 && ol_engine_state(engine) == OL_ENGINE_DONE) {
    *error =
        host->blames[0]
            .error; /* an engine may do without one endpoint's answer, but a bundle with a wrong one is none */
    return (ol_status)error->status;
  }
  if (host->lack[0] == '\0' || ol_engine_state(engine) != OL_ENGINE_FAILED) return OL_OK;
  if (ol_engine_error(engine)->status != OL_ERR_TRANSPORT) {
    host->lack[0] = '\0'; /* what is wrong tells more than what is not there */
    return OL_OK;
  }
  *error = lacking;
  return (ol_status)lacking.status;
}

/* --- A record --- */

static void clear_kept(host_kept *kept) {
  free(kept->answer);
  *kept = (host_kept){0};
}

void host_record_clear(ol_host *host) {
  for (size_t i = 0; i < host->record.count; i++) clear_kept(&host->record.list[i]);
  host->record.count = 0;
}

void ol_host_record(ol_host *host) {
  host_record_clear(host);
  host->record.is_on = true;
  host->record.error = (ol_error){.status = OL_OK};
}

/* Returns: the place of a request, or behind the last. */
static size_t place_of(const host_record *record, const ol_hash *request) {
  size_t at = 0;
  while (at < record->count && memcmp(&record->list[at].entry.request, request, sizeof *request) != 0) at++;
  return at;
}

static ol_status keep(ol_error *error, host_record *record, const host_driven *driven, const ol_want *want,
                      ol_slice data) {
  host_kept kept = {.number = driven->number, .want_id = want->id, .answer = malloc(data.len + 1)};
  if (kept.answer == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  ol_status status = ol_bundle_entry_of(error, &kept.entry, want, data, kept.answer, data.len + 1);
  if (status == OL_OK && kept.entry.answer.data != kept.answer) {
    memcpy(kept.answer, data.data, data.len);
    kept.entry.answer = (ol_slice){kept.answer, data.len};
  }
  size_t at = status == OL_OK ? place_of(record, &kept.entry.request) : OL_BUNDLE_ENTRIES;
  /* Of two answers to one request the later is the one that the run went on with, unless it told nothing. */
  bool is_new = at == record->count;
  if (status == OL_OK && is_new && at == OL_BUNDLE_ENTRIES)
    status = host_fail(error, OL_ERR_LIMIT, "", "a run used more answers than a bundle holds");
  if (status != OL_OK || (!is_new && ol_engine_taken(driven->engine) == OL_TAKEN_IDLE)) {
    free(kept.answer);
    return status;
  }
  clear_kept(&record->list[at]);
  record->list[at] = kept;
  record->count += is_new;
  return OL_OK;
}

void host_record_take(ol_host *host, const host_driven *driven, const ol_want *want, ol_slice data) {
  host_record *record = &host->record;
  ol_error error;
  if (!record->is_on || ol_engine_taken(driven->engine) == OL_TAKEN_NOT) return;
  if (keep(&error, record, driven, want, data) != OL_OK && record->error.status == OL_OK)
    record->error = error;
}

void host_record_drop(ol_host *host, const host_driven *driven, uint64_t want_id) {
  host_record *record = &host->record;
  for (size_t i = 0; i < record->count; i++) {
    if (record->list[i].number != driven->number || record->list[i].want_id != want_id) continue;
    clear_kept(&record->list[i]);
    record->list[i] = record->list[--record->count];
    record->list[record->count] = (host_kept){0}; /* it is in its new place */
    return;
  }
}

static ol_status pack(ol_error *error, uint8_t **out, size_t *out_len, const ol_bundle_about *about,
                      const ol_bundle_entry *entries, size_t count) {
  size_t len = ol_bundle_size(about, entries, count);
  uint8_t *bytes = malloc(len + 1);
  if (bytes == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  ol_status status = ol_bundle_write(error, bytes, len, about, entries, count);
  if (status != OL_OK) {
    free(bytes);
    return status;
  }
  *out = bytes;
  *out_len = len;
  return OL_OK;
}

ol_status ol_host_recorded(ol_error *error, ol_host *host, uint8_t **out, size_t *out_len,
                           const ol_bundle_about *about) {
  ol_bundle_entry entries[OL_BUNDLE_ENTRIES];
  const host_record *record = &host->record;
  if (record->error.status != OL_OK) {
    *error = record->error;
    return (ol_status)error->status;
  }
  for (size_t i = 0; i < record->count; i++) entries[i] = record->list[i].entry;
  return pack(error, out, out_len, about, entries, record->count);
}
