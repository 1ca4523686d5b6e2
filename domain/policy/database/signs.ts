import {
  askingPrograms,
  clientVariables,
  dataFolders,
  serverPorts,
  serverPrograms,
  serverVariables,
} from './tables.ts';
import { storeIn } from './store-word.ts';

/** What `docker container inspect` tells that may give a store away. Of variables, only their names count. */
export interface InspectedTraits {
  variables: readonly string[];
  /** As `5432/tcp`. */
  ports: readonly string[];
  /** Where volumes and mounts lead to in the container, and host folders that are mounted. */
  folders: readonly string[];
  /** Names of volumes. */
  volumes: readonly string[];
  /** Each is a program with its arguments: entry point, command, and both together as Docker starts them. */
  commands: readonly (readonly string[])[];
  healthCheck: readonly string[];
}

/**
 * One sign that a container holds data, for people. A strong one decides alone. A weak one, which clients may have
 * too, counts only beside one of another kind, or beside an image or a service that says half of it
 * (domain/policy/database/holds-data.ts).
 */
export interface DataSign {
  kind: 'strong' | 'variables' | 'check' | 'volume';
  /** `mounts /var/lib/mysql` */
  what: string;
}

/** The signs of what a container is, whatever it is called. At most one of each kind. */
export function dataSigns(traits: InspectedTraits): DataSign[] {
  const strong = strongSign(traits);
  const client = traits.variables.find((name) => clientVariables.some((begin) => name.startsWith(begin)));
  const check = startedBy(traits.healthCheck).find((name) => askingPrograms.includes(name));
  const volume = traits.volumes.find((name) => storeIn(name) !== null);
  return [
    ...(strong === null ? [] : [{ kind: 'strong' as const, what: strong }]),
    ...(client === undefined ? [] : [{ kind: 'variables' as const, what: `has the variable ${client}` }]),
    ...(check === undefined ? [] : [{ kind: 'check' as const, what: `is checked by ${check}` }]),
    ...(volume === undefined ? [] : [{ kind: 'volume' as const, what: `has the volume ${volume}` }]),
  ];
}

function strongSign({ folders, ports, commands, variables }: InspectedTraits): string | null {
  const folder = folders.find((path) =>
    dataFolders.some((own) => path === own || path.startsWith(`${own}/`)),
  );
  if (folder !== undefined) return `mounts ${folder}`;
  const port = ports.find((each) => serverPorts.includes(each.split('/')[0] ?? ''));
  if (port !== undefined) return `exposes the port ${port}`;
  const program = commands.flatMap(startedBy).find((name) => serverPrograms.includes(name));
  if (program !== undefined) return `runs ${program}`;
  const variable = variables.find((name) => serverVariables.includes(name));
  return variable === undefined ? null : `has the variable ${variable}`;
}

/** Programs that only start the one that follows; these take a user's name before it. */
const starters =
  /^(?:exec|env|tini|tini-static|dumb-init|catatonit|nice|nohup|--|.*entrypoint.*|gosu|su-exec|setpriv|s6-setuidgid|chpst)$/;
const withUser = /^(?:gosu|su-exec|setpriv|s6-setuidgid|chpst)$/;

/** The programs that a command starts: its first word, what follows one that only starts others, and each in a line of shell. */
function startedBy(command: readonly string[]): string[] {
  const found: string[] = [];
  let left = 1;
  for (const quoted of command) {
    const word = quoted.replace(/["']/g, '');
    if (/[\s;&|]/.test(word)) {
      found.push(...startedIn(word));
      continue;
    }
    if (left === 0 || /^-[^-]|^--.|^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) continue;
    const name = (word.split('/').at(-1) ?? '').toLowerCase();
    found.push(name);
    left -= 1;
    if (starters.test(name)) left = withUser.test(name) ? 2 : 1;
  }
  return found;
}

function startedIn(line: string): string[] {
  return line.split(/[;&|\n]+/).flatMap((part) => startedBy(part.trim().split(/\s+/)));
}
