/* SPDX-License-Identifier: MIT */

/*
 * What a beacon node answered, changed. The signature is in the way of nothing that is refused before it; what
 * would come as far as it is judged by its claim alone, and only some of it by the whole of processing, which
 * sums five hundred keys when the short way fails.
 */

#include "consensus/committee.h"
#include "consensus/store.h"
#include "mutate/edit.h"
#include "openledger/sync.h"
#include "stores.h"

#include <stdlib.h>
#include <string.h>

#define WHOLE 16 /* of so many that only the signature refuses, one is processed as a whole */
#define FRAME 12 /* bytes before an update in SSZ: its length, and a digest that says the fork */

/* One recorded chain: where it begins, and the stores that a change is tried on. */
typedef struct chain {
  vector_file file;
  ol_beacon_network network;
  ol_hash checkpoint;
  ol_slice bootstrap;    /* SSZ */
  ol_light_store begun;  /* by the bootstrap alone */
  ol_light_store before; /* what the object at hand is processed on */
  ol_light_store after;  /* what becomes of it */
  ol_light_store work;
} chain;

/* An object of it, in SSZ or as the text that holds it. */
typedef struct beacon_case {
  edited edit; /* first: its verifier is given this */
  chain *of;
  ol_light_kind kind;
  uint64_t slot; /* the current one */
  uint32_t reached;
  bool skips_whole;      /* the last change was left to the claim alone */
  ol_sync_status status; /* of the original, by the public function */
  void *memory;
  size_t memory_len;
} beacon_case;

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

/* --- Objects --- */

static const char *untouched_or(const ol_light_store *store, const ol_light_store *kept, const char *flaw) {
  if (memcmp(store, kept, sizeof *store) != 0) return "refused, but the store was written";
  return flaw;
}

static const char *judge_bootstrap(beacon_case *of, ol_slice ssz, bool *accepted) {
  ol_error error;
  ol_light_bootstrap bootstrap;
  chain *with = of->of;
  memset(&with->work, UNTOUCHED, sizeof with->work);
  ol_status status = ol_light_bootstrap_decode(&error, &bootstrap, &with->network, ssz);
  if (status == OL_OK)
    status = ol_light_store_init(&error, &with->work, &with->network, &with->checkpoint, &bootstrap);
  *accepted = status == OL_OK;
  if (!*accepted && !campaign_untouched(&with->work, sizeof with->work))
    return "refused, but the store was written";
  if (!*accepted) return campaign_flaw(&error, status, ssz.len);
  return stores_same(&with->work, &with->begun) ? NULL : "ACCEPTED with another store";
}

static const char *process_whole(beacon_case *of, const ol_light_update *update, ol_slice ssz,
                                 bool *accepted) {
  ol_error error;
  chain *with = of->of;
  with->work = with->before;
  ol_status status = ol_light_store_process(&error, &with->work, update, of->slot);
  *accepted = status == OL_OK;
  if (*accepted)
    return stores_same_but_slot(&with->work, &with->after) ? NULL : "ACCEPTED with another store";
  return untouched_or(&with->work, &with->before, campaign_flaw(&error, status, ssz.len));
}

static bool claim_holds(const chain *with, const ol_light_update *update) {
  ol_error error;
  ol_light_claim claim;
  const ol_light_store *store = &with->before;
  bool of_current = ol_beacon_period(&with->network, update->signature_slot) ==
                    ol_beacon_period(&with->network, store->finalized.beacon.slot);
  ol_slice committee = ol_slice_of(of_current ? store->current_committee : store->next_committee,
                                   ol_committee_bytes(&with->network));
  return ol_light_claim_make(&error, &claim, &with->network, committee, update,
                             ol_light_shorter_way(&with->network, update->bits)) == OL_OK &&
         ol_light_claims_verify(&error, &claim, 1) == OL_OK;
}

