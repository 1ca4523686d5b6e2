const { DefaultFailureConverter } = require('@temporalio/common');

// Loaded by the SDK, in workers and inside the workflow bundle, when payloads are encrypted.
module.exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
