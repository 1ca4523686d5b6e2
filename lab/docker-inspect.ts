import { createHash } from 'node:crypto';
import type { LabContainer } from './container.ts';
import { healthcheckConfig } from './health-check.ts';

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

function restartPolicyOf({ restartPolicy = 'no' }: LabContainer['spec']): object {
  const [name, most = '0'] = restartPolicy.split(':');
  return { Name: name, MaximumRetryCount: Number(most) };
}

const portBindings = ({ ports = [] }: LabContainer['spec']): object =>
  Object.fromEntries(
    ports.map((port) => {
      const [outside = '', inside = outside] = port.split(':');
      return [`${inside}/tcp`, [{ HostIp: '', HostPort: outside }]];
    }),
  );

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
      Paused: view.status === 'paused',
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
      NetworkMode: spec.networkMode ?? network,
      PortBindings: portBindings(spec),
      RestartPolicy: restartPolicyOf(spec),
      PublishAllPorts: false,
      Privileged: false,
    },
    Mounts: [],
    Config: {
      Hostname: view.id.slice(0, 12),
      ...(spec.healthcheck === false ? {} : { Healthcheck: healthcheckConfig }),
      Env: Object.entries(spec.environment ?? {}).map(([name, value]) => `${name}=${value}`),
      Image: spec.image,
      Labels: labelsOf(container),
    },
    NetworkSettings: {
      Networks:
        container.isConnected && spec.networkMode === undefined
          ? {
              [network]: {
                Aliases: [spec.name, serviceOf(spec), ...(spec.aliases ?? []), view.id.slice(0, 12)],
                NetworkID: createHash('sha256').update(network).digest('hex'),
                IPAddress: '',
              },
            }
          : {},
    },
  };
}
