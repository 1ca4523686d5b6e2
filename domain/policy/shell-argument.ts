/**
 * The SSH protocol hands the remote side one string, which a shell there takes apart again. So arguments come
 * from a closed character set in which no character means anything to a shell, and are quoted as well: the set
 * protects against what we forgot about quoting, the quotes against what we forgot about the set (a word with
 * `=` at the start of a line would be an assignment, `%` a job).
 */
export type QuotedCommand = { ok: true; commandLine: string } | { ok: false; reason: string };

const closedSet = /^[A-Za-z0-9_./:=@%+,-]+$/;

export const maxArgumentLength = 255;
export const maxCommandLineLength = 2000;

/**
 * Turns a program and its arguments into the one line that is sent to a host: each word in single quotes, one
 * space between words. Anything outside the closed set `[A-Za-z0-9_./:=@%+,-]`, an empty word, an argument over
 * 255 characters or a line over 2000 is refused with a reason for people. It never throws.
 */
export function quoteArgv(argv: readonly string[]): QuotedCommand {
  if (argv.length === 0) return refuse('there is no program to run');
  for (const [index, argument] of argv.entries()) {
    const what = index === 0 ? 'the program' : `argument ${index}`;
    if (argument === '') return refuse(`${what} is empty`);
    if (argument.length > maxArgumentLength) {
      return refuse(`${what} has ${argument.length} characters; at most ${maxArgumentLength} are allowed`);
    }
    if (!closedSet.test(argument)) {
      return refuse(
        `${what} holds ${describeStranger(argument)}; only letters, digits and _ . / : = @ % + , - are allowed`,
      );
    }
  }
  const commandLine = argv.map((argument) => `'${argument}'`).join(' ');
  if (commandLine.length > maxCommandLineLength) {
    return refuse(
      `the command line has ${commandLine.length} characters; at most ${maxCommandLineLength} are allowed`,
    );
  }
  return { ok: true, commandLine };
}

const refuse = (reason: string): QuotedCommand => ({ ok: false, reason });

/** Names the first character outside the set; by its code point where printing it could deceive the reader. */
function describeStranger(argument: string): string {
  const stranger = [...argument].find((character) => !closedSet.test(character)) ?? '';
  const codePoint = stranger.codePointAt(0) ?? 0;
  const printable = codePoint > 0x20 && codePoint < 0x7f;
  if (printable) return `the character ${stranger}`;
  return codePoint === 0x20
    ? 'a space'
    : `the character U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
