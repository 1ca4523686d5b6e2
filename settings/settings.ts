import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** The environment (contract.md). This is the only place that reads it. */

export const environmentSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'a PostgreSQL URL, postgres://user@host/name' })
    .optional(),
  AUTOHEAL_HOME: z.string().min(1).default('.autoheal'),
  AUTOHEAL_ESTATE: z.string().min(1).optional(),
  AUTOHEAL_PLAYBOOKS: z.string().min(1).optional(),
  AUTOHEAL_TASK_QUEUE: z.string().min(1).default('autoheal'),
  AUTOHEAL_HTTP_ADDR: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'host:port, for example 127.0.0.1:8313')
    .default('127.0.0.1:8313'),
  AUTOHEAL_API_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  TELEGRAM_BOT_TOKEN: z.string().min(1).optional(),
  TELEGRAM_API_ROOT: z.url().optional(),
  AUTOHEAL_LOCALE: z.enum(['en', 'zh-TW']).default('en'),
  AUTOHEAL_TEMPORAL_UI: z.url().optional(),
  AUTOHEAL_CODEC_KEY: z.string().min(1).optional(),
  AUTOHEAL_METRICS_ADDR: z
    .string()
    .regex(/^[^\s]+:\d{1,5}$/, 'host:port, for example 0.0.0.0:9464')
    .optional(),
  AUTOHEAL_SENTRY_SECRET: z.string().min(8, 'at least 8 characters').optional(),
  AUTOHEAL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  EMBEDDING_URL: z.url().optional(),
  EMBEDDING_MODEL: z.string().min(1).optional(),
  EMBEDDING_API: z.enum(['ollama', 'openai']).default('ollama'),
  EMBEDDING_API_KEY: z.string().min(1).optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_PROFILE: z.string().min(1).optional(),
  TEMPORAL_CONFIG_FILE: z.string().min(1).optional(),
  // Read by Temporal's own environment configuration; here so that every way to start AutoHeal hands them on.
  TEMPORAL_TLS: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional(),
  /** Pinged after each canary that went all the way; whoever knows it can keep the alarm silent. */
  AUTOHEAL_HEARTBEAT_URL: z.url().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

/** What nobody else may know: each also comes from a file, `NAME_FILE`, and is removed wherever an output repeats it. */
export const secretSettings = [
  'DATABASE_URL',
  'AUTOHEAL_API_TOKEN',
  'TELEGRAM_BOT_TOKEN',
  'AUTOHEAL_CODEC_KEY',
  'AUTOHEAL_SENTRY_SECRET',
  'EMBEDDING_API_KEY',
  'TEMPORAL_API_KEY',
  'AUTOHEAL_HEARTBEAT_URL',
] as const satisfies readonly (keyof Environment)[];

export type Environment = z.infer<typeof environmentSchema>;

export interface Config extends Environment {
  /** Absolute path of the state folder. */
  home: string;
  /** Absolute path of the estate file, or null where the embedded lab serves. */
  estateFile: string | null;
  http: { host: string; port: number; loopback: boolean };
  /** True where neither TEMPORAL_ADDRESS nor a Temporal profile is set. */
  embeddedTemporal: boolean;
  /** Where programs are looked for (`PATH`). */
  searchPath: string;
}

/** Thrown when the environment is wrong; names each variable and what was expected. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
}

/**
 * Every value may come from a file instead: `NAME_FILE`. An empty value counts as absent, as in Compose files, and so
 * does an empty file: a secret that is not wanted.
 */
function readVariable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  const file = env[`${name}_FILE`];
  if (value !== undefined && value !== '') return value;
  if (file === undefined || file === '' || name === 'TEMPORAL_CONFIG') return undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigProblem(`${name}_FILE: ${file} can't be read (${why}). Mount it, or correct the path.`);
  }
}

/** @throws ConfigProblem */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const raw = Object.fromEntries(
    Object.keys(environmentSchema.shape).map((name) => [name, readVariable(env, name)]),
  );
  const parsed = environmentSchema.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigProblem(`The environment is wrong:\n${problems.join('\n')}`);
  }
  const {
    AUTOHEAL_HTTP_ADDR,
    AUTOHEAL_API_TOKEN,
    AUTOHEAL_HOME,
    AUTOHEAL_ESTATE,
    TEMPORAL_ADDRESS,
    TEMPORAL_PROFILE,
  } = parsed.data;
  const at = AUTOHEAL_HTTP_ADDR.lastIndexOf(':');
  const host = AUTOHEAL_HTTP_ADDR.slice(0, at).replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\./.test(host);
  if (!loopback && AUTOHEAL_API_TOKEN === undefined) {
    throw new ConfigProblem(
      `AUTOHEAL_HTTP_ADDR: ${AUTOHEAL_HTTP_ADDR} is not loopback, so AUTOHEAL_API_TOKEN (or AUTOHEAL_API_TOKEN_FILE) is required.`,
    );
  }
  return {
    ...parsed.data,
    home: resolve(AUTOHEAL_HOME),
    estateFile: AUTOHEAL_ESTATE === undefined ? defaultEstate() : resolve(AUTOHEAL_ESTATE),
    http: { host, port: Number(AUTOHEAL_HTTP_ADDR.slice(at + 1)), loopback },
    embeddedTemporal: TEMPORAL_ADDRESS === undefined && TEMPORAL_PROFILE === undefined,
    searchPath: env['PATH'] ?? '',
  };
}

const settingNames = /^(?:AUTOHEAL|TELEGRAM|TEMPORAL|EMBEDDING)_|^DATABASE_URL/;

/**
 * This process's environment for a child, with what is told to it in addition.
 * @param options.isolated leave AutoHeal's own settings out: the child gets only what is told
 */
export function childEnvironment(
  more: Record<string, string>,
  { isolated = false } = {},
): Record<string, string> {
  const own = Object.entries(process.env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .filter(([name]) => !isolated || !settingNames.test(name));
  return { ...Object.fromEntries(own), ...more };
}

/** `estate.yaml` beside the caller where there is one. */
function defaultEstate(): string | null {
  const file = resolve('estate.yaml');
  try {
    readFileSync(file);
    return file;
  } catch {
    return null;
  }
}
