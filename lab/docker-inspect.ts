import { createHash } from 'node:crypto';
import type { LabContainer } from './container.ts';

const network = 'momo_default';

export function labelsOf({ spec }: LabContainer): Record<string, string> {
  return {
    'com.docker.compose.project': spec.project ?? 'momo',
    'com.docker.compose.service': serviceOf(spec),
    'com.docker.compose.container-number': '1',
    ...spec.labels,
  };
}

const serviceOf = ({ service, name }: LabContainer['spec']): string => service ?? name.replace(/^momo-/, '');

/** One entry of `docker container inspect`, in the spelling and with the fields of Docker 20.10. */
export function inspectEntry(container: LabContainer): object {
  const { spec } = container;
  const view = container.view();
  return {
    Id: view.id,
    Created: view.createdAt,
    Path: '/bin/sh',
    Args: ['service.sh', spec.name],
    State: {
      Status: view.status,
      Running: view.running,
      Paused: false,
      Restarting: view.status === 'restarting',
      OOMKilled: view.oomKilled,
      Dead: false,
      Pid: view.pid,
      ExitCode: view.exitCode,
      Error: '',
      StartedAt: view.startedAt,
      FinishedAt: view.finishedAt,
      ...(view.health === 'none'
        ? {}
        : { Health: { Status: view.health, FailingStreak: view.health === 'unhealthy' ? 2 : 0, Log: [] } }),
    },
    Image: `sha256:${createHash('sha256').update(spec.image).digest('hex')}`,
    Name: `/${spec.name}`,
    RestartCount: view.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    HostConfig: {
      NetworkMode: network,
      RestartPolicy: { Name: spec.restartPolicy ?? 'no', MaximumRetryCount: 0 },
      Privileged: false,
    },
    Mounts: [],
    Config: {
      Hostname: view.id.slice(0, 12),
      Env: Object.entries(spec.environment ?? {}).map(([name, value]) => `${name}=${value}`),
      Image: spec.image,
      Labels: labelsOf(container),
    },
    NetworkSettings: {
      Networks: {
        [network]: {
          Aliases: [spec.name, serviceOf(spec), ...(spec.aliases ?? []), view.id.slice(0, 12)],
          NetworkID: createHash('sha256').update(network).digest('hex'),
          IPAddress: '',
        },
      },
    },
  };
}
