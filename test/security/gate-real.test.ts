import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import { gateRefusedExitCode } from '../../domain/policy/gate-probe.ts';
import type { Report } from '../../domain/report/report.ts';
import { checkHosts } from '../../workers/doctor/check-hosts.ts';
import { hang, openHealWorld, unhealthy, type HealWorld } from '../workflows/heal-world.ts';
import { ask, effectsOn, requestOf } from './requests.ts';

/** The gate in front of a lab's host, with the whole of AutoHeal on the other side. */

const dir = mkdtempSync(join(tmpdir(), 'ah-gate-'));
const codeFix = ['momo-import', 'momo-web'];
const importLine = ({ lab }: HealWorld) => `${lab.estate.programs['momo-import'] ?? ''} momo-web`;
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const gate = {
  execThroughGate: join(import.meta.dirname, '../../deploy/host-gate/autoheal-gate'),
  gateArguments: ['--protected', file('protected', 'keeps\n'), '--commands', file('commands', '')],
};
afterAll(() => rm(dir, { recursive: true, force: true }));

const containers = [
  ...['momo-web', 'momo-worker', 'keeps'].map((name) => ({ name, image: 'momo/app:2026.4' })),
  { name: 'momo-db', image: 'postgres:16' },
  { name: 'momo-postgres', image: 'postgres:16' },
];
const fix = { codeFix: { host: 'ollama-188', command: codeFix } };

describe.each([
  ['with the gate', gate],
  ['without it', {}],
])('whole heals %s', (_, lab) => {
  let world: HealWorld;
  beforeAll(async () => {
    world = await openHealWorld(containers, fix, lab);
    file('commands', `${importLine(world)}\n`);
  });
  afterAll(() => world.close());

  it('restart what may be restarted', async () => {
    await hang(world, 'momo-web');
    expect(await world.heal(unhealthy('momo-web'))).toMatchObject({ status: 'resolved', attempts: 1 });
    expect(world.restartsOf('momo-web')).toBe(1);
  });

  it('wait for what is protected, by probes on the host', async () => {
    const message = 'could not translate host name "momo-postgres" to address: Name or service not known';
    const report: Report = { source: 'task', target: 'momo-worker', error: { message } };
    expect(await world.heal(report)).toMatchObject({ status: 'resolved', actionType: 'WAIT_RETRY' });
    expect(world.lab.runs.commandLines()).toContain("'docker' 'ps' '-a' '-q' '--no-trunc'");
  });

  it('diagnose', async () => {
    const full: Report = { source: 'api', target: 'momo-web', error: { message: 'No space left on device' } };
    const result = await world.heal(full);
    expect(result).toMatchObject({ status: 'escalated', actionType: 'SSH_CMD', attempts: 1 });
    expect((await world.tracesOf(result.incidentId)).logs).toMatchObject([
      { result: 'success', command: 'df -h' },
    ]);
  });

  it('run an approved code fix', async () => {
    const asked = await ask(world, requestOf({ type: 'CODE_FIX' }));
    expect(await asked.answer(true)).toMatchObject({ actionType: 'CODE_FIX', status: 'alerted' });
    const [program, argument] = importLine(world).split(' ');
    expect(world.lab.runs.commandLines()).toContain(`'${program}' '${argument}'`);
  });

  it('leave everything protected alone', () => {
    expect(effectsOn(world, 'momo-db')).toEqual([]);
    expect(effectsOn(world, 'momo-postgres')).toEqual([]);
  });
});

describe('a worker whose own policy is broken', () => {
  let world: HealWorld;
  let ssh: SshLayer;
  beforeAll(async () => {
    world = await openHealWorld(containers, fix, gate);
    file('commands', `${importLine(world)}\n`);
    const { estate, estateFile } = world.lab;
    ssh = openSsh({ estate, estateDir: dirname(estateFile), home: world.home });
  });
  afterAll(async () => {
    await ssh.close();
    await world.close();
  });

  const run = (argv: string[]) => ssh.run({ host: 'ollama-188', argv, timeoutMs: 20_000 });
  const idOf = (name: string) => world.lab.container(name).id;

  it('gets nothing past the gate', async () => {
    const [web, database] = [idOf('momo-web'), idOf('momo-db')];
    const forbidden = [
      ['docker', 'restart', '-t', '1', database],
      ['docker', 'restart', '-t', '1', idOf('momo-postgres')],
      ['docker', 'restart', '-t', '1', idOf('keeps')],
      ['docker', 'restart', '-t', '1', database.slice(0, 12)],
      ['docker', 'restart', '-t', '1', 'momo-web'],
      ['docker', 'restart', '-t', '1', web, database],
      ['docker', 'restart', web],
      ['docker', '--host=tcp://127.0.0.1:2375', 'restart', '-t', '1', web],
      ...['stop', 'start', 'kill', 'rm', 'pause'].map((verb) => ['docker', verb, web]),
      ['docker', 'exec', 'momo-db', 'id'],
      ['docker', 'run', '--privileged', 'alpine'],
      ['docker', 'compose', 'restart'],
      ['docker', 'logs', '-f', 'momo-web'],
      ['sh', '-c', 'id'],
      ['env', 'docker', 'restart', '-t', '1', database],
      ['PATH=/elsewhere', 'docker', 'ps'],
      ['systemctl', 'restart', 'docker'],
      [...importLine(world).split(' '), '-f'],
      ['autoheal-gate-probe', 'x'],
    ];
    for (const argv of forbidden) {
      expect(await run(argv), argv.join(' ')).toMatchObject({ kind: 'done', exitCode: gateRefusedExitCode });
    }
    expect(world.lab.runs.effects().filter(({ commandId }) => commandId !== null)).toEqual([]);
  });

  it('may still do what is allowed', async () => {
    expect(await run(['docker', 'restart', '-t', '1', idOf('momo-web')])).toMatchObject({ exitCode: 0 });
    expect(world.restartsOf('momo-web')).toBe(1);
  });

  it('is told by doctor whether the gate is in force', async () => {
    const { estate, estateFile } = world.lab;
    const options = { estate, estateDir: dirname(estateFile), home: world.home };
    const proven = (await checkHosts(options)).find(({ part }) => part.startsWith('gate'));
    expect(proven).toMatchObject({ state: 'ok' });
  });
});

it('doctor finds a host that claims a gate and has none', async () => {
  const world = await openHealWorld(containers);
  const { estate, estateFile } = world.lab;
  const hosts = Object.fromEntries(
    Object.entries(estate.hosts).map(([name, host]) => [name, { ...host, gate: true }]),
  );
  const options = { estate: { ...estate, hosts }, estateDir: dirname(estateFile), home: world.home };
  const found = (await checkHosts(options)).filter(({ part }) => part.startsWith('gate'));
  expect(found).toMatchObject([{ state: 'fail' }]);
  await world.close();
});
