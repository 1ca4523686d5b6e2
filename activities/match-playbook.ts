import type { Facts } from '../domain/incident/decide.ts';
import type { Pause } from '../domain/guard/guard.ts';
import type { Estate } from '../domain/estate.ts';
import { describeGrade, type PlaybookGrade } from '../domain/matching/grade.ts';
import { mayRestart, rankPlaybooks, type MatchInput } from '../domain/matching/rank-playbooks.ts';
import type { Playbook } from '../domain/playbook/playbook.ts';
import type { LookInput } from './look-at-container.ts';

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
    const { errorType } = classification;
    const { message } = report.error;
    const reads = {
      pauses: readPauses({ host: place.host, target: place.target }),
      playbooks: catalogue.playbooks(),
    };
    const ahead = Promise.all([reads.pauses, reads.playbooks]).then(([pauses, { playbooks }]) => {
      const { host, container } = place;
      const isClear = pauses.length === 0 && report.dryRun !== true && host !== null && container !== null;
      if (isClear && mayRestart(errorType, playbooks)) lookAhead?.({ host, container });
    });
    const [pauses, read, grades, similar] = await Promise.all([
      reads.pauses,
      reads.playbooks,
      catalogue.grades(errorType, place.target),
      catalogue.similarCases(`${errorType} ${message}`.slice(0, 2000), 3),
      ahead,
    ]);
    const problems = [
      ...read.problems,
      ...(similar.problem === null ? [] : [`past cases: ${similar.problem}`]),
    ];
    const known = { estate, playbooks: read.playbooks, grades, problems };
    const ranked = rankPlaybooks({ report, classification, place }, known);
    return {
      ...ranked,
      pauses,
      source: read.source,
      similar: [
        ...similar.cases,
        ...grades.filter((grade) => grade.resolved + grade.failed > 0).map(describeGrade),
      ],
    };
  };
}
