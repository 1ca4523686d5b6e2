import { describe, expect, it } from 'vitest';
import { containerOf, containersOf } from '../../domain/docker-inspect.ts';

const id = 'f'.repeat(64);
const entry = {
  Id: id,
  Name: '/momo-scheduler',
  RestartCount: 2,
  State: {
    Status: 'running',
    Running: true,
    OOMKilled: false,
    ExitCode: 0,
    StartedAt: '2026-04-19T03:00:00.123456789Z',
    Health: { Status: 'unhealthy', FailingStreak: 3, Log: [] },
  },
  Config: {
    Image: 'momo/scheduler:1',
    Labels: { 'com.docker.compose.service': 'scheduler' },
    Env: ['PASSWORD=x'],
  },
  NetworkSettings: {
    Networks: {
      a: { Aliases: ['scheduler', 'momo-scheduler'] },
      b: { Aliases: null, DNSNames: ['scheduler', 'extra'] },
    },
  },
};

describe('containerOf', () => {
  it('reduces an inspect entry to what decisions need, without the environment', () => {
    expect(containerOf(entry)).toEqual({
      id,
      name: 'momo-scheduler',
      image: 'momo/scheduler:1',
      labels: { 'com.docker.compose.service': 'scheduler' },
      networkAliases: ['scheduler', 'momo-scheduler', 'extra'],
      running: true,
      status: 'running',
      health: 'unhealthy',
      startedAt: '2026-04-19T03:00:00.123456789Z',
      restartCount: 2,
      exitCode: 0,
      oomKilled: false,
    });
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
