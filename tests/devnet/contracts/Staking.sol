// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

struct Stake {
    address recipient;
    uint256 configId;
    uint256 updatedAt; // from when `amount` grows
    uint256 amount; // principal with the yield until `updatedAt`
    uint256 startTime; // from when the stake is locked; a top-up starts it anew
    uint256 principal; // tokens that were paid in
}

struct StakeConfig {
    address bank; // has the tokens, and lets the staking contract take them
    address manager; // signs private stakes
    address token;
    uint256 interestRate; // a year, in units of 1e-18, compounded continuously
    uint256 stakeDuration; // seconds that a stake is locked, and after which it grows no more; 0: neither
    uint256 cooldownDuration; // seconds between a request and its payment; 0: a request pays
    uint256 maxStake; // of one recipient
    uint256 minStake;
    bool isActive;
    bool isTopupEnabled;
    bool isPublic;
}

struct UnstakeRequest {
    uint256 requestAt;
    Stake stake; // as it was then, with its yield; it grows no more
}

/// Stakes that grow at the rate of their configuration, with the interface and the storage of the published contract.
/// There is no list of an account's stakes: they are found by the events, whose second topic is the recipient, or by
/// going through all numbers below `nextStakeId`.
contract Staking is EIP712, OwnableRoles {
    using SafeERC20 for IERC20;

    uint256 public constant TRUSTED_BANK = _ROLE_0;
    bytes32 private constant STAKE_TYPEHASH =
        keccak256("Stake(address recipient,uint256 configId,uint256 amount,uint256 startTime,uint256 nonce)");

    mapping(uint256 stakingId => Stake) public stakes; // until unstaking is requested
    mapping(uint256 stakingId => bytes) public stakeCommitments; // until they are opened
    uint256 public nextStakeId; // of stakes and commitments alike, from 0
    mapping(uint256 stakingId => UnstakeRequest) public unstakeRequests; // until they are paid
    mapping(uint256 configId => StakeConfig) public configs;
    mapping(uint256 configId => mapping(address recipient => uint256)) public stakedAmounts; // principal, until paid
    mapping(bytes32 permitHash => bool) public replayGuard;

    event Staked(uint256 indexed stakingId, address indexed recipient, uint256 indexed amount);
    event ToppedUp(uint256 indexed stakingId, address indexed recipient, uint256 amount);
    event Unstaked(uint256 indexed stakingId, address indexed recipient);
    event RequestUnstake(uint256 indexed stakingId, address indexed recipient);
    event ConfigSet(uint256 indexed configId);
    event ConfigCreated(uint256 indexed configId);
    event CommitStake(uint256 indexed stakingId, bytes commitment);

    error InactiveConfigOrInvalidSender();
    error StakeNotFound();
    error UnstakeRequestNotFound();
    error CooldownNotPassed();
    error ZeroAmount();
    error StakeNotEnded();
    error StakeEnded();
    error StakeAmountExceeded();
    error StakeAmountTooSmall();
    error MismatchedRecipient();
    error SignatureReplayed();

    constructor() {
        _initializeOwner(msg.sender);
    }

    /// A bank makes a configuration by setting it first, and is the only one that may change it.
    function setConfig(uint256 configId, StakeConfig calldata config) external onlyRoles(TRUSTED_BANK) {
        StakeConfig storage slot = configs[configId];
        address bank = slot.bank;
        require(bank == address(0) || bank == msg.sender, Unauthorized());
        configs[configId] = config;
        if (bank != address(0)) {
            emit ConfigSet(configId);
            return;
        }
        slot.bank = msg.sender; // whatever it said
        emit ConfigCreated(configId);
    }

    function stake(uint256 configId, address onBehalfOf, uint256 amount) external {
        require(amount != 0, ZeroAmount());
        StakeConfig storage config = configs[configId];
        require(config.isActive && config.isPublic, InactiveConfigOrInvalidSender());
        uint256 total = stakedAmounts[configId][onBehalfOf] + amount;
        require(total >= config.minStake, StakeAmountTooSmall());
        require(total <= config.maxStake, StakeAmountExceeded());

        uint256 id = nextStakeId++;
        stakedAmounts[configId][onBehalfOf] = total;
        stakes[id] = Stake(onBehalfOf, configId, block.timestamp, amount, block.timestamp, amount);
        emit Staked(id, onBehalfOf, amount);
        IERC20(config.token).safeTransferFrom(msg.sender, config.bank, amount);
    }

    /// The yield so far becomes part of what grows; the stake is locked anew, and may grow for another duration.
    function topUpStake(uint256 stakingId, uint256 amount) external {
        require(amount != 0, ZeroAmount());
        Stake storage held = stakes[stakingId];
        StakeConfig storage config = configs[held.configId];
        bool isOwn = held.amount != 0 && held.recipient == msg.sender;
        require(isOwn && config.isTopupEnabled, InactiveConfigOrInvalidSender());
        require(config.stakeDuration == 0 || block.timestamp < held.startTime + config.stakeDuration, StakeEnded());
        uint256 total = stakedAmounts[held.configId][msg.sender] + amount;
        // Unlike the first payment, a top-up may not reach the limit: so the published contract has it.
        require(total < config.maxStake, StakeAmountExceeded());

        stakedAmounts[held.configId][msg.sender] = total;
        held.amount = calculateAmount(held) + amount;
        held.updatedAt = held.startTime = block.timestamp;
        held.principal += amount;
        emit ToppedUp(stakingId, msg.sender, amount);
        IERC20(config.token).safeTransferFrom(msg.sender, config.bank, amount);
    }

    /// Notes a private stake: a manager's signature, which says nothing of whose it is and how much until it is opened.
    /// No token moves: the bank was paid elsewhere.
    function commitStake(bytes calldata permit) external {
        bytes32 hash = keccak256(permit);
        require(!replayGuard[hash], SignatureReplayed());
        replayGuard[hash] = true;
        uint256 id = nextStakeId++;
        stakeCommitments[id] = permit;
        emit CommitStake(id, permit);
    }

    /// Opens a private stake of the caller, and requests that it be paid.
    /// A signature has one accepted form (65 bytes, low s), so the guard of its bytes is one of what it signs too. The
    /// published contract takes other forms of the same signature; nothing that it refuses is taken here.
    function requestUnstakeWithCommitment(
        uint256 stakingId,
        uint256 configId,
        uint256 startTime,
        uint256 nonce,
        uint256 amount
    ) external {
        bytes memory permit = stakeCommitments[stakingId];
        require(permit.length != 0, StakeNotFound());
        bytes32 digest =
            _hashTypedData(keccak256(abi.encode(STAKE_TYPEHASH, msg.sender, configId, amount, startTime, nonce)));
        require(ECDSA.recover(digest, permit) == configs[configId].manager, Unauthorized());

        delete stakeCommitments[stakingId];
        stakes[stakingId] = Stake(msg.sender, configId, startTime, amount, startTime, amount);
        stakedAmounts[configId][msg.sender] += amount;
        requestUnstake(stakingId);
    }

    /// Ends the growth. A stake may be requested while it is locked, and is paid when it is locked no more.
    function requestUnstake(uint256 stakingId) public {
        Stake memory held = stakes[stakingId];
        require(held.amount != 0, StakeNotFound());
        require(held.recipient == msg.sender, MismatchedRecipient());
        held.amount = calculateAmount(held);
        held.updatedAt = block.timestamp;
        delete stakes[stakingId];
        if (configs[held.configId].cooldownDuration == 0) {
            _pay(stakingId, held);
            return;
        }
        unstakeRequests[stakingId] = UnstakeRequest(block.timestamp, held);
        emit RequestUnstake(stakingId, msg.sender);
    }

    function unstake(uint256 stakingId) external {
        UnstakeRequest memory request = unstakeRequests[stakingId];
        require(request.requestAt != 0, UnstakeRequestNotFound());
        require(request.stake.recipient == msg.sender, MismatchedRecipient());
        uint256 end = request.requestAt + configs[request.stake.configId].cooldownDuration;
        require(block.timestamp >= end, CooldownNotPassed());
        delete unstakeRequests[stakingId];
        _pay(stakingId, request.stake);
    }

    /// What a stake is worth now: amount * exp(rate * years), each step rounded down to a unit of 1e-18.
    function calculateAmount(Stake memory held) public view returns (uint256) {
        StakeConfig storage config = configs[held.configId];
        uint256 elapsed = block.timestamp - held.updatedAt;
        if (config.stakeDuration != 0) elapsed = FixedPointMathLib.min(elapsed, config.stakeDuration);
        uint256 exponent = FixedPointMathLib.mulWad(FixedPointMathLib.divWad(elapsed, 365 days), config.interestRate);
        return FixedPointMathLib.mulWad(held.amount, uint256(FixedPointMathLib.expWad(int256(exponent))));
    }

    function _pay(uint256 stakingId, Stake memory held) private {
        StakeConfig storage config = configs[held.configId];
        require(block.timestamp >= held.startTime + config.stakeDuration, StakeNotEnded());
        stakedAmounts[held.configId][held.recipient] -= held.principal;
        emit Unstaked(stakingId, held.recipient);
        IERC20(config.token).safeTransferFrom(config.bank, held.recipient, held.amount);
    }

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Staking", "1");
    }
}
