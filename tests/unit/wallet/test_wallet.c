/* SPDX-License-Identifier: MIT */
#include "openledger/openledger.h"
#include "unit/wallet/wallets.h"

/* A wallet's secrets, accounts, contacts and policy, and that it forgets what is secret. */

static uint8_t content[OL_WALLET_CONTENT];

/* --- Secrets and accounts --- */

static void derives_accounts(void **state) {
  char text[43];
  ol_wallet_account account;
  (void)state;
  assert_int_equal(add_account("m/44'/60'/0'/0/1", "second"), OL_OK);
  assert_int_equal(ol_wallet_account_at(&wallet, &account, 0), 1);
  ol_address_text(text, &account.address);
  assert_string_equal(text, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  assert_string_equal((const char *)account.label, "main");
  assert_int_equal(ol_wallet_account_at(&wallet, &account, 1), 1);
  ol_address_text(text, &account.address);
  assert_string_equal(text, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  assert_int_equal(ol_wallet_account_at(&wallet, &account, 2), 0);
}

static void refuses_what_it_has(void **state) {
  const uint8_t key[32] = {7};
  uint32_t secret;
  (void)state;
  refuses(add_account("m/44'/60'/0'/0/0", "again"), OL_ERR_ARGUMENT, "the wallet has this account already");
  refuses(ol_wallet_add_mnemonic(&error, &wallet, &secret, seed, ol_slice_of(entropy, 16), 0, NOW),
          OL_ERR_ARGUMENT, "the wallet has this secret already");
  assert_int_equal(ol_wallet_add_key(&error, &wallet, &secret, key, NOW), OL_OK);
  refuses(ol_wallet_add_key(&error, &wallet, &secret, key, NOW), OL_ERR_ARGUMENT,
          "the wallet has this secret already");
}

static void refuses_secrets_that_are_none(void **state) {
  static const char reason[] = "a mnemonic has 16, 20, 24, 28 or 32 bytes of entropy";
  const uint8_t zero[32] = {0}, more[36] = {1};
  uint32_t secret;
  (void)state;
  for (size_t len = 0; len <= 36; len++) {
    if (len >= 16 && len <= 32 && len % 4 == 0) continue;
    refuses(ol_wallet_add_mnemonic(&error, &wallet, &secret, seed, ol_slice_of(more, len), 0, NOW),
            OL_ERR_ARGUMENT, reason);
  }
  refuses(ol_wallet_add_mnemonic(&error, &wallet, &secret, seed, ol_slice_of(more, 16), OL_LANGUAGES, NOW),
          OL_ERR_ARGUMENT, "there is no such language");
  assert_int_equal(ol_wallet_add_key(&error, &wallet, &secret, zero, NOW), OL_ERR_CRYPTO);
}

/* What memory has lost is no account. */
static void refuses_an_account_of_a_lost_key(void **state) {
  const uint8_t key[32] = {7};
  const ol_path none = {.depth = 0};
  uint32_t secret, index = 9;
  (void)state;
  assert_int_equal(ol_wallet_add_key(&error, &wallet, &secret, key, NOW), OL_OK);
  memset(wallet.secrets[secret].bytes, 0, sizeof key);
  assert_int_equal(ol_wallet_add_account(&error, &wallet, &index, secret, &none, text_of(""), NOW),
                   OL_ERR_CRYPTO);
  assert_int_equal(index, 9);
  assert_int_equal(wallet.account_count, 1);
}

static void refuses_accounts_of_no_secret(void **state) {
  ol_path path;
  uint32_t index;
  (void)state;
  ol_path_accounts(&path);
  refuses(ol_wallet_add_account(&error, &wallet, &index, 1, &path, text_of(""), NOW), OL_ERR_ARGUMENT,
          "the wallet has no such secret");
}

static void refuses_labels_that_are_not_seen(void **state) {
  static const char long_label[] = "0123456789012345678901234567890123456789012345678901234567890123";
  (void)state;
  refuses(add_account("m/1", "tab\t"), OL_ERR_ENCODING, "the label has characters that cannot be seen");
  refuses(add_account("m/1", "\xe2\x80\xae"), OL_ERR_ENCODING,
          "the label has characters that cannot be seen");
  refuses(add_account("m/1", "\xff"), OL_ERR_ENCODING, "the label has characters that cannot be seen");
  refuses(add_account("m/1", long_label), OL_ERR_ENCODING, "the label is longer than 63 bytes");
  assert_string_equal(error.part, "label");
  assert_int_equal(add_account("m/1", long_label + 1), OL_OK);
}

static void is_bounded(void **state) {
  const uint8_t one_more[32] = {99};
  uint32_t index;
  (void)state;
  for (uint32_t i = 1; i < OL_WALLET_SECRETS; i++) {
    const uint8_t key[32] = {(uint8_t)i};
    assert_int_equal(ol_wallet_add_key(&error, &wallet, &index, key, NOW), OL_OK);
  }
  assert_int_equal(ol_wallet_add_key(&error, &wallet, &index, one_more, NOW), OL_ERR_LIMIT);
  for (uint32_t i = 1; i < OL_WALLET_ACCOUNTS; i++) {
    const ol_path path = {.depth = 1, .steps = {i}};
    assert_int_equal(ol_wallet_add_account(&error, &wallet, &index, 0, &path, text_of(""), NOW), OL_OK);
  }
  assert_int_equal(add_account("m/7/7", ""), OL_ERR_LIMIT);
  for (uint32_t i = 1; i <= OL_WALLET_CONTACTS; i++) {
    const ol_address address = address_of((uint8_t)i);
    assert_int_equal(ol_wallet_add_contact(&error, &wallet, &address, text_of("x"), NOW), OL_OK);
  }
  const ol_address another = address_of(0xff);
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &another, text_of("x"), NOW), OL_ERR_LIMIT);
}

