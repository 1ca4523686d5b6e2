/** Reads options as docker does: `-t 5`, `-t=5`, `--time 5`, `--time=5`, `-aq`. Throws docker's words for another. */
export function readOptions(
  words: readonly string[],
  known: Readonly<Record<string, 'flag' | 'value'>>,
): { options: Record<string, string>; names: string[] } {
  const options: Record<string, string> = {};
  const names: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const option = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word);
    if (!option) {
      names.push(word);
      continue;
    }
    const [, dashes, name = '', given] = option;
    const letters = dashes === '-' && known[name] === undefined ? [...name] : [name];
    for (const letter of letters) {
      const kind = known[letter];
      if (kind === undefined) {
        throw new Error(
          dashes === '-' ? `unknown shorthand flag: '${letter}' in ${word}` : `unknown flag: ${word}`,
        );
      }
      if (kind === 'flag') options[letter] = 'true';
      else {
        const value = given ?? rest.shift();
        if (value === undefined) throw new Error(`flag needs an argument: ${word}`);
        options[letter] = value;
      }
    }
  }
  return { options, names };
}
