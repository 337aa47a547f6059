/* SPDX-License-Identifier: MIT */

/*
 * The input as the life of a store: on which forks, where it begins, and then operations - an update of some slots,
 * signed by some of a committee, right or wrong in one of many ways; or time that runs out. What becomes of each is
 * foretold here from how it was made, and must be so.
 */

#include "beacon.h"
#include "fuzz/fuzz.h"
#include "stores.h"

#define PERIOD 64u
#define MEMBERS 32u
#define COMMITTEES 9u /* of periods 0 to 7, and strangers */
#define STRANGERS (COMMITTEES - 1)
#define OPERATIONS 12u
#define HEAD 6u
#define OPERATION 12u /* bytes */

static beacon_committee committees[COMMITTEES];

/* How an update is wrong. */
typedef enum fault {
  FAULT_SIGNATURE_BIT,
  FAULT_SIGNATURE_INFINITE,
  FAULT_BITS,
  FAULT_DOMAIN_TYPE,
  FAULT_VERSION,
  FAULT_GENESIS,
  FAULT_MESSAGE,
  FAULT_ATTESTED_ROOT,
  FAULT_ATTESTED_INVALID,
  FAULT_FINALIZED_INVALID,
  FAULT_FINALIZED_OTHER,
  FAULT_FINALITY_BRANCH,
  FAULT_FINALITY_BRANCH_NONE,
  FAULT_FINALITY_BRANCH_SHORT,
  FAULT_COMMITTEE_OTHER,
  FAULT_COMMITTEE_BRANCH,
  FAULT_COMMITTEE_BRANCH_NONE,
  FAULT_COMMITTEE_BRANCH_SHORT,
  FAULTS,
  FAULT_NONE
} fault;

typedef struct operation {
  bool is_force;
  uint64_t slot; /* attested; or the time of force */
  uint64_t finalized;
  uint64_t signature_slot;
  uint8_t next;    /* 0: none, 1 and 2: the period's, 3: strangers */
  uint8_t signers; /* 0 and 1: whom the store expects, 2: the period's, 3: strangers */
  uint32_t mask;   /* of who signs */
  uint8_t detail;
  fault fault;
} operation;

typedef struct life {
  ol_beacon_network network;
  uint64_t now;
  ol_light_store store, before, again;
  ol_light_store begun, stopped; /* at the first, and at the first refusal */
  beacon_update updates[OPERATIONS];
  size_t count;
  bool is_over; /* for what is processed at once: refused, or forced */
  size_t taken;
  ol_error why;
} life;

static void make_committees(void) {
  static bool made;
  const ol_beacon_network network = {.committee_size = MEMBERS};
  if (made) return;
  for (uint8_t i = 0; i < COMMITTEES; i++) beacon_make_committee(&committees[i], &network, i);
  made = true;
}

static uint32_t participants_of(uint32_t mask) {
  uint32_t count = 0;
  for (; mask != 0; mask &= mask - 1) count++;
  return count;
}

/* --- Signing: by the sum of secrets, which are small, and only once for each message --- */

static void sign_by(uint8_t out[96], const uint8_t secret[32], const ol_hash *root) {
  typedef struct remembered {
    uint8_t secret[32];
    ol_hash root;
    uint8_t signature[96];
  } remembered;
  static remembered all[1 << 12];
  ol_error error;
  ol_bls_signature signature;
  remembered *one = &all[(root->bytes[0] + 16u * root->bytes[1] + secret[31]) & 0xfff];
  if (memcmp(one->secret, secret, 32) != 0 || !ol_hash_equal(&one->root, root)) {
    FUZZ_REQUIRE(ol_bls_sign(&error, &signature, ol_bls_ethereum, secret, ol_slice_of(root->bytes, 32)) ==
                 OL_OK);
    ol_bls_signature_write(one->signature, &signature);
    memcpy(one->secret, secret, 32);
    one->root = *root;
  }
  memcpy(out, one->signature, 96);
}