static const char *judge_update(beacon_case *of, ol_slice ssz, bool *accepted) {
  static const uint8_t nothing[96]; /* is no signature, so that nothing is accepted with it */
  ol_error error;
  ol_light_update update;
  chain *with = of->of;
  *accepted = false;
  ol_status status = ol_light_update_decode(&error, &update, of->kind, &with->network, ssz);
  if (status != OL_OK) return campaign_flaw(&error, status, ssz.len);
  ol_light_update bare = update;
  bare.signature = ol_slice_of(nothing, sizeof nothing);
  with->work = with->before;
  status = ol_light_store_process(&error, &with->work, &bare, of->slot);
  if (status == OL_OK) return "ACCEPTED without a signature";
  const char *flaw = untouched_or(&with->work, &with->before, campaign_flaw(&error, status, ssz.len));
  if (flaw != NULL || strcmp(error.part, "sync_committee_signature") != 0) return flaw;
  bool holds = claim_holds(with, &update);
  of->skips_whole = !holds && of->reached++ % WHOLE != 0;
  if (of->skips_whole) return NULL;
  flaw = process_whole(of, &update, ssz, accepted);
  return flaw == NULL && *accepted != holds ? "is processed otherwise than its signature says" : flaw;
}

static const char *judge(beacon_case *of, ol_slice ssz, bool *accepted) {
  of->skips_whole = false;
  return of->kind == OL_LIGHT_BOOTSTRAP ? judge_bootstrap(of, ssz, accepted)
                                        : judge_update(of, ssz, accepted);
}

/* Judges from a block that ends where the bytes end, so that a sanitizer sees a read behind it. */
static const char *verify_ssz(edited *edit, bool *accepted) {
  beacon_case *of = (beacon_case *)edit;
  uint8_t *exact = malloc(edit->len > 0 ? edit->len : 1);
  if (exact == NULL) return "no memory";
  memcpy(exact, edit->bytes, edit->len);
  const char *complaint = judge(of, ol_slice_of(exact, edit->len), accepted);
  free(exact);
  return complaint;
}

/* --- Texts --- */

/* Out: the object in a text, where it has the form that the original has. */
static bool object_of_json(const beacon_case *of, ol_slice *out) {
  ol_error error;
  ol_json answer, data;
  ol_json_items items;
  ol_arena arena = ol_arena_of(of->memory, of->memory_len);
  if (ol_json_read(&error, &answer, &arena, of->edit.bytes, of->edit.len) != OL_OK) return false;
  if (of->kind == OL_LIGHT_UPDATE && (ol_json_array(&error, &items, answer) != OL_OK || items.left != 1 ||
                                      !ol_json_next(&answer, NULL, &items)))
    return false;
  return ol_json_find(&data, answer, "data") &&
         ol_light_from_json(&error, out, &arena, of->kind, &of->of->network, data) == OL_OK;
}

static bool object_of_ssz(const beacon_case *of, ol_slice *out) {
  uint64_t length = 0;
  *out = ol_slice_of(of->edit.bytes, of->edit.len);
  if (of->kind != OL_LIGHT_UPDATE) return true;
  if (of->edit.len < FRAME) return false;
  for (int i = 7; i >= 0; i--) length = length << 8 | of->edit.bytes[i];
  *out = ol_slice_of(of->edit.bytes + FRAME, of->edit.len - FRAME);
  return length == of->edit.len - 8;
}

static ol_status verify_public(ol_error *error, ol_sync_status *status, const beacon_case *of) {
  const chain *with = of->of;
  ol_slice text = ol_slice_of(of->edit.bytes, of->edit.len);
  const ol_sync_config config = {
      .network = label_of(with->network.name),
      .checkpoint = with->checkpoint,
      .now_ms = 1000 * (with->network.genesis_time + of->slot * with->network.seconds_per_slot),
      .insist = 1};
  ol_sync_texts texts = {.bootstrap = with->bootstrap};
  switch (of->kind) {
  case OL_LIGHT_UPDATE: texts.updates = text; break;
  case OL_LIGHT_FINALITY_UPDATE: texts.finality = text; break;
  case OL_LIGHT_OPTIMISTIC_UPDATE: texts.optimistic = text; break;
  case OL_LIGHT_BOOTSTRAP:
  case OL_LIGHT_KINDS: texts.bootstrap = text; break;
  }
  memset(status, UNTOUCHED, sizeof *status);
  return ol_sync_verify_text(error, status, &config, &texts, of->memory, of->memory_len);
}

