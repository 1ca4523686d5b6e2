/** A command as its sender wrote it, without its name's decoration. */
export interface Command {
  /** In small letters, with its slash: `/pause`. */
  name: string;
  /** The words after it. */
  args: string[];
  /** All that comes after it, as it was written. */
  rest: string;
}

/**
 * Reads a command. One that is addressed to another bot (`/pause@other_bot`) is not ours: a group may have several,
 * and whoever is an admin of it, or has its privacy mode off, receives them all.
 * @param me our own user name, without the `@`; null where it is not known yet: then nothing addressed is ours
 * @returns null for what is no command of ours
 */
export function readCommand(text: string, me: string | null): Command | null {
  const [, name, addressee, rest = ''] =
    /^(\/[a-z0-9_]{1,32})(?:@([a-z0-9_]+))?(?:\s+([^]*))?$/i.exec(text.trim()) ?? [];
  if (name === undefined) return null;
  if (addressee !== undefined && addressee.toLowerCase() !== me?.toLowerCase()) return null;
  const written = rest.trim();
  return { name: name.toLowerCase(), args: written === '' ? [] : written.split(/\s+/), rest: written };
}
