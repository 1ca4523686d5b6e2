import { redact } from '../domain/redact/redact.ts';

/** Prints what went wrong without a stack trace, and without secrets. @returns the exit code */
export function failForPeople(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${redact(message)}\n`);
  return 1;
}
