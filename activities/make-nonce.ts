import { randomBytes } from 'node:crypto';

/** The one-use code of an approval. Not made in the workflow, whose random numbers follow from the run's id. */
export async function makeNonce(): Promise<string> {
  return randomBytes(4).toString('hex');
}
