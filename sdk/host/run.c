/* SPDX-License-Identifier: MIT */

/* Fetching what an engine wants: every want a transfer, all of them at once. */

#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* How long to sleep at most before the engine is told the time again. */
#define POLL_MS 200
#define FIRST_CAPACITY (16u << 10)

typedef struct transfer {
  struct transfer *next;
  host_driven *of;
  CURL *easy;
  ol_want want; /* its path and body are copies while there is a record, and not kept otherwise */
  uint8_t *copies;
  uint8_t *data;
  size_t len;
  size_t capacity;
  bool too_large;
} transfer;

#define MOST_DRIVEN 2

typedef struct run {
  ol_host *host;
  host_driven driven[MOST_DRIVEN];
  size_t count;
  ol_host_ended *ended; /* to be called when the first has; NULL once it was */
  ol_host_progress *progress;
  void *context;
  transfer *out; /* transfers that have begun and not ended */
  uint64_t started_ms;
} run;

/* A clock that nobody sets, for durations. */
static uint64_t steady_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool make_room(transfer *to, size_t len) {
  if (len <= to->capacity) return true;
  size_t capacity = to->capacity == 0 ? FIRST_CAPACITY : to->capacity;
  while (capacity < len) capacity *= 2;
  if (capacity > to->want.max_len) capacity = to->want.max_len;
  uint8_t *data = realloc(to->data, capacity);
  if (data == NULL) return false;
  to->data = data;
  to->capacity = capacity;
  return true;
}

/* Takes a piece of an answer. Returns: `len`, or less to break the transfer off. */
static size_t on_data(char *data, size_t size, size_t count, void *context) {
  transfer *to = context;
  size_t len = size * count;
  if (len > to->want.max_len - to->len) {
    to->too_large = true;
    return 0;
  }
  if (len == 0) return 0;
  if (!make_room(to, to->len + len)) return 0;
  memcpy(to->data + to->len, data, len);
  to->len += len;
  return len;
}

static bool set_security(const ol_host *host, const host_endpoint *endpoint, CURL *easy) {
  bool ok = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_CAINFO, host->ca_file) == CURLE_OK;
  /* What libcurl was built with as a directory would be trusted beside the file. Not all builds have one. */
  CURLcode no_path = curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  ok = ok && (no_path == CURLE_OK || no_path == CURLE_NOT_BUILT_IN || no_path == CURLE_UNKNOWN_OPTION);
  if (endpoint->loopback) ok = ok && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK;
  return ok;
}

static bool set_limits(const ol_host *host, CURL *easy, const transfer *to, uint64_t left_ms) {
  long timeout = left_ms < 3600000 ? (long)left_ms : 3600000L;
  /* A resolver that hangs must not hold up a run whose deadline has passed. */
  return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)host->connect_timeout_ms) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)to->want.max_len) == CURLE_OK;
}

static bool set_request(const ol_host *host, const host_endpoint *endpoint, CURL *easy, const ol_want *want) {
  char *url = host_endpoint_url(endpoint, want->path);
  if (url == NULL) return false;
  bool ok = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
  free(url);
  ok = ok && curl_easy_setopt(easy, CURLOPT_USERAGENT, host->user_agent) == CURLE_OK &&
       curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
       curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L) == CURLE_OK;
  if (want->method != OL_HTTP_POST) {
    struct curl_slist *headers = host->headers[want->format == OL_FORMAT_SSZ ? HOST_GET_SSZ : HOST_GET_JSON];
    return ok && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
  }
  /* The engine's bytes are gone at the next call to it: copied. */
  const char *body = want->body.len == 0 ? "" : (const char *)want->body.data;
  return ok && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, host->headers[HOST_POST_JSON]) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)want->body.len) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK;
}

static void transfer_free(transfer *of) {
  curl_easy_cleanup(of->easy);
  free(of->data);
  free(of->copies);
  free(of);
}