static void sign(beacon_update *update, const beacon_committee *committee, uint32_t mask,
                 const ol_hash *root) {
  uint8_t sum[32] = {0};
  memset(update->signature, 0, sizeof update->signature);
  update->signature[0] = 0xc0; /* nobody's */
  for (uint32_t i = 0; i < MEMBERS; i++) {
    if (!(mask >> i & 1)) continue;
    unsigned carry = 0;
    for (size_t k = 32; k-- > 0; carry >>= 8) {
      carry += (unsigned)sum[k] + committee->secrets[i][k];
      sum[k] = (uint8_t)carry;
    }
  }
  for (int i = 0; i < 4; i++) update->bits[i] = (uint8_t)(mask >> 8 * i);
  if (mask != 0) sign_by(update->signature, sum, root);
}

/* --- What an operation is --- */

static ol_beacon_network network_of(fuzz_input *in) {
  ol_beacon_network network = {.name = "fuzz",
                               .seconds_per_slot = 6,
                               .slots_per_epoch = 8,
                               .epochs_per_period = 8,
                               .committee_size = MEMBERS,
                               .genesis_validators_root = {{7, 7}}};
  size_t first = 1 + fuzz_u8(in) % (OL_BEACON_FORKS - 1), turn = 8 + fuzz_u8(in) % 48u;
  for (size_t i = 0; i < OL_BEACON_FORKS; i++) {
    network.forks[i].epoch = i <= first ? 0 : i == first + 1 ? turn : OL_BEACON_NEVER;
    network.forks[i].version[0] = (uint8_t)i;
    network.forks[i].version[3] = 9;
  }
  return network;
}

static operation read_operation(fuzz_input *in) {
  operation out = {.fault = FAULT_NONE};
  uint8_t kind = fuzz_u8(in);
  out.slot = PERIOD + fuzz_u16(in) % (7 * PERIOD - 1);
  uint8_t gap = fuzz_u8(in), delay = fuzz_u8(in), flags = fuzz_u8(in);
  for (int i = 0; i < 4; i++) out.mask |= (uint32_t)fuzz_u8(in) << 8 * i;
  out.detail = fuzz_u8(in);
  uint8_t wrong = fuzz_u8(in);
  out.is_force = kind % 8 == 7;
  if (out.is_force) out.slot += (uint64_t)gap * 4;
  out.finalized = gap == 0 ? 0 : gap == 255 ? out.slot + 3 : out.slot - (gap < out.slot ? gap : 1);
  out.signature_slot = delay == 255 ? out.slot : out.slot + 1 + delay % (PERIOD + 16);
  out.next = flags & 3;
  out.signers = flags >> 2 & 3;
  if (flags & 16) out.mask = UINT32_MAX;
  if (flags & 32) out.mask = 0x003fffff; /* 22: just enough to finalize */
  if (flags & 64) out.mask = 0x001fffff; /* 21: just too few */
  if (wrong >= 128) out.fault = (fault)(wrong % FAULTS);
  return out;
}

/* The committee that a store has for a slot; NULL where it has none. */
static const uint8_t *known_for(const life *of, uint64_t slot) {
  uint64_t period = slot / PERIOD, own = of->store.finalized.beacon.slot / PERIOD;
  if (period == own) return of->store.current_committee;
  return period == own + 1 && of->store.next_known ? of->store.next_committee : NULL;
}

static const beacon_committee *signers_of(const life *of, const operation *op) {
  const uint8_t *known = known_for(of, op->signature_slot);
  if (op->signers == 3) return &committees[STRANGERS];
  for (size_t i = 0; op->signers < 2 && known != NULL && i < COMMITTEES; i++) {
    if (memcmp(known, committees[i].bytes, OL_BLS_KEY) == 0) return &committees[i];
  }
  return &committees[op->signature_slot / PERIOD % STRANGERS];
}

static const beacon_committee *next_of(const operation *op) {
  if (op->next == 0) return NULL;
  return op->next == 3 ? &committees[STRANGERS] : &committees[(op->slot / PERIOD + 1) % STRANGERS];
}

/* --- Updates --- */

static void sign_with(life *of, beacon_update *update, const operation *op,
                      const beacon_committee *committee) {
  const ol_beacon_network *network = &of->network;
  ol_hash message = update->update.attested.root, genesis = network->genesis_validators_root;
  uint8_t version[4];
  memcpy(version, network->forks[ol_beacon_fork_at(network, op->signature_slot - 1)].version, 4);
  if (op->fault == FAULT_MESSAGE) message.bytes[op->detail % 32] ^= 1;
  if (op->fault == FAULT_GENESIS) genesis.bytes[op->detail % 32] ^= 1;
  if (op->fault == FAULT_VERSION) version[op->detail % 4] ^= 1;
  uint8_t domain = op->fault == FAULT_DOMAIN_TYPE ? 0 : 7;
  const ol_hash root = beacon_signing_root(&message, version, &genesis, domain);
  sign(update, committee, op->mask, &root);
}