/* The text by the public function, the object in it by the store's rules: both must go the same way. */
static const char *verify_text(edited *edit, bool *accepted) {
  beacon_case *of = (beacon_case *)edit;
  ol_error error;
  ol_sync_status status;
  ol_slice ssz;
  bool is_judged = false, is_right = false;
  *accepted = false;
  if (edit->len == 0 && of->kind != OL_LIGHT_BOOTSTRAP) return NULL; /* no text is no update */
  bool is_json = edit->original.data[0] == '{' || edit->original.data[0] == '[';
  if (is_json ? object_of_json(of, &ssz) : object_of_ssz(of, &ssz)) {
    const char *complaint = judge(of, ssz, &is_right);
    if (complaint != NULL || of->skips_whole) return complaint;
    is_judged = true;
  }
  ol_status found = verify_public(&error, &status, of);
  *accepted = found == OL_OK;
  if (*accepted != (is_judged && is_right)) return "text and object are judged differently";
  if (!*accepted)
    return campaign_untouched(&status, sizeof status) ? campaign_flaw(&error, found, edit->len)
                                                      : "refused, but the output was written";
  if (of->status.committee_size == 0) of->status = status;
  return memcmp(&status, &of->status, offsetof(ol_sync_status, committee_size)) == 0
             ? NULL
             : "ACCEPTED with another status";
}

/* --- Recordings --- */

static void group(campaign *run, mutate_kind kind, void (*make)(campaign *run, edited *of), beacon_case *of) {
  campaign_begin_group(run, kind);
  make(run, &of->edit);
  campaign_end_group(run);
}

static void mutate_ssz(campaign *run, beacon_case *of, ol_slice ssz) {
  if (!edit_begin(run, &of->edit, ssz, verify_ssz)) return;
  group(run, MUTATE_BEACON_CUT, edit_cut, of);
  group(run, MUTATE_BEACON_FLIPPED, edit_flip, of);
  group(run, MUTATE_BEACON_EDITED, edit_ssz, of);
  edit_end(&of->edit);
}

static void mutate_text(campaign *run, beacon_case *of, ol_slice text) {
  size_t longest = (text.len > of->of->bootstrap.len ? text.len : of->of->bootstrap.len) + EDIT_ROOM;
  of->memory_len = ol_sync_verify_memory(longest);
  of->memory = malloc(of->memory_len);
  if (of->memory != NULL && edit_begin(run, &of->edit, text, verify_text)) {
    bool is_json = text.data[0] == '{' || text.data[0] == '[';
    group(run, MUTATE_ANSWER_CUT, edit_cut, of);
    group(run, MUTATE_ANSWER_FLIPPED, edit_flip_some, of);
    group(run, MUTATE_ANSWER_EDITED, is_json ? edit_text : edit_ssz, of);
    edit_end(&of->edit);
  }
  free(of->memory);
}

/* The text of an object as it was recorded; of an update in SSZ, as a node frames it. */
static ol_slice text_in(chain *of, ol_light_kind kind, ol_json object, ol_slice ssz) {
  ol_json member;
  if (ol_json_find(&member, object, "text")) return vector_text(&of->file, object, "text");
  uint8_t *frame = kind == OL_LIGHT_UPDATE ? ol_arena_take(&of->file.arena, FRAME + ssz.len) : NULL;
  if (frame == NULL) return ssz;
  for (int i = 0; i < 8; i++) frame[i] = (uint8_t)((uint64_t)(ssz.len + 4) >> 8 * i);
  memset(frame + 8, 0x5a, 4);
  memcpy(frame + FRAME, ssz.data, ssz.len);
  return ol_slice_of(frame, FRAME + ssz.len);
}

