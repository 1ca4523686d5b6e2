import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { z } from 'zod';
import { LabContainer } from './container.ts';
import type { ContainerSpec } from './container-spec.ts';
import { runDocker } from './docker-commands.ts';
import type { Recorder } from './recorder.ts';

/** The lab's container engine: it owns the containers and serves the lab's `docker` on a unix socket. */
export interface Engine {
  readonly containers: readonly LabContainer[];
  close(): Promise<void>;
}

const requestSchema = z.object({ argv: z.array(z.string()), commandId: z.int().nullable() });

/** Creates and starts the containers and listens on `socket`. One JSON line in, one JSON line out. */
export async function startEngine(
  socket: string,
  specs: readonly ContainerSpec[],
  recorder: Recorder,
): Promise<Engine> {
  const containers = specs.map((spec) => new LabContainer(spec, recorder));
  const server = createServer((connection) => {
    let received = '';
    connection.on('error', () => undefined);
    connection.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      if (!received.includes('\n')) return;
      const { argv, commandId } = requestSchema.parse(JSON.parse(received));
      received = '';
      void runDocker(containers, argv, commandId).then((reply) =>
        connection.end(`${JSON.stringify(reply)}\n`),
      );
    });
  });
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  const started = containers.filter(({ spec }) => spec.started !== false);
  await Promise.all(started.map((container) => container.start()));
  return {
    containers,
    async close() {
      server.close();
      await Promise.all(containers.map((container) => container.stop(0)));
    },
  };
}
