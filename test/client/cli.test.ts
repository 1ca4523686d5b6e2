import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import { autoheal, type Ran } from './program.ts';

let world: World;
let env: Record<string, string>;
beforeAll(async () => {
  world = await openWorld();
  const { config, home, taskQueue, namespace, databaseUrl, lab, botApi } = world;
  env = {
    AUTOHEAL_HOME: home,
    AUTOHEAL_ESTATE: lab.estateFile,
    AUTOHEAL_TASK_QUEUE: taskQueue,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS ?? '',
    TEMPORAL_NAMESPACE: namespace,
    TELEGRAM_BOT_TOKEN: botApi.token,
    TELEGRAM_API_ROOT: botApi.root,
  };
});
afterAll(() => world.close());

const run = (argv: string[], input = ''): Promise<Ran> => autoheal(argv, { env, input });

interface Reported {
  ok: boolean;
  delivered: boolean;
  incidentId: string;
  workflowId: string;
  joined: boolean;
  result?: { status: string; steps: string[] };
  verdict?: { kind: string };
}

const dnsFailure = (name: string): string =>
  `Traceback (most recent call last):
  File "/app/import.py", line 10, in connect
    raise OperationalError(text)
psycopg2.OperationalError: could not translate host name "${name}" to address: Name or service not known
`;

describe('report', () => {
  it('takes a traceback on standard input and tells the verdict', async () => {
    const ran = await run(
      ['report', '--wait', '60', '--task', 'unheard-of'],
      'ValueError: not a known kind of failure\n',
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/Opened incident [0-9a-f-]{36} \(heal\/[0-9a-f]{32}\)/);
    expect(ran.stdout).toContain('alerted:');
    expect(ran.stdout).toContain('Verdict: give_up');
  });

  it('explains what a dry run would do, step by step, and does nothing', async () => {
    const ran = await run(['report', '--dry-run', '--json', '--target', 'momo-worker'], dnsFailure('gone-a'));
    const { result } = ran.json<Reported>();
    expect(result?.status).toBe('waiting');
    expect(result?.steps.join('\n')).toContain('classified as DNS_FAIL');
    expect(ran.exitCode).toBe(0);
    expect(await world.rows('SELECT 1 FROM incidents WHERE message LIKE $1', ['%gone-a%'])).toEqual([]);
  });

  it('joins the open incident of the same failure, and ends with 1 when there is no verdict in time', async () => {
    const first = (
      await run(['report', '--json', '--target', 'momo-worker'], dnsFailure('gone-b'))
    ).json<Reported>();
    const again = await run(
      ['report', '--json', '--target', 'momo-worker', '--wait', '1'],
      dnsFailure('gone-b'),
    );
    expect(first).toMatchObject({ ok: true, delivered: true, joined: false });
    expect(again.json<Reported>()).toMatchObject({ ok: false, joined: true, incidentId: first.incidentId });
    expect(again.exitCode).toBe(1);
  });
});

describe('run', () => {
  it('runs a command again when its container was healed, and ends with its last status', async () => {
    world.lab.container('momo-scheduler').hang();
    const marker = join(world.home, 'ran-once');
    const script = `if [ -e ${marker} ]; then echo imported; else touch ${marker}; echo "RuntimeError: container momo-scheduler is unhealthy"; exit 3; fi`;
    const ran = await run([
      'run',
      '--task',
      'nightly',
      '--target',
      'momo-scheduler',
      '--wait',
      '90',
      '--json',
      '--',
      'sh',
      '-c',
      script,
    ]);
    expect(ran.stderr).toContain('retry_now');
    expect(ran.stdout).toContain('imported');
    expect(ran.json()).toMatchObject({ ok: true, exitStatus: 0, runs: 2 });
    expect(ran.exitCode).toBe(0);
  });

  it('gives up with the status of the command when the verdict says so', async () => {
    const ran = await run([
      'run',
      '--task',
      'nightly',
      '--wait',
      '60',
      '--json',
      '--',
      'sh',
      '-c',
      'echo something odd; exit 9',
    ]);
    expect(ran.exitCode).toBe(9);
    expect(ran.json()).toMatchObject({ exitStatus: 9, runs: 1, verdict: { kind: 'give_up' } });
  });
});