static void removes_accounts_and_their_secrets(void **state) {
  const uint8_t key[32] = {7};
  const ol_address nobody = BOB;
  (void)state;
  add_key(key);
  refuses(ol_wallet_remove_account(&error, &wallet, &nobody, NOW), OL_ERR_ARGUMENT,
          "the wallet has no such account");
  assert_int_equal(ol_wallet_remove_account(&error, &wallet, &first, NOW), OL_OK);
  assert_int_equal(wallet.secret_count, 1);
  assert_int_equal(wallet.accounts[0].secret, 0);
  assert_memory_equal(wallet.secrets[0].bytes, key, sizeof key);
  assert_memory_equal(wallet.keys[0], key, sizeof key);
  assert_true(ol_is_zero(ol_slice_of(&wallet.secrets[1], sizeof wallet.secrets[1])));
  assert_true(ol_is_zero(ol_slice_of(wallet.keys[1], 32)));
}

static void reveals(void **state) {
  const ol_address nobody = BOB;
  const uint8_t key[32] = {7};
  uint8_t out[32];
  size_t len;
  uint32_t language;
  (void)state;
  assert_int_equal(ol_wallet_reveal_entropy(&error, &wallet, out, &len, &language, &first, NOW), OL_OK);
  assert_int_equal(len, entropy_len);
  assert_memory_equal(out, entropy, len);
  assert_int_equal(language, 0);
  assert_int_equal(ol_wallet_reveal_key(&error, &wallet, out, &first, NOW), OL_OK);
  assert_int_equal(out[0], 0xac); /* the first of the well-known keys */
  refuses(ol_wallet_reveal_key(&error, &wallet, out, &nobody, NOW), OL_ERR_ARGUMENT,
          "the wallet has no such account");
  refuses(ol_wallet_reveal_entropy(&error, &wallet, out, &len, &language, &nobody, NOW), OL_ERR_ARGUMENT,
          "the wallet has no such account");
  const ol_address of_key = add_key(key);
  refuses(ol_wallet_reveal_entropy(&error, &wallet, out, &len, &language, &of_key, NOW), OL_ERR_ARGUMENT,
          "the account is of a key, and has no mnemonic");
}