/* Returns: whether there was something to be made wrong. */
static bool break_finality(beacon_update *update, const operation *op) {
  const ol_hash other = {{9}};
  if (op->finalized == 0) return false;
  switch (op->fault) {
  case FAULT_FINALIZED_INVALID: update->update.finalized.is_valid = false; return true;
  case FAULT_FINALIZED_OTHER: update->update.finalized = beacon_header(op->finalized, &other); return true;
  case FAULT_FINALITY_BRANCH: update->finality_branch[op->detail] ^= 1; return true;
  case FAULT_FINALITY_BRANCH_NONE:
    memset(update->finality_branch, 0, sizeof update->finality_branch);
    return true;
  case FAULT_FINALITY_BRANCH_SHORT:
    update->update.finality_branch = ol_slice_of(update->finality_branch + 4 * 32, 5 * 32);
    return true;
  default: return false;
  }
}

static bool break_committee(beacon_update *update, const operation *op) {
  if (op->next == 0) return false;
  switch (op->fault) {
  case FAULT_COMMITTEE_OTHER:
    update->update.next_committee.data = committees[1].bytes;
    return true; /* never a next */
  case FAULT_COMMITTEE_BRANCH: update->committee_branch[op->detail] ^= 1; return true;
  case FAULT_COMMITTEE_BRANCH_NONE:
    memset(update->committee_branch, 0, sizeof update->committee_branch);
    return true;
  case FAULT_COMMITTEE_BRANCH_SHORT:
    update->update.next_committee_branch = ol_slice_of(update->committee_branch + 7 * 32, 4 * 32);
    return true;
  default: return false;
  }
}

static bool break_update(beacon_update *update, const operation *op) {
  switch (op->fault) {
  case FAULT_NONE: return false;
  case FAULT_SIGNATURE_BIT: update->signature[op->detail % 96] ^= (uint8_t)(1 << op->detail % 8); return true;
  case FAULT_SIGNATURE_INFINITE:
    memset(update->signature, 0, sizeof update->signature);
    update->signature[0] = 0xc0;
    return true;
  case FAULT_BITS: update->bits[op->detail % 4] ^= (uint8_t)(1 << op->detail % 8); return true;
  case FAULT_DOMAIN_TYPE:
  case FAULT_VERSION:
  case FAULT_GENESIS:
  case FAULT_MESSAGE: return true; /* when it was signed */
  case FAULT_ATTESTED_ROOT: update->update.attested.root.bytes[op->detail % 32] ^= 1; return true;
  case FAULT_ATTESTED_INVALID: update->update.attested.is_valid = false; return true;
  default: return break_finality(update, op) || break_committee(update, op);
  }
}

/* Whether an update that is right must be taken: validate_light_client_update, from how it was made. */
static bool is_due(const life *of, const operation *op, const beacon_committee *signers) {
  const ol_light_store *store = &of->store;
  const beacon_committee *next = next_of(op);
  const uint8_t *known = known_for(of, op->signature_slot);
  uint64_t final = store->finalized.beacon.slot;
  size_t size = ol_committee_bytes(&of->network);
  if (op->mask == 0 || op->signature_slot > of->now || op->signature_slot <= op->slot) return false;
  if (op->finalized > op->slot || known == NULL || memcmp(known, signers->bytes, size) != 0) return false;
  bool of_period = op->slot / PERIOD == final / PERIOD;
  if (op->slot <= final && (store->next_known || next == NULL || !of_period)) return false;
  return next == NULL || !of_period || !store->next_known ||
         memcmp(store->next_committee, next->bytes, size) == 0;
}

static bool is_supermajority(uint32_t mask) {
  return 3 * participants_of(mask) >= 2 * MEMBERS;
}

