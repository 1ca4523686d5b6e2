import { execFileSync } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { EmbeddedTemporal } from '../../workers/embedded/temporal-server.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openRows } from '../chaos/site/rows.ts';
import { breakContainer, restartsOf } from '../faults/reports.ts';
import { startBotApi, type BotApi } from '../support/bot-api.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { startTemporal } from '../support/temporal.ts';
import { checkoutFiles } from './build-context.ts';
import { startDockerEngine, type DockerEngine } from './docker-engine.ts';
import { runOnce, runService, type Container } from './run-service.ts';

/** The stack of docker-compose.yml, from the image that the Dockerfile builds, as far as it is this project's own. */

const root = resolve(import.meta.dirname, '..', '..');
const base = 'node:20-bookworm-slim';
const containerUser = 1000;
const mib = 1024 * 1024;

let engine: DockerEngine;
let dir: string;
let image: string;
let temporal: EmbeddedTemporal;
let postgres: TestPostgres;
let lab: Lab;
let botApi: BotApi;
let databaseUrl: string;
let token: string;
let ports: { worker: number; http: number; bot: number };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ah-stack-'));
  for (const path of checkoutFiles()) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await cp(join(root, path), join(dir, path));
  }
  engine = await startDockerEngine();
  shell(['sh', 'test/image/base-image.sh', base]);
  shell(['sh', 'deploy/docker/image.sh', 'build']);
  image = `autoheal:${await tagInUse()}`;

  [temporal, postgres, botApi] = await Promise.all([
    startTemporal(),
    startPostgres({ cacheDir }).then(async (server) => {
      await server.start();
      return server;
    }),
    startBotApi(),
  ]);
  lab = await startLab({ dir: join(dir, 'lab'), estate: { limits: wideLimits } });
  databaseUrl = await postgres.createEmptyDatabase();
  const [worker, http, bot] = await Promise.all([freePort(), freePort(), freePort()]);
  ports = { worker, http, bot };
  await fillConfig();
}, 600_000);

afterAll(async () => {
  await engine?.close();
  await Promise.allSettled([lab?.close(), botApi?.close(), temporal?.stop(), postgres?.close()]);
  await rm(dir, { recursive: true, force: true });
}, 120_000);

function shell(argv: [string, ...string[]]): string {
  const [program, ...args] = argv;
  return execFileSync(program, args, {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, ...engine.environment, BUILD_OPTIONS: '--network=host' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 100 * mib,
  });
}

const tagInUse = async (): Promise<string> =>
  /^AUTOHEAL_TAG=(.+)$/m.exec(await readFile(join(dir, '.env'), 'utf8'))?.[1] ?? '';

/** config/ as the README has people fill it: estate, key, known_hosts, and the secrets that a script makes. */
async function fillConfig(): Promise<void> {
  const config = join(dir, 'config');
  shell(['sh', 'deploy/docker/make-secrets.sh']);
  await cp(lab.estateFile, join(config, 'estate.yaml'));
  await cp(join(lab.dir, 'config'), join(config, 'config'), { recursive: true });
  await writeFile(join(config, 'secrets/database_url'), databaseUrl);
  await writeFile(join(config, 'secrets/telegram_bot_token'), botApi.token);
  token = await readFile(join(config, 'secrets/api_token'), 'utf8');
  for (const path of await readdir(config, { recursive: true }))
    await chown(join(config, path), containerUser, containerUser);
  await chown(config, containerUser, containerUser);
}

const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  TEMPORAL_ADDRESS: temporal.address,
  TELEGRAM_API_ROOT: botApi.root,
  ...more,
});

const start = (name: 'worker' | 'http' | 'bot'): Promise<Container> =>
  runService(engine, name, {
    dir,
    image,
    port: ports[name],
    environment: environment(
      name === 'http'
        ? { AUTOHEAL_HTTP_ADDR: `0.0.0.0:${ports.http}` }
        : { AUTOHEAL_METRICS_ADDR: `0.0.0.0:${ports[name]}` },
    ),
  });

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

