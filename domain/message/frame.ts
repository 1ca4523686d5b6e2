/** Where in the code it broke: the innermost frame of a traceback, `jobs/import.py:41 in run`. Null where none is seen. */
export function innermostFrame(traceback: string | undefined): string | null {
  if (traceback === undefined) return null;
  const python = [
    ...traceback.matchAll(/^\s*File "([^"\n]{1,300})", line (\d+)(?:, in ([^\n]{1,80}))?/gm),
  ].at(-1);
  if (python !== undefined) return named(`${short(python[1])}:${python[2] ?? '?'}`, python[3]);
  const javascript = /^\s+at (?:([^\n(]{1,120}) \()?([^\s()]{1,300}:\d+)(?::\d+)?\)?$/m.exec(traceback);
  if (javascript !== null) return named(short(javascript[2]), javascript[1]);
  const java = /^\s+at ([\w.$<>]{1,200})\(([\w.]{1,100}:\d+)\)$/m.exec(traceback);
  return java === null ? null : named(java[2] ?? '', java[1]);
}

const named = (place: string, where: string | undefined): string =>
  where === undefined || where === '' ? place : `${place} in ${where.trim()}`;

/** The last parts of a path say enough. */
const short = (path = ''): string => path.split('/').slice(-3).join('/');
