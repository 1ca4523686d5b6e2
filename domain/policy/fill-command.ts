import { refusal, type PolicyRefusal } from './refusal.ts';

const placeholder = /\{([a-z]+)\}/g;

/**
 * Puts an incident's facts into a playbook's command: `docker logs --tail 100 {target}`. The template is split
 * first and filled word by word, so that a fact, whatever a report wrote into it, stays one argument. The answer
 * is an argument list for `matchCommand`, not yet an allowed command. Refused where a fact is missing.
 */
export function fillCommand(
  command: string,
  facts: Readonly<Record<string, string | null | undefined>>,
): { ok: true; argv: string[] } | PolicyRefusal {
  let missing: string | null = null;
  const argv = command.split(' ').map((word) =>
    word.replace(placeholder, (whole, key: string) => {
      const value = Object.hasOwn(facts, key) ? facts[key] : null;
      if (value == null || value === '') missing ??= whole;
      return value ?? '';
    }),
  );
  if (missing === null) return { ok: true, argv };
  const reason = `the command needs ${String(missing)}, which this incident does not know`;
  return refusal(
    'missing-fact',
    reason,
    'name the target in the report, or write the value into the playbook',
  );
}
