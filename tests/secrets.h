/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_SECRETS_H
#define OL_TESTS_SECRETS_H

/* What the tests of secrets open: keystores and a mnemonic that are published, and weak, so that they open fast. */

#define SECRETS_WORDS "legal winner thank year wave sausage worth useful legal winner thank yellow"
#define SECRETS_PASSWORD "foo"

/* A key of ethers' tests, with scrypt; its password is "foo". */
#define SECRETS_SCRYPT                                                                                       \
  "{\"address\":\"17c5185167401ed00cf5f5b2fc97d9bbfdb7d025\",\"version\":3,\"crypto\":{"                     \
  "\"cipher\":\"aes-128-ctr\",\"cipherparams\":{\"iv\":\"deadbeef1deadbeef2deadbeef301234\"},"               \
  "\"ciphertext\":\"cea502df4b9405fa2b6d8d19ec4e2953c5ce08e0e01d4c0292512ce62baef8f3\","                     \
  "\"kdf\":\"scrypt\",\"kdfparams\":{\"salt\":\"abcd1abcd2abcd3abcd4abcd5abcd6ef\",\"n\":1024,"              \
  "\"dklen\":32,\"p\":2,\"r\":4},"                                                                           \
  "\"mac\":\"6e0a8e2409261d464e35a251f4b1fddd6ad0f7045a18d3957c127387f1c0de72\"}}"

/* A wallet of the presale, of the same tests; its password is empty. */
#define SECRETS_PRESALE                                                                                      \
  "{\"encseed\":"                                                                                            \
  "\"3a7cc89f7d53d44d6e6445a2cf7fa359598f7914e1b4f808a1b55a13ea4cc71a5529782ba169bb0b169b29e4160c2d4d3167e"  \
  "d282267634ae326379cdf400bf82bc9512be11169bc1822fef4a17b9cf4ad685544ddfc793eafee573650f19185\","           \
  "\"ethaddr\":\"0b88d4b324ec24c8c078551e6e5075547157e5b6\"}"

#endif
