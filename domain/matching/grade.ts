/** How a playbook has done so far for one target: incidents that it ended as resolved, and not. */
export interface PlaybookGrade {
  playbook: string;
  resolved: number;
  failed: number;
}

/** Fewer cases than this say nothing. */
const casesThatCount = 5;
const hopelessBelow = 0.25;

/** ADR-013 A16: a playbook that mostly didn't help here is tried after those that may. */
export function isHopeless(grade: PlaybookGrade | undefined): boolean {
  if (grade === undefined) return false;
  const cases = grade.resolved + grade.failed;
  return cases >= casesThatCount && grade.resolved / cases < hopelessBelow;
}

/** For people: `container-unhealthy helped in 4 of 5 cases`. */
export const describeGrade = ({ playbook, resolved, failed }: PlaybookGrade): string =>
  `${playbook} helped in ${resolved} of ${resolved + failed} cases here`;
