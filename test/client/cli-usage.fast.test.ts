import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../client/cli/main.ts';
import { autoheal } from './program.ts';

let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ah-cli-'));
  env = { AUTOHEAL_HOME: home };
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The command line in this process: for usage only, which needs neither the environment nor a service. */
async function usage(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const exitCode = await main(argv, { stdin, stdout, stderr });
  const read = (stream: PassThrough): string => String((stream.read() as Buffer | null) ?? '');
  return { exitCode, stdout: read(stdout), stderr: read(stderr) };
}

const commands = [
  ['up'],
  ['demo'],
  ['worker'],
  ['http'],
  ['bot'],
  ['migrate'],
  ['doctor'],
  ['report'],
  ['run'],
  ['search'],
  ['pause'],
  ['resume'],
  ...['list', 'show', 'approve', 'deny', 'ack'].map((name) => ['incidents', name]),
  ...['lint', 'plan', 'apply', 'export', 'test', 'backtest', 'schema'].map((name) => ['playbooks', name]),
  ...['apply', 'list', 'trigger', 'pause', 'resume'].map((name) => ['schedules', name]),
];

describe('every command', () => {
  it.each(commands)('%s %s explains itself with --help, and has --json', async (...command) => {
    const { exitCode, stdout } = await usage(...command.filter(Boolean), '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: autoheal ${command.join(' ').trim()}`);
    expect(stdout).toContain('--json');
  });
});

describe('wrong usage ends with 2 and names what is wrong', () => {
  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['report', '--nonsense'], "unknown option '--nonsense'"],
    [['report', '--message', 'x', 'too', 'much'], 'too many arguments'],
    [['report', '--message', ''], 'error.message: must not be empty'],
    [['report', '--message', 'x', '--source', 'nobody'], 'source: '],
    [['report', '--message', 'x', '--severity', 'P9'], 'severity: '],
    [['report', '--message', 'x', '--label', 'novalue'], '--label: key=value'],
    [['report', '--message', 'x', '--wait', 'long'], '--wait: a number of seconds'],
    [['report'], 'error.message: standard input is empty'],
    [['run', '--', 'true'], '--task'],
    [['run', '--task', 'x'], "missing required argument 'command'"],
    [['run', '--task', 'x', '--max-runs', '0', '--', 'true'], '--max-runs: a whole number from 1'],
    [['incidents', 'show'], "missing required argument 'id'"],
    [['incidents', 'approve', 'x', '--by', 'me'], 'nonce: missing'],
    [['incidents', 'list', '--status', 'odd'], '--status: one of open, waiting'],
    [['incidents', 'list', '--limit', 'many'], '--limit: a whole number'],
    [['pause', '--estate'], '--reason: missing'],
    [['pause', '--estate', '--reason', 'x', '--for', 'ever'], '--for: a duration'],
    [['pause', '--estate', '--reason', 'x', '--until', 'tomorrow'], '--until: an ISO time'],
    [
      ['pause', '--estate', '--reason', 'x', '--until', '2020-01-01T00:00:00Z'],
      '--until: 2020-01-01T00:00:00.000Z is over',
    ],
    [['pause', '--reason', 'x', '--until', '2099-01-01', '--for', '1h'], 'not both'],
    [['playbooks', 'lint', 'no-such-folder'], 'no-such-folder: is no folder'],
    [['schedules', 'trigger'], 'missing required argument'],
  ])('%j', async (argv, said) => {
    const { exitCode, stderr, stdout } = await usage(...argv);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('says so in JSON as well when asked to', async () => {
    const { exitCode, stdout } = await usage('report', '--message', 'x', '--severity', 'P9', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
    expect(JSON.parse((await usage('nonsense', '--json')).stdout)).toMatchObject({ ok: false });
  });
});

describe('the program', () => {
  it('runs from any folder, and through a symlink', async () => {
    const link = join(home, 'linked');
    await symlink(join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js'), link);
    const { stdout, exitCode } = await execa(link, ['--help'], { cwd: '/', reject: false });
    expect(stdout).toContain('Usage: autoheal');
    expect(exitCode).toBe(0);
  });

  it('names a wrong variable of the environment, without a stack trace', async () => {
    const { exitCode, stderr } = await autoheal(['doctor'], { env: { ...env, AUTOHEAL_LOCALE: 'klingon' } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('AUTOHEAL_LOCALE: ');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names the line of a wrong estate file', async () => {
    const file = join(home, 'estate.yaml');
    await writeFile(file, 'hosts: {}\ntargest: {}\n');
    const { exitCode, stderr } = await autoheal(['pause', '--estate', '--reason', 'x'], {
      env: { ...env, AUTOHEAL_ESTATE: file },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('estate.yaml:2: targest: unknown key');
  });
});

describe('while Temporal is away', () => {
  it('report keeps the report and says so', async () => {
    const own = join(home, 'away');
    const ran = await autoheal(['report', '--json'], {
      env: { AUTOHEAL_HOME: own },
      input:
        'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\npsycopg2.OperationalError: no password=hunter2hunter2\n',
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.json()).toMatchObject({ ok: true, delivered: false, spooled: true });
    expect(await readdir(join(own, 'spool'))).toHaveLength(1);
  });

  it('a dry run fails instead: nobody wants its answer tomorrow', async () => {
    const own = join(home, 'dry');
    const ran = await autoheal(['report', '--dry-run', '--message', 'x', '--json'], {
      env: { AUTOHEAL_HOME: own },
    });
    expect(ran.exitCode).toBe(1);
    expect(ran.json()).toMatchObject({ ok: false, spooled: false });
    expect(ran.stderr).toContain('autoheal up');
  });

  it('doctor says what is wrong and what to do, line by line', async () => {
    const ran = await autoheal(['doctor', '--json'], { env: { AUTOHEAL_HOME: join(home, 'doctor') } });
    expect(ran.exitCode).toBe(1);
    const { findings } = ran.json<{ findings: { part: string; state: string; advice?: string }[] }>();
    expect(findings.find(({ part }) => part === 'temporal')).toMatchObject({ state: 'fail' });
    expect(findings.filter(({ state, advice }) => state !== 'ok' && advice === undefined)).toEqual([]);
    expect(ran.stderr).toContain('FAIL');
  });

  it('doctor names a command of the estate file that would be refused, and the word', async () => {
    const estate = join(home, 'wrapped.yaml');
    await writeFile(
      estate,
      "tasks:\n  wrapped: { cron: '0 6 * * *', command: [nice, docker, restart, -t, '0', x] }\n" +
        "  plain: { cron: '0 6 * * *', command: [python, -m, jobs.x] }\nprograms: { python: /usr/bin/python3 }\n",
    );
    const ran = await autoheal(['doctor', '--json'], {
      env: { AUTOHEAL_HOME: join(home, 'doctor'), AUTOHEAL_ESTATE: estate },
    });
    const { findings } = ran.json<{ findings: { part: string; state: string; detail: string }[] }>();
    const refused = findings.filter(({ part }) => part.endsWith('.command'));
    expect(refused).toMatchObject([{ part: 'tasks.wrapped.command', state: 'fail' }]);
    expect(refused[0]?.detail).toContain('"nice" is refused by the rule wrapper');
  });
});

describe('run', () => {
  const inAway = (...argv: string[]) =>
    autoheal(['run', '--task', 'nightly', ...argv], { env: { AUTOHEAL_HOME: join(home, 'run') } });

  it('streams the output of a command that works, and says nothing of its own', async () => {
    const ran = await inAway('--', 'sh', '-c', 'echo out; echo err >&2');
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'out', stderr: 'err' });
  });

  it('ends with the status of a command that failed, at once, when AutoHeal is away', async () => {
    const ran = await inAway('--json', '--', 'sh', '-c', 'echo before; exit 42');
    expect(ran.exitCode).toBe(42);
    expect(ran.stdout.split('\n')[0]).toBe('before');
    expect(ran.json()).toMatchObject({ ok: false, exitStatus: 42, runs: 1, spooled: true });
  });

  it('ends as a shell would for a program that is not there, and for one that was killed', async () => {
    expect((await inAway('--', 'no-such-program-here')).exitCode).toBe(127);
    expect((await inAway('--', 'sh', '-c', 'kill -KILL $$')).exitCode).toBe(137);
  });

  it('runs the command even when the environment is wrong', async () => {
    const wrong = { ...env, AUTOHEAL_LOCALE: 'klingon' };
    const ran = await autoheal(['run', '--task', 'x', '--', 'sh', '-c', 'echo ran; exit 7'], { env: wrong });
    expect(ran).toMatchObject({ exitCode: 7, stdout: 'ran' });
    expect(ran.stderr).toContain('LOST');
  });

  it('passes a signal on, and does not report what somebody stopped', async () => {
    const own = join(home, 'stopped');
    const child = execa(
      process.execPath,
      [
        join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js'),
        'run',
        '--task',
        'x',
        '--',
        'sh',
        '-c',
        'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done',
      ],
      {
        reject: false,
        env: { AUTOHEAL_HOME: own },
      },
    );
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(5);
    expect(stderr).toContain('stopped by SIGTERM');
    expect(await readdir(own).catch(() => [])).toEqual([]);
  });
});
