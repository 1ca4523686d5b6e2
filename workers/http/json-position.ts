/** Where a text stops being JSON: the place and what stands there. V8 names a place for some mistakes only. */
export interface JsonFault {
  offset: number;
  line: number;
  column: number;
  found: string;
}

const SPACE = /[ \t\n\r]*/y;
// Unrolled, so that a long or unfinished string is looked at once.
const TOKEN =
  /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[{}[\],:]/y;

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'comma or end' | 'nothing';

/** Finds the first token that cannot stand where it stands; null for JSON. */
const faultOffset = (text: string): number | null => {
  const open: ('{' | '[')[] = [];
  let expect: Expect = 'value';
  let offset = 0;
  const afterValue = (): Expect => (open.length > 0 ? 'comma or end' : 'nothing');
  for (;;) {
    SPACE.lastIndex = offset;
    offset += SPACE.exec(text)?.[0].length ?? 0;
    if (offset === text.length) return expect === 'nothing' ? null : offset;
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return offset;
    const isString = token.startsWith('"');
    const container = open.at(-1);
    const takesValue: boolean = expect === 'value' || expect === 'value or ]';
    if (takesValue && (token === '{' || token === '[')) {
      open.push(token);
      expect = token === '{' ? 'key or }' : 'value or ]';
    } else if (takesValue && (isString || /^[-\dtfn]/.test(token))) {
      expect = afterValue();
    } else if ((expect === 'key' || expect === 'key or }') && isString) {
      expect = ':';
    } else if (expect === ':' && token === ':') {
      expect = 'value';
    } else if (expect === 'comma or end' && token === ',') {
      expect = container === '{' ? 'key' : 'value';
    } else if (
      (token === '}' && container === '{' && (expect === 'key or }' || expect === 'comma or end')) ||
      (token === ']' && container === '[' && (expect === 'value or ]' || expect === 'comma or end'))
    ) {
      open.pop();
      expect = afterValue();
    } else {
      return offset;
    }
    offset += token.length;
  }
};

/** Says where `text` stops being JSON, null where it doesn't. One pass, whatever the text. */
export const findJsonFault = (text: string): JsonFault | null => {
  const offset = faultOffset(text);
  if (offset === null) return null;
  const before = text.slice(0, offset).split('\n');
  const found = offset === text.length ? 'the end' : JSON.stringify(text.slice(offset, offset + 1));
  return { offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, found };
};
