/** One word of a template: a literal that stands for itself, or a parameter with a shape. */
export interface TemplateWord {
  shown: string;
  accepts: (word: string) => boolean;
  /** What is expected, for people. Null for a literal. */
  expected: string | null;
}

/**
 * Shapes of the named parameters. Each begins with a letter or a digit, so that no value can be read as an option
 * or as an absolute path, and none holds a character that means anything to a shell.
 */
export const parameterShapes: Readonly<Record<string, { shape: RegExp; expected: string }>> = {
  name: {
    shape: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
    expected: 'a container or network name: 1 to 128 letters, digits, _ . - and a letter or digit first',
  },
  host: {
    shape: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,252}$/,
    expected: 'a host name or IPv4 address: 1 to 253 letters, digits, _ . - and a letter or digit first',
  },
  unit: {
    shape: /^[A-Za-z0-9][A-Za-z0-9_.@:-]{0,127}$/,
    expected: 'a systemd unit: 1 to 128 letters, digits, _ . @ : - and a letter or digit first',
  },
};

const numberRange = /^<(\d+)\.\.(\d+)>$/;
const wholeNumber = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Reads one word of a template's pattern.
 * @throws Error for a parameter that has no shape: a mistake in the table itself.
 */
export function templateWord(word: string, shapes = parameterShapes): TemplateWord {
  const range = numberRange.exec(word);
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    const accepts = (value: string) =>
      wholeNumber.test(value) && Number(value) >= low && Number(value) <= high;
    return { shown: word, accepts, expected: `a whole number from ${low} to ${high}` };
  }
  if (!word.startsWith('<')) return { shown: word, accepts: (value) => value === word, expected: null };
  const parameter = shapes[word.slice(1, -1)];
  if (parameter === undefined) throw new Error(`the allowlist uses ${word}, which has no shape`);
  // A regular expression's `$` alone would let a final newline pass in some engines: the whole word counts.
  const accepts = (value: string) => parameter.shape.exec(value)?.[0] === value;
  return { shown: word, accepts, expected: parameter.expected };
}
