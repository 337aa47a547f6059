/* SPDX-License-Identifier: MIT */
#include "openledger/typed_data.h"

#include "unit/wallet/documents.h"

/* What is asked of a document that was read: for what it is, its members, and all of it. */

static ol_error error;
static uint8_t told_memory[1 << 20];

#define BATCH                                                                                                \
  "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)"                                 \
  "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)"
#define TOKEN "0x7F5c764cBc14f9669B88837ca1490cCa17c31607"
#define BATCH_MESSAGE                                                                                        \
  "{'details':[{'token':'" TOKEN "','amount':'5','expiration':6,'nonce':7},{'token':'" TOKEN                 \
  "','amount':8,'expiration':9,'nonce':10}],'spender':'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',"         \
  "'sigDeadline':11}"

static void checks_the_chain_and_the_contract(void **state) {
  (void)state;
  ol_typed_data data = good_document("S(bool a)", "{'a':true}");
  ol_address own[2] = {{{1}}, {{2}}};
  assert_int_equal(ol_typed_data_check(&error, &data, 1612, own, 2), OL_OK);
  assert_int_equal(ol_typed_data_check(&error, &data, 1612, NULL, 0), OL_OK);
  assert_int_equal(ol_typed_data_check(&error, &data, 1, own, 2), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "domain is of another chain than the active one");
  data.domain.chain_id.bytes[0] = 1;
  assert_int_equal(ol_typed_data_check(&error, &data, 1612, own, 2), OL_ERR_MISMATCH);
  data.domain.chain_id.bytes[0] = 0;
  own[1] = data.domain.verifying_contract;
  assert_int_equal(ol_typed_data_check(&error, &data, 1612, own, 2), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "verifying contract is one of the user's own accounts");
  data.domain.fields = OL_TYPED_NAME;
  memset(&own[0], 0, sizeof own[0]);
  assert_int_equal(ol_typed_data_check(&error, &data, 1, own, 2), OL_OK);
}

static void reads_members_by_their_path(void **state) {
  (void)state;
  ol_typed_data data = good_document(BATCH, BATCH_MESSAGE);
  ol_u256 word;
  ol_address address;
  size_t count = 0;
  assert_int_equal(data.kind, OL_TYPED_PERMIT2_BATCH);
  assert_int_equal(ol_typed_data_count(&error, &count, &data, "details"), OL_OK);
  assert_int_equal(count, 2);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "details.1.amount"), OL_OK);
  assert_int_equal(word.bytes[31], 8);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "details.0.nonce"), OL_OK);
  assert_int_equal(word.bytes[31], 7);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "sigDeadline"), OL_OK);
  assert_int_equal(word.bytes[31], 11);
  assert_int_equal(ol_typed_data_address(&error, &address, &data, "details.0.token"), OL_OK);
  assert_bytes(address.bytes, 20, "7f5c764cbc14f9669b88837ca1490cca17c31607");
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "spender"), OL_OK);
  assert_bytes(word.bytes, 32, "000000000000000000000000f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
}

static void reads_texts_bytes_and_nested_arrays(void **state) {
  (void)state;
  ol_typed_data data =
      good_document("S(string t,bytes b,bytes3 w,int8[2][] n,T s)T(bool yes)",
                    "{'t':'a\\u00e9','b':'0x0102','w':'0xaabbcc','n':[[1,2],[3,-4]],'s':{'yes':true}}");
  ol_slice text;
  ol_u256 word;
  uint8_t bytes[4];
  size_t len = 0;
  assert_int_equal(ol_typed_data_text(&error, &text, &data, "t"), OL_OK);
  assert_int_equal(text.len, 3);
  assert_memory_equal(text.data, "a\xc3\xa9", 3);
  assert_int_equal(ol_typed_data_bytes(&error, bytes, sizeof bytes, &len, &data, "b"), OL_OK);
  assert_int_equal(len, 2);
  assert_bytes(bytes, 2, "0102");
  assert_int_equal(ol_typed_data_bytes(&error, bytes, 1, &len, &data, "b"), OL_ERR_MEMORY);
  assert_int_equal(len, 2);
  assert_int_equal(ol_typed_data_bytes(&error, bytes, sizeof bytes, &len, &data, "w"), OL_OK);
  assert_bytes(bytes, 3, "aabbcc");
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "n.1.1"), OL_OK);
  assert_int_equal(word.bytes[0], 0xff);
  assert_int_equal(word.bytes[31], 0xfc);
  assert_int_equal(ol_typed_data_count(&error, &len, &data, "n.1"), OL_OK);
  assert_int_equal(len, 2);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "s.yes"), OL_OK);
  assert_int_equal(word.bytes[31], 1);
  data = good_document("S(bytes b)", "{'b':'0x'}");
  assert_int_equal(ol_typed_data_bytes(&error, NULL, 0, &len, &data, "b"), OL_OK);
  assert_int_equal(len, 0);
}

