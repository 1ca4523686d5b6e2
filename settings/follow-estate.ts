import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { estateSchema, type Estate } from '../domain/estate.ts';
import { parseEstate } from './read-estate.ts';
import { FileProblem } from './yaml-file.ts';

/** Which content of the estate file a process goes by. */
export interface EstateInForce {
  /** Null where there is none: everything is told, nothing healed. */
  file: string | null;
  /** Of the content in force: the first 12 hexadecimal digits of its SHA-256. Null where there is no file. */
  hash: string | null;
  /** ISO 8601. */
  since: string;
  /** Why the content that the file has now is not in force. Null: it is. */
  problem: string | null;
}

export interface FollowedEstate {
  /** What is in force now. A content that has just been seen narrows it at once: what it protects is protected. */
  readonly estate: Estate;
  readonly inForce: EstateInForce;
  /** Reads the file now, where waiting for the next look would not do. */
  look(): void;
  stop(): void;
}

export interface FollowOptions {
  file: string | null;
  /** Where a copy of the last good content is kept, for a start at which the file is broken. */
  lastGoodFile?: string;
  /** Where the file is wrong and no good copy is there, begin without an estate instead of not at all. */
  emptyAtWorst?: boolean;
  /** Takes an estate into use, at once and whole. Throws where it makes no sense: it is not in force then. */
  adopt?: (estate: Estate) => void;
  /** Told in a line when a change is in force, and when one is not. */
  log: (line: string, broken: boolean) => void;
  everyMs?: number;
}

/**
 * Reads the estate file, and goes on reading it: a mounted file hides that it was replaced, so its content is
 * looked at. A change is in force when two looks saw the same content, for a file may be seen half written; what it
 * protects is in force at the first. A content that is wrong changes nothing else: the last good one stays.
 * @throws FileProblem when the file is wrong at the start, and there is no copy of a good content
 */
export function followEstate(options: FollowOptions): FollowedEstate {
  const { file, log, everyMs = 1000 } = options;
  const adopt = options.adopt ?? (() => undefined);
  const started = open(options);
  let whole = started.estate;
  let estate = whole;
  let inForce: EstateInForce = {
    file,
    hash: started.hash,
    since: new Date().toISOString(),
    problem: started.problem,
  };
  let candidate: { hash: string; sinceMs: number; judged: boolean } | null = null;
  adopt(estate);
  if (started.problem !== null) log(`${started.problem}\nThe last good content stays in force.`, true);

  const use = (next: Estate): void => {
    adopt(next);
    estate = next;
  };

  function look(): void {
    if (file === null) return;
    const read = readContent(file);
    if (read.hash === inForce.hash) {
      if (candidate !== null && estate !== whole) use(whole);
      if (inForce.problem !== null) log('The estate file has the content again that is in force.', false);
      candidate = null;
      inForce = { ...inForce, problem: null };
      return;
    }
    if (candidate?.hash !== read.hash) {
      candidate = { hash: read.hash, sinceMs: Date.now(), judged: false };
      const narrowed = narrowedBy(whole, read.text);
      if (narrowed !== estate) use(narrowed);
      return;
    }
    if (candidate.judged || Date.now() - candidate.sinceMs < everyMs * 0.9) return;
    candidate.judged = true;
    try {
      const next = contentOf(file, read);
      use(next);
      whole = next;
      candidate = null;
      inForce = { file, hash: read.hash, since: new Date().toISOString(), problem: null };
      if (options.lastGoodFile !== undefined) keep(options.lastGoodFile, read.text ?? '');
      log(`The estate file has changed and is in force (${read.hash}).`, false);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      inForce = { ...inForce, problem: why };
      log(`The estate file has changed and is wrong; the last good content stays in force:\n${why}`, true);
    }
  }

  const timer = file === null ? null : setInterval(() => safely(look, log), everyMs);
  timer?.unref();
  return {
    get estate() {
      return estate;
    },
    get inForce() {
      return inForce;
    },
    look,
    stop() {
      if (timer !== null) clearInterval(timer);
    },
  };
}

/** Where a worker keeps the last good content, in its state folder. */
export const lastGoodEstate = (home: string): string => join(home, 'snapshots', 'estate.yaml');

/** The mark of a content, by which processes and people compare what they go by. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

interface Content {
  hash: string;
  /** Null where the file can't be read. */
  text: string | null;
  why: string;
}

function readContent(file: string): Content {
  try {
    const text = readFileSync(file, 'utf8');
    return { hash: hashOf(text), text, why: '' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const why = code === 'ENOENT' ? 'there is no such file' : `can't be read (${code})`;
    return { hash: `unread ${code}`, text: null, why };
  }
}

/** @throws FileProblem */
function contentOf(file: string, { text, why }: Content): Estate {
  if (text === null) throw new FileProblem([`${file}: ${why}`]);
  // A file that is being written is empty for a moment; whoever wants no hosts says so.
  if (text.trim() === '')
    throw new FileProblem([`${file}: is empty. Where nothing is wanted, write: hosts: {}`]);
  return parseEstate(file, text);
}

function open({ file, lastGoodFile, emptyAtWorst = false }: FollowOptions): {
  estate: Estate;
  hash: string | null;
  problem: string | null;
} {
  if (file === null) return { estate: estateSchema.parse({}), hash: null, problem: null };
  const read = readContent(file);
  try {
    const estate = contentOf(file, read);
    if (lastGoodFile !== undefined) keep(lastGoodFile, read.text ?? '');
    return { estate, hash: read.hash, problem: null };
  } catch (error) {
    const good = lastGoodFile === undefined ? null : readContent(lastGoodFile).text;
    if (!(error instanceof FileProblem) || (good === null && !emptyAtWorst)) throw error;
    if (good === null) return { estate: estateSchema.parse({}), hash: null, problem: error.message };
    const estate = parseEstate(file, good);
    return { estate: narrowedBy(estate, read.text), hash: hashOf(good), problem: error.message };
  }
}

/** What a content protects, taken beside what is in force; anything else of it waits until it is known to be whole. */
function narrowedBy(estate: Estate, text: string | null): Estate {
  const seen = text === null ? null : readLoosely(text);
  if (seen === null) return estate;
  const listed = names(seen['protected']);
  const restartable = names(seen['restartableDatabases']);
  const more = listed.filter((name) => !estate.protected.includes(name));
  const fewer = estate.restartableDatabases.filter((name) => restartable.includes(name));
  if (more.length === 0 && fewer.length === estate.restartableDatabases.length) return estate;
  return { ...estate, protected: [...estate.protected, ...more], restartableDatabases: fewer };
}

function readLoosely(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = parseDocument(text).toJS({ maxAliasCount: 50 });
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const names = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((name): name is string => estateSchema.shape.protected.safeParse([name]).success)
    : [];

/** A copy that can't be kept is no reason not to go by the file. */
function keep(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // The next start then needs a file that is right.
  }
}

function safely(look: () => void, log: FollowOptions['log']): void {
  try {
    look();
  } catch (error) {
    log(`The estate file could not be looked at: ${String(error)}`, true);
  }
}
