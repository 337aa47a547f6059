// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";

/// Rewards that a signer grants, taken out of a vault, with the interface and the storage of the published contract.
contract SigDispersal is OwnableRoles {
    using SafeERC20 for IERC20;

    uint256 public constant PROJECT_ADMIN = _ROLE_0;

    address public signer;
    address public vault;
    bool public active;
    address public token;
    mapping(bytes32 batch => mapping(address account => uint256 blockNumber)) public claimed; // 0: not yet
    mapping(bytes32 batch => bool) public batchEnabled;
    mapping(bytes32 batch => uint256) public batchFee;

    event AirdropClaimed(bytes32 indexed batch, address indexed account, uint256 amount);
    event VaultSet(address indexed vault);
    event TokenSet(address indexed token);
    event BatchEnabled(bytes32 indexed root, bool enabled);
    event BatchFeeSet(bytes32 indexed root, uint256 fee);

    error AlreadyClaimed();
    error InvalidSignature();
    error NotActive();
    error BatchNotEnabled();
    error MismatchedFee();

    constructor(address initialSigner, address projectAdmin, address initialVault) {
        _initializeOwner(msg.sender);
        _setRoles(projectAdmin, PROJECT_ADMIN);
        (signer, vault) = (initialSigner, initialVault);
    }

    /// Anyone may claim for an account; the fee is exact. What is signed: the account, the amount, the batch, this
    /// contract and the chain, packed, hashed, as a message of EIP-191 (version 0x45).
    function claim(bytes calldata signature, bytes32 batch, uint256 amount, address onBehalfOf) external payable {
        require(active, NotActive());
        require(batchEnabled[batch], BatchNotEnabled());
        require(msg.value == batchFee[batch], MismatchedFee());
        require(claimed[batch][onBehalfOf] == 0, AlreadyClaimed());
        bytes32 hash = keccak256(abi.encodePacked(onBehalfOf, amount, batch, address(this), block.chainid));
        (address granter, ECDSA.RecoverError fault,) =
            ECDSA.tryRecover(MessageHashUtils.toEthSignedMessageHash(hash), signature);
        require(fault == ECDSA.RecoverError.NoError && granter == signer, InvalidSignature());

        claimed[batch][onBehalfOf] = block.number;
        emit AirdropClaimed(batch, onBehalfOf, amount);
        IERC20(token).safeTransferFrom(vault, onBehalfOf, amount);
    }

    function setSigner(address newSigner) external onlyRoles(PROJECT_ADMIN) {
        signer = newSigner;
    }

    function setVault(address newVault) external onlyRoles(PROJECT_ADMIN) {
        vault = newVault;
        emit VaultSet(newVault);
    }

    function setToken(address newToken) external onlyRoles(PROJECT_ADMIN) {
        token = newToken;
        emit TokenSet(newToken);
    }

    function toggleActive() external onlyRoles(PROJECT_ADMIN) {
        active = !active;
    }

    function setBatchEnabled(bytes32 root, bool enabled) external onlyRoles(PROJECT_ADMIN) {
        batchEnabled[root] = enabled;
        emit BatchEnabled(root, enabled);
    }

    function setBatchFee(bytes32 root, uint256 fee) external onlyRoles(PROJECT_ADMIN) {
        batchFee[root] = fee;
        emit BatchFeeSet(root, fee);
    }

    function withdrawFees() external onlyRoles(PROJECT_ADMIN) {
        Address.sendValue(payable(msg.sender), address(this).balance);
    }
}