describe('incidents', () => {
  it('lists and shows what is on record, and what is open as Temporal has it', async () => {
    await expect
      .poll(async () => (await run(['incidents', 'list', '--json'])).json<unknown[]>().length, {
        timeout: 60_000,
        interval: 1000,
      })
      .toBeGreaterThan(2);
    const [newest] = (await run(['incidents', 'list', '--json', '--status', 'alerted'])).json<
      { id: string }[]
    >();
    const shown = await run(['incidents', 'show', newest?.id ?? '']);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain(newest?.id);
    const open = (await run(['incidents', 'list', '--open', '--json'])).json<
      { status: string; workflowId: string }[]
    >();
    expect(open.some(({ status }) => status === 'waiting')).toBe(true);
    const unknown = await run(['incidents', 'show', '00000000-0000-4000-8000-000000000000', '--json']);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.json()).toMatchObject({ ok: false });
  });

  it('does not take a decision that nobody asked for, nor one of an incident that is not there', async () => {
    const [open] = (await run(['incidents', 'list', '--open', '--json'])).json<{ id: string }[]>();
    const odd = await run(['incidents', 'approve', open?.id ?? '', 'code', '--by', 'nobody', '--json']);
    expect(odd.json()).toMatchObject({
      ok: false,
      accepted: false,
      reason: 'nothing awaits a decision here',
    });
    expect(odd.exitCode).toBe(1);
    const nowhere = await run(['incidents', 'deny', 'nowhere', 'code', '--by', 'nobody']);
    expect(nowhere.stdout).toContain('there is no incident nowhere');
  });

  it('an approval lets the action through, with the code of the request and by an admin only', async () => {
    await world.rows(`UPDATE playbooks SET requires_approval = true WHERE name = 'container-exited'`);
    await world.rows(
      `INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES (4711, 'Ada', true), (4712, 'Bob', false)`,
    );
    world.lab.container('momo-web').kill();
    const { incidentId } = (
      await run([
        'report',
        '--json',
        '--target',
        'momo-web',
        '--message',
        'container momo-web exited with code 1',
      ])
    ).json<Reported>();
    await expect.poll(() => nonceIn(incidentId), { timeout: 60_000 }).not.toBeNull();
    const nonce = nonceIn(incidentId) ?? '';
    const wrong = await run(['incidents', 'approve', incidentId, 'guessed', '--by', 'Ada']);
    expect(wrong).toMatchObject({ exitCode: 1 });
    const notAdmin = await run(['incidents', 'approve', incidentId, nonce, '--by', 'Bob']);
    expect(notAdmin.stdout).toContain('Bob is not an admin');
    const right = await run(['incidents', 'approve', incidentId, '--nonce', nonce, '--by', 'Ada', '--json']);
    expect(right.json()).toMatchObject({ ok: true, accepted: true });
    await expect
      .poll(
        async () =>
          (await run(['incidents', 'show', incidentId, '--json'])).json<{ status?: string }>().status,
        { timeout: 90_000, interval: 1000 },
      )
      .toBe('resolved');
  });

  function nonceIn(incidentId: string): string | null {
    const asking = world.botApi
      .messages()
      .find(({ text }) => text.includes(incidentId) && /approve/i.test(text));
    return new RegExp(`/approve ${incidentId} ([0-9a-f]{8})`).exec(asking?.text ?? '')?.[1] ?? null;
  }

  it('ack stops an open incident’s messages', async () => {
    const [open] = (await run(['incidents', 'list', '--open', '--json'])).json<{ id: string }[]>();
    expect((await run(['incidents', 'ack', open?.id ?? '', '--by', 'Ada'])).exitCode).toBe(0);
  });
});

describe('pause and resume', () => {
  it('suppresses incidents while a target is paused, and goes on afterwards', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const paused = await run([
      'pause',
      '--target',
      'momo-redis',
      '--until',
      until,
      '--reason',
      'moving its volume',
      '--owner',
      'Ada',
      '--json',
    ]);
    expect(paused.json()).toMatchObject({ ok: true, holdId: 'pause/target/momo-redis', until });
    const twice = await run(['pause', '--target', 'momo-redis', '--for', '1h', '--reason', 'again']);
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toContain('Paused already: target momo-redis by Ada (moving its volume)');
    const report = [
      'report',
      '--json',
      '--wait',
      '60',
      '--target',
      'momo-redis',
      '--message',
      'container momo-redis is unhealthy',
    ];
    expect((await run(report)).json<Reported>().result?.status).toBe('suppressed');
    expect((await run(['resume', '--target', 'momo-redis', '--json'])).json()).toMatchObject({
      ok: true,
      lifted: true,
    });
    expect((await run(['resume', '--target', 'momo-redis', '--json'])).json()).toMatchObject({
      ok: true,
      lifted: false,
    });
  });

  it('shows what the guard holds, and lifts it', async () => {
    await run(['pause', '--host', 'ollama-188', '--for', '1h', '--reason', 'new disks', '--owner', 'Ada']);
    const holds = async () =>
      (await run(['guard', 'list', '--kind', 'pause', '--json'])).json<{ id: string }[]>();
    await expect.poll(async () => (await holds()).map(({ id }) => id)).toContain('pause/host/ollama-188');
    expect((await run(['guard', 'list'])).stdout).toContain('new disks');
    const lifted = await run(['guard', 'lift', 'pause/host/ollama-188', '--json']);
    expect(lifted.json()).toMatchObject({ ok: true, lifted: true });
    expect((await run(['guard', 'lift', 'pause/host/ollama-188', '--json'])).json()).toMatchObject({
      lifted: false,
    });
  });

  it('ends no incident by a slip: only holds are lifted', async () => {
    const { workflowId } = (
      await run(['report', '--json', '--message', dnsFailure('gone-slip')])
    ).json<Reported>();
    expect((await run(['guard', 'lift', workflowId, '--json'])).json()).toMatchObject({ lifted: false });
  });

  it('refuses to pause what is not in the estate: it would pause nothing', async () => {
    const ran = await run(['pause', '--target', 'momo-moon', '--for', '1h', '--reason', 'x']);
    expect(ran).toMatchObject({ exitCode: 2 });
    expect(ran.stderr).toContain('momo-moon');
  });
});

