import {
  everydayNames,
  marks,
  names,
  systemNames,
  type RefusalKind,
  type WordTable,
} from './refused-words.ts';

/** What a person is told about each kind. */
export const kindMeans: Readonly<Record<RefusalKind, string>> = {
  'container-engine': 'it reaches a container engine',
  'service-manager': 'it reaches a service manager',
  'power-button': 'it reaches the power button',
  socket: 'it reaches a socket, an engine’s too',
  'way-round': 'it is a way round the names of programs',
  wrapper: 'it runs other commands',
  shell: 'it runs other commands',
  'inline-code': 'it takes code as an argument, or runs other commands',
  destroys: 'it ends processes, or destroys what a database needs',
};

const systemFolder = /^\/(?:usr\/|s?bin\/|snap\/|nix\/|opt\/local\/|home\/linuxbrew\/)/;
const variant =
  /[-.](?:static|traditional|openbsd|basic|tiny|nox|gtk|real|distrib|orig|original|old|bin|dbg|debug|exe|dpkg|gnu)$/;

const ofSomeVersion = /^([a-z][a-z-]*?)[-_.]?[0-9][a-z0-9_.-]*$/;
const script = /\.(?:sh|py|js|mjs|cjs|ts|pl|rb|php|lua|jar|r)$/;

/** A program's name as its path ends, in small letters, and without a packager's suffix or a version. */
export function readingsOf(path: string): string[] {
  const name = path.toLowerCase().replace(/\/+$/, '').split('/').at(-1) ?? '';
  const plain = name.replace(variant, '');
  const base = script.test(plain) ? plain : plain.replace(ofSomeVersion, '$1');
  return [...new Set([name, plain, base])];
}

function kindIn(table: WordTable, readings: readonly string[]): RefusalKind | null {
  for (const reading of readings) {
    for (const [kind, listed] of Object.entries(table)) {
      if (listed.includes(reading)) return kind as RefusalKind;
    }
  }
  return null;
}

/** Why this word may stand nowhere in a fixed command, or null. An option's own name is not taken for a program. */
export function refusedWord(word: string): RefusalKind | null {
  const small = word.toLowerCase();
  for (const [kind, listed] of Object.entries(marks)) {
    if (listed.some((mark) => small.includes(mark))) return kind as RefusalKind;
  }
  const pieces = small.split(/[^a-z0-9._/-]/);
  for (const [at, piece] of pieces.entries()) {
    const optionName = at === 0 && piece.startsWith('-');
    if (optionName && !piece.includes('/')) continue;
    const readings = readingsOf(piece);
    const kind = kindIn(names, readings);
    if (kind !== null) return kind;
    if (pieces.length === 1 || piece.includes('/')) {
      const everyday = kindIn(everydayNames, readings);
      if (everyday !== null) return everyday;
    }
    if (systemFolder.test(piece)) {
      const system = kindIn(systemNames, readings);
      if (system !== null) return system;
    }
  }
  return null;
}
