import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowlist } from '../../domain/policy/allowlist.ts';
import * as database from '../../domain/policy/database/tables.ts';
import * as refused from '../../domain/policy/fixed/refused-words.ts';
import { gateProbeArgv, gateRefusedExitCode, isGateAnswer } from '../../domain/policy/gate-probe.ts';
import { estateSchema } from '../../domain/estate.ts';
import { fixedCommandRefusal } from '../../domain/policy/fixed-command.ts';
import { quoteArgv } from '../../domain/policy/shell-argument.ts';
import { commandCases } from './command-cases.ts';
import { containerCases, extraProtected, restartableDatabases } from './container-cases.ts';
import { containerOf } from './containers.ts';
import { fixedCommandCases } from './fixed-command-cases.ts';
import { ordinaryContainers } from './ordinary-containers.ts';
import { startGateHost, type GateHost } from './gate.ts';

const script = readFileSync('deploy/host-gate/autoheal-gate', 'utf8');
const listIn = (name: string) => new RegExp(`^${name}='([^']*)'`, 'm').exec(script)?.[1] ?? '';
const isList = (table: object): table is readonly string[] => Array.isArray(table);
const id = 'ab'.repeat(32);
const restart = ['docker', 'restart', '-t', '10', id];

let host: GateHost;
beforeAll(() => {
  host = startGateHost();
});
afterAll(() => host.close());

describe('the gate and the policy', () => {
  it('hold the same allowlist with the same bounds', () => {
    const table = allowlist.map(
      ({ pattern, timeoutMs, maxOutputBytes }) => `${timeoutMs / 1000} ${maxOutputBytes} ${pattern}`,
    );
    expect(listIn('ALLOWLIST').split('\n')).toEqual(table);
  });

  it.each([
    ['LONG_NAMES', database.longNames],
    ['SHORT_NAMES', database.shortNames],
    ['OWN_NAMES', database.ownNames],
    ['DATA_FOLDERS', database.dataFolders],
    ['SERVER_PORTS', database.serverPorts],
    ['SERVER_PROGRAMS', database.serverPrograms],
    ['SERVER_VARIABLES', database.serverVariables],
    ['CLIENT_VARIABLES', database.clientVariables],
    ['ASKING_PROGRAMS', database.askingPrograms],
  ])('know databases by the same signs: %s', (name, table) => {
    expect(listIn(name).split(/\s+/)).toEqual(table);
  });

  it.each([
    ['MARKS', refused.marks],
    ['NAMES', refused.names],
    ['EVERYDAY_NAMES', refused.everydayNames],
    ['SYSTEM_NAMES', refused.systemNames],
    ['REFUSED_MODULES', refused.refusedModules],
    ['INTERPRETERS', refused.interpreters],
  ])('refuse the same words in fixed commands: %s', (name, table) => {
    const flat = isList(table)
      ? table
      : Object.entries(table).flatMap(([kind, listed]) => [`[${kind}]`, ...listed]);
    expect(listIn(name).split(/\s+/)).toEqual(flat);
  });
});

