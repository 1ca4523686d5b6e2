import { z } from 'zod';
import { containerSchema, type Container } from './container.ts';

/**
 * The part of one entry of `docker container inspect` that decisions need, as Docker 20.10 to 28 print it.
 * Everything else, the environment with its secrets above all, is dropped here.
 */
const entrySchema = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.int().default(0),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.int(),
    StartedAt: z.string(),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  Config: z.object({
    Image: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  NetworkSettings: z
    .object({
      Networks: z
        .record(
          z.string(),
          z.object({ Aliases: z.array(z.string()).nullish(), DNSNames: z.array(z.string()).nullish() }),
        )
        .nullish(),
    })
    .nullish(),
});

const healthStates = new Set<string>(['healthy', 'unhealthy', 'starting'] satisfies Container['health'][]);

/** Reads one entry. Throws a ZodError that names the field when it is not what docker prints for a container. */
export function containerOf(entry: unknown): Container {
  const { Id, Name, RestartCount, State, Config, NetworkSettings } = entrySchema.parse(entry);
  const networks = Object.values(NetworkSettings?.Networks ?? {});
  const health = State.Health?.Status ?? 'none';
  return containerSchema.parse({
    id: Id,
    // Docker writes names with the slash of the long gone container links.
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    labels: Config.Labels ?? {},
    networkAliases: [
      ...new Set(networks.flatMap(({ Aliases, DNSNames }) => [...(Aliases ?? []), ...(DNSNames ?? [])])),
    ],
    running: State.Running,
    status: State.Status,
    health: healthStates.has(health) ? health : 'none',
    startedAt: State.StartedAt,
    restartCount: RestartCount,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
  });
}

/** Reads the whole output of `docker container inspect`: a list, empty where nothing was found. Throws like `containerOf`. */
export function containersOf(output: string): Container[] {
  return z.array(z.unknown()).parse(JSON.parse(output)).map(containerOf);
}