static ol_slice ssz_in(chain *of, ol_light_kind kind, ol_json object) {
  ol_error error;
  ol_json data;
  ol_slice ssz = {NULL, 0};
  if (ol_json_find(&data, object, "ssz")) return vector_bytes(&of->file, object, "ssz");
  if (!ol_json_find(&data, object, "json") ||
      ol_light_from_json(&error, &ssz, &of->file.arena, kind, &of->network, data) != OL_OK)
    vector_count(of->file.tally, false, label_of("object"), "cannot be read");
  return ssz;
}

static bool begin(chain *of) {
  ol_error error;
  ol_json object;
  ol_light_bootstrap bootstrap;
  ol_slice name = vector_text(&of->file, of->file.root, "network");
  ol_slice checkpoint = vector_bytes(&of->file, of->file.root, "checkpoint");
  if (checkpoint.len != sizeof of->checkpoint || !ol_beacon_network_named(&of->network, name)) return false;
  memcpy(of->checkpoint.bytes, checkpoint.data, sizeof of->checkpoint);
  if (!ol_json_find(&object, of->file.root, "bootstrap")) return false;
  of->bootstrap = ssz_in(of, OL_LIGHT_BOOTSTRAP, object);
  return ol_light_bootstrap_decode(&error, &bootstrap, &of->network, of->bootstrap) == OL_OK &&
         ol_light_store_init(&error, &of->begun, &of->network, &of->checkpoint, &bootstrap) == OL_OK;
}

/* What the original makes of the store before. */
static bool process(chain *of, ol_light_kind kind, ol_slice ssz, uint64_t slot) {
  ol_error error;
  ol_light_update update;
  of->after = of->before;
  return ol_light_update_decode(&error, &update, kind, &of->network, ssz) == OL_OK &&
         ol_light_store_process(&error, &of->after, &update, slot) == OL_OK;
}

static ol_light_kind kind_of(ol_slice step) {
  if (vector_same(step, label_of("process_finality_update"))) return OL_LIGHT_FINALITY_UPDATE;
  if (vector_same(step, label_of("process_optimistic_update"))) return OL_LIGHT_OPTIMISTIC_UPDATE;
  return OL_LIGHT_UPDATE;
}

/* A step on the bootstrap alone where that is enough, and its text too; else on what came before. */
static void mutate_step(campaign *run, chain *of, ol_json step, ol_light_store *reached) {
  static beacon_case at;
  at = (beacon_case){.of = of,
                     .kind = kind_of(vector_text(&of->file, step, "kind")),
                     .slot = vector_u64(&of->file, step, "slot")};
  ol_slice ssz = ssz_in(of, at.kind, step);
  of->before = of->begun;
  bool follows = process(of, at.kind, ssz, at.slot);
  if (!follows) of->before = *reached;
  if (!follows && !process(of, at.kind, ssz, at.slot)) {
    vector_count(&run->tally->groups, false, label_of("original"), "is refused");
    return;
  }
  mutate_ssz(run, &at, ssz);
  if (follows) mutate_text(run, &at, text_in(of, at.kind, step, ssz));
  *reached = of->after;
}

static void mutate_bootstrap(campaign *run, chain *of) {
  static beacon_case at;
  ol_json object;
  at = (beacon_case){.of = of, .kind = OL_LIGHT_BOOTSTRAP};
  mutate_ssz(run, &at, of->bootstrap);
  if (ol_json_find(&object, of->file.root, "bootstrap"))
    mutate_text(run, &at, text_in(of, at.kind, object, of->bootstrap));
}

void mutate_beacon(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len) {
  static chain of;
  static ol_light_store reached;
  campaign run = campaign_of(tally, options);
  ol_json step, refused;
  if (!vector_open(&of.file, &tally->groups, json, len)) return;
  bool good = begin(&of);
  vector_count(&tally->groups, good, label_of("bootstrap"), "cannot be begun with");
  if (good) {
    reached = of.begun;
    mutate_bootstrap(&run, &of);
    ol_json_items steps = vector_items(&of.file, of.file.root, "steps");
    while (ol_json_next(&step, NULL, &steps)) {
      if (!ol_json_find(&refused, step, "refused")) mutate_step(&run, &of, step, &reached);
    }
  }
  vector_close(&of.file);
}