/* What may have changed by an update, or by force, and how. */
static void check_store(const life *of, const operation *op, const beacon_update *update) {
  const ol_light_store *now = &of->store, *before = &of->before;
  uint64_t final = now->finalized.beacon.slot, was = before->finalized.beacon.slot;
  FUZZ_REQUIRE(final >= was && now->optimistic.beacon.slot >= final);
  FUZZ_REQUIRE(now->optimistic.beacon.slot >= before->optimistic.beacon.slot);
  FUZZ_REQUIRE(final / PERIOD <= was / PERIOD + 1);
  bool turned = final / PERIOD != was / PERIOD;
  FUZZ_REQUIRE(!turned || before->next_known);
  FUZZ_REQUIRE(memcmp(now->current_committee, turned ? before->next_committee : before->current_committee,
                      sizeof now->current_committee) == 0);
  FUZZ_REQUIRE(now->next_known != ol_is_zero(ol_slice_of(now->next_committee, sizeof now->next_committee)));
  FUZZ_REQUIRE(!before->next_known || turned ||
               memcmp(now->next_committee, before->next_committee, sizeof now->next_committee) == 0);
  if (update == NULL) return;
  if (final != was)
    FUZZ_REQUIRE(is_supermajority(op->mask) && final == op->finalized &&
                 stores_same_header(&now->finalized, &update->update.finalized));
  if (now->optimistic.beacon.slot != before->optimistic.beacon.slot)
    FUZZ_REQUIRE(now->optimistic.beacon.slot == op->slot || now->optimistic.beacon.slot == final);
  FUZZ_REQUIRE(!is_supermajority(op->mask) || op->finalized <= was || final == op->finalized);
}

static void process(life *of, const operation *op) {
  ol_error error;
  beacon_update *update = &of->updates[of->count++];
  const beacon_committee *signers = signers_of(of, op);
  beacon_make_update(update, &of->network, op->slot, op->finalized, next_of(op));
  update->update.signature_slot = op->signature_slot;
  sign_with(of, update, op, signers);
  bool due = is_due(of, op, signers);
  if (break_update(update, op)) due = false;
  of->before = of->again = of->store;
  ol_status status = ol_light_store_process(&error, &of->store, &update->update, of->now);
  FUZZ_REQUIRE((status == OL_OK) == due);
  if (status == OL_OK) {
    check_store(of, op, update);
  } else {
    fuzz_refused(&error, status, 0);
    FUZZ_REQUIRE(memcmp(&of->store, &of->before, sizeof of->store) == 0);
  }
  if (op->detail % 8 == 0) { /* it is so every time */
    FUZZ_REQUIRE(ol_light_store_process(&error, &of->again, &update->update, of->now) == status);
    FUZZ_REQUIRE(stores_same(&of->again, &of->store));
  }
  if (of->is_over) return;
  of->taken += status == OL_OK;
  of->is_over = status != OL_OK;
  of->stopped = of->store;
  if (status != OL_OK) of->why = error;
}

static void force(life *of, const operation *op) {
  of->before = of->store;
  bool due = of->store.has_best && op->slot > of->store.finalized.beacon.slot + PERIOD;
  FUZZ_REQUIRE(ol_light_store_force(&of->store, op->slot) == due);
  if (due)
    FUZZ_REQUIRE(!of->store.has_best);
  else
    FUZZ_REQUIRE(memcmp(&of->store, &of->before, sizeof of->store) == 0);
  check_store(of, op, NULL);
  of->is_over = true;
}

/* --- A life --- */

/* A bootstrap that is wrong in one of many ways leaves a store as it was. */
static void begin_wrong(life *of, uint64_t slot, uint8_t how) {
  ol_error error;
  beacon_start start;
  beacon_make_bootstrap(&start, &of->network, slot, &committees[slot / PERIOD]);
  ol_hash checkpoint = start.bootstrap.header.root;
  switch (how % 5) {
  case 0: checkpoint.bytes[how % 32] ^= 1; break;
  case 1: start.bootstrap.header.is_valid = false; break;
  case 2: start.bootstrap.committee.data = committees[STRANGERS].bytes; break;
  case 3: start.branch[how] ^= 1; break;
  default: start.bootstrap.committee_branch.len = 32 * (how % 5u); break;
  }
  ol_status status = ol_light_store_init(&error, &of->store, &of->network, &checkpoint, &start.bootstrap);
  fuzz_refused(&error, status, 0);
  FUZZ_REQUIRE(memcmp(&of->store, &of->before, sizeof of->store) == 0);
}

