import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Estate } from '../domain/estate.ts';
import { makeBaseline, type Baseline } from './baseline.ts';
import { startBastion } from './bastion.ts';
import type { LabContainer } from './container.ts';
import { defaultContainers, type ContainerSpec } from './container-spec.ts';
import { startEngine } from './engine.ts';
import { writeEstate, type LabEstate } from './estate.ts';
import { startHost, type Delay } from './host.ts';
import { makeKeys, pinHostKeys } from './keys.ts';
import { layOutPrograms } from './programs.ts';
import { Recorder } from './recorder.ts';
import { makeSceneFiles, type SceneFiles } from './scene-files.ts';
import { layOutStub, readStubCalls, type StubCall } from './stub.ts';

export interface LabOptions {
  /** Keys, estate file, records and programs live here. Keys are kept from one start to the next. */
  dir: string;
  /** Default: the momo apps of ADR-013. */
  containers?: readonly ContainerSpec[];
  estate?: LabEstate;
  /** Path of a gate script: the host runs it in each command's place, as sshd does with a forced command. */
  execThroughGate?: string;
  gateArguments?: readonly string[];
  /** Further environment of the host's commands, for a gate. */
  environment?: Readonly<Record<string, string>>;
  /** A `docker` that costs next to nothing and restarts nothing, for benchmarks. */
  stub?: boolean;
}

/**
 * Names and databases of a lab: a container's name is lost by taking it off its network, and its database refuses by
 * failing its own health check, as on a real engine. Anything else is what the host itself resolves and reaches.
 */
type Scene = Pick<SceneFiles, 'names' | 'postgresReady'>;

/** A bastion and a host behind it, on loopback, speaking real SSH to the real `ssh` and running real processes. */
export interface Lab extends Scene {
  readonly dir: string;
  readonly estateFile: string;
  readonly estate: Estate;
  readonly ports: { bastion: number; target: number };
  /** What the host really received and what really happened to its containers. */
  readonly runs: Recorder;
  readonly containers: readonly LabContainer[];
  /** Passwords that stand in the containers' environments: they must turn up nowhere else. */
  readonly secrets: readonly string[];
  /** Throws when there is no such container. */
  container(name: string): LabContainer;
  /** Drops every SSH connection at once. */
  cutConnections(): void;
  /** Whether connections are refused there. */
  refuse(which: 'bastion' | 'host', refused: boolean): Promise<void>;
  /** Whether connections are taken there and never answered. */
  freeze(which: 'bastion' | 'host', frozen: boolean): void;
  /** Delays the next matching command. */
  delayNext(delay: Delay): void;
  /** How many sessions the host takes on one connection (sshd's MaxSessions; 10 at the start). */
  limitSessions(most: number): void;
  /** How many connections the two servers have taken. */
  connections(): { bastion: number; host: number };
  baseline(): Baseline;
  /** Calls of the stub `docker` so far. */
  stubCalls(): Promise<StubCall[]>;
  close(): Promise<void>;
}

/** Starts a lab. Needs the OpenSSH client tools; throws when the folder can't be written. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const dir = resolve(options.dir);
  const stub = options.stub ?? false;
  const stubDir = join(dir, 'stub');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // A unix socket's path may have about 100 bytes; the lab's folder may be deeper.
  const socketDir = await mkdtemp(join(tmpdir(), 'ah-lab-'));
  const recorder = new Recorder(dir);
  const { specs, secrets } = withSecrets(options.containers ?? defaultContainers);
  const scene = makeSceneFiles(dir);
  // There too, as a fixed command names its program by a path of plain signs.
  const [keys, { searchPath, programs }] = await Promise.all([
    makeKeys(dir),
    layOutPrograms(socketDir, { stub }),
  ]);
  const engineSocket = join(socketDir, 'engine');
  const engine = stub
    ? { containers: await layOutStub(stubDir, specs, recorder), close: async () => undefined }
    : await startEngine(engineSocket, specs, recorder);
  const host = await startHost({
    hostKey: keys.targetHostKey,
    user: 'ollama',
    authorizedKey: keys.authorizedKey,
    recorder,
    searchPath,
    homeDir: dir,
    environment: {
      ...options.environment,
      LAB_ENGINE: engineSocket,
      LAB_STUB: stubDir,
      LAB_NAMES: scene.namesFile,
      LAB_DATABASES: scene.databasesFile,
    },
    ...(options.execThroughGate === undefined
      ? {}
      : { forcedCommand: [resolve(options.execThroughGate), ...(options.gateArguments ?? [])] }),
  });
  const bastion = await startBastion({
    hostKey: keys.bastionHostKey,
    user: 'wooo',
    authorizedKey: keys.authorizedKey,
    targetPort: host.port,
  });
  const ports = { bastion: bastion.port, target: host.port };
  await pinHostKeys(keys, ports);
  const { file, estate } = await writeEstate(dir, {
    ports,
    containers: specs,
    gate: options.execThroughGate !== undefined,
    programs,
    estate: options.estate ?? {},
  });
  const baseline = await makeBaseline(keys, ports);
  const server = { bastion, host };
  const goingBy = (name: string): LabContainer | undefined =>
    engine.containers.find(({ spec }) => [spec.name, spec.service, ...(spec.aliases ?? [])].includes(name));
  return {
    dir,
    estateFile: file,
    estate,
    ports,
    runs: recorder,
    containers: engine.containers,
    secrets,
    names: {
      set(name, address) {
        const container = goingBy(name);
        if (container === undefined) scene.names.set(name, address);
        else container.connect();
      },
      delete(name) {
        goingBy(name)?.disconnect();
        scene.names.delete(name);
      },
    },
    postgresReady(name, ready) {
      const container = goingBy(name);
      container?.refuseVisitors(ready !== true);
      if (container === undefined) scene.postgresReady(name, ready);
    },
    container(name) {
      const found = engine.containers.find(({ spec }) => spec.name === name);
      if (!found) throw new Error(`the lab has no container ${name}`);
      return found;
    },
    cutConnections() {
      bastion.cut();
      host.cut();
    },
    refuse: (which, refused) => server[which].refuse(refused),
    freeze: (which, frozen) => server[which].freeze(frozen),
    delayNext: (delay) => host.delayNext(delay),
    limitSessions: (most) => host.limitSessions(most),
    connections: () => ({ bastion: bastion.accepted(), host: host.accepted() }),
    baseline: () => baseline,
    stubCalls: () => readStubCalls(stubDir),
    async close() {
      await Promise.all([bastion.close(), host.close()]);
      await engine.close();
      await rm(socketDir, { recursive: true, force: true });
    },
  };
}

/** Gives every container a password in its environment, new at each start, as real ones have. */
function withSecrets(containers: readonly ContainerSpec[]): { specs: ContainerSpec[]; secrets: string[] } {
  const secrets: string[] = [];
  const specs = containers.map((spec) => {
    const password = randomBytes(12).toString('hex');
    secrets.push(password);
    return { ...spec, environment: { POSTGRES_PASSWORD: password, ...spec.environment } };
  });
  return { specs, secrets };
}
