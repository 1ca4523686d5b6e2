import { execa } from 'execa';
import { access, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The lab's keys, made on the machine at its first start. Paths are absolute; key contents are OpenSSH text. */
export interface LabKeys {
  configDir: string;
  identityFile: string;
  authorizedKey: string;
  bastionHostKey: string;
  targetHostKey: string;
  knownHostsFile: string;
}

/** Makes the ed25519 client key and both host keys below `<dir>/config`, or takes those of an earlier start. */
export async function makeKeys(dir: string): Promise<LabKeys> {
  const configDir = join(dir, 'config');
  await mkdir(configDir, { recursive: true, mode: 0o700 });
  const identityFile = join(configDir, 'autoheal_id_ed25519');
  const bastionKeyFile = join(configDir, 'bastion_host_ed25519');
  const targetKeyFile = join(configDir, 'target_host_ed25519');
  await Promise.all([identityFile, bastionKeyFile, targetKeyFile].map(makeKey));
  return {
    configDir,
    identityFile,
    authorizedKey: await readFile(`${identityFile}.pub`, 'utf8'),
    bastionHostKey: await readFile(bastionKeyFile, 'utf8'),
    targetHostKey: await readFile(targetKeyFile, 'utf8'),
    knownHostsFile: join(configDir, 'known_hosts'),
  };
}

/** Makes one ed25519 key pair without a passphrase, unless the file is there already. */
export async function makeKey(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'autoheal-lab', '-f', path]);
  await chmod(path, 0o600);
}

/** Pins both host keys for the ports of this start, as `ssh-keyscan` would print them. */
export async function pinHostKeys(keys: LabKeys, ports: { bastion: number; target: number }): Promise<void> {
  const line = async (port: number, name: string): Promise<string> => {
    const publicKey = await readFile(join(keys.configDir, `${name}_host_ed25519.pub`), 'utf8');
    return `[127.0.0.1]:${port} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`;
  };
  const lines = [await line(ports.bastion, 'bastion'), await line(ports.target, 'target')];
  await writeFile(keys.knownHostsFile, lines.join(''), { mode: 0o600 });
}
