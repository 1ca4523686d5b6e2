import { ActivityFailure } from '@temporalio/workflow';

/** What an activity failed with: wrapped by an ordinary one, bare by a local one that is replayed. */
export const causeOf = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);
