/* SPDX-License-Identifier: MIT */

/* What civetweb would log: what clients do wrong, which they are told, and why it cannot start, which it returns. */
static void mg_cry_internal_impl(const struct mg_connection *conn, const char *func, unsigned line, const char *fmt,
                                 va_list ap) {
  (void)conn, (void)func, (void)line, (void)fmt, (void)ap;
}
