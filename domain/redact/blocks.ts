import { removed } from './mark.ts';

/** Secrets that go over several lines: keys in PEM form, and the environment in `docker inspect`. */
export function redactBlocks(text: string): string {
  return redactEnvLines(redactEnvArrays(redactPrivateKeys(text)));
}

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** One pass from BEGIN to END; a key whose end was cut off goes to the end of the text. */
function redactPrivateKeys(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    keyBegin.lastIndex = at;
    const begin = keyBegin.exec(text);
    if (begin === null) break;
    keyEnd.lastIndex = keyBegin.lastIndex;
    const end = keyEnd.exec(text);
    parts.push(text.slice(at, begin.index), removed);
    if (end === null) return parts.join('');
    at = keyEnd.lastIndex;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

const envBegin = /"Env"\s{0,20}:\s{0,20}\[/g;
const jsonString = /\s{0,200},?\s{0,200}"((?:[^"\\]|\\.)*)(?:"|$)/y;

/** `docker inspect` prints a container's whole environment: names stay, no value does. */
function redactEnvArrays(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    envBegin.lastIndex = at;
    const begin = envBegin.exec(text);
    if (begin === null) break;
    parts.push(text.slice(at, envBegin.lastIndex));
    at = envBegin.lastIndex;
    for (;;) {
      jsonString.lastIndex = at;
      const entry = jsonString.exec(text);
      if (entry === null) break;
      parts.push(entry[0].replace(/(=)[\s\S]*?("?)$/, `$1${removed}$2`));
      at = jsonString.lastIndex;
    }
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/**
 * The same where the output was cut and the array's begin is missing: whole lines, names in capitals anywhere, and
 * the rest of a value that the cut went through.
 */
function redactEnvLines(text: string): string {
  return text
    .replace(
      /^([ \t]{0,80}"[A-Za-z_][A-Za-z0-9_]{0,100}=)(?:[^"\\\n]|\\.)*("?,?[ \t]{0,20})$/gm,
      `$1${removed}$2`,
    )
    .replace(/("[A-Z_][A-Z0-9_]{0,100}=)(?:[^"\\\n]|\\.)+/g, `$1${removed}`)
    .replace(
      /^[^"\n]{1,4000}(?=",?[ \t]{0,20}\n[ \t]{0,80}(?:"[A-Za-z_][A-Za-z0-9_]{0,100}=|\]))/gm,
      removed,
    );
}
