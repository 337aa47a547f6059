/* SPDX-License-Identifier: MIT */
#include "rollup/release.h"

#include "crypto/keccak.h"

#include "base/poison.h"

/*
 * Of the artifacts of npm's @eth-optimism/contracts-bedrock - deployedBytecode and its immutableReferences -, and of the
 * L1 genesis that npm's supersim carries. No package has the last rows: their slots are those of their sources, and a
 * profile must vouch for code that is as them.
 */

#define IMMUTABLES(list, meanings) sizeof(list) / sizeof *(list), (list), (meanings)
#define NO_IMMUTABLES 0, NULL, ""
#define WORD 32u

/* clang-format off */
static const uint16_t optimismportal2_0_17_2[] = {1230, 1605, 7017, 7928};
static const uint16_t faultdisputegame_0_17_2[] = {
    716, 800, 1235, 1294, 1679, 1762, 1813, 1932, 2495, 2836, 3589, 3697, 3790, 4119, 5100, 5365, 5430, 6381,
    6751, 6885, 7408, 7681, 7714, 7864, 8102, 8962, 9473, 9785, 9939, 10289, 11378, 13231, 13533, 13797, 14017,
    15193};
static const uint16_t permissioneddisputegame_0_17_2[] = {
    716, 800, 1235, 1294, 1679, 1762, 1813, 1932, 2495, 2836, 3111, 3174, 3297, 3567, 3701, 4071, 4134, 4386,
    4897, 5209, 5363, 5722, 7237, 7345, 7438, 7758, 8739, 9004, 9069, 10020, 11668, 11941, 11974, 12124, 12362,
    13139, 13403, 13623, 14799, 14972, 15542};
static const uint16_t anchorstateregistry_0_17_2[] = {305, 512};
static const uint16_t optimismportal2_0_17_3[] = {1219, 1594, 5809, 6771};
static const uint16_t faultdisputegame_0_17_3[] = {
    1204, 1319, 1555, 1723, 1926, 2189, 2590, 2673, 2724, 2891, 3936, 6026, 6476, 7283, 7484, 7577, 7722, 7824,
    7867, 7961, 8014, 8056, 8112, 9033, 9327, 9392, 10418, 10942, 11008, 11214, 11348, 11859, 12125, 12158,
    12316, 12554, 13407, 13918, 14230, 14373, 15446, 15693, 17523, 17825, 18082, 18295};
static const uint16_t permissioneddisputegame_0_17_3[] = {
    1226, 1341, 1411, 1628, 1796, 1999, 2254, 2313, 2714, 2797, 2848, 3015, 4060, 6150, 6600, 6870, 6933, 7076,
    7546, 7612, 7818, 7952, 8310, 8373, 8625, 9136, 9448, 9591, 10664, 11404, 11605, 11698, 11843, 11945, 11988,
    12082, 12135, 12177, 12233, 13154, 13435, 13500, 14526, 16128, 16394, 16427, 16585, 16823, 17593, 17850,
    18063, 20326, 20882};
static const uint16_t anchorstateregistry_0_17_3[] = {305, 512};
static const uint16_t optimismportal2_supersim[] = {746, 1720, 5629, 6214, 6906};
static const uint16_t disputegamefactory_supersim[] = {542, 3399};
static const uint16_t faultdisputegame_supersim[] = {
    1328, 1427, 1701, 1839, 2033, 2252, 2633, 2716, 2767, 2934, 3843, 6058, 6310, 6990, 7191, 7284, 7429, 7529,
    7573, 7804, 7864, 7911, 7962, 8010, 8105, 8835, 9158, 9482, 9700, 9843, 10165, 11083, 11291, 11332, 11783,
    11849, 12021, 12155, 12672, 12904, 12937, 13068, 13297, 14018, 14438, 14784, 14914, 16001, 17754, 18038,
    18261, 18440};
static const uint16_t permissioneddisputegame_supersim[] = {
    1350, 1449, 1564, 1774, 1912, 2106, 2317, 2376, 2757, 2840, 2891, 3058, 3967, 6182, 6434, 6680, 6730, 6984,
    7308, 7526, 7669, 7915, 8316, 8382, 8554, 8688, 9086, 9136, 9342, 9762, 10108, 10238, 11711, 11912, 12005,
    12150, 12250, 12294, 12525, 12585, 12632, 12683, 12731, 12826, 13556, 13818, 14736, 14944, 14985, 16518,
    16750, 16783, 16914, 17143, 17819, 18042, 18221, 20315, 20812};
