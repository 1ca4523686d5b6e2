/**
 * Local activities, made safe to replay. A replay hands over in one step what came in several: the results of all
 * local activities that were under way together, and a result that came in a later workflow task than its call
 * together with that task's events. Two parts of a workflow that go on at once would then issue their commands in
 * another order than the history has. So only one local activity is under way at a time, and whoever waited for it
 * goes on after everybody who was woken by an event.
 */

let turn: Promise<unknown> = Promise.resolve();

/** More steps than any part of the workflow needs from being woken to issuing its command. */
const stepsAside = 100;

async function letOthersGoFirst(): Promise<void> {
  for (let step = 0; step < stepsAside; step++) await Promise.resolve();
}

function inTurn<T>(call: () => Promise<T>): Promise<T> {
  const result = turn.then(call).finally(letOthersGoFirst);
  turn = result.catch(() => undefined);
  return result;
}

type Call = ((...args: unknown[]) => Promise<unknown>) & {
  executeWithOptions: (...args: unknown[]) => Promise<unknown>;
};

/** The same local activities, one at a time. */
export function oneAtATime<T extends object>(proxies: T): T {
  return new Proxy(proxies, {
    get(target, name) {
      const call = Reflect.get(target, name) as Call;
      return Object.assign((...args: unknown[]) => inTurn(() => call(...args)), {
        executeWithOptions: (...args: unknown[]) => inTurn(() => call.executeWithOptions(...args)),
      });
    },
  });
}
