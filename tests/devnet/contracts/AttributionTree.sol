// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

/// The trees of ATR-1: the shape of RFC 6962, with leaves, nodes and roots that cannot stand for one another.
/// A path is the siblings from the leaf up.
library AttributionTree {
    struct Sibling {
        bytes32 hash;
        uint128 sum;
    }

    error PathMismatch();

    bytes4 internal constant BATCH = "BTCH";
    bytes4 internal constant SPLIT = "SPLT";

    function leafOf(bytes4 tag, uint64 index, bytes memory payload) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(0), tag, index, payload));
    }

    function rootOf(bytes4 tag, uint64 index, uint64 count, bytes32 hash, bytes32[] calldata path)
        internal
        pure
        returns (bytes32)
    {
        require(index < count, PathMismatch());
        uint64 last = count - 1;
        for (uint256 i = 0; i < path.length; i++) {
            require(last != 0, PathMismatch());
            bool isRight;
            (isRight, index, last) = _up(index, last);
            (bytes32 left, bytes32 right) = isRight ? (path[i], hash) : (hash, path[i]);
            hash = keccak256(abi.encodePacked(uint8(1), tag, left, right));
        }
        require(last == 0, PathMismatch());
        return keccak256(abi.encodePacked(uint8(2), tag, count, hash));
    }

    /// Of a tree whose nodes hash the sums of their children too, and its root the sum of all.
    function sumRootOf(
        bytes4 tag,
        uint64 index,
        uint64 count,
        bytes32 hash,
        uint128 sum,
        Sibling[] calldata path
    ) internal pure returns (bytes32 root, uint128 total) {
        require(index < count, PathMismatch());
        uint64 last = count - 1;
        for (uint256 i = 0; i < path.length; i++) {
            require(last != 0, PathMismatch());
            bool isRight;
            (isRight, index, last) = _up(index, last);
            hash = isRight
                ? keccak256(abi.encodePacked(uint8(1), tag, path[i].sum, path[i].hash, sum, hash))
                : keccak256(abi.encodePacked(uint8(1), tag, sum, hash, path[i].sum, path[i].hash));
            sum += path[i].sum; // an overflow reverts
        }
        require(last == 0, PathMismatch());
        return (keccak256(abi.encodePacked(uint8(2), tag, count, sum, hash)), sum);
    }

    /// Whether a node is a right child, and where its parent is. A last node without a sibling is the same node on the
    /// next level, so such levels are skipped.
    function _up(uint64 index, uint64 last) private pure returns (bool isRight, uint64, uint64) {
        while (index == last && index & 1 == 0) (index, last) = (index >> 1, last >> 1);
        return (index & 1 == 1, index >> 1, last >> 1);
    }
}
