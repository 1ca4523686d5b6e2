import { estateSchema, type Estate } from '../domain/estate.ts';
import { FileProblem, parseYaml, readYamlFile } from './yaml-file.ts';

/**
 * Reads the estate file (contract.md), and checks what it refers to.
 * @throws FileProblem naming line and field
 */
export function readEstate(file: string): Estate {
  return checked(file, readYamlFile(file, estateSchema));
}

/** The same for text at hand; `file` is what problems are named by. @throws FileProblem */
export function parseEstate(file: string, text: string): Estate {
  return checked(file, parseYaml(file, text, estateSchema));
}

function checked(file: string, estate: Estate): Estate {
  const problems: string[] = [];
  const wantHost = (host: string | undefined, where: string): void => {
    if (host !== undefined && !Object.hasOwn(estate.hosts, host)) {
      problems.push(`${file}: ${where}: there is no host "${host}" under hosts`);
    }
  };
  for (const [name, host] of Object.entries(estate.hosts)) {
    wantHost(host.jump, `hosts.${name}.jump`);
    const jump = host.jump === undefined ? undefined : estate.hosts[host.jump];
    if (jump?.jump !== undefined)
      problems.push(`${file}: hosts.${name}.jump: a jump host can't have a jump of its own`);
    if ((host.identityFile ?? jump?.identityFile) === undefined) {
      problems.push(`${file}: hosts.${name}.identityFile: missing, and its jump host has none either`);
    }
    if ((host.knownHostsFile ?? jump?.knownHostsFile) === undefined) {
      problems.push(`${file}: hosts.${name}.knownHostsFile: missing, and its jump host has none either`);
    }
  }
  for (const [name, target] of Object.entries(estate.targets)) wantHost(target.host, `targets.${name}.host`);
  for (const [name, task] of Object.entries(estate.tasks)) {
    wantHost(task.host, `tasks.${name}.host`);
    if (task.target !== undefined && !Object.hasOwn(estate.targets, task.target)) {
      problems.push(`${file}: tasks.${name}.target: there is no target "${task.target}" under targets`);
    }
  }
  wantHost(estate.codeFix?.host, 'codeFix.host');
  if (problems.length > 0) throw new FileProblem(problems);
  return estate;
}
