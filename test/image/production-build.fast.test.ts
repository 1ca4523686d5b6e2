import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleImage, contextOf } from './build-context.ts';

const dir = mkdtempSync(join(tmpdir(), 'ah-image-'));
const app = join(dir, 'app');

beforeAll(() => {
  const { status, stderr } = assembleImage(join(dir, 'context'), app);
  expect(stderr).toMatch(/modules/);
  expect(status).toBe(0);
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** As in the container: nothing of this checkout, no loader, no writable home. */
function autoheal(...args: string[]) {
  return spawnSync(process.execPath, [join(app, 'bin', 'autoheal.js'), ...args], {
    cwd: '/',
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: '/nonexistent',
      AUTOHEAL_HOME: join(dir, 'state'),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    },
  });
}

const commandsIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}([a-z]+)[ |]/gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help');

const packagesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.name.startsWith('@')
      ? readdirSync(join(folder, entry.name)).map((name) => `${entry.name}/${name}`)
      : [entry.name],
  );

describe('what the image holds, put together from the build context alone', () => {
  it('has every command', () => {
    const { status, stdout, stderr } = autoheal('--help');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const commands = commandsIn(stdout);
    expect(commands).toEqual(
      expect.arrayContaining(['worker', 'http', 'bot', 'migrate', 'doctor', 'report']),
    );
  });

  it.each([
    [['doctor'], /FAIL .*temporal/],
    [['migrate'], /database|ECONNREFUSED|connect/i],
    [['bot'], /TELEGRAM_BOT_TOKEN: required/],
    [['playbooks', 'lint'], /playbook/],
    [['report', '--dry-run', '--message', 'x'], /Temporal|temporal/],
    [['incidents', 'list'], /database|records/i],
  ])('%j runs as far as it can without services, and finds all its parts', (args, says) => {
    const { stdout, stderr } = autoheal(...args);
    expect(stdout + stderr).not.toMatch(/Cannot find|ERR_MODULE/);
    expect(stdout + stderr).toMatch(says);
  });

  it.each(['up', 'demo'])('says of %s that it needs the source tree', (command) => {
    const { status, stderr } = autoheal(command);
    expect(stderr).toMatch(/production parts only.*npm start/s);
    expect(status).toBe(2);
  });

  it('holds no compiler, bundler, embedded database, test server or lab, and one platform’s binary', () => {
    const packages = packagesIn(join(app, 'node_modules'));
    const unwanted = /^(@swc|@electric-sql|@temporalio\/testing|ssh2|tsx|esbuild|typescript|vitest|@esbuild)/;
    expect(packages.filter((name) => unwanted.test(name))).toEqual([]);
    expect(readdirSync(join(app, 'node_modules/webpack')).sort()).toEqual(['index.js', 'package.json']);
    expect(readdirSync(app)).not.toContain('lab');
    expect(readdirSync(join(app, 'workers'))).not.toContain('embedded');
    expect(readdirSync(join(app, 'node_modules/@temporalio/core-bridge/releases'))).toHaveLength(1);
  });

  it('brings the workflow code bundled, with and without a codec', () => {
    for (const kind of ['workflows', 'encrypted-workflows']) {
      expect(readFileSync(join(app, 'workflow-bundles', `${kind}.js`), 'utf8')).toContain('HealWorkflow');
    }
  });
});

describe('.dockerignore', () => {
  it('keeps secrets, state and what is not built from out of the build', () => {
    const kept = ['domain/x.ts', 'a-new-room/x.ts', 'package.json', '.npmrc', 'playbooks/seeds.yaml'];
    const out = [
      ...[
        'config/estate.yaml',
        'config/secrets/api_token',
        'config/autoheal_id_ed25519',
        '.env',
        '.git/config',
      ],
      ...[
        'node_modules/x/y.js',
        'lab/node_modules/x.js',
        '.autoheal/temporal.db',
        'test/x.ts',
        'a.log',
        'x/a.log',
      ],
      ...['x/secrets/token', 'autoheal_id_ed25519.pub', 'known_hosts', 'x/.env.production'],
    ];
    expect(contextOf([...kept, ...out])).toEqual(kept);
  });
});
