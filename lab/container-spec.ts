/** What a lab container is, as a compose file would say it. */
export interface ContainerSpec {
  name: string;
  image: string;
  /** `com.docker.compose.service`; default: the name without `momo-`. */
  service?: string;
  /** `com.docker.compose.project`; default `momo`. */
  project?: string;
  /** Further names in the network. */
  aliases?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  /** Default true. */
  healthcheck?: boolean;
  /** Default `no`; `on-failure:3` tries three times. */
  restartPolicy?: 'no' | 'always' | 'unless-stopped' | 'on-failure' | `on-failure:${number}`;
  /** Ports that it offers outside docker, as compose writes them: `8080:80`. */
  ports?: readonly string[];
  /** `container:<name>` to live in another's network namespace. Default: the project's network. */
  networkMode?: string;
  environment?: Readonly<Record<string, string>>;
  fate?: Fate;
  /** Default true. */
  started?: boolean;
}

/** How a container does from its next start on. */
export type Fate =
  | { kind: 'works' }
  /** Its program ends with this exit code (default 1) so long after each start. */
  | { kind: 'dies-after-start'; afterMs: number; exitCode?: number }
  /** It is killed as the kernel kills what ate the memory. */
  | { kind: 'oom-after-start'; afterMs: number }
  /** It runs and never answers its health check. */
  | { kind: 'never-healthy' }
  /** It takes no notice of SIGTERM: docker has to kill it. */
  | { kind: 'ignores-sigterm' };

/** The momo apps of ADR-013, in small: three that may be restarted, and three that hold data. */
export const defaultContainers: readonly ContainerSpec[] = [
  { name: 'momo-scheduler', image: 'momo/scheduler:2026.4', aliases: ['scheduler'] },
  { name: 'momo-web', image: 'momo/web:2026.4' },
  { name: 'momo-worker', image: 'momo/worker:2026.4' },
  { name: 'momo-db', image: 'postgres:16', service: 'momo-db' },
  { name: 'momo-postgres', image: 'postgres:16', service: 'momo-postgres' },
  { name: 'momo-redis', image: 'redis:7' },
];
