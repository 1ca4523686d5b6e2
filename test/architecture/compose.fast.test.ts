import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../settings/settings.ts';
import { compose, isOneShot, ourServices, services } from './compose-file.ts';
import { environmentNames, secretNames, settingNames } from './environment-names.ts';

const root = join(import.meta.dirname, '..', '..');

const each = services.map((service) => [service.name, service] as const);

describe('docker-compose.yml', () => {
  it('runs migrate, worker, http and one bot from an image whose tag no build overwrites', () => {
    expect(ourServices.map(({ name, command }) => [name, command])).toEqual([
      ['migrate', ['migrate']],
      ['worker', ['worker']],
      ['http', ['http']],
      ['bot', ['bot', '--wait-for-token']],
    ]);
    for (const { image, name } of ourServices) expect(image, name).toMatch(/^autoheal:\$\{AUTOHEAL_TAG:\?/);
    expect(ourServices.some((service) => 'build' in service)).toBe(false);
    expect(compose.services['bot']).toMatchObject({ deploy: { replicas: 1 } });
  });

  it('sets no variable for them that the program does not read', () => {
    const names = ourServices.flatMap((service) => Object.keys(service.environment));
    expect(names.filter((name) => !environmentNames.has(name))).toEqual([]);
  });

  it('lets every setting reach its container, a secret as a file', () => {
    const running = ourServices.filter(({ name }) => name !== 'migrate');
    const holders = (name: string) =>
      running.filter(({ environment }) => Object.hasOwn(environment, name)).map((service) => service.name);
    const plain = settingNames.filter((name) => !secretNames.includes(name) && name !== 'AUTOHEAL_HTTP_ADDR');
    for (const name of plain) expect(holders(name), name).toEqual(['worker', 'http', 'bot']);
    for (const name of secretNames) {
      expect(holders(name), name).toEqual([]);
      expect(holders(`${name}_FILE`), name).not.toEqual([]);
    }
    for (const name of ['DATABASE_URL', 'AUTOHEAL_CODEC_KEY', 'TEMPORAL_API_KEY']) {
      expect(holders(`${name}_FILE`), name).toEqual(['worker', 'http', 'bot']);
    }
  });

  it('needs no secret that may be left out: make-secrets.sh makes every file, and an empty one counts as none', () => {
    const dir = mkdtempSync(join(tmpdir(), 'ah-secrets-'));
    try {
      const made = spawnSync('sh', [`${root}/deploy/docker/make-secrets.sh`], { cwd: dir, encoding: 'utf8' });
      expect(made.stderr).toBe('');
      for (const { file } of Object.values(compose.secrets))
        expect(existsSync(join(dir, file)), file).toBe(true);
      for (const { name, environment } of ourServices) {
        const env = Object.fromEntries(
          Object.entries(environment).map(([key, value]) => [
            key,
            value?.replace('/run/secrets', join(dir, 'config/secrets')),
          ]),
        );
        const config = readConfig(env);
        expect(config.DATABASE_URL, name).toMatch(/^postgresql:/);
        expect(
          config.TELEGRAM_BOT_TOKEN ?? config.AUTOHEAL_CODEC_KEY ?? config.AUTOHEAL_SENTRY_SECRET,
          name,
        ).toBe(undefined);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it.each(each)('pins the image of %s to a version that is maintained', (_, { image }) => {
    if (image.startsWith('autoheal:')) return;
    expect(image).toMatch(/^[a-z][a-z0-9./-]*:v?\d+\.\d+[\w.-]*$/);
    expect(image).not.toContain('auto-setup');
  });

  it.each(each)('starts %s again when it fails, and knows whether it is well', (_, service) => {
    if (isOneShot(service)) return;
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test[0]).toBe('CMD');
  });

  it('runs what sets things up once, before what needs it', () => {
    expect(services.filter(isOneShot).map(({ name }) => name)).toEqual([
      'temporal-schema',
      'temporal-namespace',
      'migrate',
    ]);
    for (const { name, depends_on } of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const service = compose.services[needed];
        expect(service, `${name} waits for ${needed}, which is not there`).toBeDefined();
        expect(condition, `${name} waits for ${needed}`).toBe(
          service && isOneShot(service) ? 'service_completed_successfully' : 'service_healthy',
        );
      }
    }
  });

  it('lets the worker and http start while the database is away', () => {
    for (const { name, depends_on } of ourServices) {
      if (name === 'migrate') continue;
      expect(Object.keys(depends_on), name).toEqual(['temporal-namespace']);
    }
  });

  it.each(each)('publishes the ports of %s on loopback only', (_, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(each)('gives %s no way to the Docker of its machine and no new privileges', (_, service) => {
    expect(JSON.stringify(service.volumes)).not.toMatch(/docker\.sock|containerd\.sock|"\/:/);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.privileged).toBeUndefined();
    expect(service).not.toHaveProperty('cap_add');
    expect(service).not.toHaveProperty('network_mode');
    expect(service).not.toHaveProperty('pid');
  });

  it.each(each)('mounts files of this machine into %s for reading only', (_, { volumes }) => {
    for (const volume of volumes) {
      if (typeof volume === 'string' && volume.startsWith('.')) expect(volume).toMatch(/:ro$/);
    }
  });

  it.each(each)('holds no secret of %s, only the file that it is read from', (_, service) => {
    for (const [name, value] of Object.entries(service.environment)) {
      if (/PASSWORD|PWD|TOKEN|SECRET|API_KEY|DATABASE_URL/.test(name)) {
        expect(value, name).toMatch(/^\/run\/secrets\/\w+$/);
        expect(service.secrets, name).toContain(value?.split('/').at(-1));
      }
    }
  });

  it('takes every secret from a file below config/secrets, and hands out none that nobody uses', () => {
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect(file).toBe(`./config/secrets/${name}`);
    }
    const used = new Set(services.flatMap(({ secrets }) => secrets));
    expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('hides the folder of secrets from the services that mount config', () => {
    for (const { name, volumes } of ourServices) {
      expect(volumes, name).toContain('./config:/etc/autoheal:ro');
      expect(volumes, name).toContainEqual(
        expect.objectContaining({ type: 'tmpfs', target: '/etc/autoheal/secrets' }),
      );
    }
  });

  it('keeps the store of Temporal out of reach of everything but Temporal', () => {
    expect(compose.networks['temporal-store']).toEqual({ internal: true });
    const there = services.filter(({ networks }) => networks.includes('temporal-store'));
    expect(there.map(({ name }) => name)).toEqual(['temporal-db', 'temporal-schema', 'temporal']);
    expect(compose.services['temporal-db']?.networks).toEqual(['temporal-store']);
  });

  it('keeps what has to outlive a container in volumes with names', () => {
    const named = services
      .flatMap(({ volumes }) => volumes)
      .flatMap((volume) =>
        typeof volume === 'string' && !volume.startsWith('.') ? [volume.split(':')[0]] : [],
      );
    expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});
