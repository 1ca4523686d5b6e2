import { setTimeout as sleep } from 'node:timers/promises';
import type { TestEngine } from './engine.ts';

/** One state that a compose user's container can be in on a real engine, and how its incident has to end. */
export interface Situation {
  name: string;
  /** What the report says of it. */
  says: string;
  bring: (engine: TestEngine, name: string) => Promise<unknown>;
  status: string;
  /** Restarts that the engine itself saw: at least, at most. What it keeps restarting by itself needs none of ours. */
  restarts: readonly [number, number];
  /** Part of the last message. */
  told?: RegExp;
}

const always = ['--restart', 'always'];
const unlessStopped = ['--restart', 'unless-stopped'];
const check = (command: string, startPeriodSec = 0): string[] => [
  ...['--health-cmd', command, '--health-interval', '1s', '--health-timeout', '1s', '--health-retries', '2'],
  ...['--health-start-period', `${startPeriodSec}s`],
];
const lives = (seconds: number): string => `sleep ${seconds}; exit 3`;

async function inspected(engine: TestEngine, name: string, isSo: (state: State) => boolean): Promise<void> {
  for (const begunMs = Date.now(); Date.now() - begunMs < 60_000; await sleep(200)) {
    if (isSo(((await engine.inspect(name)) as { State: State }).State)) return;
  }
  throw new Error(`${name} never came to be as it should`);
}
interface State {
  Status: string;
  Health?: { Status: string };
}
const whenExited = (engine: TestEngine, name: string) =>
  inspected(engine, name, ({ Status }) => Status === 'exited');

const loop = (
  seconds: number,
  policy: string[],
): Pick<Situation, 'says' | 'bring' | 'status' | 'restarts'> => ({
  says: 'exited with code 3',
  async bring(engine, name) {
    await engine.run(name, policy, 'sh', '-c', lives(seconds));
    if (policy.length === 0) await whenExited(engine, name);
    else await sleep(seconds * 1000 + 2500);
  },
  status: 'escalated',
  restarts: policy.length === 0 ? [2, 2] : [0, 2],
});

export const situations: readonly Situation[] = [
  { name: 'loop-at-once', ...loop(0, always) },
  { name: 'loop-of-2', ...loop(2, unlessStopped) },
  { name: 'loop-of-4', ...loop(4, always) },
  { name: 'loop-of-8', ...loop(8, always) },
  { name: 'ends-after-6', ...loop(6, []) },
  {
    name: 'paused',
    says: 'exited',
    async bring(engine, name) {
      await engine.run(name, unlessStopped, 'sleep', '9999');
      await engine.docker('pause', name);
    },
    status: 'alerted',
    restarts: [0, 0],
    told: /it is paused/,
  },
  {
    name: 'stopped-by-hand',
    says: 'is unhealthy',
    async bring(engine, name) {
      await engine.run(name, unlessStopped, 'sleep', '9999');
      await engine.docker('stop', '-t', '0', name);
    },
    status: 'alerted',
    restarts: [0, 0],
    told: /a person stopped it/,
  },
  {
    name: 'job-done',
    says: 'exited',
    async bring(engine, name) {
      await engine.run(name, [], 'true');
      await whenExited(engine, name);
    },
    status: 'alerted',
    restarts: [0, 0],
    told: /it has done its work/,
  },
  {
    name: 'failed-once',
    says: 'exited with code 1',
    async bring(engine, name) {
      await engine.run(name, [], 'sh', '-c', 'test -f /tmp/again && sleep 9999; touch /tmp/again; exit 1');
      await whenExited(engine, name);
    },
    status: 'resolved',
    restarts: [1, 1],
  },
  {
    name: 'sick-until-restarted',
    says: 'is unhealthy',
    async bring(engine, name) {
      await engine.run(name, check('test ! -f /tmp/sick'), 'sh', '-c', 'rm -f /tmp/sick; sleep 9999');
      await engine.docker('exec', name, 'touch', '/tmp/sick');
      await inspected(engine, name, ({ Health }) => Health?.Status === 'unhealthy');
    },
    status: 'resolved',
    restarts: [1, 1],
  },
  {
    name: 'never-healthy',
    says: 'is unhealthy',
    async bring(engine, name) {
      await engine.run(name, check('echo no such route; exit 1'), 'sleep', '9999');
      await inspected(engine, name, ({ Health }) => Health?.Status === 'unhealthy');
    },
    status: 'escalated',
    restarts: [2, 2],
    told: /no such route/,
  },
  {
    name: 'slow-to-start',
    says: 'is unhealthy',
    bring: (engine, name) =>
      engine.run(name, check('test -f /tmp/ready', 60), 'sh', '-c', 'sleep 12; touch /tmp/ready; sleep 9999'),
    status: 'resolved',
    restarts: [0, 0],
  },
  {
    name: 'created',
    says: 'exited',
    bring: (engine, name) => engine.docker('create', '--name', name, 'autoheal/test:1', 'sleep', '9999'),
    status: 'resolved',
    restarts: [1, 1],
  },
  {
    name: 'no-such-program',
    says: 'exited',
    bring: (engine, name) => engine.docker('create', '--name', name, 'autoheal/test:1', '/bin/gone'),
    status: 'escalated',
    restarts: [0, 0],
    told: /\/bin\/gone/,
  },
  {
    name: 'memory-each-time',
    says: 'was OOMKilled',
    async bring(engine, name) {
      await engine.run(name, ['--memory', '12m'], 'sh', '-c', 'sleep 1; exec tail /dev/zero');
      await sleep(4000);
    },
    status: 'escalated',
    restarts: [2, 2],
  },
  {
    name: 'netproxy',
    says: 'exited',
    async bring(engine, name) {
      await engine.run(name, [], 'sleep', '9999');
      const guest = ['--network', `container:${name}`, '--label', 'autoheal.protected=yes'];
      await engine.run('netproxy-guest', guest, 'sleep', '9999');
      await engine.docker('kill', name);
      await whenExited(engine, name);
    },
    status: 'escalated',
    restarts: [0, 0],
    told: /netproxy-guest lives in its network namespace/,
  },
  {
    name: 'momo-db',
    says: 'is unhealthy',
    async bring(engine, name) {
      await engine.run(name, always, 'sh', '-c', 'exit 3');
      await sleep(4000);
    },
    status: 'escalated',
    restarts: [0, 0],
    told: /Docker keeps restarting it/,
  },
];