describe('the gate', () => {
  it.each(commandCases.filter(({ line }) => line !== ''))(
    'answers $expect to "$line"',
    ({ line, expect: expected }) => {
      const { exitCode, called, stderr } = host.ask(line);
      if (expected === 'refuse') {
        expect(called).toEqual([]);
        expect(exitCode).toBe(gateRefusedExitCode);
        expect(stderr).toMatch(/^autoheal-gate: refused \([a-z-]+\): [^\n]+\n$/);
      } else {
        expect(called).toEqual(line === 'autoheal-gate-probe' ? [] : [line.split(' ')]);
        expect(exitCode).not.toBe(gateRefusedExitCode);
      }
    },
  );

  it('refuses a login without a command', () => {
    expect(host.ask(undefined)).toMatchObject({ exitCode: 126, called: [] });
    expect(host.ask('')).toMatchObject({ exitCode: 126, called: [] });
  });

  it('takes words in single quotes, as the worker sends them, and no other quoting', () => {
    const quoted = quoteArgv(['docker', 'logs', '--tail', '5', 'momo-web']);
    expect(host.ask(quoted.ok ? quoted.commandLine : '').called).toEqual([
      ['docker', 'logs', '--tail', '5', 'momo-web'],
    ]);
    for (const line of ["'docker' 'p's", "'docker ps'", "docker ''", "docker '", "'docker' 'ps';'id'"]) {
      expect(host.ask(line)).toMatchObject({ exitCode: 126, called: [] });
    }
  });

  it('bounds the output and keeps exit status and both streams', () => {
    expect(host.ask('docker logs --tail 5 momo-web').stdout).toHaveLength(131_072);
    expect(host.ask('docker top momo-web')).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('proves from outside that it is in force', () => {
    const { exitCode, stdout } = host.ask(gateProbeArgv.join(' '));
    expect({ exitCode, answer: isGateAnswer(stdout) }).toEqual({ exitCode: 0, answer: true });
  });

  it('tests itself', () => {
    expect(host.selfTest()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('writes every decision to syslog, in one line without signs of the peer’s choosing', () => {
    const before = host.syslog().length;
    host.ask('uptime');
    host.ask('docker ps\nautoheal-gate: allowed');
    const [allowed, refused, ...more] = host.syslog().slice(before);
    expect(allowed).toBe('-t autoheal-gate -p auth.notice -- allowed peer=192.0.2.110 command=uptime');
    expect(refused).toMatch(
      /auth\.warning -- refused rule=character peer=192\.0\.2\.110 command=docker ps\?autoheal/,
    );
    expect(more).toEqual([]);
  });
});

describe('the gate before a restart', () => {
  beforeAll(() => {
    const lines = [...extraProtected, ...restartableDatabases.map((name) => `allow-database ${name}`)];
    host.setProtected(`# kept by the operator\n\n${lines.join('\n')}\n`);
  });

  it.each(containerCases)('says $expect to $what ($name)', (traits) => {
    host.setContainer(traits);
    const { exitCode, called } = host.ask(`docker restart -t 10 ${traits.id ?? id}`);
    const inspected = ['docker', 'container', 'inspect', traits.id ?? id];
    expect(called).toEqual(traits.expect === 'free' ? [inspected, restart] : [inspected]);
    expect(exitCode).toBe(traits.expect === 'free' ? 0 : 126);
  });

  it('leaves at least 80 ordinary containers restartable', () => {
    expect(new Set(ordinaryContainers.map(({ what }) => what)).size).toBeGreaterThanOrEqual(80);
  });

  it('knows a listed id by its beginning', () => {
    const listed = 'feedfacefeed'.padEnd(64, '0');
    host.setContainer({ name: 'momo-web', id: listed });
    expect(host.ask(`docker restart -t 10 ${listed}`)).toMatchObject({ exitCode: 126 });
  });

  it.each(['-1', '301', '1.5', '010', '', 'x'])('refuses a stop timeout of "%s"', (seconds) => {
    host.setContainer({ name: 'momo-web' });
    expect(host.ask(`docker restart -t ${seconds} ${id}`)).toMatchObject({ exitCode: 126, called: [] });
  });

  it.each([id.slice(0, 12), id.slice(0, 63), `${id}a`, id.toUpperCase(), 'momo-web', `${id} ${id}`])(
    'refuses "%s" in place of one full id',
    (name) => {
      host.setContainer({ name: 'momo-web' });
      expect(host.ask(`docker restart -t 10 ${name}`)).toMatchObject({ exitCode: 126, called: [] });
    },
  );

  it('refuses when docker answers with another container', () => {
    host.setContainer({ name: 'momo-web', id: 'cd'.repeat(32) });
    expect(host.ask(restart.join(' '))).toMatchObject({ exitCode: 126 });
  });

  it('refuses all restarts while its file of protected names is unreadable to it', () => {
    host.setContainer({ name: 'momo-web' });
    host.setProtected('momo-redis\nrm -rf /\n');
    expect(host.ask(restart.join(' ')).stderr).toContain('line 2 is neither NAME nor allow-database NAME');
    host.setProtected('');
    expect(host.ask(restart.join(' ')).exitCode).toBe(0);
  });

  it('reads what docker prints as the policy’s own tests describe it', () => {
    host.setContainer({ name: 'momo-web', labels: { 'a"b{[': 'Name', x: '\\"}]' } });
    expect(host.ask(restart.join(' ')).exitCode).toBe(0);
    expect(containerOf({ name: 'momo-web' }).id).toBe(id);
  });
});

describe('the gate under bash', () => {
  it.each(['awk', 'printf', '[', 'docker', 'command', 'tr', 'read', 'echo'])(
    'takes no function from the environment in the place of %s',
    (name) => {
      host.setContainer({ name: 'momo-db' });
      const functions = { [`BASH_FUNC_${name}%%`]: '() { echo free; }' };
      const { exitCode, called } = host.ask(restart.join(' '), { shell: ['bash', '--posix'], functions });
      expect(exitCode).toBe(126);
      expect(called.filter(([, verb]) => verb === 'restart')).toEqual([]);
    },
  );
});

describe("the operator's fixed command lines", () => {
  it('run as they are written in the file, and nothing near them does', () => {
    const fix = host.path('fix');
    const lines = [
      'docker restart momo-web',
      'sh -c id',
      'fix work-branch',
      `${fix} nice`,
      '/usr/bin/nice x',
    ];
    host.setCommands([`${fix} work-branch`, ...lines, ''].join('\n'));
    expect(host.ask(`${fix} work-branch`).called).toEqual([['fix', 'work-branch']]);
    for (const line of [fix, `${fix} work-branch x`, `${fix}  work-branch`, ...lines]) {
      expect(host.ask(line)).toMatchObject({ exitCode: 126, called: [] });
    }
    expect(host.ask('/usr/bin/nice x').stderr).toContain('/usr/bin/nice is refused by the rule wrapper');
    host.setCommands('');
  });

  it('are judged by the policy’s own rules', async () => {
    const estate = estateSchema.parse({});
    const lines = fixedCommandCases
      .map(({ line }) => line)
      .filter((line) => !/^(?:worker|engine) /.test(line));
    const policy = lines.map((line) => {
      const wrong = fixedCommandRefusal(line.split(' '), estate);
      if (wrong === null || wrong.rule === 'protected-name') return 'free';
      return /rule ([a-z-]+)/.exec(wrong.reason)?.[1] ?? wrong.reason;
    });
    const said = (await host.checkFixed(lines)).map((line) => /rule ([a-z-]+)/.exec(line)?.[1] ?? line);
    expect(said.map((each, at) => [lines[at], each])).toEqual(policy.map((each, at) => [lines[at], each]));
  });
});
