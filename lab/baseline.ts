import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bastionName, hostName } from './estate.ts';
import type { LabKeys } from './keys.ts';

/** What a benchmark compares with: a plain `ssh -J bastion host …`, a new connection each time. */
export interface Baseline {
  program: 'ssh';
  /** Everything before the remote command. */
  args: readonly string[];
}

/** Writes the plain configuration that a person would have in `~/.ssh/config`: nothing in it is tuned. */
export async function makeBaseline(
  keys: LabKeys,
  ports: { bastion: number; target: number },
): Promise<Baseline> {
  const host = (name: string, port: number, user: string): string =>
    [
      `Host ${name}`,
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile "${keys.identityFile.replaceAll('%', '%%')}"`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile "${keys.knownHostsFile.replaceAll('%', '%%')}"`,
      '  BatchMode yes',
      '',
    ].join('\n');
  const file = join(keys.configDir, 'plain_ssh_config');
  await writeFile(file, host(bastionName, ports.bastion, 'wooo') + host(hostName, ports.target, 'ollama'), {
    mode: 0o600,
  });
  return { program: 'ssh', args: ['-F', file, '-J', bastionName, hostName] };
}
