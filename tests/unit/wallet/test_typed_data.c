/* SPDX-License-Identifier: MIT */
#include "openledger/typed_data.h"

#include "base/limits.h"
#include "unit/wallet/documents.h"

/* Digests are those of viem and ethers, where these take the document. */

static ol_error error;

static void check(const char *types, const char *message, const char *digest) {
  ol_typed_data data = good_document(types, message);
  assert_hash(&data.digest, digest);
}

static void refuse_in(const char *types, const char *primary, const char *domain, const char *message,
                      ol_status status, const char *part, const char *reason) {
  ol_typed_data data;
  assert_int_equal(read_document(&error, &data, document_of(types, primary, domain, message)), status);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
}

/* A struct S that is refused for its message. In: what the byte at fault begins, or NULL for no place. */
static void refuse(const char *types, const char *message, const char *reason, const char *place) {
  refuse_in(types, "S", A_DOMAIN, message, OL_ERR_ENCODING, "message", reason);
  if (place != NULL) assert_memory_equal(document_text + error.offset, place, strlen(place));
}

static void refuse_types(const char *types, const char *reason, const char *place) {
  refuse_in(types, "S", A_DOMAIN, "{}", OL_ERR_ENCODING, "types", reason);
  if (place != NULL) assert_memory_equal(document_text + error.offset, place, strlen(place));
}

/* --- What others got wrong --- */

static void a_struct_of_a_multiple_of_136_bytes(void **state) {
  (void)state;
  check(
      "S(uint256 m0,uint256 m1,uint256 m2,uint256 m3,uint256 m4,uint256 m5,uint256 m6,uint256 m7,uint256 m8,"
      "uint256 m9,uint256 m10,uint256 m11,uint256 m12,uint256 m13,uint256 m14,uint256 m15)",
      "{'m0':0,'m1':1,'m2':2,'m3':3,'m4':4,'m5':5,'m6':6,'m7':7,'m8':8,'m9':9,'m10':10,'m11':11,'m12':12,"
      "'m13':13,'m14':14,'m15':15}",
      "fbf360ca474caeb0acaf3afcbb3162ea35591f27019c14c3b377ff2b7150d20e");
}

static void nested_fixed_arrays(void **state) {
  (void)state;
  check("S(T[2][2] grid,uint256[2][2] numbers)T(uint256 a)",
        "{'grid':[[{'a':1},{'a':2}],[{'a':3},{'a':4}]],'numbers':[[1,2],[3,4]]}",
        "6e13342c6b84ac48ea65fad9e2baab353e0d25ea0ccaf95696014c553ce8e734");
  check("S(uint8[][3] a,uint8[3][] b)", "{'a':[[1],[],[2,3]],'b':[[1,2,3]]}",
        "0266e9db6ef473d8f8347bd10f5209cf3ca96d2dc521cc335d68212a27ae14bc");
}

static void an_empty_array_before_a_struct(void **state) {
  (void)state;
  check("S(T[] list,T one,string[] texts)T(uint256 a)", "{'list':[],'one':{'a':7},'texts':[]}",
        "ccd4f6f993dd59b6170206b547c5aaeec91ae1b72f784ad23cbe6e75c39464da");
}

static void empty_bytes_and_texts(void **state) {
  (void)state;
  const char *types = "S(bytes none,bytes some,bytes[] list,string text,bytes4 four)";
  check(types, "{'none':'0x','some':'0x00ff','list':['0x','0x01'],'text':'','four':'0xdeadbeef'}",
        "359e6d7b03648c289954bef755424a9c693ffdc50fe0394bce66964e67acfffd");
  refuse("S(bytes b)", "{'b':''}", "hex does not begin with 0x", "\"}");
  refuse("S(bytes b)", "{'b':'00'}", "hex does not begin with 0x", "00\"");
  refuse("S(bytes b)", "{'b':'0x0'}", "hex has an odd number of digits", "\"}");
  refuse("S(bytes b)", "{'b':'0x0g'}", "character is not a hex digit", "g\"");
  refuse("S(bytes b)", "{'b':0}", "JSON value is not a string", "0}");
  refuse("S(string s)", "{'s':1}", "JSON value is not a string", "1}");
}

