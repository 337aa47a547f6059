// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";

/// Nodes that answer, by the key that signs their receipts, each with a bond that the owner can slash.
/// A key is registered once for all: a revoked one never comes back.
contract NodeRegistry is EIP712, Ownable {
    struct Node {
        address operator;
        uint48 registeredAt; // 0: never
        uint48 revokedAt; // 0: not
        uint128 bond;
        uint128 slashed;
        string endpoint;
    }

    bytes32 private constant REGISTRATION_TYPEHASH = keccak256("Registration(address operator)");
    uint48 public immutable revokeDelay; // seconds from revocation until the bond is free

    uint128 public minBond;
    mapping(address signer => Node) private _nodes;
    address[] private _signers;

    event NodeRegistered(address indexed signer, address indexed operator, uint256 bond, string endpoint);
    event BondAdded(address indexed signer, uint256 amount);
    event EndpointSet(address indexed signer, string endpoint);
    event NodeRevoked(address indexed signer, uint256 withdrawableAt);
    event NodeSlashed(address indexed signer, address indexed beneficiary, uint256 amount, bytes32 reason);
    event BondWithdrawn(address indexed signer, uint256 amount);
    event MinBondSet(uint256 minBond);

    error AlreadyRegistered();
    error NotRegistered();
    error NotOperator();
    error BondTooSmall();
    error NoConsent();
    error Revoked();
    error NotWithdrawable();

    constructor(address owner, uint128 initialMinBond, uint48 delay) Ownable(owner) {
        (minBond, revokeDelay) = (initialMinBond, delay);
    }

    /// The caller becomes the operator. A key other than the caller's own consents by signing Registration(operator).
    function register(address signer, string calldata endpoint, bytes calldata consent) external payable {
        Node storage node = _nodes[signer];
        require(node.registeredAt == 0, AlreadyRegistered());
        require(msg.value >= minBond, BondTooSmall());
        if (signer != msg.sender) {
            bytes32 digest = _hashTypedData(keccak256(abi.encode(REGISTRATION_TYPEHASH, msg.sender)));
            (address consenting, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, consent);
            require(fault == ECDSA.RecoverError.NoError && consenting == signer, NoConsent());
        }
        (node.operator, node.registeredAt, node.bond) = (msg.sender, uint48(block.timestamp), uint128(msg.value));
        node.endpoint = endpoint;
        _signers.push(signer);
        emit NodeRegistered(signer, msg.sender, msg.value, endpoint);
    }

    function addBond(address signer) external payable {
        Node storage node = _live(signer);
        node.bond += uint128(msg.value);
        emit BondAdded(signer, msg.value);
    }

    function setEndpoint(address signer, string calldata endpoint) external {
        Node storage node = _live(signer);
        require(msg.sender == node.operator, NotOperator());
        node.endpoint = endpoint;
        emit EndpointSet(signer, endpoint);
    }

    /// At once for receipts; the bond stays until disputes about what was served have had their time.
    function revoke(address signer) external {
        Node storage node = _live(signer);
        require(msg.sender == node.operator || msg.sender == signer, NotOperator());
        node.revokedAt = uint48(block.timestamp);
        emit NodeRevoked(signer, block.timestamp + revokeDelay);
    }

    /// As much of the bond as there is.
    function slash(address signer, uint128 amount, address payable beneficiary, bytes32 reason) external onlyOwner {
        Node storage node = _nodes[signer];
        require(node.registeredAt != 0, NotRegistered());
        if (amount > node.bond) amount = node.bond;
        node.bond -= amount;
        node.slashed += amount;
        emit NodeSlashed(signer, beneficiary, amount, reason);
        Address.sendValue(beneficiary, amount);
    }

    function withdrawBond(address signer) external {
        Node storage node = _nodes[signer];
        require(msg.sender == node.operator, NotOperator());
        require(node.revokedAt != 0 && block.timestamp >= node.revokedAt + revokeDelay, NotWithdrawable());
        uint256 amount = node.bond;
        node.bond = 0;
        emit BondWithdrawn(signer, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    function setMinBond(uint128 newMinBond) external onlyOwner {
        minBond = newMinBond;
        emit MinBondSet(newMinBond);
    }

    /// Whether receipts that this key signs now count: registered, not revoked, and bonded.
    function isActive(address signer) external view returns (bool) {
        Node storage node = _nodes[signer];
        return node.registeredAt != 0 && node.revokedAt == 0 && node.bond >= minBond;
    }

    function nodeOf(address signer) external view returns (Node memory) {
        return _nodes[signer];
    }

    function signerCount() external view returns (uint256) {
        return _signers.length;
    }

    function signerAt(uint256 index) external view returns (address) {
        return _signers[index];
    }

    function _live(address signer) private view returns (Node storage node) {
        node = _nodes[signer];
        require(node.registeredAt != 0, NotRegistered());
        require(node.revokedAt == 0, Revoked());
    }

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("NodeRegistry", "1");
    }
}
