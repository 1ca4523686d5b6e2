import { z } from 'zod';
import { containerSchema, type Container, type HealthCheck } from './container.ts';
import { mentionsOf, type Mention } from './mentions.ts';
import { dataSigns } from '../policy/database/signs.ts';
import { redactShort } from '../redact/redact.ts';

const programSchema = z.union([z.array(z.string()), z.string().transform((line) => [line])]).nullish();

/**
 * The part of one entry of `docker container inspect` that decisions need, as Docker 20.10 to 28 print it.
 * Everything else is dropped here, the environment's values with their secrets above all: of it only the names that
 * give a store away are kept.
 */
const entrySchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string().default('0001-01-01T00:00:00Z'),
  Path: z.string().default(''),
  Args: z.array(z.string()).nullish(),
  Mounts: z
    .array(
      z.object({
        Name: z.string().default(''),
        Source: z.string().default(''),
        Destination: z.string().default(''),
      }),
    )
    .nullish(),
  RestartCount: z.int().default(0),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Paused: z.boolean().default(false),
    Restarting: z.boolean().default(false),
    Dead: z.boolean().default(false),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.int(),
    Error: z.string().default(''),
    StartedAt: z.string(),
    FinishedAt: z.string().default('0001-01-01T00:00:00Z'),
    Health: z
      .object({ Status: z.string(), Log: z.array(z.object({ Output: z.string().default('') })).nullish() })
      .nullish(),
  }),
  HostConfig: z
    .object({
      RestartPolicy: z
        .object({ Name: z.string().default(''), MaximumRetryCount: z.int().default(0) })
        .nullish(),
      PortBindings: z
        .record(z.string(), z.array(z.object({ HostPort: z.string().default('') })).nullish())
        .nullish(),
      Tmpfs: z.record(z.string(), z.unknown()).nullish(),
      PublishAllPorts: z.boolean().nullish(),
      NetworkMode: z.string().nullish(),
    })
    .nullish(),
  Config: z.object({
    Image: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Env: z.array(z.string()).nullish(),
    ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    Volumes: z.record(z.string(), z.unknown()).nullish(),
    Entrypoint: programSchema,
    Cmd: programSchema,
    Healthcheck: z
      .object({
        Test: z.array(z.string()).nullish(),
        Interval: z.number().nullish(),
        Timeout: z.number().nullish(),
        StartPeriod: z.number().nullish(),
        Retries: z.int().nullish(),
      })
      .nullish(),
  }),
  NetworkSettings: z
    .object({
      Networks: z
        .record(
          z.string(),
          z.object({
            Aliases: z.array(z.string()).nullish(),
            DNSNames: z.array(z.string()).nullish(),
            IPAddress: z.string().default(''),
            GlobalIPv6Address: z.string().default(''),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
type Entry = z.infer<typeof entrySchema>;

const healthStates = new Set<string>(['healthy', 'unhealthy', 'starting'] satisfies Container['health'][]);
/** Docker's own defaults for what a health check leaves open (0 or absent). */
const checkDefaults = { intervalSec: 30, timeoutSec: 30, retries: 3 };
const longestWords = 500;

/** Reads one entry. Throws a ZodError that names the field when it is not what docker prints for a container. */
export function containerOf(printed: unknown): Container {
  const entry = entrySchema.parse(printed);
  const { Id, Name, Created, RestartCount, State, Config, HostConfig, NetworkSettings } = entry;
  const networks = Object.entries(NetworkSettings?.Networks ?? {});
  const health = State.Health?.Status ?? 'none';
  const { RestartPolicy, PortBindings, PublishAllPorts, NetworkMode } = HostConfig ?? {};
  return containerSchema.parse({
    id: Id,
    // Docker writes names with the slash of the long gone container links.
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    labels: Config.Labels ?? {},
    networkAliases: [
      ...new Set(networks.flatMap(([, { Aliases, DNSNames }]) => [...(Aliases ?? []), ...(DNSNames ?? [])])),
    ],
    running: State.Running,
    paused: State.Paused,
    restarting: State.Restarting,
    dead: State.Dead,
    status: State.Status,
    health: healthStates.has(health) ? health : 'none',
    healthCheck: healthCheckOf(Config.Healthcheck),
    healthOutput: words(State.Health?.Log?.at(-1)?.Output ?? ''),
    createdAt: Created,
    startedAt: State.StartedAt,
    finishedAt: State.FinishedAt,
    restartCount: RestartCount,
    restartPolicy: { name: RestartPolicy?.Name || 'no', maxRetries: RestartPolicy?.MaximumRetryCount ?? 0 },
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    error: words(State.Error),
    publishesPorts: PublishAllPorts === true || Object.keys(PortBindings ?? {}).length > 0,
    networkMode: NetworkMode ?? '',
    networks: networks.map(([name]) => name),
    addresses: networks
      .flatMap(([, { IPAddress, GlobalIPv6Address }]) => [IPAddress, GlobalIPv6Address])
      .filter((address) => address !== ''),
    hostPorts: Object.values(PortBindings ?? {})
      .flatMap((bindings) => (bindings ?? []).map(({ HostPort }) => Number(HostPort)))
      .filter((port) => port > 0),
    dataSigns: signsOf(entry),
  });
}

function signsOf({ Path, Args, Mounts, Config, HostConfig }: Entry): Container['dataSigns'] {
  const keys = (record: object | null | undefined): string[] => Object.keys(record ?? {});
  return dataSigns({
    variables: (Config.Env ?? []).map((each) => each.replace(/=.*$/s, '')),
    ports: [...keys(Config.ExposedPorts), ...keys(HostConfig?.PortBindings)],
    folders: [
      ...(Mounts ?? []).flatMap(({ Destination, Source }) => [Destination, Source]),
      ...keys(Config.Volumes),
      ...keys(HostConfig?.Tmpfs),
    ],
    volumes: (Mounts ?? []).map(({ Name }) => Name),
    commands: [Config.Entrypoint ?? [], Config.Cmd ?? [], [Path, ...(Args ?? [])]],
    healthCheck: (Config.Healthcheck?.Test ?? []).slice(1),
  });
}

function healthCheckOf(check: Entry['Config']['Healthcheck']): HealthCheck | null {
  const [how] = check?.Test ?? [];
  if (check == null || how === undefined || how === 'NONE') return null;
  const seconds = (nanoseconds: number | null | undefined): number => (nanoseconds ?? 0) / 1e9;
  return {
    intervalSec: seconds(check.Interval) || checkDefaults.intervalSec,
    timeoutSec: seconds(check.Timeout) || checkDefaults.timeoutSec,
    startPeriodSec: seconds(check.StartPeriod),
    retries: check.Retries || checkDefaults.retries,
  };
}

/** What a program or Docker said, in one line, without secrets. */
const words = (text: string): string => redactShort(text.trim().replace(/\s+/g, ' ')).slice(0, longestWords);

/** Reads the whole output of `docker container inspect`: a list, empty where nothing was found. Throws like `containerOf`. */
export function containersOf(output: string): Container[] {
  return described(output).map(({ container }) => container);
}

/** The same, with what each container depends on. */
export function described(output: string): { container: Container; mentions: Mention[] }[] {
  return z
    .array(z.unknown())
    .parse(JSON.parse(output))
    .map((entry) => {
      const container = containerOf(entry);
      const { Env } = z
        .object({ Config: z.object({ Env: z.array(z.string()).nullish() }) })
        .parse(entry).Config;
      return { container, mentions: mentionsOf(Env ?? [], container.labels) };
    });
}