/* Of more than a piece, with the fault in a later one. */
static void long_bytes(void **state) {
  (void)state;
  static char message[2100] = "{'b':'0x";
  const size_t start = strlen(message);
  uint8_t bytes[1000];
  ol_hash hash, word, expected;
  for (size_t len = 120; len <= 1000; len += 8) {
    memset(message + start, 'a', 2 * len);
    strcpy(message + start + 2 * len, "'}");
    memset(bytes, 0xaa, len);
    ol_keccak256(&hash, bytes, len);
    ol_typed_data data = good_document("S(bytes b)", message);
    ol_u256 member;
    memcpy(member.bytes, hash.bytes, 32);
    word = data.type_hash;
    ol_typed_struct_hash(&expected, &word, &member, 1);
    assert_memory_equal(&data.message_hash, &expected, sizeof expected);
  }
  message[start + 700] = 'x';
  refuse("S(bytes b)", message, "character is not a hex digit", "xa");
}

static void negative_and_oversized_integers(void **state) {
  (void)state;
#define TOP "57896044618658097711785492504343953926634992332820282019728792003956564819968"
  check("S(int8 a,int16 b,int256 c,int256 d,int24 e)",
        "{'a':'-128','b':-1,'c':'-" TOP "',"
        "'d':57896044618658097711785492504343953926634992332820282019728792003956564819967,'e':-8388608}",
        "7975e79a13c9a8ad2b949ecd8aa1fe015159501911fee345753ca7b4f1137cc9");
  const char *range = "value is out of the range of its type";
  refuse("S(int8 a)", "{'a':-129}", range, "-129");
  refuse("S(int8 a)", "{'a':128}", range, "128");
  refuse("S(int8 a)", "{'a':'0xff'}", range, "0xff");
  refuse("S(uint8 a)", "{'a':256}", range, "256");
  refuse("S(int256 a)", "{'a':'" TOP "'}", range, NULL);
  refuse("S(int256 a)",
         "{'a':'-57896044618658097711785492504343953926634992332820282019728792003956564819969'}", range,
         NULL);
  refuse("S(uint256 a)",
         "{'a':1157920892373161954235709850086879078532699846656405640394575840079131296399360}",
         "number is 2^256 or more", NULL);
  refuse("S(uint8 a)", "{'a':-1}", "value is below zero", "-1");
  refuse("S(int8 a)", "{'a':-0}", "zero has a sign", "-0");
  refuse("S(int8 a)", "{'a':'-0x1'}", "hex has no sign", "0x1");
  refuse("S(int8 a)", "{'a':'--1'}", "character is not a decimal digit", "-1\"");
  refuse("S(uint8 a)", "{'a':''}", "number has no digits", "\"}");
  refuse("S(uint8 a)", "{'a':'-'}", "number has no digits", "\"}");
  refuse("S(uint8 a)", "{'a':true}", "value is neither a number nor text of one", "a\":true");
  refuse("S(uint8 a)", "{'a':1.0}", "character is not a decimal digit", ".0");
  refuse("S(uint8 a)", "{'a':1e1}", "character is not a decimal digit", "e1");
  refuse("S(uint8 a)", "{'a':' 1'}", "character is not a decimal digit", " 1");
}

static void integers_beyond_2_53(void **state) {
  (void)state;
  static const char digest[] = "a8be498db89c526c4b896adb4db6df2fb94ec1d03249804ca83ff6e3310b0948";
  check("S(uint256 a,uint64 b)", "{'a':9007199254740993,'b':18446744073709551615}", digest);
  check("S(uint256 a,uint64 b)", "{'a':'9007199254740993','b':'0xffffffffffffffff'}", digest);
  check("S(uint256 a,uint64 b)", "{'a':'0x20000000000001','b':'018446744073709551615'}", digest);
}

static void recursive_types(void **state) {
  (void)state;
  check("Person(string name,Person[] children)",
        "{'name':'a','children':[{'name':'b','children':[]},{'name':'c','children':[{'name':'d','children':[]"
        "}]}]}",
        "e008b0797a1c5d7bfd0a21db1790a90ab4b1626d4a2b3bcaa8547b48093adfc3");
}

static void a_type_that_refers_to_itself_without_data(void **state) {
  (void)state;
  const char *reason = "member of the type is missing, or null";
  refuse("S(string name,S mother)", "{'name':'a','mother':null}", reason, "message");
  refuse("S(string name,S mother)", "{'name':'a'}", reason, "message");
  refuse("S(string name,S mother)", "{'name':'a','mother':{'name':'b'}}", reason, "mother");
}

