import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Troubled } from './fault.ts';

const cut: Fault = {
  weight: 4,
  counts: 'sshCuts',
  async strike({ lab }) {
    lab.cutConnections();
  },
};

/** The next restart is carried out, and the connection is gone before its end is told. */
const cutAfterSending: Fault = {
  weight: 3,
  counts: 'sshCuts',
  async strike({ lab }, random) {
    const aRestart = /'docker' 'restart'/;
    const when = random.next() < 0.5 ? 'before' : 'after';
    lab.delayNext({ matching: aRestart, ms: 800, when });
    const arrived = lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
    await Promise.race([arrived.then(() => sleep(300)), sleep(3000)]);
    lab.cutConnections();
  },
};

const refused = (which: 'bastion' | 'host'): Fault => ({
  weight: 1,
  counts: 'sshCuts',
  async strike({ lab }, random) {
    await lab.refuse(which, true);
    lab.cutConnections();
    await sleep(random.between(300, 2500));
    await lab.refuse(which, false);
  },
});

const frozen: Fault = {
  weight: 1,
  counts: 'sshCuts',
  async strike({ lab }, random) {
    lab.freeze('host', true);
    lab.cutConnections();
    await sleep(random.between(300, 2500));
    lab.freeze('host', false);
  },
};

export const sshFaults: Troubled = {
  faults: [cut, cutAfterSending, refused('bastion'), refused('host'), frozen],
  peaceMs: [1000, 5000],
};
