import { describe, expect, it } from 'vitest';
import { compose, isOneShot, ourServices, services } from './compose-file.ts';
import { environmentNames, settingNames } from './environment-names.ts';
import { readText } from './repository-file.ts';

const each = services.map((service) => [service.name, service] as const);

describe('docker-compose.yml', () => {
  it('runs migrate, worker and http from the image of this version', () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(ourServices.map(({ name, image, command }) => [name, image, command])).toEqual(
      ['migrate', 'worker', 'http'].map((name) => [name, `autoheal:${version}`, [name]]),
    );
  });

  it('sets no variable for them that the contract does not name', () => {
    const names = ourServices.flatMap((service) => Object.keys(service.environment));
    expect(names.filter((name) => !environmentNames.has(name))).toEqual([]);
  });

  it('sets only what the program reads', () => {
    const config = readText('settings/settings.ts');
    expect(settingNames.filter((name) => !config.includes(`${name}:`))).toEqual([]);
  });

  it.each(each)('pins the image of %s to a version that is maintained', (_, { image }) => {
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
