import { compilePattern } from '../report/pattern.ts';
import { withPlaceholders } from '../report/placeholders.ts';

/** An incident on record, as far as a proposal goes by it. */
export interface PastFailure {
  id: string;
  errorType: string;
  message: string;
  occurrences: number;
}

/** A rule that would give a name to failures which have none yet. For a person to read: nothing is applied by itself. */
export interface SuggestedRule {
  /** Over the words of the report: `any` of the rule. */
  pattern: string;
  incidents: number;
  occurrences: number;
  example: string;
  /** What of the history it would take over besides: incidents that have a type already. */
  alsoMatches: { errorType: string; incidents: number }[];
}

const placeholder = /(<[a-z ]{1,20}>)/;

/**
 * Groups UNKNOWN failures by what stays of their messages, and proposes a pattern for each group, the most reported
 * first, with what it would have matched in the whole history.
 */
export function suggestRules(history: readonly PastFailure[], most = 20): SuggestedRule[] {
  const groups = new Map<string, PastFailure[]>();
  for (const failure of history.filter(({ errorType }) => errorType === 'UNKNOWN')) {
    const kind = withPlaceholders(failure.message.split('\n')[0] ?? '').slice(0, 300);
    groups.set(kind, [...(groups.get(kind) ?? []), failure]);
  }
  return [...groups]
    .map(([kind, failures]) => suggestion(kind, failures, history))
    .filter((suggested) => suggested !== null)
    .toSorted((a, b) => b.occurrences - a.occurrences || b.incidents - a.incidents)
    .slice(0, most);
}

function suggestion(
  kind: string,
  failures: readonly PastFailure[],
  history: readonly PastFailure[],
): SuggestedRule | null {
  const said = kind.split(placeholder).map((part) => (placeholder.test(part) ? '.{1,200}?' : quoted(part)));
  // What is left of a message that is nothing but placeholders would match everything.
  if (
    kind
      .split(placeholder)
      .filter((part) => !placeholder.test(part))
      .join('')
      .trim().length < 8
  )
    return null;
  const source = `(?i)${said.join('')}`;
  const compiled = compilePattern(source);
  if (!compiled.ok) return null;
  const others = new Map<string, number>();
  for (const { errorType, message } of history) {
    if (errorType === 'UNKNOWN' || !compiled.pattern.test(message)) continue;
    others.set(errorType, (others.get(errorType) ?? 0) + 1);
  }
  return {
    pattern: source,
    incidents: failures.length,
    occurrences: failures.reduce((sum, { occurrences }) => sum + occurrences, 0),
    example: (failures[0]?.message ?? '').slice(0, 300),
    alsoMatches: [...others].map(([errorType, incidents]) => ({ errorType, incidents })),
  };
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
