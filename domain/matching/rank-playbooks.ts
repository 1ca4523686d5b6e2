import type { Candidate, Facts, Place, RequestedAction } from '../incident/decide.ts';
import type { Estate } from '../estate.ts';
import { isHopeless, type PlaybookGrade } from './grade.ts';
import { compilePattern } from '../report/pattern.ts';
import type { Classification, Playbook } from '../playbook/playbook.ts';
import type { Report } from '../report/report.ts';
import { checkCandidate, type Incident } from './candidate.ts';
import { judgeRequest } from './judge-request.ts';

export interface MatchInput {
  report: Report;
  classification: Classification;
  place: Place;
}

/** What matching goes by, read before. */
export interface Known {
  estate: Estate;
  playbooks: readonly Playbook[];
  grades: readonly PlaybookGrade[];
  /** Playbooks that could not be read, and why. */
  problems: readonly string[];
}

/**
 * The playbooks of a failure, in the order in which they are to be tried, with what policy says of each, and what it
 * says of an action that was asked for.
 */
export function rankPlaybooks(
  { report, classification, place }: MatchInput,
  known: Known,
): { facts: Omit<Facts, 'pauses'>; problems: string[] } {
  const { estate, grades } = known;
  const playbooks = [...known.playbooks];
  const { errorType, facts } = classification;
  const named = { namedTarget: report.target ?? null, namedHost: report.host ?? null };
  const incident: Incident = { estate, errorType, facts, place, ...named };
  const problems = [...known.problems];
  const candidates = playbooks
    .filter(isFor(errorType))
    .filter((playbook) => patternMatches(playbook, report, problems))
    .sort((a, b) => rank(a, grades) - rank(b, grades) || a.name.localeCompare(b.name))
    .map((playbook): Candidate => checkCandidate(playbook, incident));
  const wrong = candidates.filter(isItsOwnFault);
  problems.push(...wrong.map(describeFault));
  const inOrder = [...candidates.filter((candidate) => !isItsOwnFault(candidate)), ...wrong];
  const requested: RequestedAction | null =
    report.action === undefined ? null : judgeRequest(report.action, inOrder, incident, playbooks);
  return {
    facts: { requested, candidates: inOrder.slice(0, mostCandidates), unknown: errorType === 'UNKNOWN' },
    problems: bounded(problems),
  };
}

/** Whether a restart is what this failure's playbooks may ask for, so that a look at its container can begin. */
export const mayRestart = (errorType: string, playbooks: readonly Playbook[]): boolean =>
  playbooks
    .filter(isFor(errorType))
    .some(({ actionType, requiresApproval }) => actionType === 'DOCKER_RESTART' && !requiresApproval);

const isFor =
  (errorType: string) =>
  (playbook: Playbook): boolean =>
    playbook.enabled && playbook.errorType === errorType;

/** What goes into a run's history is bounded, however many rows somebody writes. */
const mostCandidates = 5;
const mostProblems = 10;
const longestProblem = 400;

function bounded(problems: readonly string[]): string[] {
  const first = problems.slice(0, mostProblems).map((problem) => problem.slice(0, longestProblem));
  const more = problems.length - first.length;
  return more > 0 ? [...first, `and ${more} more problem(s) with playbooks`] : first;
}

/** What policy refuses because of the row itself, not of the report: it must not keep the next playbook from healing. */
function isItsOwnFault({ playbook, check }: Candidate): boolean {
  if (check.kind !== 'refused') return false;
  return (
    playbook.actionParams.target !== undefined ||
    (playbook.actionType === 'SSH_CMD' && check.rule !== 'unknown')
  );
}

const describeFault = ({ playbook, check }: Candidate): string =>
  `playbook ${playbook.name} can't be used: ${'reason' in check ? check.reason : check.kind}`;

/** Priority first; a playbook that mostly didn't help here goes behind every other. */
function rank(playbook: Playbook, grades: readonly PlaybookGrade[]): number {
  const hopeless = isHopeless(grades.find((grade) => grade.playbook === playbook.name));
  return playbook.priority + (hopeless ? 10_000 : 0);
}

function patternMatches(playbook: Playbook, report: Report, problems: string[]): boolean {
  if (playbook.pattern === undefined) return true;
  const compiled = compilePattern(playbook.pattern);
  if (!compiled.ok) {
    problems.push(`playbook ${playbook.name} is left out: its pattern is wrong (${compiled.reason})`);
    return false;
  }
  const text = `${report.error.message.slice(0, 8192)}\n${report.error.traceback?.slice(-32_768) ?? ''}`;
  return compiled.pattern.test(text);
}
