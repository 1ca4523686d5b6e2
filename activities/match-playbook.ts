import type { Candidate, Facts, Place, RequestedAction } from '../domain/incident/decide.ts';
import type { Pause } from '../domain/guard/guard.ts';
import type { Estate } from '../domain/estate.ts';
import { describeGrade, isHopeless, type PlaybookGrade } from '../domain/matching/grade.ts';
import { compilePattern } from '../domain/report/pattern.ts';
import type { Classification, Playbook } from '../domain/playbook/playbook.ts';
import type { Report } from '../domain/report/report.ts';
import type { LookInput } from './look-at-container.ts';
import { checkCandidate, type Incident } from '../domain/matching/candidate.ts';
import { judgeRequest } from '../domain/matching/judge-request.ts';

/** Where playbooks and experience come from: the database, else the last good snapshot, else the shipped seeds. */
export interface PlaybookSource {
  playbooks(): Promise<{
    playbooks: Playbook[];
    source: 'database' | 'snapshot' | 'seeds';
    problems: string[];
  }>;
  grades(errorType: string, target: string | null): Promise<PlaybookGrade[]>;
  similarCases(text: string, limit: number): Promise<{ cases: string[]; problem: string | null }>;
}

export interface Matched {
  facts: Omit<Facts, 'pauses'>;
  /** Over the incident's own place, read beside the catalogue. */
  pauses: Pause[];
  source: 'database' | 'snapshot' | 'seeds';
  /** Playbooks that could not be used, and why. */
  problems: string[];
  /** Similar past cases and how playbooks did, a line each, for people. */
  similar: string[];
}

export interface MatchInput {
  report: Report;
  classification: Classification;
  place: Place;
}

export interface MatchPlaybookDeps {
  estate: Estate;
  catalogue: PlaybookSource;
  readPauses: (at: { host: string | null; target: string | null }) => Promise<Pause[]>;
  /** Told as soon as it looks as if this container will be restarted, so that a look at it can begin. */
  lookAhead?: (input: LookInput) => void;
}

/** Finds the playbooks of a failure, in the order in which they are to be tried, with what policy says of each. */
export function createMatchPlaybook({ estate, catalogue, readPauses, lookAhead }: MatchPlaybookDeps) {
  return async ({ report, classification, place }: MatchInput): Promise<Matched> => {
    const { errorType, facts } = classification;
    const { message } = report.error;
    const reads = {
      pauses: readPauses({ host: place.host, target: place.target }),
      playbooks: catalogue.playbooks(),
    };
    const ahead = Promise.all([reads.pauses, reads.playbooks]).then(([pauses, { playbooks }]) => {
      const { host, container } = place;
      const isClear = pauses.length === 0 && report.dryRun !== true && host !== null && container !== null;
      if (isClear && playbooks.some(mayRestart(errorType))) lookAhead?.({ host, container });
    });
    const [pauses, read, grades, similar] = await Promise.all([
      reads.pauses,
      reads.playbooks,
      catalogue.grades(errorType, place.target),
      catalogue.similarCases(`${errorType} ${message}`.slice(0, 2000), 3),
      ahead,
    ]);
    const named = { namedTarget: report.target ?? null, namedHost: report.host ?? null };
    const incident: Incident = { estate, errorType, facts, place, ...named };
    const problems = [
      ...read.problems,
      ...(similar.problem === null ? [] : [`past cases: ${similar.problem}`]),
    ];
    const candidates = read.playbooks
      .filter((playbook) => playbook.enabled && playbook.errorType === errorType)
      .filter((playbook) => patternMatches(playbook, report, problems))
      .sort((a, b) => rank(a, grades) - rank(b, grades) || a.name.localeCompare(b.name))
      .map((playbook): Candidate => checkCandidate(playbook, incident));
    const wrong = candidates.filter(isItsOwnFault);
    problems.push(...wrong.map(describeFault));
    const inOrder = [...candidates.filter((candidate) => !isItsOwnFault(candidate)), ...wrong];
    const requested: RequestedAction | null =
      report.action === undefined ? null : judgeRequest(report.action, inOrder, incident, read.playbooks);
    return {
      facts: { requested, candidates: inOrder.slice(0, mostCandidates), unknown: errorType === 'UNKNOWN' },
      pauses,
      source: read.source,
      problems: bounded(problems),
      similar: [
        ...similar.cases,
        ...grades.filter((grade) => grade.resolved + grade.failed > 0).map(describeGrade),
      ],
    };
  };
}

const mayRestart =
  (errorType: string) =>
  (playbook: Playbook): boolean =>
    playbook.enabled &&
    playbook.errorType === errorType &&
    playbook.actionType === 'DOCKER_RESTART' &&
    !playbook.requiresApproval;

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
function rank(playbook: Playbook, grades: PlaybookGrade[]): number {
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