static void refuses_other_paths(void **state) {
  (void)state;
  ol_typed_data data = good_document(BATCH, BATCH_MESSAGE);
  ol_u256 word;
  ol_address address;
  ol_slice text;
  size_t len;
  uint8_t bytes[40];
  static const char *const none[] = {"",
                                     ".",
                                     "value",
                                     "details.2.token",
                                     "details.x.token",
                                     "details..",
                                     "details.-1",
                                     "spender.x",
                                     "details.0.x",
                                     "details.token",
                                     "details.0.token.0",
                                     "spender.0",
                                     "spender.spender",
                                     "details.99999999.token"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    assert_int_equal(ol_typed_data_word(&error, &word, &data, none[i]), OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "message has no such member");
    assert_int_equal(ol_typed_data_address(&error, &address, &data, none[i]), OL_ERR_ARGUMENT);
    assert_int_equal(ol_typed_data_text(&error, &text, &data, none[i]), OL_ERR_ARGUMENT);
    assert_int_equal(ol_typed_data_bytes(&error, bytes, sizeof bytes, &len, &data, none[i]), OL_ERR_ARGUMENT);
    assert_int_equal(ol_typed_data_count(&error, &len, &data, none[i]), OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "message has no such member");
  }
  const char *other = "member is of another type";
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "details"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "details.0"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  assert_int_equal(ol_typed_data_address(&error, &address, &data, "sigDeadline"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  assert_int_equal(ol_typed_data_text(&error, &text, &data, "spender"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  assert_int_equal(ol_typed_data_bytes(&error, bytes, sizeof bytes, &len, &data, "spender"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  assert_int_equal(ol_typed_data_count(&error, &len, &data, "spender"), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, other);
  data = good_document("S(uint8[] n)", "{'n':[0,1,2,3,4,5,6,7,8,9,10,11]}");
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "n.11"), OL_OK);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "n.:"), OL_ERR_ARGUMENT); /* behind the nine */
  data = good_document("S(string t,bytes b)", "{'t':'','b':'0x'}");
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "t"), OL_ERR_ARGUMENT);
  assert_int_equal(ol_typed_data_word(&error, &word, &data, "b"), OL_ERR_ARGUMENT);
}

static void assert_told(const ol_typed_data *data, const char *after, const char *expected) {
  ol_slice told;
  char wanted[8192];
  size_t len = put_quoted(0, expected);
  memcpy(wanted, document_text, len + 1);
  assert_int_equal(ol_typed_data_explain(&error, &told, data, told_memory, sizeof told_memory), OL_OK);
  char *text = (char *)(uintptr_t)told.data;
  text[told.len] = '\0';
  const char *from = strstr(text, after);
  assert_non_null(from);
  assert_string_equal(from + strlen(after), wanted);
}

static void tells_all_that_is_signed(void **state) {
  (void)state;
  ol_typed_data data = good_document(BATCH, BATCH_MESSAGE);
  assert_told(
      &data, "\"message\":",
      "[{'name':'details','type':'PermitDetails[]','value':["
      "[{'name':'token','type':'address','value':'" TOKEN "'},{'name':'amount','type':'uint160','value':'5'},"
      "{'name':'expiration','type':'uint48','value':'6'},{'name':'nonce','type':'uint48','value':'7'}],"
      "[{'name':'token','type':'address','value':'" TOKEN "'},{'name':'amount','type':'uint160','value':'8'},"
      "{'name':'expiration','type':'uint48','value':'9'},{'name':'nonce','type':'uint48','value':'10'}]]},"
      "{'name':'spender','type':'address','value':'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'},"
      "{'name':'sigDeadline','type':'uint256','value':'11'}]}");
  data = good_document("S(T s,bool b,int16 i,bytes2 w,bytes v,uint8[][2] n)T(string t)",
                       "{'b':false,'i':-300,'w':'0xAABB','v':'0x','n':[[],[1]],'s':{'t':'x'},'unsigned':1}");
  assert_told(&data, "\"message\":",
              "[{'name':'s','type':'T','value':[{'name':'t','type':'string','value':'x'}]},"
              "{'name':'b','type':'bool','value':false},{'name':'i','type':'int16','value':'-300'},"
              "{'name':'w','type':'bytes2','value':'0xaabb'},{'name':'v','type':'bytes','value':'0x'},"
              "{'name':'n','type':'uint8[][2]','value':[[],['1']]}]}");
}

