import type { Container } from '../../domain/container/container.ts';
import { containerOf as ordinary } from '../domain/loop-samples.ts';

export interface ContainerTraits {
  name: string;
  id?: string;
  image?: string;
  labels?: Record<string, string>;
  aliases?: string[];
}

/** A running container with these traits. */
export function containerOf({ name, id, image, labels, aliases }: ContainerTraits): Container {
  return ordinary({
    id: id ?? 'ab'.repeat(32),
    name,
    image: image ?? 'app:1',
    labels: labels ?? {},
    networkAliases: aliases ?? [],
  });
}

/** The same as `docker container inspect` prints it. */
export function inspectJson(traits: ContainerTraits): string {
  const { id, name, image, labels, networkAliases } = containerOf(traits);
  return JSON.stringify(
    [
      {
        Id: id,
        Created: '2026-01-01T00:00:00Z',
        State: { Status: 'running', Running: true, Error: 'a "quoted" { brace' },
        Name: `/${name}`,
        HostConfig: { Links: null, Binds: ['/a:/b'] },
        Config: {
          Hostname: id.slice(0, 12),
          Env: ['DATABASE_URL=postgres://momo-db/x', 'Id=1', 'X=\\'],
          Image: image,
          Labels: { 'com.docker.compose.depends_on': 'momo-db:service_started:false', ...labels },
        },
        NetworkSettings: { Networks: { momo_default: { Aliases: networkAliases, Gateway: '' } } },
      },
    ],
    null,
    4,
  );
}
