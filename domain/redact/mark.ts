/** What stands where a secret stood. No pattern of the redaction takes it for a secret in turn. */
export const removed = '[redacted]';