/* --- Locking --- */

static void forgets_secrets_when_it_is_locked(void **state) {
  uint8_t out[32];
  ol_wallet_account account;
  (void)state;
  ol_wallet_lock(&wallet);
  assert_true(ol_is_zero(ol_slice_of(wallet.secrets, sizeof wallet.secrets)));
  assert_true(ol_is_zero(ol_slice_of(wallet.keys, sizeof wallet.keys)));
  refuses(ol_wallet_reveal_key(&error, &wallet, out, &first, NOW), OL_ERR_ARGUMENT, "the wallet is locked");
  assert_int_equal(ol_wallet_account_at(&wallet, &account, 0), 1);
}

static void locks_itself_when_it_is_idle(void **state) {
  (void)state;
  assert_int_equal(ol_wallet_is_open(&wallet, NOW + IDLE - 1), 1);
  assert_int_equal(ol_wallet_use(&error, &wallet, NOW + IDLE - 1), OL_OK);
  assert_int_equal(ol_wallet_is_open(&wallet, NOW + 2 * IDLE - 2), 1);
  assert_int_equal(ol_wallet_is_open(&wallet, NOW + 2 * IDLE - 1), 0);
  assert_true(ol_is_zero(ol_slice_of(wallet.keys, sizeof wallet.keys)));
  assert_int_equal(ol_wallet_is_open(&wallet, NOW), 0);
}