static const uint16_t anchorstateregistry_supersim[] = {684, 1099, 1291, 2642};
static const uint16_t systemconfig_supersim[] = {1157, 2192, 3061};

static const ol_release releases[] = {
    {"contracts-bedrock 0.17.2 OptimismPortal", OL_CONTRACT_PORTAL, OL_FORM_PLAIN, 21485,
     NO_IMMUTABLES,
     {{0x37, 0x08, 0x31, 0x4c, 0x65, 0xd3, 0x94, 0x99, 0x11, 0x06, 0x0c, 0xd8, 0x2c, 0x16, 0x7a, 0x5a,
       0xce, 0x29, 0x21, 0x69, 0x4c, 0x2b, 0xab, 0x2d, 0x9a, 0x60, 0x81, 0x4b, 0xde, 0x34, 0x12, 0xd7}}},
    {"contracts-bedrock 0.17.2 OptimismPortal2", OL_CONTRACT_PORTAL2, OL_FORM_PLAIN, 24322,
     IMMUTABLES(optimismportal2_0_17_2, "fmmf"),
     {{0x3a, 0x0f, 0x8d, 0xfc, 0x5c, 0x3b, 0xbc, 0x31, 0x85, 0x2b, 0xa0, 0x8f, 0x2d, 0xb4, 0xd0, 0x5a,
       0xf8, 0xa4, 0x9a, 0x64, 0x8d, 0xc5, 0x4b, 0x9c, 0xc5, 0xe6, 0x8f, 0x8f, 0x6d, 0x45, 0xcd, 0xe1}}},
    {"contracts-bedrock 0.17.2 DisputeGameFactory", OL_CONTRACT_GAME_FACTORY, OL_FORM_PLAIN, 5469,
     NO_IMMUTABLES,
     {{0xd3, 0x59, 0x11, 0x6d, 0xc9, 0x7a, 0x68, 0x2f, 0x4a, 0xec, 0x31, 0x5a, 0x4c, 0x5c, 0xf2, 0x03,
       0xb7, 0xe1, 0x0e, 0x00, 0x45, 0x66, 0x9c, 0xb5, 0x0c, 0x23, 0x6f, 0xa7, 0x1f, 0x4a, 0xcf, 0x30}}},
    {"contracts-bedrock 0.17.2 FaultDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_PLAIN, 18067,
     IMMUTABLES(faultdisputegame_0_17_2, "...gc...r......gr..........cg......."),
     {{0x38, 0xa5, 0xcf, 0x29, 0xa3, 0x2b, 0xb7, 0xcf, 0x1a, 0x8d, 0x26, 0xcb, 0x27, 0x14, 0x90, 0xdd,
       0x33, 0xca, 0xee, 0x68, 0x0b, 0x90, 0x26, 0x25, 0xf7, 0x99, 0x5f, 0xdd, 0xbc, 0x20, 0xa8, 0x30}}},
    {"contracts-bedrock 0.17.2 PermissionedDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_PLAIN, 18571,
     IMMUTABLES(permissioneddisputegame_0_17_2, "...gc...r..........cg......gr............"),
     {{0xdf, 0xad, 0xa9, 0xb8, 0xb0, 0x68, 0x22, 0x2e, 0x31, 0xa4, 0x31, 0x69, 0xb7, 0xfb, 0x24, 0x1a,
       0xb0, 0x10, 0xd9, 0x7d, 0xbc, 0x15, 0x5e, 0x46, 0x78, 0x48, 0x9f, 0x1e, 0x68, 0x98, 0xdd, 0xc5}}},
    {"contracts-bedrock 0.17.2 AnchorStateRegistry", OL_CONTRACT_ANCHORS, OL_FORM_PLAIN, 3275,
     IMMUTABLES(anchorstateregistry_0_17_2, ".."),
     {{0x85, 0xa1, 0x3f, 0x9b, 0x81, 0xb0, 0xc0, 0x28, 0x72, 0xf0, 0xda, 0x17, 0x8f, 0x02, 0xa1, 0xa9,
       0xcd, 0x5d, 0x01, 0xf8, 0xcf, 0x4c, 0x2e, 0x15, 0x38, 0x3a, 0xef, 0x5b, 0x3a, 0x63, 0x34, 0x08}}},
    {"contracts-bedrock 0.17.2 SystemConfig", OL_CONTRACT_SYSTEM_CONFIG, OL_FORM_PLAIN, 7291,
     NO_IMMUTABLES,
     {{0x72, 0xba, 0x7f, 0x6f, 0xe9, 0xce, 0x5e, 0x4b, 0xcc, 0x71, 0x45, 0xb3, 0xf0, 0x68, 0x11, 0x12,
       0xf2, 0x16, 0x1b, 0x02, 0x56, 0x18, 0xde, 0xdb, 0x74, 0xbb, 0x3e, 0xa1, 0x5b, 0xbc, 0xbe, 0x90}}},
    {"contracts-bedrock 0.17.3 OptimismPortal", OL_CONTRACT_PORTAL, OL_FORM_ERC20, 22391,
     NO_IMMUTABLES,
     {{0xca, 0xe9, 0x61, 0x9c, 0xbb, 0x2a, 0x45, 0x5b, 0x02, 0x68, 0xaf, 0x43, 0xd3, 0x15, 0x00, 0xd8,
       0x0c, 0x85, 0x13, 0x67, 0x08, 0xa6, 0x3d, 0x31, 0xb9, 0x92, 0x37, 0xa7, 0xd1, 0x92, 0x47, 0xf6}}},
    {"contracts-bedrock 0.17.3 OptimismPortal2", OL_CONTRACT_PORTAL2, OL_FORM_PLAIN, 21078,
     IMMUTABLES(optimismportal2_0_17_3, "fmmf"),
     {{0xcc, 0x71, 0x57, 0x7b, 0xda, 0x43, 0x3e, 0xb0, 0xac, 0xed, 0x7f, 0xc6, 0x9f, 0x49, 0xde, 0x7c,
       0x4b, 0xf5, 0xcb, 0x7c, 0x62, 0xbd, 0x00, 0x69, 0xdb, 0x5b, 0x2a, 0x48, 0xbe, 0xcf, 0xef, 0xed}}},
    {"contracts-bedrock 0.17.3 DisputeGameFactory", OL_CONTRACT_GAME_FACTORY, OL_FORM_PLAIN, 5559,
     NO_IMMUTABLES,
     {{0x0d, 0x25, 0xff, 0xc7, 0x2e, 0xde, 0x82, 0x54, 0x43, 0xde, 0xfd, 0x6d, 0xfb, 0x43, 0x5f, 0x5d,
       0xde, 0xb2, 0xe9, 0xce, 0x0e, 0x3d, 0xa3, 0xe4, 0x0a, 0xf0, 0x69, 0xf3, 0xba, 0x6b, 0xef, 0x0f}}},
    {"contracts-bedrock 0.17.3 FaultDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_PLAIN, 23426,
     IMMUTABLES(faultdisputegame_0_17_3, "..r..gc....r............gr............cg......"),
     {{0x2c, 0xd9, 0x08, 0xff, 0x2a, 0x2d, 0xdf, 0xe4, 0xc3, 0xa4, 0xcb, 0x55, 0xa5, 0x04, 0x41, 0xdc,
       0x7e, 0x1f, 0xae, 0x1b, 0x7a, 0x29, 0xc9, 0x63, 0x13, 0xd5, 0x61, 0xcf, 0x20, 0xf4, 0x61, 0xce}}},
    {"contracts-bedrock 0.17.3 PermissionedDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_PLAIN, 24061,
     IMMUTABLES(permissioneddisputegame_0_17_3, "...r...gc....r............cg............gr..........."),
     {{0xe5, 0x4e, 0x0b, 0xe2, 0x49, 0x06, 0xd2, 0x14, 0xf8, 0x7f, 0x84, 0xa1, 0x19, 0xc9, 0xf5, 0xf3,
       0xb6, 0xdc, 0xe9, 0x50, 0x48, 0x1d, 0xfd, 0xe3, 0x7f, 0xcf, 0x80, 0xfc, 0x11, 0x8a, 0xc5, 0xa8}}},
    {"contracts-bedrock 0.17.3 AnchorStateRegistry", OL_CONTRACT_ANCHORS, OL_FORM_PLAIN, 3275,
     IMMUTABLES(anchorstateregistry_0_17_3, ".."),
     {{0x5f, 0x2b, 0xdd, 0xc8, 0xb8, 0x37, 0xe7, 0xd7, 0x49, 0xf4, 0xeb, 0x96, 0xe1, 0x5e, 0x8c, 0x93,
       0xeb, 0xd1, 0x9c, 0x5b, 0x72, 0x21, 0x28, 0x42, 0xc2, 0x4d, 0xf6, 0xcc, 0xdf, 0x28, 0x55, 0x4e}}},
    {"contracts-bedrock 0.17.3 L2OutputOracle", OL_CONTRACT_OUTPUT_ORACLE, OL_FORM_PLAIN, 5589,
     NO_IMMUTABLES,
     {{0xc7, 0xa2, 0x8a, 0x1f, 0x30, 0xfa, 0x6c, 0x5c, 0x10, 0xc7, 0xe1, 0x64, 0xc4, 0xcb, 0x50, 0x01,
       0x5f, 0x99, 0xf9, 0x1c, 0xcb, 0xba, 0xa5, 0xc1, 0x56, 0xad, 0x5e, 0x4e, 0x20, 0xbe, 0x80, 0xe2}}},
    {"contracts-bedrock 0.17.3 SystemConfig", OL_CONTRACT_SYSTEM_CONFIG, OL_FORM_ERC20, 10250,
     NO_IMMUTABLES,
     {{0xa8, 0xd7, 0x07, 0xeb, 0xc8, 0xf0, 0xde, 0xcb, 0x0b, 0x1d, 0xd0, 0x1d, 0xdc, 0x64, 0xc7, 0x4a,
       0xa1, 0x73, 0x78, 0x73, 0xda, 0x65, 0x08, 0xd0, 0xa0, 0x20, 0xca, 0x10, 0xbb, 0x90, 0x92, 0x92}}},
    {"supersim 0.1.0-alpha.58 OptimismPortal2", OL_CONTRACT_PORTAL_OF_REGISTRY, OL_FORM_PLAIN, 22636,
     IMMUTABLES(optimismportal2_supersim, ".mm.."),
     {{0x84, 0xc0, 0x7f, 0x27, 0x61, 0xcb, 0x83, 0x91, 0xb9, 0x8e, 0x03, 0x45, 0xf4, 0xfc, 0x06, 0x92,
       0x75, 0x8c, 0xb5, 0x2e, 0x97, 0xc4, 0x84, 0x5b, 0x75, 0xc8, 0xad, 0xda, 0x54, 0x7e, 0x07, 0x7c}}},
    {"supersim 0.1.0-alpha.58 DisputeGameFactory", OL_CONTRACT_GAME_FACTORY, OL_FORM_PLAIN, 6539,
     IMMUTABLES(disputegamefactory_supersim, ".."),
     {{0x5a, 0x8a, 0x5d, 0xed, 0x33, 0x9d, 0xf2, 0xb0, 0x8f, 0x6f, 0xf9, 0xed, 0xb3, 0x28, 0x6a, 0xdd,
       0x95, 0x48, 0x62, 0x06, 0xf4, 0x3b, 0x88, 0xd7, 0x31, 0xbd, 0x8f, 0xc4, 0xa3, 0x2f, 0x89, 0xe0}}},
    {"supersim 0.1.0-alpha.58 FaultDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_REMEMBERS, 23087,
     IMMUTABLES(faultdisputegame_supersim, "..r..gc...................rrrrr.gr...........cg....."),
     {{0x9c, 0x45, 0xa7, 0xf5, 0x26, 0x57, 0x8f, 0xfa, 0x3b, 0x62, 0xaf, 0xbb, 0xd6, 0x36, 0x41, 0xc2,
       0x96, 0x8c, 0xb2, 0xaa, 0x69, 0xf9, 0x30, 0x7f, 0x85, 0xad, 0xf4, 0xdc, 0x94, 0xed, 0x57, 0xaa}}},
    {"supersim 0.1.0-alpha.58 PermissionedDisputeGame", OL_CONTRACT_FAULT_GAME, OL_FORM_REMEMBERS, 23649,
     IMMUTABLES(permissioneddisputegame_supersim, "...r...gc........rrrr.........cg.............r.gr.........."),
     {{0x42, 0xe1, 0x9e, 0x0f, 0x6b, 0xb4, 0x96, 0xc6, 0x4f, 0x19, 0x1a, 0x1c, 0x59, 0x8f, 0x8a, 0x5d,
       0x13, 0x4a, 0xd2, 0x70, 0x0e, 0x85, 0xa2, 0x95, 0x12, 0x63, 0x9e, 0x2d, 0x7e, 0xc5, 0x4c, 0xef}}},
    {"supersim 0.1.0-alpha.58 AnchorStateRegistry", OL_CONTRACT_REGISTRY, OL_FORM_PLAIN, 7153,
     IMMUTABLES(anchorstateregistry_supersim, ".ff."),
     {{0xd1, 0xe1, 0x03, 0xe1, 0xf0, 0x5c, 0x68, 0x89, 0x27, 0x4b, 0xcd, 0xcd, 0x6b, 0xd1, 0x4e, 0xd3,
       0x0a, 0x63, 0x7e, 0x55, 0x35, 0xd7, 0xdf, 0x9c, 0xe9, 0x19, 0x59, 0x83, 0xf8, 0x51, 0x13, 0x5d}}},
    {"supersim 0.1.0-alpha.58 SystemConfig", OL_CONTRACT_SYSTEM_CONFIG, OL_FORM_PLAIN, 11410,
     IMMUTABLES(systemconfig_supersim, "..."),
     {{0x64, 0x31, 0x64, 0xe5, 0x0a, 0xec, 0x25, 0x74, 0x9d, 0x04, 0xda, 0x05, 0x7c, 0x70, 0xad, 0x52,
       0x18, 0x1a, 0xc5, 0xf8, 0x77, 0x97, 0x00, 0xad, 0x01, 0x3c, 0x63, 0xd0, 0x8d, 0x9d, 0x3a, 0xcc}}},
    {"optimism 3.13.1 SystemConfig", OL_CONTRACT_SYSTEM_CONFIG, OL_FORM_FEATURES, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 GOPEN", OL_CONTRACT_GOPEN, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 OpenLedgerGovernor", OL_CONTRACT_GOVERNOR, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 TimelockController", OL_CONTRACT_TIMELOCK, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 Staking", OL_CONTRACT_STAKING, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 DatanetRegistry", OL_CONTRACT_DATANETS, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 ModelRegistry", OL_CONTRACT_MODELS, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 NodeRegistry", OL_CONTRACT_NODES, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 AttributionRegistry", OL_CONTRACT_ATTRIBUTION, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 GrantRegistry", OL_CONTRACT_GRANTS, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
    {"openledger 1 SigDispersal", OL_CONTRACT_DISPERSAL, OL_FORM_PLAIN, 0, NO_IMMUTABLES, {{0}}},
};
/* clang-format on */

const ol_release *ol_release_at(size_t index) {
  return index < sizeof releases / sizeof *releases ? &releases[index] : NULL;
}

/* Out: keccak-256 of code with zeros for a release's immutables. In: code of its length. */
static void hash_masked(ol_hash *out, const ol_release *release, ol_slice code) {
  static const uint8_t zeros[WORD];
  ol_keccak keccak;
  size_t at = 0;
  ol_keccak_init(&keccak);
  for (size_t i = 0; i < release->immutable_count; i++) {
    ol_keccak_update(&keccak, code.data + at, release->immutables[i] - at);
    ol_keccak_update(&keccak, zeros, WORD);
    at = release->immutables[i] + WORD;
  }
  ol_keccak_update(&keccak, code.data + at, code.len - at);
  ol_keccak_final(&keccak, out);
}

ol_status ol_release_of(ol_error *error, const ol_release **out, ol_contract contract, ol_slice code) {
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
    ol_hash hash;
    if (releases[i].contract != contract || releases[i].len != code.len) continue;
    hash_masked(&hash, &releases[i], code);
    if (!ol_hash_equal(&hash, &releases[i].code_hash)) continue;
    *out = &releases[i];
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "contract is of an unknown release");
}

ol_status ol_release_immutable(ol_error *error, ol_u256 *out, const ol_release *release, ol_slice code,
                               char meaning) {
  OL_ASSERT(code.len == release->len);
  const uint8_t *found = NULL;
  for (size_t i = 0; i < release->immutable_count; i++) {
    const uint8_t *word = code.data + release->immutables[i];
    if (release->meanings[i] != meaning) continue;
    if (found != NULL && memcmp(found, word, WORD) != 0)
      return ol_fail(error, OL_ERR_MISMATCH, release->immutables[i], "code has two values for one immutable");
    found = word;
  }
  if (found == NULL) return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "release has no such immutable");
  memcpy(out->bytes, found, WORD);
  return OL_OK;
}

ol_status ol_release_number(ol_error *error, uint64_t *out, const ol_release *release, ol_slice code,
                            char meaning) {
  ol_u256 word;
  OL_TRY(ol_release_immutable(error, &word, release, code, meaning));
  if (!ol_is_zero(ol_slice_of(word.bytes, WORD - 8)))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "number in the code has more than 64 bits");
  *out = ol_load_be64(word.bytes + WORD - 8);
  return OL_OK;
}
