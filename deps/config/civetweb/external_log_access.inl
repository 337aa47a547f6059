/* SPDX-License-Identifier: MIT */

/* There is no log of accesses. */
static void log_access(const struct mg_connection *conn) {
  (void)conn;
}