static void missing_and_null_members(void **state) {
  (void)state;
  const char *reason = "member of the type is missing, or null";
  refuse("S(string a,string b)", "{'a':''}", reason, NULL);
  refuse("S(string a,string b)", "{'b':'','c':''}", reason, NULL);
  refuse("S(string a)", "{}", reason, NULL);
  refuse("S(string a)", "{'a':null}", reason, NULL);
  refuse("S(string[] a)", "{'a':[null]}", "JSON value is not a string", NULL);
  refuse("S(T[] a)T(bool b)", "{'a':[null]}", "JSON value is not an object", "a\":[");
  refuse("S(T[] a)T(bool b)", "{'a':[{'b':true},{}]}", reason, "a\":[");
}

/* Members may be in any order, and others between them. */
static void members_in_another_order(void **state) {
  (void)state;
  ol_typed_data straight = good_document("S(uint8 a,uint8 b,uint8 c)", "{'a':1,'b':2,'c':3}");
  static const char *const messages[] = {"{'c':3,'b':2,'a':1}", "{'x':0,'a':1,'y':[],'b':2,'z':null,'c':3}",
                                         "{'b':2,'a':1,'c':3}"};
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    ol_typed_data other = good_document("S(uint8 a,uint8 b,uint8 c)", messages[i]);
    assert_memory_equal(&other.digest, &straight.digest, sizeof straight.digest);
  }
}

static void duplicate_keys(void **state) {
  (void)state;
  refuse_in("S(uint8 a)", "S", A_DOMAIN, "{'a':1,'a':2}", OL_ERR_ENCODING, "",
            "JSON object has a member twice");
  refuse_types("S(uint8 a,uint16 a)", "type has a member twice", "a\",\"type\":\"uint16");
}

/* Nested arrays, which no type can be for: reading ends at the limit. */
static void bounded_depth(void **state) {
  (void)state;
  char types[400] = "S(uint8", message[400] = "{'a':";
  for (int i = 0; i < OL_LIMIT_TYPED_DEPTH - 1; i++) strcat(types, "[]"), strcat(message, "[");
  const size_t types_len = strlen(types), message_len = strlen(message);
  strcat(types, " a)");
  for (int i = 0; i < OL_LIMIT_TYPED_DEPTH - 1; i++) strcat(message, "]");
  strcat(message, "}");
  good_document(types, message);
  strcpy(types + types_len, "[] a)");
  strcpy(message + message_len, "[");
  for (int i = 0; i < OL_LIMIT_TYPED_DEPTH; i++) strcat(message, "]");
  strcat(message, "}");
  refuse_in(types, "S", A_DOMAIN, message, OL_ERR_LIMIT, "message", "structs and arrays are nested too deep");
  strcpy(types + types_len, "[][] a)");
  refuse_types(types, "type of a member is not one of EIP-712", NULL);
  strcpy(message, "{'n':[");
  for (int i = 0; i < 6; i++) strcat(message, "{'n':[");
  for (int i = 0; i < 7; i++) strcat(message, "]}");
  good_document("S(S[] n)", message);
  strcpy(message, "{'n':[");
  for (int i = 0; i < 7; i++) strcat(message, "{'n':[");
  for (int i = 0; i < 8; i++) strcat(message, "]}");
  refuse_in("S(S[] n)", "S", A_DOMAIN, message, OL_ERR_LIMIT, "message",
            "structs and arrays are nested too deep");
}

static void types_of_a_wrong_width(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "uint7",  "uint0",    "uint264",  "uint08",    "int",       "uint",    "int1",
      "bytes0", "bytes33",  "bytes01",  "uint256x",  "bytesx",    "integer", "int 8",
      "uint8[", "uint8]",   "uint8[0]", "uint8[01]", "uint8[-1]", "[]",      "uint8[1000000000]",
      "9a",     "uint8[]x", "S-T"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char text[200];
    ol_typed_data data;
    snprintf(text, sizeof text,
             "{'types':{'S':[{'name':'a','type':'%s'}]},'primaryType':'S','domain':{},'message':{}}",
             wrong[i]);
    ol_slice document = ol_slice_of(document_text, put_quoted(0, text));
    assert_int_equal(read_document(&error, &data, document), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "type of a member is not one of EIP-712");
    assert_memory_equal(document_text + error.offset, wrong[i], strlen(wrong[i]));
  }
  for (int width = 8; width <= 256; width += 8) {
    char types[64];
    snprintf(types, sizeof types, "S(uint%d a,int%d b,bytes%d c)", width, width, width / 8);
    char message[128] = "{'a':1,'b':-1,'c':'0x";
    for (int i = 0; i < width / 8; i++) strcat(message, "ff");
    good_document(types, strcat(message, "'}"));
  }
}

