import type { ClassificationRule } from './playbook.ts';

/** A rule that works and reads more than its author may have meant. */
export interface RuleNote {
  file: string;
  /** The rule's number in the file's list, from 1. */
  rule: number;
  errorType: string;
  note: string;
}

const restarting: readonly string[] = ['CONTAINER_UNHEALTHY', 'CONTAINER_EXITED', 'OOM_KILLED'];

/** What the newer form of rules would say better (docs/rules.md). The older form goes on working. */
export function lintRules(file: string, rules: readonly ClassificationRule[]): RuleNote[] {
  return rules.flatMap(({ errorType, anywhere, type, codes }, at) => {
    const note = (text: string): RuleNote => ({ file, rule: at + 1, errorType, note: text });
    const notes: RuleNote[] = [];
    if (anywhere !== undefined) {
      const danger = restarting.includes(errorType) ? ', and a restart may come of one' : '';
      notes.push(
        note(
          `"anywhere" reads older lines of the output too${danger}: write it as "any", which asks the end of the report first`,
        ),
      );
    }
    if (type !== undefined)
      notes.push(
        note(
          '"type" is the reported class alone: write it as "exception" (any of the chain) or "root" (the cause of all)',
        ),
      );
    if (codes === undefined && /(?<![\\\w[{,-])\d{3,5}(?![\w\]},-])/.test(anywhere ?? ''))
      notes.push(
        note('a number in a text may be anything: write it as "codes", which knows where a number is a code'),
      );
    return notes;
  });
}
