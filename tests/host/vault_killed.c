/* SPDX-License-Identifier: MIT */

/*
 * A process that saves a vault again and again, killed (SIGKILL) at moments that follow from a seed. The vault that was
 * acknowledged last must then be there, or the one after it, and open with its password.
 *
 *   vault_killed PLACE SEED KILLS
 */

#include "host/killed.h"
#include "host/vaults.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define VAULTS 6u
#define CONTENT 100000u
#define VAULT_LEN (OL_VAULT_OVERHEAD + CONTENT)
#define MANY 200u /* kills, of which some must have come in the middle of a save */

static ol_error error;
static const char *place;
static uint8_t vaults[VAULTS][VAULT_LEN], content[CONTENT];

static void give_up(const char *what) {
  fprintf(stderr, "vault_killed: %s\n", what);
  exit(EXIT_FAILURE);
}

static void make_vaults(void) {
  size_t len = 0;
  for (uint8_t i = 0; i < VAULTS; i++) {
    memset(content, i + 1, sizeof content);
    if (vaults_seal(&error, vaults[i], VAULT_LEN, &len, (ol_slice){content, sizeof content}, i) != OL_OK ||
        len != VAULT_LEN)
      give_up(error.reason);
  }
}

static void save_on(uint64_t from, int acknowledged) {
  ol_state *state;
  if (ol_state_open(&error, &state, place) != OL_OK) give_up(error.reason);
  for (uint64_t next = from + 1;; next++) {
    if (ol_state_write(&error, state, VAULT_NAME, vaults[next % VAULTS], VAULT_LEN) != OL_OK)
      give_up(error.reason);
    if (write(acknowledged, &next, sizeof next) != sizeof next) give_up("the pipe is closed");
  }
}

/* Returns: the generation that was acknowledged last. */
static uint64_t kill_one(uint64_t from) {
  int ends[2];
  uint64_t said = from, next;
  if (pipe(ends) != 0) give_up("there is no pipe");
  pid_t writer = fork();
  if (writer < 0) give_up("there is no process");
  if (writer == 0) {
    close(ends[0]);
    save_on(from, ends[1]);
  }
  close(ends[1]);
  if (!kill_after(writer, next_random() % 12000)) give_up("the writer had ended before it was killed");
  while (read(ends[0], &next, sizeof next) == sizeof next) said = next;
  close(ends[0]);
  return said;
}

/* Opens what is there. Returns: its generation, which is the one known or the next. */
static uint64_t check(uint64_t known, bool wrong) {
  ol_state *state;
  uint8_t *bytes = NULL;
  size_t len = 0, content_len = 0;
  if (ol_state_open(&error, &state, place) != OL_OK ||
      ol_state_read(&error, state, &bytes, &len, VAULT_NAME, 2 * VAULT_LEN) != OL_OK)
    give_up(error.reason);
  if (bytes == NULL && known != 0) give_up("the vault is gone");
  uint64_t found = 0;
  if (bytes != NULL) {
    const ol_slice vault = {bytes, len};
    if (wrong && (vaults_open(&error, content, CONTENT, &content_len, vault, "another") != OL_ERR_CRYPTO ||
                  strcmp(error.reason, "the password is wrong") != 0))
      give_up("a wrong password is not told");
    if (vaults_open(&error, content, CONTENT, &content_len, vault, VAULT_PASSWORD) != OL_OK)
      give_up(error.reason);
    const uint64_t number = content[0] - 1u;
    if (content_len != CONTENT || number >= VAULTS || memcmp(bytes, vaults[number], len) != 0)
      give_up("the vault holds something else");
    if (number != known % VAULTS && number != (known + 1) % VAULTS)
      give_up("it is neither the old nor the new vault");
    found = number == known % VAULTS ? known : known + 1;
  }
  ol_host_free_file(bytes);
  ol_state_close(state);
  return found;
}

/* Whether a writer that was killed left a part of a vault. */
static bool is_unfinished(void) {
  char path[4096];
  struct stat status;
  snprintf(path, sizeof path, "%s/%s~openledger-new", place, VAULT_NAME);
  return stat(path, &status) == 0;
}

int main(int argc, char **argv) {
  if (argc != 4) give_up("usage: vault_killed PLACE SEED KILLS");
  place = argv[1];
  uint64_t seed = strtoull(argv[2], NULL, 10), kills = strtoull(argv[3], NULL, 10);
  uint64_t known = 0, unfinished = 0, unacknowledged = 0;
  char path[4096];
  seed_random(seed);
  snprintf(path, sizeof path, "%s/%s", place, VAULT_NAME);
  unlink(path); /* of another run */
  make_vaults();
  for (uint64_t i = 0; i < kills; i++) {
    uint64_t said = kill_one(known);
    unfinished += is_unfinished();
    known = check(said, i % 16 == 0);
    unacknowledged += known != said;
  }
  printf("%" PRIu64 " writers of a vault killed, seed %" PRIu64 ": %" PRIu64
         " in the middle of a save, %" PRIu64 " before it was acknowledged; of %" PRIu64
         " saves the old or the new is there, and opens\n",
         kills, seed, unfinished, unacknowledged, known);
  if (known == 0) give_up("nothing was saved");
  if (kills >= MANY && unfinished == 0) give_up("no kill came in the middle of a save");
  return EXIT_SUCCESS;
}