static void a_fixed_array_of_another_length(void **state) {
  (void)state;
  const char *reason = "array has another length than its type";
  refuse("S(uint8[2] a)", "{'a':[1]}", reason, "a\":[");
  refuse("S(uint8[2] a)", "{'a':[1,2,3]}", reason, NULL);
  refuse("S(uint8[2] a)", "{'a':[]}", reason, NULL);
  refuse("S(uint8[2][] a)", "{'a':[[1,2],[1]]}", reason, NULL);
  refuse("S(uint8[][2] a)", "{'a':[[1,2]]}", reason, NULL);
  refuse("S(uint8[2] a)", "{'a':{'0':1,'1':2}}", "JSON value is not an array", NULL);
}

static void an_address_as_number(void **state) {
  (void)state;
  refuse("S(address a)", "{'a':1390849295786071768276380950238675083608645509734}",
         "JSON value is not a string", "139");
  refuse("S(address a)", "{'a':'1390849295786071768276380950238675083608645509734'}",
         "hex does not begin with 0x", "139");
  refuse("S(address a)", "{'a':'0xf39fd6'}", "hex has the wrong length", "0xf39");
  refuse("S(address a)", "{'a':'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267'}",
         "address has a wrong checksum (EIP-55): mistyped?", NULL);
}

static void bytes_of_another_width(void **state) {
  (void)state;
  refuse("S(bytes4 a)", "{'a':'0xdeadbe'}", "hex has the wrong length", "0xdead");
  refuse("S(bytes4 a)", "{'a':'0xdeadbeef00'}", "hex has the wrong length", NULL);
  refuse("S(bytes32 a)", "{'a':'0x'}", "hex has the wrong length", NULL);
  refuse("S(bytes4 a)", "{'a':1}", "JSON value is not a string", NULL);
}

static void truth_is_true_or_false(void **state) {
  (void)state;
  static const char *const others[] = {"0", "1", "'true'", "''", "[]", "{}"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    char message[32];
    snprintf(message, sizeof message, "{'a':%s}", others[i]);
    refuse("S(bool a)", message, "JSON value is not true or false", NULL);
  }
}

/* --- Types --- */

static void types_are_in_the_order_of_their_names(void **state) {
  (void)state;
  const char *types = "P(Zed z,Abe a,zed y)Zed(uint8 q)Abe(Zed z)zed(bool b)Unused(Abe[] a)";
  check(types, "{'z':{'q':1},'a':{'z':{'q':2}},'y':{'b':true}}",
        "5b8bb189a09aec703c05c1b06cc9189472ce50d7a06a38b7636c4c160bb82fb6");
  ol_typed_data data = good_document(types, "{'z':{'q':1},'a':{'z':{'q':2}},'y':{'b':true}}");
  static const char encoded[] = "P(Zed z,Abe a,zed y)Abe(Zed z)Zed(uint8 q)zed(bool b)";
  assert_int_equal(data.encoded_type.len, strlen(encoded));
  assert_memory_equal(data.encoded_type.data, encoded, strlen(encoded));
}

static void names_of_types(void **state) {
  (void)state;
  check("HyperliquidTransaction:UsdSend(string amount)", "{'amount':'1'}",
        "4c8eaac970191e297572c096c4213ed2516c7892d899553cc4173c78a0ca68c1");
  good_document("S(bool $a,bool b_1)", "{'$a':true,'b_1':false}");
}

