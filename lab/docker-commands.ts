import type { LabContainer } from './container.ts';
import type { Cause } from './container-view.ts';
import { inspectEntry } from './docker-inspect.ts';
import { psFields, psTable, table } from './docker-table.ts';
import { renderTemplate } from './go-template.ts';
import { readOptions } from './options.ts';

export interface DockerReply {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const says = (stdout: string): DockerReply => ({ exitCode: 0, stdout, stderr: '' });
const fails = (stderr: string, exitCode = 1, stdout = ''): DockerReply => ({
  exitCode,
  stdout,
  stderr: `${stderr}\n`,
});

/** Carries out one docker command line on the lab's containers, with docker's words and exit codes. */
export async function runDocker(
  containers: readonly LabContainer[],
  argv: readonly string[],
  commandId: number | null,
): Promise<DockerReply> {
  const [first = '', ...others] = argv;
  const grouped = first === 'container';
  const [command = '', ...words] = grouped ? others : argv;
  const cause: Cause = { by: `docker ${argv.join(' ')}`, commandId };
  try {
    switch (command) {
      case 'inspect':
        return inspect(containers, words, grouped ? 'container' : 'object');
      case 'ps':
        return ps(containers, words);
      case 'ls':
        return grouped ? ps(containers, words) : unknownCommand(command);
      case 'restart':
      case 'stop': {
        const { options, names } = readOptions(words, { t: 'value', time: 'value' });
        const timeoutSec = Number(options['t'] ?? options['time'] ?? 10);
        return await each(containers, command, names, (container) => container[command](timeoutSec, cause));
      }
      case 'start':
        return await each(containers, command, words, (container) => container.start(cause));
      case 'logs':
        return logs(containers, words);
      case 'stats':
        return stats(containers, words);
      case 'version':
        return says(
          'Client:\n Version:           20.10.24\nServer:\n Engine:\n  Version:          20.10.24\n',
        );
      case 'exec':
        return fails('Error response from daemon: exec is not offered here', 126);
      default:
        return unknownCommand(command);
    }
  } catch (error) {
    return fails(error instanceof Error ? error.message : String(error));
  }
}

const unknownCommand = (command: string): DockerReply =>
  fails(`docker: '${command}' is not a docker command.\nSee 'docker --help'`);

/** Full id, exact name, then the beginning of an id: docker's own order. Throws docker's words. */
function find(containers: readonly LabContainer[], name: string): LabContainer | undefined {
  const exact = containers.find(({ id, spec }) => id === name || spec.name === name.replace(/^\//, ''));
  if (exact) return exact;
  const begun = /^[0-9a-f]+$/.test(name) ? containers.filter(({ id }) => id.startsWith(name)) : [];
  if (begun.length > 1)
    throw new Error(`Error response from daemon: Multiple IDs found with provided prefix: ${name}`);
  return begun[0];
}

function inspect(containers: readonly LabContainer[], words: string[], noun: string): DockerReply {
  const { options, names } = readOptions(words, {
    f: 'value',
    format: 'value',
    type: 'value',
    s: 'flag',
    size: 'flag',
  });
  if (names.length === 0) return fails('"docker inspect" requires at least 1 argument.');
  const found = names.map((name) => find(containers, name));
  const entries = found.flatMap((container) => (container ? [inspectEntry(container)] : []));
  const format = options['f'] ?? options['format'];
  const stdout =
    format === undefined
      ? `${JSON.stringify(entries, null, 4)}\n`
      : entries.map((entry) => `${renderTemplate(format, entry)}\n`).join('');
  const missing = names.filter((_, at) => !found[at]);
  if (missing.length === 0) return says(stdout);
  return fails(missing.map((name) => `Error: No such ${noun}: ${name}`).join('\n'), 1, stdout);
}

function ps(containers: readonly LabContainer[], words: string[]): DockerReply {
  const { options } = readOptions(words, {
    ...{ a: 'flag', all: 'flag', q: 'flag', quiet: 'flag', 'no-trunc': 'flag', format: 'value' },
  });
  const all = options['a'] ?? options['all'];
  const shown = containers.filter((container) => all !== undefined || container.view().running);
  const noTrunc = options['no-trunc'] !== undefined;
  const fields = shown.map((container) => psFields(container, noTrunc));
  if ((options['q'] ?? options['quiet']) !== undefined)
    return says(fields.map(({ ID }) => `${ID}\n`).join(''));
  const { format } = options;
  if (format === undefined) return says(psTable(shown, noTrunc));
  const template = format === 'json' ? '{{json .}}' : format;
  return says(fields.map((each) => `${renderTemplate(template, each)}\n`).join(''));
}

async function each(
  containers: readonly LabContainer[],
  command: string,
  names: readonly string[],
  act: (container: LabContainer) => Promise<void>,
): Promise<DockerReply> {
  if (names.length === 0) return fails(`"docker ${command}" requires at least 1 argument.`);
  const errors: string[] = [];
  let stdout = '';
  for (const name of names) {
    const container = find(containers, name);
    if (container) {
      await act(container);
      stdout += `${name}\n`;
    } else errors.push(`Error response from daemon: No such container: ${name}`);
  }
  return errors.length === 0 ? says(stdout) : fails(errors.join('\n'), 1, stdout);
}

function logs(containers: readonly LabContainer[], words: string[]): DockerReply {
  const { options, names } = readOptions(words, {
    ...{ n: 'value', tail: 'value', t: 'flag', timestamps: 'flag' },
  });
  const [name] = names;
  if (name === undefined) return fails('"docker logs" requires exactly 1 argument.');
  const container = find(containers, name);
  if (!container) return fails(`Error: No such container: ${name}`);
  const tail = Number(options['tail'] ?? options['n'] ?? Infinity);
  const stamped = (options['t'] ?? options['timestamps']) !== undefined;
  const lines = tail > 0 ? container.logs.slice(-tail) : [];
  return says(lines.map(({ at, line }) => `${stamped ? `${at} ` : ''}${line}\n`).join(''));
}

function stats(containers: readonly LabContainer[], words: string[]): DockerReply {
  const { options, names } = readOptions(words, { 'no-stream': 'flag' });
  if (options['no-stream'] === undefined) return fails('stats without --no-stream is not offered here');
  const found = names.map((name) => find(containers, name));
  if (found.includes(undefined)) return fails('Error response from daemon: No such container');
  const chosen = names.length === 0 ? containers : found.filter((container) => container !== undefined);
  const rows = chosen.flatMap((container) =>
    container?.view().running
      ? [[container.id.slice(0, 12), container.spec.name, '0.10%', '1MiB / 1GiB', '0.10%', '1']]
      : [],
  );
  return says(table([['CONTAINER ID', 'NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'PIDS'], ...rows]));
}