static transfer *transfer_new(const ol_host *host, const host_endpoint *endpoint, const ol_want *want,
                              uint64_t left_ms) {
  transfer *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  made->want = *want;
  made->want.path = made->want.body = (ol_slice){0};
  made->easy = curl_easy_init();
  if (made->easy != NULL &&
      (!host->record.is_on || (made->copies = host_want_copy(&made->want, want)) != NULL) &&
      set_security(host, endpoint, made->easy) && set_limits(host, made->easy, made, left_ms) &&
      set_request(host, endpoint, made->easy, want) &&
      curl_easy_setopt(made->easy, CURLOPT_WRITEFUNCTION, on_data) == CURLE_OK &&
      curl_easy_setopt(made->easy, CURLOPT_WRITEDATA, made) == CURLE_OK &&
      curl_easy_setopt(made->easy, CURLOPT_PRIVATE, made) == CURLE_OK)
    return made;
  transfer_free(made);
  return NULL;
}

/* Reads what a want is for out of a file: whoever writes it puts each new one in its place whole. */
static ol_status give_file(ol_error *error, ol_host *host, host_driven *driven, const host_endpoint *endpoint,
                           const ol_want *want) {
  ol_want copy;
  ol_error unread;
  uint8_t *bytes = NULL;
  size_t len = 0;
  struct stat stat_of;
  uint8_t *block = host_want_copy(&copy, want);
  if (block == NULL) return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
  const bool is_file = stat(endpoint->file, &stat_of) == 0 && S_ISREG(stat_of.st_mode);
  ol_status status =
      is_file ? ol_host_read_file(&unread, &bytes, &len, endpoint->file, want->max_len) : OL_ERR_TRANSPORT;
  if (status == OL_OK) {
    driven->stats.bytes_received += len;
    ol_engine_feed(driven->engine, copy.id, bytes, len);
    host_record_take(host, driven, &copy, (ol_slice){bytes, len});
  } else {
    ol_engine_fail(driven->engine, copy.id, status == OL_ERR_LIMIT ? OL_FAIL_TOO_LARGE : OL_FAIL_CONNECTION);
  }
  host_keep_blames(host, driven);
  ol_host_free_file(bytes);
  free(block);
  return OL_OK;
}

/* Begins the transfers of all wants that an engine has now. */
static ol_status start_wants(ol_error *error, run *of, host_driven *driven) {
  ol_host *host = of->host;
  ol_want want;
  while (ol_engine_next_want(driven->engine, &want) == 1) {
    const host_endpoint *endpoint = host_endpoint_of(host, want.source, want.endpoint);
    if (endpoint == NULL)
      return host_fail(error, OL_ERR_ARGUMENT, "", "an endpoint is wanted that the host does not have");
    uint64_t now_ms = ol_host_now_ms();
    driven->stats.requests++;
    if (want.deadline_ms <= now_ms) {
      ol_engine_fail(driven->engine, want.id, OL_FAIL_TIMEOUT);
      continue;
    }
    if (endpoint->file != NULL) {
      ol_status status = give_file(error, host, driven, endpoint, &want);
      if (status != OL_OK) return status;
      continue;
    }
    transfer *started = transfer_new(host, endpoint, &want, want.deadline_ms - now_ms);
    if (started == NULL) return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
    if (curl_multi_add_handle(host->multi, started->easy) != CURLM_OK) {
      transfer_free(started);
      return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
    }
    started->of = driven;
    started->next = of->out;
    of->out = started;
    driven->stats.waiting++;
  }
  return OL_OK;
}

