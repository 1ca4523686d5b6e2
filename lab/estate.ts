import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { estateSchema, type Estate } from '../domain/estate.ts';
import type { ContainerSpec } from './container-spec.ts';

/** What the estate file of a lab says beyond its two hosts; as YAML has it, defaults left out. */
export interface LabEstate {
  targets?: Readonly<Record<string, object>>;
  tasks?: Readonly<Record<string, object>>;
  protected?: readonly string[];
  restartableDatabases?: readonly string[];
  limits?: object;
  notify?: object;
  programs?: Readonly<Record<string, string>>;
  codeFix?: object;
}

export const bastionName = 'bastion-110';
export const hostName = 'ollama-188';

/** Writes `<dir>/estate.yaml`: the two hosts on this start's ports, and every container as a target unless told otherwise. */
export async function writeEstate(
  dir: string,
  options: {
    ports: { bastion: number; target: number };
    containers: readonly ContainerSpec[];
    gate: boolean;
    programs: Readonly<Record<string, string>>;
    estate: LabEstate;
  },
): Promise<{ file: string; estate: Estate }> {
  const { ports, containers, gate, programs, estate } = options;
  const content = {
    hosts: {
      [bastionName]: {
        address: '127.0.0.1',
        port: ports.bastion,
        user: 'wooo',
        identityFile: 'config/autoheal_id_ed25519',
        knownHostsFile: 'config/known_hosts',
      },
      [hostName]: {
        address: '127.0.0.1',
        port: ports.target,
        user: 'ollama',
        jump: bastionName,
        ...(gate ? { gate } : {}),
      },
    },
    targets: Object.fromEntries(
      containers.map(({ name, aliases = [] }) => [
        name,
        { host: hostName, ...(aliases.length > 0 ? { aliases } : {}) },
      ]),
    ),
    programs,
    ...estate,
  };
  const parsed = estateSchema.parse(content);
  const file = join(dir, 'estate.yaml');
  await writeFile(file, stringify(content), { mode: 0o600 });
  return { file, estate: parsed };
}