static void refuses_names_that_are_not_for_structs(void **state) {
  (void)state;
  const char *reason = "name of a type is not one for a struct";
  static const char *const wrong[] = {
      "S(bool a)bool(bool b)",      "S(bool a)uint8(bool b)",       "S(bool a)uint7(bool b)",
      "S(bool a)integer(bool b)",   "S(bool a)9T(bool b)",          "S(bool a)T[](bool b)",
      "S(bool a):T(bool b)",        "S(bool a)T T(bool b)",         "S(bool a)$T(bool b)",
      "S(bool a)__proto__(bool b)", "S(bool a)constructor(bool b)", "S(bool a)prototype(bool b)"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refuse_types(wrong[i], reason, NULL);
  reason = "name of a member is not an identifier";
  refuse_types("S(bool a;uint8 b)", reason, "a;uint8 b");
  refuse_types("S(bool 1a)", reason, "1a");
  refuse_types("S(bool constructor)", reason, "constructor");
  refuse_types("S(bool __proto__)", reason, "__proto__");
  refuse_types("S(bool a:b)", reason, "a:b");
  refuse_types("S(T a)", "type of a member is not defined", "T\"}");
  refuse_types("S(bool a)T(U[] u)", "type of a member is not defined", "U[]");
}

static void refuses_too_many_types(void **state) {
  (void)state;
  static char types[64 * 1024];
  size_t at = (size_t)sprintf(types, "S(bool a)");
  for (int i = 1; i < OL_LIMIT_TYPED_STRUCTS; i++) at += (size_t)sprintf(types + at, "T%d(bool a)", i);
  good_document(types, "{'a':true}");
  sprintf(types + at, "U(bool a)");
  refuse_in(types, "S", A_DOMAIN, "{'a':true}", OL_ERR_LIMIT, "types", "there are too many types");
  at = (size_t)sprintf(types, "S(bool a)T(bool m0");
  for (int i = 1; i < OL_LIMIT_TYPED_MEMBERS; i++) at += (size_t)sprintf(types + at, ",bool m%d", i);
  sprintf(types + at, ")");
  good_document(types, "{'a':true}");
  sprintf(types + at, ",bool x)");
  refuse_in(types, "S", A_DOMAIN, "{'a':true}", OL_ERR_LIMIT, "types", "type has too many members");
}

/* All that a type refers to is part of it: long by itself it is not too long, but in the other it is. */
static void refuses_a_type_that_is_too_long(void **state) {
  (void)state;
  static char types[64 * 1024];
  size_t at = (size_t)sprintf(types, "T(bool a");
  for (int i = 0; i < 100; i++) at += (size_t)sprintf(types + at, ",bool m%0100d", i);
  at += (size_t)sprintf(types + at, ")S(T[] t");
  for (int i = 0; i < 100; i++) at += (size_t)sprintf(types + at, ",bool m%0100d", i);
  sprintf(types + at, ")");
  refuse_in(types, "T", A_DOMAIN, "{}", OL_ERR_ENCODING, "message", "member of the type is missing, or null");
  refuse_in(types, "S", A_DOMAIN, "{}", OL_ERR_LIMIT, "primaryType", "type is too long");
}

/* --- The document --- */

static void refuse_text(const char *text, ol_status status, const char *part, const char *reason) {
  ol_typed_data data;
  ol_slice document = ol_slice_of(document_text, put_quoted(0, text));
  assert_int_equal(read_document(&error, &data, document), status);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
}

static void refuses_other_documents(void **state) {
  (void)state;
#define TYPES "'types':{'S':[{'name':'a','type':'bool'}]}"
#define REST "'domain':{},'message':{'a':true}"
  refuse_text("[]", OL_ERR_ENCODING, "", "JSON value is not an object");
  refuse_text("{" TYPES ",'primaryType':'S'," REST, OL_ERR_ENCODING, "", "text is not JSON");
  const char *lacks = "document lacks types, primaryType, domain or message";
  refuse_text("{}", OL_ERR_ENCODING, "", lacks);
  refuse_text("{" TYPES "," REST "}", OL_ERR_ENCODING, "", lacks);
  refuse_text("{'primaryType':'S'," REST "}", OL_ERR_ENCODING, "", lacks);
  const char *unknown = "document has a member that it should not have";
  refuse_text("{" TYPES ",'primaryType':'S'," REST ",'metadata':{}}", OL_ERR_ENCODING, "", unknown);
  refuse_text("{" TYPES ",'primaryType':'S'," REST ",'__proto__':{}}", OL_ERR_ENCODING, "", unknown);
  refuse_text("{" TYPES ",'primaryType':'T'," REST "}", OL_ERR_ENCODING, "primaryType",
              "primary type is not defined");
  refuse_text("{" TYPES ",'primaryType':'S[]'," REST "}", OL_ERR_ENCODING, "primaryType",
              "primary type is not defined");
  refuse_text("{" TYPES ",'primaryType':1," REST "}", OL_ERR_ENCODING, "primaryType",
              "JSON value is not a string");
  refuse_text("{" TYPES ",'primaryType':'EIP712Domain'," REST "}", OL_ERR_ENCODING, "primaryType",
              "primary type is the domain, which signs no message");
  refuse_text("{" TYPES ",'primaryType':'S','domain':null,'message':{'a':true}}", OL_ERR_ENCODING, "domain",
              "JSON value is not an object");
  refuse_text("{" TYPES ",'primaryType':'S','domain':{},'message':[]}", OL_ERR_ENCODING, "message",
              "JSON value is not an object");
  refuse_text("{'types':[],'primaryType':'S'," REST "}", OL_ERR_ENCODING, "types",
              "JSON value is not an object");
  refuse_text("{'types':{'S':{}},'primaryType':'S'," REST "}", OL_ERR_ENCODING, "types",
              "JSON value is not an array");
  refuse_text("{'types':{'S':[1]},'primaryType':'S'," REST "}", OL_ERR_ENCODING, "types",
              "member of a type has no name");
  refuse_text("{'types':{'S':[{'name':1,'type':'bool'}]},'primaryType':'S'," REST "}", OL_ERR_ENCODING,
              "types", "JSON value is not a string");
  refuse_text("{'types':{'S':[{'name':'a','type':1}]},'primaryType':'S'," REST "}", OL_ERR_ENCODING, "types",
              "JSON value is not a string");
  refuse_text("{'types':{'S':[{'name':'a'}]},'primaryType':'S'," REST "}", OL_ERR_ENCODING, "types",
              "member of a type has no type");
  refuse_text("{" TYPES ",'primaryType':'S','domain':{},'message':{'a':true,'constructor':1}}",
              OL_ERR_ENCODING, "message", "name of a member is one of JavaScript's own");
}

static void refuses_what_is_too_long(void **state) {
  (void)state;
  static uint8_t text[OL_LIMIT_TYPED_TEXT + 1];
  ol_typed_data data;
  memset(text, ' ', sizeof text);
  assert_int_equal(read_document(&error, &data, ol_slice_of(text, sizeof text)), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "document is too long");
}

/* With less memory it is refused, and with what the header says it is read. */
static void says_how_much_memory_it_takes(void **state) {
  (void)state;
  ol_typed_data data;
  ol_slice text = document_of("S(T[] a)T(bool b)", "S", A_DOMAIN, "{'a':[{'b':true},{'b':false}]}");
  const size_t enough = 20 * text.len + 20480;
  size_t refused = 0;
  assert_int_equal(ol_typed_data_read(&error, &data, text, document_memory, 0), OL_ERR_MEMORY);
  assert_string_equal(error.reason, "no memory left for the document");
  for (size_t len = 0; len < enough; len += 64) {
    ol_status status = ol_typed_data_read(&error, &data, text, document_memory, len);
    assert_true(status == OL_OK || status == OL_ERR_MEMORY);
    refused += status == OL_ERR_MEMORY;
  }
  assert_true(refused > 100);
  assert_int_equal(ol_typed_data_read(&error, &data, text, document_memory, enough), OL_OK);
}

/* --- Domains --- */

static void refuse_domain(const char *types, const char *domain, const char *part, const char *reason) {
  refuse_in(types, "S", domain, "{'a':true}", OL_ERR_ENCODING, part, reason);
}

static void reads_the_fields_of_a_domain(void **state) {
  (void)state;
  ol_typed_data data;
  const char *types = "S(bool a)";
  const char *full =
      "{'salt':'0x88e7361503c8a620680072ac976169c85ed467055331aa48e96c80338f8f0108','name':'N','version':"
      "'V','chainId':'0x64c','verifyingContract':'0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'}";
  assert_int_equal(read_document(&error, &data, document_of(types, "S", full, "{'a':true}")), OL_OK);
  assert_int_equal(data.domain.fields, 31);
  assert_memory_equal(data.domain.name.data, "N", 1);
  assert_memory_equal(data.domain.version.data, "V", 1);
  assert_bytes(data.domain.chain_id.bytes + 30, 2, "064c");
  assert_bytes(data.domain.verifying_contract.bytes, 20, "f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  assert_hash(&data.domain.salt, "88e7361503c8a620680072ac976169c85ed467055331aa48e96c80338f8f0108");
  ol_hash again;
  ol_typed_domain_separator(&again, &data.domain);
  assert_memory_equal(&again, &data.domain_separator, sizeof again);
  const char *declared =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 "
      "salt)S(bool a)";
  assert_int_equal(read_document(&error, &data, document_of(declared, "S", full, "{'a':true}")), OL_OK);
  assert_memory_equal(&again, &data.domain_separator, sizeof again);
}

static void a_domain_without_fields(void **state) {
  (void)state;
  ol_typed_data data;
  ol_hash type, expected;
  ol_keccak256(&type, (const uint8_t *)"EIP712Domain()", 14);
  ol_keccak256(&expected, type.bytes, sizeof type.bytes);
  assert_int_equal(read_document(&error, &data, document_of("S(bool a)", "S", "{}", "{'a':true}")), OL_OK);
  assert_memory_equal(&data.domain_separator, &expected, sizeof expected);
  assert_int_equal(read_document(&error, &data, document_of("S(bool a)", "S", "{'salt':null}", "{'a':true}")),
                   OL_OK);
  assert_memory_equal(&data.domain_separator, &expected, sizeof expected);
}

/* What is shown and not signed, or signed and not known, is refused. */
static void refuses_domains_that_differ_from_their_type(void **state) {
  (void)state;
  const char *more = "domain has a member that its type does not have";
  const char *other = "EIP712Domain has other fields than EIP-712's, or in another order";
  refuse_domain("S(bool a)", "{'name':'N','chain':1}", "domain", more);
  refuse_domain("S(bool a)", "{'__proto__':{}}", "domain", more);
  refuse_domain("EIP712Domain(string name)S(bool a)", "{'name':'N','chainId':1612}", "domain", more);
  refuse_domain("EIP712Domain()S(bool a)", "{'chainId':1612}", "domain", more);
  refuse_domain("EIP712Domain()S(bool a)", "[]", "domain", "JSON value is not an object");
  refuse_domain("EIP712Domain(string name,uint256 chainId)S(bool a)", "{'name':'N'}", "domain",
                "member of the type is missing, or null");
  refuse_domain("EIP712Domain(string version,string name)S(bool a)", "{'name':'N','version':'1'}", "types",
                other);
  refuse_domain("EIP712Domain(string chainId)S(bool a)", "{'chainId':'1612'}", "types", other);
  refuse_domain("EIP712Domain(uint64 chainId)S(bool a)", "{'chainId':1612}", "types", other);
  refuse_domain("EIP712Domain(string name,string host)S(bool a)", "{'name':'N','host':'h'}", "types", other);
  refuse_domain("S(bool a)", "{'name':1}", "domain", "JSON value is not a string");
  refuse_domain("S(bool a)", "{'chainId':-1}", "domain", "value is below zero");
  refuse_domain("S(bool a)", "{'salt':'0x00'}", "domain", "hex has the wrong length");
  refuse_domain("S(bool a)", "{'version':''}", "domain", "version is empty, and its type is not given");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_struct_of_a_multiple_of_136_bytes),
      cmocka_unit_test(nested_fixed_arrays),
      cmocka_unit_test(an_empty_array_before_a_struct),
      cmocka_unit_test(empty_bytes_and_texts),
      cmocka_unit_test(long_bytes),
      cmocka_unit_test(negative_and_oversized_integers),
      cmocka_unit_test(integers_beyond_2_53),
      cmocka_unit_test(recursive_types),
      cmocka_unit_test(a_type_that_refers_to_itself_without_data),
      cmocka_unit_test(missing_and_null_members),
      cmocka_unit_test(members_in_another_order),
      cmocka_unit_test(duplicate_keys),
      cmocka_unit_test(bounded_depth),
      cmocka_unit_test(types_of_a_wrong_width),
      cmocka_unit_test(a_fixed_array_of_another_length),
      cmocka_unit_test(an_address_as_number),
      cmocka_unit_test(bytes_of_another_width),
      cmocka_unit_test(truth_is_true_or_false),
      cmocka_unit_test(types_are_in_the_order_of_their_names),
      cmocka_unit_test(names_of_types),
      cmocka_unit_test(refuses_names_that_are_not_for_structs),
      cmocka_unit_test(refuses_too_many_types),
      cmocka_unit_test(refuses_a_type_that_is_too_long),
      cmocka_unit_test(refuses_other_documents),
      cmocka_unit_test(refuses_what_is_too_long),
      cmocka_unit_test(says_how_much_memory_it_takes),
      cmocka_unit_test(reads_the_fields_of_a_domain),
      cmocka_unit_test(a_domain_without_fields),
      cmocka_unit_test(refuses_domains_that_differ_from_their_type),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
