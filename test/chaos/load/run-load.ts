import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../lab/lab.ts';
import type { Case } from './case.ts';
import { breakIt, cure } from './scene.ts';
import { sendUntilAccepted, type AcceptedReport, type SenderContext } from './sender.ts';

/** Breaks, reports and cures as planned. Resolves when every report has been accepted. */
export async function runLoad(options: {
  lab: Lab;
  context: SenderContext;
  cases: readonly Case[];
}): Promise<AcceptedReport[]> {
  const begunMs = Date.now();
  const until = (atMs: number): Promise<void> => sleep(Math.max(0, begunMs + atMs - Date.now()));
  const accepted = await Promise.all(
    options.cases.map(async (each) => {
      const firstMs = each.sendings[0]?.atMs ?? 0;
      await until(firstMs);
      await breakIt(options.lab, each);
      const lateMs = Date.now() - begunMs - firstMs;
      if (each.curedAfterMs !== null) {
        void until(firstMs + lateMs + each.curedAfterMs).then(() => cure(options.lab, each));
      }
      return Promise.all(
        each.sendings.map(async (sending) => {
          await until(sending.atMs + lateMs);
          return sendUntilAccepted(options.context, each, sending);
        }),
      );
    }),
  );
  return accepted.flat();
}