describe('the image', () => {
  it('is small beside its base, and says which release it is', async () => {
    const sizes = [];
    for (const each of [image, base])
      sizes.push(Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', each])));
    const addedMib = Math.round(((sizes[0] ?? 0) - (sizes[1] ?? 0)) / mib);
    console.log(`image: ${addedMib} MiB beside its base`);
    expect(addedMib).toBeLessThan(150);
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    const said = await runOnce(engine, 'migrate', {
      dir,
      image,
      environment: environment(),
      command: ['--version'],
    });
    expect(said.trim()).toBe(version);
  });

  it('has a tag of its own: another build takes it from nobody, and there is a way back', async () => {
    const before = await tagInUse();
    await writeFile(join(dir, 'playbooks/zz-note.yaml'), '# another state of the sources\nrules: []\n');
    const said = shell(['sh', 'deploy/docker/image.sh', 'build']);
    const after = await tagInUse();
    expect(after).not.toBe(before);
    expect(said).toContain(`image.sh use ${before}`);
    await engine.docker(['image', 'inspect', `autoheal:${before}`]);
    shell(['sh', 'deploy/docker/image.sh', 'use', before]);
    expect(await tagInUse()).toBe(before);
    expect(() => shell(['sh', 'deploy/docker/image.sh', 'use', 'never-built'])).toThrow(
      /no image autoheal:never-built/,
    );
  }, 300_000);
});

describe('the services, as docker-compose.yml runs them', () => {
  let worker: Container;
  let http: Container;
  let bot: Container;

  it('migrate brings an empty database up to date', async () => {
    await runOnce(engine, 'migrate', { dir, image, environment: environment() });
    const { rows, close } = openRows(databaseUrl);
    for (const sql of quickPlaybooks) await rows(sql);
    expect(await rows('SELECT 1 FROM playbooks')).not.toEqual([]);
    await close();
  });

  it('worker, http and bot start, and are healthy within 20 s of being ready', async () => {
    [worker, http, bot] = await Promise.all([start('worker'), start('http'), start('bot')]);
    const polls = await worker.untilSaid(/Worker polls autoheal/);
    const healthy = await worker.untilHealthy();
    console.log(`worker: polls ${polls} ms after its start, healthy after ${healthy} ms`);
    expect(healthy - polls).toBeLessThan(20_000);
    await bot.untilSaid(/The bot listens/);
    await Promise.all([http.untilHealthy(), bot.untilHealthy()]);
  });

  it('a report by HTTP is healed over ssh, recorded and told', async () => {
    await breakContainer(lab, 'momo-web');
    const response = await fetch(`http://127.0.0.1:${ports.http}/v1/exceptions?wait=60`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        source: 'api',
        target: 'momo-web',
        error: { message: 'container momo-web exited with code 1' },
      }),
    });
    expect(response.status).toBe(200);
    const body = (await response.json()) as { incidentId: string };
    expect(body).toMatchObject({ status: 'resolved', actionType: 'DOCKER_RESTART' });
    expect(restartsOf(lab, 'momo-web')).toBe(1);
    const { rows, close } = openRows(databaseUrl);
    await expect
      .poll(() => rows('SELECT status FROM incidents WHERE id = $1', [body.incidentId]), { timeout: 20_000 })
      .toEqual([{ status: 'resolved' }]);
    await close();
    await expect
      .poll(() => botApi.messages().some(({ text }) => text.includes('Resolved')), { timeout: 20_000 })
      .toBe(true);
  });

  it('doctor in the worker’s container finds every part well', async () => {
    const said = await worker.exec(['node', 'bin/autoheal.js', 'doctor', '--json']).catch(String);
    const { findings } = JSON.parse(said.trim().split('\n').at(-1) ?? '') as {
      findings: { part: string; state: string; detail: string }[];
    };
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(findings.map(({ part }) => part)).toEqual(
      expect.arrayContaining(['estate', 'temporal', 'database', 'telegram', 'host ollama-188']),
    );
    expect(findings.find(({ part }) => part.startsWith('worker '))?.state).toBe('ok');
  });

  it('nothing of it can write anywhere but the state folder and /tmp, or run what was put there', async () => {
    const probe =
      'cp /bin/true /tmp/t 2>&1; /tmp/t 2>&1; touch /app/x 2>&1; touch /etc/autoheal/x 2>&1; id -u; ls /etc/autoheal/secrets; ls /run/secrets';
    const said = await worker.exec(['sh', '-c', probe]);
    expect(said).toMatch(/\/tmp\/t: Permission denied/);
    expect(said).toMatch(/\/app\/x.*Read-only file system/);
    expect(said).toMatch(/\/etc\/autoheal\/x.*Read-only file system/);
    expect(said).toMatch(/^1000$/m);
    expect(said).not.toContain('api_token');
  });

  it('they stop when they are told to', async () => {
    for (const container of [http, bot, worker]) expect(await container.stop(), container.name).toBe(0);
  });
});
