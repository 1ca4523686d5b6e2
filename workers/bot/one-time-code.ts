import { createHash, randomBytes } from 'node:crypto';

/** A code that nobody guesses, in letters that are not mistaken for one another. */
export function makeCode(): string {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
  return [...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('');
}

/** What is kept of a code. */
export const hashCode = (code: string): string =>
  createHash('sha256').update(code.trim().toUpperCase()).digest('hex');