static void tells_what_it_is_for(void **state) {
  (void)state;
  char expected[1024], type[67], digest[67];
  ol_typed_data data = good_document("Delegation(address delegatee,uint256 nonce,uint256 expiry)",
                                     "{'delegatee':'" TOKEN "','nonce':0,'expiry':1}");
  ol_hex_text(type, data.type_hash.bytes, 32);
  ol_hex_text(digest, data.digest.bytes, 32);
  snprintf(
      expected, sizeof expected,
      "'known':'Delegation (OpenZeppelin Votes)','primaryType':'Delegation','typeHash':'%s','digest':'%s',"
      "'domain':[{'name':'name','type':'string','value':'Test'},{'name':'version','type':'string','value':'1'"
      "},"
      "{'name':'chainId','type':'uint256','value':'1612'},{'name':'verifyingContract','type':'address',"
      "'value':'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'}],"
      "'message':[{'name':'delegatee','type':'address','value':'" TOKEN "'},"
      "{'name':'nonce','type':'uint256','value':'0'},{'name':'expiry','type':'uint256','value':'1'}]}",
      type, digest);
  assert_told(&data, "{", expected);
  /* Of another Delegation nothing is known. */
  ol_slice told;
  data = good_document("Delegation(address delegate)", "{'delegate':'" TOKEN "'}");
  assert_int_equal(ol_typed_data_explain(&error, &told, &data, told_memory, sizeof told_memory), OL_OK);
  static const char unknown[] = "{\"known\":null,\"primaryType\":\"Delegation\",";
  assert_memory_equal(told.data, unknown, sizeof unknown - 1);
}

static void tells_texts_so_that_they_are_seen(void **state) {
  (void)state;
  ol_typed_data data = good_document("S(string t)", "{'t':'a\\u202e\\nb\\u0000'}");
  assert_told(&data,
              "\"message\":", "[{'name':'t','type':'string','value':'a\\\\u{202e}\\\\u{0a}b\\\\u{00}'}]}");
}

static void cuts_what_is_long(void **state) {
  (void)state;
  static char message[5000], expected[8192];
  strcpy(message, "{'t':'");
  for (int i = 0; i < 511; i++) strcat(message, "x");
  strcat(message, "\xc3\xa9yy'}"); /* the cut would be inside of the character */
  ol_typed_data data = good_document("S(string t)", message);
  strcpy(expected, "[{'name':'t','type':'string','value':'");
  for (int i = 0; i < 511; i++) strcat(expected, "x");
  assert_told(&data, "\"message\":", strcat(expected, "... (515 bytes in all)'}]}"));
  strcpy(message, "{'b':'0x");
  for (int i = 0; i < 1000; i++) strcat(message, "ab");
  data = good_document("S(bytes b)", strcat(message, "'}"));
  strcpy(expected, "[{'name':'b','type':'bytes','value':'0x");
  for (int i = 0; i < 255; i++) strcat(expected, "ab");
  assert_told(&data, "\"message\":", strcat(expected, "... (1000 bytes in all)'}]}"));
  strcpy(message, "{'t':'");
  for (int i = 0; i < 512; i++) strcat(message, "\\u0001");
  data = good_document("S(string t)", strcat(message, "'}"));
  strcpy(expected, "[{'name':'t','type':'string','value':'");
  for (int i = 0; i < 512; i++) strcat(expected, "\\\\u{01}");
  assert_told(&data, "\"message\":", strcat(expected, "'}]}"));
}

static void tells_only_what_was_read(void **state) {
  (void)state;
  ol_slice told;
  ol_typed_data data = good_document("S(bool a)", "{'a':true}");
  assert_int_equal(ol_typed_data_explain(&error, &told, &data, told_memory, 100), OL_ERR_MEMORY);
  data.digest.bytes[5] ^= 1;
  assert_int_equal(ol_typed_data_explain(&error, &told, &data, told_memory, sizeof told_memory),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "document is not what was read");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checks_the_chain_and_the_contract),
      cmocka_unit_test(reads_members_by_their_path),
      cmocka_unit_test(reads_texts_bytes_and_nested_arrays),
      cmocka_unit_test(refuses_other_paths),
      cmocka_unit_test(tells_all_that_is_signed),
      cmocka_unit_test(tells_what_it_is_for),
      cmocka_unit_test(tells_texts_so_that_they_are_seen),
      cmocka_unit_test(cuts_what_is_long),
      cmocka_unit_test(tells_only_what_was_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
