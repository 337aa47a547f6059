/* SPDX-License-Identifier: MIT */

/*
 * A writer of a state directory, killed (SIGKILL) at moments that follow from a seed. Of each file the newest
 * generation that was acknowledged must then be there, or the one after it, whole; and the lock must be free.
 *
 *   state_killed PLACE SEED KILLS
 */

#include "host/killed.h"
#include "openledger/host.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES 4u
#define MAX_LEN 60000u
#define ROUNDS_OF_A_PLACE 8u /* then it is made anew, so that some are killed while they make it */
#define MANY 200u            /* kills, of which some must have come in the middle of a write */

typedef struct acknowledgement {
  uint64_t file;
  uint64_t generation;
} acknowledgement;

static const char *place;
static uint64_t generations[FILES]; /* the newest that is known to be there; 0 for none */

static struct { uint64_t written, unfinished, unacknowledged, early; } seen;

static void give_up(const char *what) {
  fprintf(stderr, "state_killed: %s\n", what);
  exit(EXIT_FAILURE);
}

/* --- Generations: a number, bytes that follow from it, a checksum of all before --- */

static size_t generation_of(uint8_t out[MAX_LEN], uint64_t file, uint64_t number) {
  ol_hash sum;
  size_t len = 16 + (size_t)(number * 7919 + file * 104729) % (MAX_LEN - 16 - sizeof sum);
  memcpy(out, &file, 8);
  memcpy(out + 8, &number, 8);
  for (size_t i = 16; i < len; i++) out[i] = (uint8_t)(number * 31 + i);
  ol_keccak256(&sum, out, len);
  memcpy(out + len, sum.bytes, sizeof sum);
  return len + sizeof sum;
}

static const char *name_of(uint64_t file) {
  static const char *const names[FILES] = {"sync", "head", "wallet-1", "a.b"};
  return names[file];
}

/* Returns: the generation that a file holds, 0 if there is no such file. */
static uint64_t read_generation(ol_state *state, uint64_t file) {
  static uint8_t expected[MAX_LEN];
  ol_error error;
  ol_hash sum;
  uint8_t *bytes;
  size_t len;
  uint64_t number = 0;
  if (ol_state_read(&error, state, &bytes, &len, name_of(file), MAX_LEN) != OL_OK) give_up(error.reason);
  if (bytes == NULL) return 0;
  if (len < 16 + sizeof sum) give_up("a file is cut short");
  ol_keccak256(&sum, bytes, len - sizeof sum);
  if (memcmp(sum.bytes, bytes + len - sizeof sum, sizeof sum) != 0) give_up("a checksum is wrong");
  memcpy(&number, bytes + 8, 8);
  if (generation_of(expected, file, number) != len || memcmp(expected, bytes, len) != 0)
    give_up("a file holds something else");
  ol_host_free_file(bytes);
  return number;
}

/* --- The writer --- */

static void write_on(int acknowledged) {
  static uint8_t bytes[MAX_LEN];
  ol_error error;
  ol_state *state;
  if (ol_state_open(&error, &state, place) != OL_OK) give_up(error.reason);
  for (acknowledgement next = {0, 0};; next.file = (next.file + 1) % FILES) {
    next.generation = ++generations[next.file];
    size_t len = generation_of(bytes, next.file, next.generation);
    if (ol_state_write(&error, state, name_of(next.file), bytes, len) != OL_OK) give_up(error.reason);
    if (write(acknowledged, &next, sizeof next) != sizeof next) give_up("the pipe is closed");
  }
}

/* --- Who kills it --- */

/* Removes the place, or counts what is in it that a killed writer left. */
static uint64_t look_through(bool remove) {
  char path[4096];
  uint64_t unfinished = 0;
  DIR *list = opendir(place);
  if (list == NULL) return 0;
  for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    unfinished += strstr(entry->d_name, "-new") != NULL;
    snprintf(path, sizeof path, "%s/%s", place, entry->d_name);
    if (remove && unlink(path) != 0) give_up("the place cannot be emptied");
  }
  closedir(list);
  if (remove && rmdir(place) != 0) give_up("the place cannot be removed");
  return unfinished;
}

/* Half of the times are short, as opening is. */
static uint64_t moment_us(void) {
  uint64_t choice = next_random();
  return (choice & 1) != 0 ? next_random() % 2000 : next_random() % 25000;
}

/* Starts a writer, kills it, and takes down what it had said by then. */
static void kill_one(void) {
  int ends[2];
  acknowledgement said;
  if (pipe(ends) != 0) give_up("there is no pipe");
  pid_t writer = fork();
  if (writer < 0) give_up("there is no process");
  if (writer == 0) {
    close(ends[0]);
    write_on(ends[1]);
  }
  close(ends[1]);
  if (!kill_after(writer, moment_us())) give_up("the writer had ended before it was killed");
  uint64_t before = seen.written;
  while (read(ends[0], &said, sizeof said) == sizeof said) {
    generations[said.file] = said.generation;
    seen.written++;
  }
  seen.early += seen.written == before;
  close(ends[0]);
}

static void check(void) {
  ol_error error;
  ol_state *state;
  seen.unfinished += look_through(false);
  if (ol_state_open(&error, &state, place) != OL_OK) give_up(error.reason);
  if (look_through(false) != 0) give_up("what a killed writer left is still there");
  for (uint64_t file = 0; file < FILES; file++) {
    uint64_t found = read_generation(state, file), known = generations[file];
    if (found != known && found != known + 1) {
      fprintf(stderr, "%s has generation %" PRIu64 " after %" PRIu64 "\n", name_of(file), found, known);
      give_up(found < known ? "a generation that was acknowledged is lost"
                            : "a generation came from nowhere");
    }
    seen.unacknowledged += found != known;
    generations[file] = found;
  }
  ol_state_close(state);
}

int main(int argc, char **argv) {
  if (argc != 4) give_up("usage: state_killed PLACE SEED KILLS");
  place = argv[1];
  uint64_t seed = strtoull(argv[2], NULL, 10), kills = strtoull(argv[3], NULL, 10);
  seed_random(seed);
  for (uint64_t i = 0; i < kills; i++) {
    if (i % ROUNDS_OF_A_PLACE == 0) {
      look_through(true);
      memset(generations, 0, sizeof generations);
    }
    kill_one();
    check();
  }
  look_through(true);
  printf("%" PRIu64 " writers killed, seed %" PRIu64 ": %" PRIu64 " before they had written, %" PRIu64
         " in the middle of a file, %" PRIu64 " before it was acknowledged; of %" PRIu64
         " generations none is lost\n",
         kills, seed, seen.early, seen.unfinished, seen.unacknowledged, seen.written);
  if (seen.written == 0) give_up("nothing was written");
  if (kills >= MANY && seen.unfinished == 0) give_up("no kill came in the middle of a file");
  return EXIT_SUCCESS;
}