/* Whatever is asked of a wallet that is locked. */
static void does_nothing_when_it_is_locked(void **state) {
  const ol_authorization authorization = {.nonce = 1};
  const ol_hash digest = {{1}};
  ol_decision decision;
  ol_signature signature;
  const ol_address bob = BOB;
  ol_path path = {.depth = 0};
  uint32_t out, language;
  size_t len;
  uint8_t bytes[32];
  (void)state;
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("Bob"), NOW), OL_OK);
  ol_wallet_lock(&wallet);
  const char *const text = "the wallet is locked";
  refuses(ol_wallet_remove_contact(&error, &wallet, &bob, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_content(&error, &wallet, content, sizeof content, &len, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_add_mnemonic(&error, &wallet, &out, seed, ol_slice_of(entropy, 16), 0, NOW),
          OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_add_key(&error, &wallet, &out, seed, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_add_account(&error, &wallet, &out, 0, &path, text_of(""), NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_remove_account(&error, &wallet, &first, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_reveal_key(&error, &wallet, bytes, &first, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_reveal_entropy(&error, &wallet, bytes, &len, &language, &first, NOW), OL_ERR_ARGUMENT,
          text);
  refuses(ol_wallet_add_contact(&error, &wallet, &first, text_of("x"), NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_set_policy(&error, &wallet, text_of(""), NOW, memory, sizeof memory), OL_ERR_ARGUMENT,
          text);
  refuses(ol_wallet_propose_transaction(&error, &wallet, &decision, &first, text_of("x"), NOW, memory,
                                        sizeof memory),
          OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_propose_typed_data(&error, &wallet, &decision, &first, text_of("{}"), 1612, NOW, memory,
                                       sizeof memory),
          OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_propose_message(&error, &wallet, &decision, &first, text_of("x"), NOW), OL_ERR_ARGUMENT,
          text);
  refuses(ol_wallet_propose_authorization(&error, &wallet, &decision, &first, &authorization, NOW),
          OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_approve(&error, &wallet, &digest, NOW), OL_ERR_ARGUMENT, text);
  refuses(ol_wallet_sign(&error, &wallet, &signature, &decision, &digest, NOW, text_of("")), OL_ERR_ARGUMENT,
          text);
}

static void needs_memory_and_entropy(void **state) {
  const ol_wallet_config config = {.idle_ms = 0};
  const uint8_t zero[32] = {0}, one[32] = {1};
  ol_wallet *made;
  (void)state;
  refuses(ol_wallet_init(&error, &made, &config, one, NOW, &wallet, sizeof wallet - 1), OL_ERR_ARGUMENT,
          "memory is too small for a wallet");
  refuses(ol_wallet_init(&error, &made, &config, zero, NOW, &wallet, ol_wallet_size()), OL_ERR_ARGUMENT,
          "entropy is zero");
  assert_int_equal(ol_wallet_init(&error, &made, &config, one, NOW, &wallet, ol_wallet_size()), OL_OK);
  assert_int_equal(ol_wallet_is_open(made, NOW * 2), 1); /* never locks itself */
}

/* --- The content of a vault --- */

static const char policy_json[] = "{\"version\":1,\"chains\":[1612],\"messages\":\"allow\"}";

static size_t written(void) {
  const uint8_t key[32] = {7};
  const ol_address bob = BOB;
  size_t len = 0;
  add_key(key);
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("Bob"), NOW), OL_OK);
  set_policy(policy_json);
  assert_int_equal(ol_wallet_content(&error, &wallet, content, sizeof content, &len, NOW), OL_OK);
  return len;
}

static ol_status opened(size_t len) {
  return ol_wallet_open(&error, &wallet, ol_slice_of(content, len), NOW, memory, sizeof memory);
}

static void is_written_and_read(void **state) {
  static ol_wallet before;
  static uint8_t again[OL_WALLET_CONTENT];
  size_t len = written(), again_len;
  ol_slice policy;
  (void)state;
  before = wallet;
  assert_int_equal(opened(len), OL_OK);
  assert_memory_equal(wallet.secrets, before.secrets, sizeof before.secrets);
  assert_memory_equal(wallet.keys, before.keys, sizeof before.keys);
  assert_memory_equal(wallet.accounts, before.accounts, sizeof before.accounts);
  assert_memory_equal(wallet.contacts, before.contacts, sizeof before.contacts);
  ol_wallet_policy(&wallet, &policy);
  assert_true(policy.len == ol_text_len(policy_json) && memcmp(policy.data, policy_json, policy.len) == 0);
  assert_int_equal(ol_wallet_content(&error, &wallet, again, sizeof again, &again_len, NOW), OL_OK);
  assert_int_equal(again_len, len);
  assert_memory_equal(again, content, len);
}

static void keeps_the_sequence_of_the_budget(void **state) {
  uint8_t older[OL_BUDGET_SNAPSHOT], newer[OL_BUDGET_SNAPSHOT];
  const ol_intent intent = a_message();
  size_t older_len, newer_len, len;
  (void)state;
  ol_budget *budget = ol_wallet_budget(&wallet);
  assert_int_equal(ol_budget_add(&error, budget, &intent, NOW / 1000), OL_OK);
  assert_int_equal(ol_budget_write(&error, older, sizeof older, &older_len, budget), OL_OK);
  assert_int_equal(ol_budget_add(&error, budget, &intent, NOW / 1000), OL_OK);
  assert_int_equal(ol_budget_write(&error, newer, sizeof newer, &newer_len, budget), OL_OK);
  len = written();
  assert_int_equal(opened(len), OL_OK);
  assert_int_equal(ol_budget_sequence(budget), 2);
  assert_int_equal(budget->record_count, 0); /* a vault does not have what was signed */
  refuses(ol_budget_read(&error, budget, older, older_len, 0), OL_ERR_STALE,
          "the budget is older than one that was used");
  assert_int_equal(ol_budget_read(&error, budget, newer, newer_len, 0), OL_OK);
  assert_int_equal(budget->record_count, 2);
  assert_int_not_equal(opened(len - 1), OL_OK);
  assert_int_equal(ol_budget_sequence(budget), 0);
}

static void needs_memory_for_the_content(void **state) {
  size_t len = written(), out_len;
  (void)state;
  refuses(ol_wallet_content(&error, &wallet, content, len - 1, &out_len, NOW), OL_ERR_MEMORY,
          "memory is too small for the content");
  assert_true(ol_is_zero(ol_slice_of(content, len - 1)));
}

static void refuses_content_that_is_cut_or_longer(void **state) {
  size_t len = written();
  (void)state;
  const size_t policy = len - ol_text_len(policy_json);
  for (size_t i = 0; i < len; i++) {
    refuses(opened(i), OL_ERR_ENCODING,
            i < policy ? "the content is cut short" : "the content is longer or shorter than it says");
    assert_int_equal(ol_wallet_is_open(&wallet, NOW), 0);
    assert_int_equal(wallet.account_count, 0);
    assert_true(ol_is_zero(ol_slice_of(wallet.secrets, sizeof wallet.secrets)));
  }
  assert_int_not_equal(opened(len + 1), OL_OK);
  assert_int_equal(opened(len), OL_OK);
}

/* Where numbers are in the content that `written` makes: of a mnemonic of 16 bytes, and a key. */
static void refuses_numbers_that_are_out_of_range(void **state) {
  static const struct {
    size_t at;
    uint8_t byte;
    const char *reason;
    size_t offset;
  } bad[] = {
      {0, 'X', "this is no content of a wallet, or of another version", 8},
      {7, 1, "this is no content of a wallet, or of another version", 8},
      {8, OL_WALLET_SECRETS + 1, "the content has a number that is too large", 9},
      {9, 0, "the content has a secret of no kind", 10},
      {9, 3, "the content has a number that is too large", 10},
      {10, OL_LANGUAGES, "the content has a number that is too large", 11},
      {11, 33, "the content has a number that is too large", 12},
      {127, OL_WALLET_ACCOUNTS + 1, "the content has a number that is too large", 128},
      {128, 0, "the content has an account that is not of its secret", 175},
      {148, 2, "the content has an account of no secret", 149},
      {149, OL_PATH_STEPS + 1, "the content has a number that is too large", 150},
      {170, 64, "the content has a number that is too large", 171},
      {171, '\t', "the label has characters that cannot be seen", OL_NOWHERE},
  };
  size_t len = written();
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const uint8_t was = content[bad[i].at];
    content[bad[i].at] = bad[i].byte;
    refuses(opened(len), OL_ERR_ENCODING, bad[i].reason);
    assert_int_equal(error.offset, bad[i].offset);
    content[bad[i].at] = was;
  }
  const size_t contacts = len - ol_text_len(policy_json) - 4 - 8 - (20 + 8 + 1 + ol_text_len("Bob")) - 1;
  assert_int_equal(content[contacts], 1);
  content[contacts] = OL_WALLET_CONTACTS + 1;
  refuses(opened(len), OL_ERR_ENCODING, "the content has a number that is too large");
  assert_int_equal(error.offset, contacts + 1);
  content[contacts] = 1;
  assert_int_equal(opened(len), OL_OK);
}

/* Zeros are the address of no key, so nothing but the key tells that an account of them is none. */
static void refuses_a_key_that_is_none(void **state) {
  const size_t key = 95;
  size_t len = written(), at = 0;
  (void)state;
  const ol_address address = wallet.accounts[1].address;
  while (memcmp(content + at, address.bytes, sizeof address.bytes) != 0) at++;
  memset(content + key, 0, 32);
  memset(content + at, 0, sizeof address.bytes);
  assert_int_equal(opened(len), OL_ERR_CRYPTO);
  assert_int_equal(wallet.account_count, 0);
}

static void refuses_a_policy_that_is_none(void **state) {
  size_t len = written();
  (void)state;
  content[len - 1] = '!';
  assert_int_equal(opened(len), OL_ERR_ENCODING);
  assert_int_equal(wallet.account_count, 0);
}

/* --- Contacts --- */

static ol_resemblance likeness_of(ol_address address) {
  ol_resemblance likeness;
  ol_wallet_resembles(&wallet, &likeness, &address);
  return likeness;
}

static void finds_whom_an_address_resembles(void **state) {
  const ol_address bob = BOB;
  ol_address copy = bob;
  (void)state;
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("Bob"), NOW), OL_OK);
  assert_int_equal(likeness_of(bob).likeness, OL_LIKE_CONTACT);
  assert_int_equal(likeness_of(first).likeness, OL_LIKE_ACCOUNT);
  assert_int_equal(likeness_of(CAROL).likeness, OL_LIKE_NOBODY);
  copy.bytes[9] ^= 1;
  assert_int_equal(likeness_of(copy).likeness, OL_LIKE_A_COPY);
  assert_int_equal(likeness_of(copy).is_contact, 1);
  copy.bytes[19] ^= 1;
  assert_int_equal(likeness_of(copy).likeness, OL_LIKE_NOBODY);
  copy = bob;
  copy.bytes[1] ^= 1;
  assert_int_equal(likeness_of(copy).likeness, OL_LIKE_NOBODY);
  copy = first;
  copy.bytes[10] ^= 1;
  assert_int_equal(likeness_of(copy).likeness, OL_LIKE_A_COPY);
  assert_int_equal(likeness_of(copy).is_contact, 0);
}

static void keeps_contacts(void **state) {
  const ol_address bob = BOB, zero = {{0}};
  ol_contact contact;
  (void)state;
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("Bob"), NOW), OL_OK);
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("Robert"), NOW + 5000), OL_OK);
  assert_int_equal(ol_wallet_contact_at(&wallet, &contact, 0), 1);
  assert_string_equal((const char *)contact.label, "Robert");
  assert_int_equal(contact.since, NOW / 1000);
  assert_int_equal(ol_wallet_contact_at(&wallet, &contact, 1), 0);
  refuses(ol_wallet_add_contact(&error, &wallet, &zero, text_of("x"), NOW), OL_ERR_ARGUMENT,
          "the address is zero");
  assert_int_equal(ol_wallet_add_contact(&error, &wallet, &bob, text_of("\n"), NOW), OL_ERR_ENCODING);
  assert_int_equal(ol_wallet_remove_contact(&error, &wallet, &bob, NOW), OL_OK);
  refuses(ol_wallet_remove_contact(&error, &wallet, &bob, NOW), OL_ERR_ARGUMENT,
          "the wallet has no such contact");
}

