import type { Lab } from '../../../lab/lab.ts';
import type { Case } from './case.ts';

const lookEveryMs = 25;

/** Breaks what a case is about, and waits until the host shows it: a report comes after its failure. */
export async function breakIt(lab: Lab, { breaks }: Case): Promise<void> {
  if (breaks === null) return;
  if ('name' in breaks) return lab.names.delete(breaks.name);
  if ('database' in breaks) return lab.postgresReady(breaks.database, false);
  const container = lab.container(breaks.container);
  if (breaks.how === 'kill') container.kill();
  else container.hang();
  const shows = (): boolean => {
    const { running, health } = container.view();
    return !running || health === 'unhealthy';
  };
  // Another incident may be restarting it at this very moment: then it is not this one's to break.
  for (let waitedMs = 0; !shows() && waitedMs < 1500; waitedMs += lookEveryMs) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Takes the cause away, where it is one that goes by itself. */
export function cure(lab: Lab, { breaks }: Case): void {
  if (breaks === null) return;
  if ('name' in breaks) lab.names.set(breaks.name, '10.0.9.9');
  else if ('database' in breaks) lab.postgresReady(breaks.database, true);
}
