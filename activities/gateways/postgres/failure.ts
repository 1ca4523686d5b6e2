/** How a database call failed: `away` may be tried again, `refused` stays refused however often it is tried. */
export interface DatabaseFailure {
  ok: false;
  kind: 'away' | 'refused';
  /** SQLSTATE, or Node's code of a connection error, or `UNKNOWN`. */
  code: string;
  /** What happened, where, what to do: for people. Never holds a password. */
  message: string;
}

/** SQLSTATE classes and codes that a repetition cannot cure, because the statement or its data is at fault. */
const refusedClasses = ['0A', '21', '22', '23', '42', '44', '54', 'P0'];
/** Of those, what a person cures without touching the record. */
const notMigratedCodes = ['42P01', '42703', '42883', '42P10', '3F000'];
const permissionCodes = ['42501'];

const advice: Record<string, string> = {
  '25': 'The database only takes reads now (a replica, or out of disk space). Writes are tried again.',
  '28': 'The database refuses the login. Check user and password in DATABASE_URL.',
  '3D': 'There is no such database. Create it, or correct DATABASE_URL.',
  '40': 'Another transaction was in the way. It is tried again.',
  '53': 'The database is out of a resource (disk, memory, connections). It is tried again.',
  '57': 'The database is shutting down, starting up, or took too long. It is tried again.',
};

/**
 * @param error whatever `pg` threw
 * @param place host, port and database, without user and password
 * @param password blotted out wherever a message repeats it
 */
export function translateFailure(error: unknown, place: string, password: string): DatabaseFailure {
  const { code, text } = readError(error);
  const said = blot(text, password);
  const sqlClass = code.slice(0, 2);
  if (!isSqlState(code)) {
    const what = `The database at ${place} cannot be reached (${code === 'UNKNOWN' ? said : code}).`;
    return { ok: false, kind: 'away', code, message: `${what} It is tried again.` };
  }
  if (notMigratedCodes.includes(code)) {
    const message = `The database at ${place} lacks what AutoHeal needs: ${said}. Run \`autoheal migrate\`.`;
    return { ok: false, kind: 'away', code, message };
  }
  if (permissionCodes.includes(code)) {
    const message = `The database at ${place} denies it: ${said}. Grant the user of DATABASE_URL what is missing.`;
    return { ok: false, kind: 'away', code, message };
  }
  if (refusedClasses.includes(sqlClass)) {
    return {
      ok: false,
      kind: 'refused',
      code,
      message: `The database at ${place} refused it: ${said} (${code}).`,
    };
  }
  const hint = advice[sqlClass] ?? 'It is tried again.';
  return {
    ok: false,
    kind: 'away',
    code,
    message: `The database at ${place} says: ${said} (${code}). ${hint}`,
  };
}

/** @returns the text without the password, also where it is written as in a URL */
export function blot(text: string, password: string): string {
  if (password === '') return text;
  return text.replaceAll(password, '***').replaceAll(encodeURIComponent(password), '***');
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}

function readError(error: unknown): { code: string; text: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return readError(error.errors[0]);
  if (!(error instanceof Error)) return { code: 'UNKNOWN', text: String(error) };
  const code = (error as { code?: unknown }).code;
  return { code: typeof code === 'string' ? code : 'UNKNOWN', text: error.message || error.name };
}
