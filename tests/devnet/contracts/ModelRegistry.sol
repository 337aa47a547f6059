// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

/// Models: a base model with an adapter, the run that made it, what its influence is computed from, and its price.
/// Nobody governs it: an entry is its owner's word.
contract ModelRegistry {
    struct Model {
        address owner;
        uint48 deployedAt; // 0: it is not offered
        bytes32 baseModel;
        bytes32 adapterHash;
        bytes32 runId;
        bytes32 gradientId; // ATR-1, section 4
        uint128 priceIn; // of 1,000 tokens, in units of 1e-18 OPEN
        uint128 priceOut;
    }

    bytes32[] private _ids;
    mapping(bytes32 modelId => Model) public modelOf;

    event ModelRegistered(bytes32 indexed modelId, address indexed owner, bytes32 baseModel, bytes32 adapterHash);
    event PriceSet(bytes32 indexed modelId, uint256 priceIn, uint256 priceOut);
    event ModelDeployed(bytes32 indexed modelId);
    event ModelUndeployed(bytes32 indexed modelId);

    error AlreadyRegistered();
    error EmptyModel();
    error NotModelOwner();
    error AlreadyDeployed();
    error NotDeployed();

    /// The id says the owner, the base and the adapter, so one who registers another's adapter has another id.
    function register(
        bytes32 baseModel,
        bytes32 adapterHash,
        bytes32 runId,
        bytes32 gradientId,
        uint128 priceIn,
        uint128 priceOut
    ) external returns (bytes32 modelId) {
        require(baseModel != 0, EmptyModel());
        modelId = modelIdOf(msg.sender, baseModel, adapterHash);
        require(modelOf[modelId].owner == address(0), AlreadyRegistered());
        modelOf[modelId] = Model(msg.sender, 0, baseModel, adapterHash, runId, gradientId, priceIn, priceOut);
        _ids.push(modelId);
        emit ModelRegistered(modelId, msg.sender, baseModel, adapterHash);
        emit PriceSet(modelId, priceIn, priceOut);
    }

    function setPrice(bytes32 modelId, uint128 priceIn, uint128 priceOut) external {
        Model storage model = _ownedBySender(modelId);
        (model.priceIn, model.priceOut) = (priceIn, priceOut);
        emit PriceSet(modelId, priceIn, priceOut);
    }

    function deploy(bytes32 modelId) external {
        Model storage model = _ownedBySender(modelId);
        require(model.deployedAt == 0, AlreadyDeployed());
        model.deployedAt = uint48(block.timestamp);
        emit ModelDeployed(modelId);
    }

    function undeploy(bytes32 modelId) external {
        Model storage model = _ownedBySender(modelId);
        require(model.deployedAt != 0, NotDeployed());
        model.deployedAt = 0;
        emit ModelUndeployed(modelId);
    }

    function modelIdOf(address owner, bytes32 baseModel, bytes32 adapterHash) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, baseModel, adapterHash));
    }

    function modelCount() external view returns (uint256) {
        return _ids.length;
    }

    function modelIdAt(uint256 index) external view returns (bytes32) {
        return _ids[index];
    }

    function _ownedBySender(bytes32 modelId) private view returns (Model storage model) {
        model = modelOf[modelId];
        require(model.owner == msg.sender, NotModelOwner());
    }
}
