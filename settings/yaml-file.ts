import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** Thrown when a file can't be read or says something wrong; a line for each problem: `file:line: field: what`. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Aliases beyond this are a YAML bomb, not a configuration. */
const maxAliasCount = 50;
const maxBytes = 1_000_000;

/**
 * Reads a YAML file by a schema.
 * @throws FileProblem naming file, line and field of everything that is wrong, unknown keys included
 */
export function readYamlFile<T>(file: string, schema: z.ZodType<T>): T {
  return parseYaml(file, readText(file), schema);
}

/** The same for text at hand; `file` is what problems are named by. */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>): T {
  if (text.length > maxBytes) throw new FileProblem([`${file}: larger than ${maxBytes} bytes`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new FileProblem(
      document.errors.map(
        (error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
      ),
    );
  }
  const parsed = schema.safeParse(toPlain(file, document));
  if (parsed.success) return parsed.data;
  const lineOf = (path: PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range !== undefined) return lines.linePos(range[0]).line;
    }
    return 1;
  };
  const problems = parsed.error.issues.flatMap((issue) => {
    const bad =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return bad.map((path) => {
      const what = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
      return `${file}:${lineOf(path)}: ${path.join('.') || 'the file'}: ${what}`;
    });
  });
  throw new FileProblem(problems);
}

function toPlain(file: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount }) ?? {};
  } catch (error) {
    throw new FileProblem([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new FileProblem([`${file}: ${why}`]);
  }
}
