import { estateSchema, type Estate } from '../estate.ts';
import { actions } from '../vocabulary/actions.ts';
import { compilePattern } from '../report/pattern.ts';
import type { Playbook } from './playbook.ts';
import { matchCommand } from '../policy/command.ts';
import { fillCommand } from '../policy/fill-command.ts';
import { judgeTarget } from '../policy/judge-target.ts';

export interface LintProblem {
  playbook: string;
  /** The field, by its path in the playbook. */
  field: string;
  reason: string;
}

/** A value of the right shape for each fact, to see whether a command with all facts in it would be allowed. */
const sampleFacts: Readonly<Record<string, string>> = {
  name: 'some-name',
  host: 'some-host',
  port: '5432',
  url: 'http://some-host/health',
  container: 'some-container',
  target: 'some-container',
};

/**
 * Finds playbooks that could never run, or that policy would always refuse.
 * @param context.errorTypes those that classification rules yield
 * @param context.estate null where there is no estate file: what depends on it is left unsaid
 */
export function lintPlaybooks(
  playbooks: readonly Playbook[],
  context: { errorTypes: ReadonlySet<string>; estate: Estate | null },
): LintProblem[] {
  return playbooks.flatMap((playbook) => {
    const problem = (field: string, reason: string): LintProblem => ({
      playbook: playbook.name,
      field,
      reason,
    });
    const { errorType, actionType, actionParams, pattern } = playbook;
    const problems: LintProblem[] = [];
    if (errorType === 'UNKNOWN') {
      if (actionType !== 'ALERT_ONLY') {
        problems.push(
          problem(
            'actionType',
            'an unknown failure is ALERT_ONLY, whatever a playbook says: add a rule that gives it a type of its own',
          ),
        );
      }
    } else if (!context.errorTypes.has(errorType)) {
      problems.push(
        problem(
          'errorType',
          `no classification rule yields ${errorType}, so this could never run: add a rule, or correct the type`,
        ),
      );
    }
    const compiled = pattern === undefined ? null : compilePattern(pattern);
    if (compiled?.ok === false) problems.push(problem('pattern', compiled.reason));
    const { needs } = actions[actionType];
    if (needs === 'command') problems.push(...lintCommand(playbook, problem));
    else if (actionParams.command !== undefined) {
      problems.push(
        problem('actionParams.command', `${actionType} runs no command: take it out, or make it an SSH_CMD`),
      );
    }
    if (actionType !== 'WAIT_RETRY' && actionParams.probe !== undefined) {
      problems.push(
        problem('actionParams.probe', `${actionType} probes nothing: take it out, or make it a WAIT_RETRY`),
      );
    }
    if (needs === 'container') problems.push(...lintTarget(playbook, context.estate, problem));
    return problems;
  });
}

type MakeProblem = (field: string, reason: string) => LintProblem;

function lintCommand({ actionParams, actionType }: Playbook, problem: MakeProblem): LintProblem[] {
  const { command } = actionParams;
  if (command === undefined)
    return [problem('actionParams.command', `${actionType} needs a command of the allowlist`)];
  const filled = fillCommand(command, sampleFacts);
  if (!filled.ok)
    return [
      problem('actionParams.command', `${filled.reason}; facts are ${Object.keys(sampleFacts).join(', ')}`),
    ];
  const allowed = matchCommand(filled.argv);
  return allowed.ok ? [] : [problem('actionParams.command', `${allowed.reason}; ${allowed.wayForward}`)];
}

/** Where there is none, only what is protected everywhere can be told. */
const noEstate = estateSchema.parse({});

function lintTarget({ actionParams }: Playbook, estate: Estate | null, problem: MakeProblem): LintProblem[] {
  const { target } = actionParams;
  if (target === undefined) return [];
  const judged = judgeTarget(target, null, estate ?? noEstate);
  if (judged.ok || (estate === null && !judged.isProtected)) return [];
  return [problem('actionParams.target', `${judged.reason}; ${judged.wayForward}`)];
}
