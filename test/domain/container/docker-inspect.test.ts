import { describe, expect, it } from 'vitest';
import { containerOf, containersOf } from '../../../domain/container/docker-inspect.ts';

const id = 'f'.repeat(64);
const entry = {
  Id: id,
  Name: '/momo-scheduler',
  Created: '2026-04-18T03:00:00.123456789Z',
  RestartCount: 2,
  State: {
    Status: 'running',
    Running: true,
    OOMKilled: false,
    ExitCode: 0,
    StartedAt: '2026-04-19T03:00:00.123456789Z',
    FinishedAt: '2026-04-19T02:59:59.123456789Z',
    Health: {
      Status: 'unhealthy',
      FailingStreak: 3,
      Log: [{ Output: 'first' }, { Output: 'connect to\n postgres://momo:s3cr3t-word@db/x  failed' }],
    },
  },
  HostConfig: {
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 4 },
    PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
    NetworkMode: 'a',
  },
  Config: {
    Image: 'momo/scheduler:1',
    Labels: { 'com.docker.compose.service': 'scheduler' },
    Healthcheck: { Test: ['CMD', 'ping'], Interval: 5_000_000_000, StartPeriod: 180_000_000_000 },
    Env: ['PASSWORD=x'],
  },
  NetworkSettings: {
    Networks: {
      a: { Aliases: ['scheduler', 'momo-scheduler'], IPAddress: '172.18.0.5' },
      b: { Aliases: null, DNSNames: ['scheduler', 'extra'] },
    },
  },
};

describe('containerOf', () => {
  it('keeps of environment, mounts, ports and commands what gives a store away, and no value', () => {
    const store = {
      ...entry,
      Path: 'docker-entrypoint.sh',
      Args: ['serve'],
      Mounts: [{ Name: 'pgdata', Source: '/x', Destination: '/var/lib/postgresql/data' }],
      Config: { ...entry.Config, Env: ['PGPASSWORD=s3cr3t-word'], Cmd: null, Entrypoint: 'serve' },
    };
    expect(containerOf(store).dataSigns).toEqual([
      { kind: 'strong', what: 'mounts /var/lib/postgresql/data' },
      { kind: 'variables', what: 'has the variable PGPASSWORD' },
    ]);
  });

  it('reduces an inspect entry to what decisions need, without the environment', () => {
    expect(containerOf(entry)).toEqual({
      id,
      name: 'momo-scheduler',
      image: 'momo/scheduler:1',
      labels: { 'com.docker.compose.service': 'scheduler' },
      networkAliases: ['scheduler', 'momo-scheduler', 'extra'],
      running: true,
      paused: false,
      restarting: false,
      dead: false,
      status: 'running',
      health: 'unhealthy',
      healthCheck: { intervalSec: 5, timeoutSec: 30, startPeriodSec: 180, retries: 3 },
      healthOutput: 'connect to postgres://momo:[redacted]@db/x failed',
      createdAt: '2026-04-18T03:00:00.123456789Z',
      startedAt: '2026-04-19T03:00:00.123456789Z',
      finishedAt: '2026-04-19T02:59:59.123456789Z',
      restartCount: 2,
      restartPolicy: { name: 'on-failure', maxRetries: 4 },
      exitCode: 0,
      oomKilled: false,
      error: '',
      publishesPorts: true,
      networkMode: 'a',
      networks: ['a', 'b'],
      addresses: ['172.18.0.5'],
      hostPorts: [8080],
      dataSigns: [],
    });
    expect(containerOf({ ...entry, HostConfig: undefined })).toMatchObject({
      restartPolicy: { name: 'no', maxRetries: 0 },
      publishesPorts: false,
    });
    const off = { ...entry, Config: { ...entry.Config, Healthcheck: { Test: ['NONE'] } } };
    expect(containerOf(off).healthCheck).toBeNull();
  });

  it('takes a container without health check, labels or networks', () => {
    const bare = {
      ...entry,
      State: { ...entry.State, Health: null },
      Config: { Image: 'x', Labels: null },
      NetworkSettings: { Networks: null },
    };
    expect(containerOf(bare)).toMatchObject({ health: 'none', labels: {}, networkAliases: [] });
  });

  it('names the field of an entry that is not a container’s', () => {
    expect(() => containerOf({ ...entry, State: undefined })).toThrow(/State/);
    expect(() => containerOf({ ...entry, Id: 'abc' })).toThrow(/id/);
  });

  it('reads docker’s list, empty where nothing was found', () => {
    expect(containersOf('[]')).toEqual([]);
    expect(containersOf(JSON.stringify([entry, entry]))).toHaveLength(2);
    expect(() => containersOf('no such thing')).toThrow();
  });
});