/* Takes a transfer out of the run and counts what it cost. */
static void end_transfer(run *of, transfer *ended) {
  transfer **link = &of->out;
  while (*link != ended) link = &(*link)->next;
  *link = ended->next;
  ol_host_stats *stats = &ended->of->stats;
  long connections = 0, sent = 0, head_received = 0;
  curl_off_t received = 0;
  curl_easy_getinfo(ended->easy, CURLINFO_NUM_CONNECTS, &connections);
  curl_easy_getinfo(ended->easy, CURLINFO_REQUEST_SIZE, &sent); /* with the body */
  curl_easy_getinfo(ended->easy, CURLINFO_HEADER_SIZE, &head_received);
  curl_easy_getinfo(ended->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  stats->connections += (uint64_t)connections;
  stats->bytes_sent += (uint64_t)sent;
  stats->bytes_received += (uint64_t)head_received + (uint64_t)received;
  stats->waiting--;
  curl_multi_remove_handle(of->host->multi, ended->easy);
}

/* Returns: why a transfer gives no answer, or 0 if it gives one. */
static int failure_of(const transfer *ended, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(ended->easy, CURLINFO_RESPONSE_CODE, &status);
  switch (code) {
  case CURLE_OK: return status == 200 ? 0 : OL_FAIL_HTTP;
  case CURLE_FILESIZE_EXCEEDED: return status == 200 ? OL_FAIL_TOO_LARGE : OL_FAIL_HTTP;
  case CURLE_WRITE_ERROR:
    if (status != 200) return OL_FAIL_HTTP;
    return ended->too_large ? OL_FAIL_TOO_LARGE : OL_FAIL_CONNECTION;
  case CURLE_OPERATION_TIMEDOUT: return OL_FAIL_TIMEOUT;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_USE_SSL_FAILED: return OL_FAIL_TLS;
  default: return OL_FAIL_CONNECTION;
  }
}

void host_keep_blames(ol_host *host, const host_driven *driven) {
  ol_blame blame;
  while (ol_engine_next_blame(driven->engine, &blame) == 1) {
    host_record_drop(host, driven, blame.want_id);
    const host_endpoint *endpoint = host_endpoint_of(host, blame.source, blame.endpoint);
    const char *url = host->has_bundle ? "bundle" : endpoint != NULL ? endpoint->url : NULL;
    if (url == NULL || host->blame_count == HOST_BLAMES) continue;
    host->blames[host->blame_count++] = (ol_host_blame){.url = url, .error = blame.error};
  }
}

/* Gives the engines what has ended. Returns: whether anything had. */
static bool finish_transfers(run *of) {
  bool any = false;
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(of->host->multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    CURLcode code = message->data.result; /* `message` is gone once its transfer is */
    char *private = NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
    transfer *ended = (transfer *)(void *)private;
    const host_driven *driven = ended->of;
    int failure = failure_of(ended, code);
    end_transfer(of, ended);
    if (failure == 0) {
      ol_engine_feed(driven->engine, ended->want.id, ended->data, ended->len);
      host_record_take(of->host, driven, &ended->want, (ol_slice){ended->data, ended->len});
    } else {
      ol_engine_fail(driven->engine, ended->want.id, (ol_fail_reason)failure);
    }
    host_keep_blames(of->host, driven);
    transfer_free(ended);
    any = true;
  }
  return any;
}

/* Sleeps until something comes, what is watched with it. */
static CURLMcode sleep_on(const ol_host *host, bool watching) {
  struct curl_waitfd watched = {.fd = host->watched, .events = CURL_WAIT_POLLIN};
  return curl_multi_poll(host->multi, &watched, watching && host->watched >= 0, POLL_MS, NULL);
}

/* Adds up what the engines cost. */
static void tell_stats(run *of) {
  ol_host_stats all = {.elapsed_ms = steady_ms() - of->started_ms};
  for (size_t i = 0; i < of->count; i++) {
    ol_host_stats *stats = &of->driven[i].stats;
    stats->elapsed_ms = all.elapsed_ms;
    all.requests += stats->requests;
    all.connections += stats->connections;
    all.bytes_sent += stats->bytes_sent;
    all.bytes_received += stats->bytes_received;
    all.waiting += stats->waiting;
  }
  of->host->stats = all;
}

static bool is_working(const host_driven *driven) {
  return ol_engine_state(driven->engine) == OL_ENGINE_WORKING;
}

/* Says that the first engine has ended, if it has. */
static void tell_ended(run *of) {
  ol_host_ended *ended = of->ended;
  if (ended == NULL || is_working(&of->driven[0])) return;
  of->ended = NULL;
  tell_stats(of);
  ended(of->context, &of->driven[0].stats);
}

static bool is_any_working(const run *of) {
  bool any = false;
  for (size_t i = 0; i < of->count; i++) any = any || is_working(&of->driven[i]);
  return any;
}

static ol_status drive(ol_error *error, run *of) {
  ol_host *host = of->host;
  for (tell_ended(of); is_any_working(of); tell_ended(of)) {
    for (size_t i = 0; i < of->count; i++) {
      ol_status status = start_wants(error, of, &of->driven[i]);
      if (status != OL_OK) return status;
    }
    if (host->interrupted) return host_fail(error, OL_ERR_TRANSPORT, "", "was interrupted");
    int active = 0;
    if (curl_multi_perform(host->multi, &active) != CURLM_OK)
      return host_fail(error, OL_ERR_MEMORY, "", "libcurl cannot go on");
    if (!finish_transfers(of) && sleep_on(host, of->progress != NULL) != CURLM_OK)
      return host_fail(error, OL_ERR_MEMORY, "", "libcurl cannot go on");
    for (size_t i = 0; i < of->count; i++) {
      ol_engine_tick(of->driven[i].engine, ol_host_now_ms());
      host_keep_blames(host, &of->driven[i]);
    }
    tell_stats(of);
    if (of->progress != NULL) of->progress(of->context, &host->stats);
  }
  return OL_OK;
}

/* Adds an engine to a run. Returns: OL_OK also where it has failed at once; why it cannot be begun. */
static ol_status add_engine(ol_error *error, run *of, ol_engine *engine) {
  ol_host *host = of->host;
  of->driven[of->count++] = (host_driven){.engine = engine, .number = ++host->driven_count};
  if (ol_engine_state(engine) != OL_ENGINE_IDLE || ol_engine_begin(engine, host_now_ms(host)) == OL_OK ||
      ol_engine_state(engine) == OL_ENGINE_FAILED)
    return OL_OK;
  *error = *ol_engine_error(engine);
  return (ol_status)error->status;
}

static run run_of(ol_host *host, ol_host_ended *ended, ol_host_progress *progress, void *context) {
  host->stats = (ol_host_stats){0};
  host->blame_count = 0;
  return (run){
      .host = host, .ended = ended, .progress = progress, .context = context, .started_ms = steady_ms()};
}

/* Drives the engines that were added. Returns: the error of the run, or of the first that failed. */
static ol_status go(ol_error *error, run *of) {
  host_driven *last = &of->driven[of->count - 1];
  ol_status status = of->host->has_bundle ? host_bundle_drive(error, of->host, last) : drive(error, of);
  while (of->out != NULL) {
    transfer *unwanted = of->out;
    end_transfer(of, unwanted);
    transfer_free(unwanted);
  }
  for (size_t i = 0; i < of->count; i++) {
    host_keep_blames(of->host, &of->driven[i]);
    if (status != OL_OK) ol_engine_abandon(of->driven[i].engine);
  }
  tell_stats(of);
  if (status == OL_OK) tell_ended(of);
  for (size_t i = 0; i < of->count && status == OL_OK; i++) {
    if (ol_engine_state(of->driven[i].engine) == OL_ENGINE_DONE) continue;
    *error = *ol_engine_error(of->driven[i].engine);
    status = (ol_status)error->status;
  }
  return status;
}

ol_status ol_host_run(ol_error *error, ol_host *host, ol_engine *engine, ol_host_progress *progress,
                      void *context) {
  run of = run_of(host, NULL, progress, context);
  ol_status status = add_engine(error, &of, engine);
  return status == OL_OK ? go(error, &of) : status;
}

ol_status ol_host_run_both(ol_error *error, ol_host *host, ol_engine *first, ol_engine *second,
                           ol_host_ended *ended, ol_host_progress *progress, void *context) {
  run of = run_of(host, ended, progress, context);
  const bool in_turn = host->has_bundle || host->record.is_on;
  ol_status status = add_engine(error, &of, first);
  if (status == OL_OK && in_turn) status = go(error, &of);
  if (status == OL_OK) status = add_engine(error, &of, second);
  return status == OL_OK ? go(error, &of) : status;
}