describe('playbooks', () => {
  it('go from a file into the database, and back', async () => {
    const folder = join(world.home, 'own-playbooks');
    await mkdir(folder);
    await writeFile(
      join(folder, 'own.yaml'),
      `rules:
  - { errorType: QUEUE_STUCK, message: 'queue .* is stuck' }
playbooks:
  - name: queue-stuck
    errorType: QUEUE_STUCK
    actionType: DOCKER_RESTART
    samples:
      - report: { source: task, target: momo-worker, error: { message: 'queue imports is stuck' } }
        expect: { playbook: queue-stuck, actionType: DOCKER_RESTART, status: acting }
`,
    );
    expect((await run(['playbooks', 'lint', folder])).exitCode).toBe(0);
    expect((await run(['playbooks', 'test', folder, '--json'])).json()).toMatchObject({
      ok: true,
      samples: [{ ok: true }],
    });
    const plan = (await run(['playbooks', 'plan', folder, '--json'])).json<{
      changes: { kind: string; name: string }[];
    }>();
    expect(plan.changes.filter(({ kind }) => kind === 'add')).toMatchObject([{ name: 'queue-stuck' }]);
    expect(await world.rows(`SELECT 1 FROM playbooks WHERE name = 'queue-stuck'`)).toEqual([]);
    expect((await run(['playbooks', 'apply', folder])).stdout).toContain('Applied 1 change(s).');
    expect((await run(['playbooks', 'apply', folder])).stdout).toContain('Nothing to change.');
    const out = join(world.home, 'exported.yaml');
    await run(['playbooks', 'export', '--out', out]);
    expect(await readFile(out, 'utf8')).toContain('name: queue-stuck');
    const tested = await run(['playbooks', 'backtest', folder, '--json']);
    expect(tested.json()).toMatchObject({ ok: true });
  });

  it('that could never run are named by file and line, and not applied', async () => {
    const folder = join(world.home, 'bad-playbooks');
    await mkdir(folder);
    await writeFile(
      join(folder, 'bad.yaml'),
      'playbooks:\n  - name: bad-one\n    errorType: DISK_FULL\n    actionType: SSH_CMD\n    actionParams:\n      command: rm -rf /\n',
    );
    const lint = await run(['playbooks', 'lint', folder]);
    expect(lint.exitCode).toBe(1);
    expect(lint.stdout).toContain('bad.yaml:6: bad-one, actionParams.command: ');
    expect((await run(['playbooks', 'apply', folder])).exitCode).toBe(1);
    expect(await world.rows(`SELECT 1 FROM playbooks WHERE name = 'bad-one'`)).toEqual([]);
  });
});

describe('search and doctor', () => {
  it('finds past cases', async () => {
    const { client, taskQueue } = world;
    await client.workflow.start('EmbeddingWorkflow', { workflowId: 'embedding', taskQueue });
    await expect
      .poll(
        async () => (await run(['search', 'not a known kind of failure', '--json'])).json<unknown[]>().length,
        { timeout: 60_000, interval: 1000 },
      )
      .toBeGreaterThan(0);
  });

  it('doctor finds every part of a working AutoHeal in order', async () => {
    const ran = await run(['doctor', '--json']);
    const { ok, findings } = ran.json<{
      ok: boolean;
      findings: { part: string; state: string; detail: string }[];
    }>();
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(ok).toBe(true);
    expect(findings.filter(({ state }) => state === 'ok').map(({ part }) => part)).toEqual(
      expect.arrayContaining([
        'estate',
        'playbooks',
        'state folder',
        'spool',
        'temporal',
        'search attributes',
        'database',
        'migrations',
        'host ollama-188',
        'telegram',
      ]),
    );
    // This one runs inside the test, and says nothing of itself; estate-reload.test asks real ones.
    expect(findings.some(({ part, detail }) => part.startsWith('worker ') && detail.includes('polled'))).toBe(
      true,
    );
    expect(ran.stdout + ran.stderr).not.toContain(world.botApi.token);
  });
});
