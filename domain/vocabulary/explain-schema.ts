import type { z } from 'zod';

/** A zod error for people: each bad field by its path, what was expected, on one line. */
export function explain(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`).join('; ');
}
