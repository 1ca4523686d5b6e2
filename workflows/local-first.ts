import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { causeOf } from './cause-of.ts';

/**
 * Local activities: ten times as quick as ordinary ones, and safe only while they are short and alone. One that is
 * under way when its workflow task ends (after 8 s by the worker, after 10 s by the server, which may be away itself)
 * has its result replayed in another place than it had: together with the events of a later task. Two parts of a
 * workflow that go on at once would then issue their commands in another order than the history has, and the run
 * would never get on again. So:
 * - a local activity has a few seconds, and whatever it can't do in them is done by an ordinary one;
 * - only one is under way at a time;
 * - whoever waited for it goes on after everybody who was woken by an event.
 */

let turn: Promise<unknown> = Promise.resolve();

/** Twice, for those who were woken by others who were woken. */
const timesAside = 2;

/** Conditions are looked at when nobody who was woken has anything left to do. Few promises: each costs its stack trace. */
async function letOthersGoFirst(): Promise<void> {
  for (let asked = 0; asked < timesAside; asked++) {
    let looks = 0;
    await condition(() => ++looks > 1);
  }
}

function inTurn<T>(call: () => Promise<T>): Promise<T> {
  const result = turn.then(call).finally(() => CancellationScope.nonCancellable(letOthersGoFirst));
  turn = result.catch(() => undefined);
  return result;
}

interface Options {
  summary?: string;
}
type Call = ((...args: unknown[]) => Promise<unknown>) & {
  executeWithOptions: (options: Options, args: unknown[]) => Promise<unknown>;
};

/** The same activities: each local, one at a time, and an ordinary one where the local one can't do it in its time. */
export function localFirst<T extends object>(local: T, ordinary: object): T {
  return new Proxy(local, {
    get(_target, name) {
      const quick = Reflect.get(local, name) as Call;
      const patient = Reflect.get(ordinary, name) as Call;
      const call = async (options: Options, args: unknown[]): Promise<unknown> => {
        try {
          return await inTurn(() => quick.executeWithOptions(options, args));
        } catch (error) {
          if (!mayYetSucceed(error)) throw error;
          return patient.executeWithOptions(options, args);
        }
      };
      return Object.assign((...args: unknown[]) => call({}, args), { executeWithOptions: call });
    },
  });
}

/** A time-out comes wrapped while it happens and bare when it is replayed; a failure comes bare always. */
function mayYetSucceed(error: unknown): boolean {
  if (isCancellation(error)) return false;
  const cause = causeOf(error);
  if (cause instanceof ApplicationFailure) return cause.nonRetryable !== true;
  return cause instanceof TimeoutFailure;
}
