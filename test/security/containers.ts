import type { Container } from '../../domain/container/container.ts';
import { containersOf } from '../../domain/container/docker-inspect.ts';

/** What a container is made of, as far as protection looks at it. */
export interface ContainerTraits {
  name: string;
  id?: string;
  image?: string;
  labels?: Record<string, string>;
  aliases?: string[];
  /** `NAME=value`. */
  env?: string[];
  /** `5432/tcp`: exposed by the image, or `published` by whoever runs it. */
  ports?: string[];
  published?: string[];
  /** `volume:/folder`, or `/host/folder:/folder`. */
  mounts?: string[];
  /** Folders that the image declares as volumes. */
  volumes?: string[];
  tmpfs?: string[];
  entrypoint?: string[];
  cmd?: string[];
  healthCheck?: string[];
}

/** A running container with these traits, as the worker reads it from what Docker prints. */
export function containerOf(traits: ContainerTraits): Container {
  const [container] = containersOf(inspectJson(traits));
  if (container === undefined) throw new Error('docker printed no container');
  return container;
}

const keyed = (names: readonly string[] = [], value: object = {}): object =>
  Object.fromEntries(names.map((name) => [name, value]));

function mountOf(mount: string): object {
  const [from = '', to = ''] = mount.split(':');
  return from.startsWith('/')
    ? { Type: 'bind', Source: from, Destination: to, Mode: '', RW: true, Propagation: 'rprivate' }
    : {
        Type: 'volume',
        Name: from,
        Source: `/var/lib/docker/volumes/${from}/_data`,
        Destination: to,
        RW: true,
      };
}

/** `docker container inspect`'s answer for a container with these traits. */
export function inspectJson(traits: ContainerTraits): string {
  const { id = 'ab'.repeat(32), name, image = 'app:1', labels = {}, aliases = [], cmd = ['serve'] } = traits;
  const { entrypoint = null, env = ['DATABASE_URL=postgres://momo-db/x', 'Id=1', 'X=\\'] } = traits;
  const [path = '', ...args] = [...(entrypoint ?? []), ...cmd];
  return JSON.stringify(
    [
      {
        Id: id,
        Created: '2026-01-01T00:00:00Z',
        Path: path,
        Args: args,
        State: {
          Status: 'running',
          Running: true,
          Error: 'a "quoted" { brace',
          ExitCode: 0,
          StartedAt: '2026-01-01T00:00:01Z',
        },
        Name: `/${name}`,
        HostConfig: {
          Links: null,
          Binds: ['/a:/b'],
          PortBindings: keyed(traits.published, [{ HostIp: '', HostPort: '8080' }]),
          ...(traits.tmpfs === undefined ? {} : { Tmpfs: keyed(traits.tmpfs) }),
        },
        Mounts: (traits.mounts ?? []).map(mountOf),
        Config: {
          Hostname: id.slice(0, 12),
          ...(traits.ports === undefined ? {} : { ExposedPorts: keyed(traits.ports) }),
          Env: env,
          Cmd: cmd,
          ...(traits.healthCheck === undefined ? {} : { Healthcheck: { Test: traits.healthCheck } }),
          Image: image,
          Volumes: traits.volumes === undefined ? null : keyed(traits.volumes),
          Entrypoint: entrypoint,
          Labels: { 'com.docker.compose.depends_on': 'momo-db:service_started:false', ...labels },
        },
        NetworkSettings: { Networks: { momo_default: { Aliases: aliases, Gateway: '' } } },
      },
    ],
    null,
    4,
  );
}
