// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// Datanets: who owns them, what each version is (a root of its rows), and what others contribute.
/// A contribution is committed to with a stake before it is shown, so that nobody else can show it first.
contract DatanetRegistry is Ownable {
    struct Datanet {
        address owner;
        uint64 version; // counts from 1
        bytes32 metadata; // hash of name, summary, description, tags
        bytes32 root; // of the newest version
        uint128 minStake; // of a contribution
    }

    enum State {
        None,
        Committed,
        Revealed,
        Approved,
        Rejected,
        Forfeited,
        Withdrawn
    }

    struct Contribution {
        address contributor;
        uint64 datanet;
        State state;
        bytes32 hash; // the commitment, and once it is revealed the content
        uint128 stake;
        uint48 dueAt; // when revealing, and then reviewing, must have been done
        uint64 size; // bytes
    }

    uint256 public constant MAX_SIZE = 5_000_000; // of one submission
    uint48 public immutable revealTime;
    uint48 public immutable reviewTime;

    uint128 public createFee;
    uint128 public feePerByte;
    uint64 public datanetCount; // datanets count from 1
    mapping(uint64 datanet => Datanet) public datanetOf;
    mapping(uint64 datanet => mapping(uint64 version => bytes32)) public versionRoot;
    uint256 public contributionCount; // contributions count from 1
    mapping(uint256 contributionId => Contribution) public contributionOf;
    uint256 public collected; // fees and forfeited stakes, which are the owner's

    event DatanetCreated(uint64 indexed datanet, address indexed owner, bytes32 metadata);
    event DatanetVersion(uint64 indexed datanet, uint64 indexed version, bytes32 root);
    event MetadataSet(uint64 indexed datanet, bytes32 metadata);
    event MinStakeSet(uint64 indexed datanet, uint256 minStake);
    event Committed(uint256 indexed contributionId, uint64 indexed datanet, address indexed contributor, uint256 stake);
    event Revealed(uint256 indexed contributionId, bytes32 content, uint64 size);
    event Approved(uint256 indexed contributionId, uint64 indexed datanet, uint64 version);
    event Rejected(uint256 indexed contributionId, bool forfeited);
    event Withdrawn(uint256 indexed contributionId);
    event FeesSet(uint256 createFee, uint256 feePerByte);

    error NotDatanetOwner();
    error NotContributor();
    error WrongFee();
    error WrongSize();
    error EmptyRoot();
    error NoDatanet();
    error StakeTooSmall();
    error WrongState();
    error WrongReveal();
    error TooLate();
    error TooEarly();

    constructor(address owner, uint128 fee, uint128 perByte, uint48 reveal_, uint48 review_) Ownable(owner) {
        (createFee, feePerByte, revealTime, reviewTime) = (fee, perByte, reveal_, review_);
    }

    // --- Datanets ---

    function create(bytes32 metadata, bytes32 root, uint64 size, uint128 minStake)
        external
        payable
        returns (uint64 datanet)
    {
        datanet = ++datanetCount;
        datanetOf[datanet] = Datanet(msg.sender, 0, metadata, 0, minStake);
        emit DatanetCreated(datanet, msg.sender, metadata);
        _addVersion(datanet, root, size, createFee);
    }

    /// Rows that the owner changes or adds.
    function update(uint64 datanet, bytes32 root, uint64 size) external payable {
        _ownedBySender(datanet);
        _addVersion(datanet, root, size, 0);
    }

    function setMetadata(uint64 datanet, bytes32 metadata) external {
        _ownedBySender(datanet).metadata = metadata;
        emit MetadataSet(datanet, metadata);
    }

    function setMinStake(uint64 datanet, uint128 minStake) external {
        _ownedBySender(datanet).minStake = minStake;
        emit MinStakeSet(datanet, minStake);
    }

    function ownerOf(uint64 datanet) external view returns (address) {
        return datanetOf[datanet].owner;
    }

    // --- Contributions ---

    /// To keccak256(abi.encode(datanet, contributor, content, size, salt)).
    function commit(uint64 datanet, bytes32 commitment) external payable returns (uint256 id) {
        Datanet storage target = datanetOf[datanet];
        require(target.owner != address(0), NoDatanet());
        require(msg.value >= target.minStake, StakeTooSmall());
        id = ++contributionCount;
        uint48 dueAt = uint48(block.timestamp) + revealTime;
        contributionOf[id] =
            Contribution(msg.sender, datanet, State.Committed, commitment, uint128(msg.value), dueAt, 0);
        emit Committed(id, datanet, msg.sender, msg.value);
    }

    function reveal(uint256 contributionId, bytes32 content, uint64 size, bytes32 salt) external {
        Contribution storage found = _in(contributionId, State.Committed);
        require(block.timestamp <= found.dueAt, TooLate());
        require(msg.sender == found.contributor, NotContributor());
        require(size != 0 && size <= MAX_SIZE, WrongSize());
        require(found.hash == keccak256(abi.encode(found.datanet, msg.sender, content, size, salt)), WrongReveal());
        (found.state, found.hash, found.size) = (State.Revealed, content, size);
        found.dueAt = uint48(block.timestamp) + reviewTime;
        emit Revealed(contributionId, content, size);
    }

    /// Becomes a new version, whose fee the datanet's owner pays; the stake goes back.
    function approve(uint256 contributionId, bytes32 root) external payable {
        Contribution storage found = _in(contributionId, State.Revealed);
        Datanet storage target = _ownedBySender(found.datanet);
        found.state = State.Approved;
        _addVersion(found.datanet, root, found.size, 0);
        emit Approved(contributionId, found.datanet, target.version);
        _returnStake(found);
    }

    /// The stake of what is harmful is forfeited, to the registry's owner: a datanet's owner gains nothing by it.
    function reject(uint256 contributionId, bool forfeit) external {
        Contribution storage found = _in(contributionId, State.Revealed);
        _ownedBySender(found.datanet);
        found.state = forfeit ? State.Forfeited : State.Rejected;
        emit Rejected(contributionId, forfeit);
        if (forfeit) _keepStake(found);
        else _returnStake(found);
    }

    /// What was not revealed in time is forfeited, by anyone's call; what was not reviewed in time can be taken back.
    function expire(uint256 contributionId) external {
        Contribution storage found = contributionOf[contributionId];
        require(found.state == State.Committed || found.state == State.Revealed, WrongState());
        require(block.timestamp > found.dueAt, TooEarly());
        if (found.state == State.Committed) {
            found.state = State.Forfeited;
            emit Rejected(contributionId, true);
            _keepStake(found);
        } else {
            require(msg.sender == found.contributor, NotContributor());
            found.state = State.Withdrawn;
            emit Withdrawn(contributionId);
            _returnStake(found);
        }
    }

    // --- The registry's owner ---

    function setFees(uint128 fee, uint128 perByte) external onlyOwner {
        (createFee, feePerByte) = (fee, perByte);
        emit FeesSet(fee, perByte);
    }

    function withdrawCollected(address payable to) external onlyOwner {
        uint256 amount = collected;
        collected = 0;
        Address.sendValue(to, amount);
    }

    function _addVersion(uint64 datanet, bytes32 root, uint64 size, uint256 extra) private {
        require(root != 0, EmptyRoot());
        require(size <= MAX_SIZE, WrongSize());
        require(msg.value == extra + uint256(feePerByte) * size, WrongFee());
        collected += msg.value;
        Datanet storage target = datanetOf[datanet];
        target.root = root;
        uint64 version = ++target.version;
        versionRoot[datanet][version] = root;
        emit DatanetVersion(datanet, version, root);
    }

    function _ownedBySender(uint64 datanet) private view returns (Datanet storage target) {
        target = datanetOf[datanet];
        require(target.owner == msg.sender, NotDatanetOwner());
    }

    function _in(uint256 contributionId, State state) private view returns (Contribution storage found) {
        found = contributionOf[contributionId];
        require(found.state == state, WrongState());
    }

    function _keepStake(Contribution storage found) private {
        collected += found.stake;
        found.stake = 0;
    }

    function _returnStake(Contribution storage found) private {
        uint256 amount = found.stake;
        found.stake = 0;
        Address.sendValue(payable(found.contributor), amount);
    }
}
