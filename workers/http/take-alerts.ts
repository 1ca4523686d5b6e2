import pLimit from 'p-limit';
import type { ReadAlert } from '../../domain/webhook/webhook.ts';
import type { Deliver } from './ports.ts';
import { HttpProblem, problemOf } from './problem.ts';
import type { AlertAnswer } from './schemas.ts';

/** Alerts of one webhook that are handed over side by side. */
const CONCURRENCY = 16;

type Ports = {
  deliver: Deliver;
  log: (message: string, error: unknown) => void;
};

const takeOne = async (alert: ReadAlert, { deliver, log }: Ports): Promise<Omit<AlertAnswer, 'index'>> => {
  const { name } = alert;
  switch (alert.kind) {
    case 'invalid':
      return { name, outcome: 'invalid', errors: alert.problems };
    case 'ignored':
      return { name, outcome: 'ignored', detail: alert.reason };
    case 'firing':
    case 'resolved':
      try {
        if (alert.kind === 'resolved') {
          const { closed, workflowId } = await deliver.close({ report: alert.report });
          return {
            name,
            outcome: closed ? 'closed' : 'not_open',
            ...(workflowId === null ? {} : { workflowId }),
          };
        }
        const { workflowId, incidentId, joined } = await deliver.report({ report: alert.report });
        return { name, outcome: 'accepted', workflowId, incidentId, joined };
      } catch (error) {
        const known = problemOf(error);
        if (known === null) log(`The alert ${name} could not be handed over`, error);
        return {
          name,
          outcome: 'failed',
          detail: known?.message ?? 'It may not have been taken. Send it again.',
        };
      }
  }
};

/**
 * Takes the alerts of one webhook, each by itself, and says how each fared. 202: all taken; 207: some are invalid,
 * the others taken; 503: some could not be taken now and the sender should send all again, which counts none twice.
 * @throws HttpProblem 400 where not one of them is valid.
 */
export const takeAlerts = async (
  alerts: readonly ReadAlert[],
  ports: Ports,
): Promise<{ status: 202 | 207 | 503; answers: AlertAnswer[] }> => {
  const problems = alerts.flatMap((alert) => (alert.kind === 'invalid' ? alert.problems : []));
  if (alerts.length > 0 && alerts.every((alert) => alert.kind === 'invalid')) {
    throw new HttpProblem(400, 'None of the alerts is valid; nothing was taken.', { errors: problems });
  }
  const limit = pLimit(CONCURRENCY);
  const take = (wanted: (alert: ReadAlert) => boolean) =>
    Promise.all(
      alerts.flatMap((alert, index) =>
        wanted(alert) ? [limit(async () => ({ index, ...(await takeOne(alert, ports)) }))] : [],
      ),
    );
  // What fires first: an incident that one alert leaves and another joins has to know of the second.
  const taken = [
    ...(await take(({ kind }) => kind !== 'resolved')),
    ...(await take(({ kind }) => kind === 'resolved')),
  ];
  const answers = taken.sort((a, b) => a.index - b.index);
  const failed = answers.some(({ outcome }) => outcome === 'failed');
  return { status: failed ? 503 : problems.length > 0 ? 207 : 202, answers };
};
