import type { Report } from './report.ts';

/** Who looks at containers from outside: monitoring, and people. Everybody else tells what a program printed. */
const watching: readonly string[] = ['alertmanager', 'grafana', 'cli', 'canary'];

/**
 * Whether a report says of a container what was seen of it. A program's output only quotes: that something is
 * unhealthy or was killed is borne out by a look at the container, or nothing that is well is restarted for it.
 */
export const isWitness = ({ source, action }: Pick<Report, 'source' | 'action'>): boolean =>
  action === undefined && watching.includes(source);
