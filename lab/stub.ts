import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabContainer } from './container.ts';
import type { ContainerSpec } from './container-spec.ts';
import { inspectEntry } from './docker-inspect.ts';
import type { Recorder } from './recorder.ts';

/** One call of the stub `docker`: when it began, and with what. */
export interface StubCall {
  atEpochMs: number;
  commandLine: string;
}

/** Stores what the stub `docker` answers: every container runs and is healthy. */
export async function layOutStub(
  dir: string,
  specs: readonly ContainerSpec[],
  recorder: Recorder,
): Promise<LabContainer[]> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const containers = specs.map((spec) => new LabContainer(spec, recorder));
  await Promise.all(
    containers.map(async (container) => {
      const state = {
        ...{ Status: 'running', Running: true, OOMKilled: false, ExitCode: 0, Health: { Status: 'healthy' } },
        StartedAt: new Date().toISOString(),
      };
      const entry = { ...inspectEntry(container), State: state };
      await writeFile(join(dir, `${container.id}.json`), `${JSON.stringify([entry], null, 4)}\n`);
      await writeFile(join(dir, `${container.spec.name}.id`), `${container.id}\n`);
    }),
  );
  return containers;
}

export async function readStubCalls(dir: string): Promise<StubCall[]> {
  const text = await readFile(join(dir, 'calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [nanoseconds = '0', ...words] = line.split(' ');
      return { atEpochMs: Number(nanoseconds) / 1e6, commandLine: `docker ${words.join(' ')}` };
    });
}