/* All updates up to the first refusal at once, and after it one by one: the same. */
static void process_at_once(life *of) {
  static ol_light_store copy;
  ol_light_update all[OPERATIONS];
  ol_error error;
  size_t done = 0, count = of->taken + (of->why.reason != NULL ? 1 : 0);
  for (size_t i = 0; i < count; i++) all[i] = of->updates[i].update;
  ol_status status = ol_light_store_process_all(&error, &of->begun, &done, all, count, of->now, &copy);
  FUZZ_REQUIRE(done == of->taken && stores_same(&of->begun, &of->stopped));
  FUZZ_REQUIRE(status == (count == of->taken ? OL_OK : of->why.status));
  if (status != OL_OK) FUZZ_REQUIRE(strcmp(error.reason, of->why.reason) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static life of;
  fuzz_input in = {data, len};
  make_committees();
  memset(&of, 0, sizeof of);
  of.network = network_of(&in);
  uint64_t slot = PERIOD + fuzz_u8(&in) % PERIOD;
  of.now = slot + fuzz_u16(&in) % (8 * PERIOD);
  begin_wrong(&of, slot, fuzz_u8(&in));
  beacon_begin(&of.store, &of.network, slot, &committees[slot / PERIOD]);
  of.begun = of.stopped = of.store;
  for (size_t i = 0; i < OPERATIONS && in.left > 0; i++) {
    const operation op = read_operation(&in);
    if (op.is_force)
      force(&of, &op);
    else
      process(&of, &op);
  }
  process_at_once(&of);
  return 0;
}

/* --- Changes that keep operations whole --- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed);

/* An operation that fits well: signed by whom the store expects, with all that it may have. */
static void write_good(uint8_t *out, uint32_t random) {
  uint16_t slot = (uint16_t)(random % (7 * PERIOD - 1));
  const uint8_t good[OPERATION] = {(random >> 9 & 15) == 0 ? 7 : 0,
                                   (uint8_t)slot,
                                   (uint8_t)(slot >> 8),
                                   (uint8_t)(random >> 13 & 31),
                                   (uint8_t)(random >> 18 & 1 ? random >> 19 & 63 : 0),
                                   (uint8_t)((random >> 20 & 1) | 16u << (random >> 22 & 3) % 3),
                                   0xff,
                                   (uint8_t)random,
                                   0xff,
                                   0xff,
                                   (uint8_t)(random >> 24),
                                   (random >> 28) == 0 ? (uint8_t)(128 + random % 96) : 0};
  memcpy(out, good, sizeof good);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed) {
  uint32_t random = seed * 2654435761u | 1;
  if (room < HEAD + OPERATION) return len;
  while (len < HEAD) data[len++] = (uint8_t)fuzz_draw(&random);
  size_t count = (len - HEAD) / OPERATION, most = (room - HEAD) / OPERATION;
  if (most > OPERATIONS) most = OPERATIONS;
  if (count > most) count = most;
  uint8_t *operations = data + HEAD;
  size_t at = count == 0 ? 0 : fuzz_draw(&random) % count,
         other = count == 0 ? 0 : fuzz_draw(&random) % count;
  uint8_t kept[OPERATION];
  switch (fuzz_draw(&random) % 8) {
  case 0: data[fuzz_draw(&random) % HEAD] = (uint8_t)fuzz_draw(&random); break;
  case 1: /* one less */
    if (count < 2) break;
    memmove(operations + at * OPERATION, operations + (at + 1) * OPERATION, (count - at - 1) * OPERATION);
    count--;
    break;
  case 2: /* two exchanged */
    if (count == 0) break;
    memcpy(kept, operations + at * OPERATION, OPERATION);
    memmove(operations + at * OPERATION, operations + other * OPERATION, OPERATION);
    memcpy(operations + other * OPERATION, kept, OPERATION);
    break;
  case 3: /* one again */
    if (count == 0 || count == most) break;
    memcpy(operations + count++ * OPERATION, operations + at * OPERATION, OPERATION);
    break;
  case 4:
  case 5:
    if (count < most) write_good(operations + count++ * OPERATION, fuzz_draw(&random));
    break;
  default:
    if (count > 0) operations[at * OPERATION + fuzz_draw(&random) % OPERATION] = (uint8_t)fuzz_draw(&random);
    break;
  }
  return HEAD + count * OPERATION;
}