static void keeps_its_policy_when_another_is_none(void **state) {
  static char long_json[OL_WALLET_POLICY + 2];
  ol_slice policy;
  (void)state;
  set_policy(policy_json);
  assert_int_equal(ol_wallet_set_policy(&error, &wallet, text_of("{}"), NOW, memory, sizeof memory),
                   OL_ERR_ENCODING);
  memset(long_json, ' ', sizeof long_json - 1);
  assert_int_equal(ol_wallet_set_policy(&error, &wallet, text_of(long_json), NOW, memory, sizeof memory),
                   OL_ERR_LIMIT);
  ol_wallet_policy(&wallet, &policy);
  assert_true(policy.len == ol_text_len(policy_json) && memcmp(policy.data, policy_json, policy.len) == 0);
  set_policy("");
  ol_wallet_policy(&wallet, &policy);
  assert_int_equal(policy.len, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fill_wallet)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(derives_accounts),
      TEST(refuses_what_it_has),
      TEST(refuses_secrets_that_are_none),
      TEST(refuses_an_account_of_a_lost_key),
      TEST(refuses_accounts_of_no_secret),
      TEST(refuses_labels_that_are_not_seen),
      TEST(is_bounded),
      TEST(removes_accounts_and_their_secrets),
      TEST(reveals),
      TEST(forgets_secrets_when_it_is_locked),
      TEST(locks_itself_when_it_is_idle),
      TEST(does_nothing_when_it_is_locked),
      TEST(needs_memory_and_entropy),
      TEST(is_written_and_read),
      TEST(keeps_the_sequence_of_the_budget),
      TEST(needs_memory_for_the_content),
      TEST(refuses_content_that_is_cut_or_longer),
      TEST(refuses_numbers_that_are_out_of_range),
      TEST(refuses_a_key_that_is_none),
      TEST(refuses_a_policy_that_is_none),
      TEST(finds_whom_an_address_resembles),
      TEST(keeps_contacts),
      TEST(keeps_its_policy_when_another_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
