import type { Command } from 'commander';
import { addCommand, onCall, type Cli } from './command.ts';
import { parseCount } from './parse.ts';
import { loadConfig, withRecords } from './session.ts';

/** `autoheal search "text"`: has this happened before, and what helped. */
export function addSearch(program: Command, cli: Cli): void {
  const command = addCommand(program, 'search <text>', 'past cases like this text, and how they went').option(
    '--limit <number>',
    'at most so many',
    '10',
  );
  onCall<{ limit: string }>(command, cli, async ({ options, args: [text = ''], out }) => {
    const limit = parseCount('--limit', options.limit, 100);
    const { found, problem, searched } = await withRecords(await loadConfig(), (records) =>
      records.search(text, limit),
    );
    const lines = found.map(
      ({ createdAt, event, content, symptom, action, result, lesson, similarity, incidentId }) =>
        [
          `${createdAt.slice(0, 10)}  ${similarity === null ? 'by type or words' : `${Math.round(similarity * 100)} % alike`}  ${incidentId ?? ''}`,
          ...[event ?? content, symptom, action, result, lesson && `Lesson: ${lesson}`]
            .filter(Boolean)
            .map((line) => `  ${line}`),
        ].join('\n'),
    );
    if (!searched) return out.fail(new Error(`It could not be searched: ${problem ?? 'no reason is known'}`));
    if (problem !== null) out.say(`Searched by error type or words only, not by meaning: ${problem}`);
    out.result(found, lines.join('\n\n') || 'Nothing like it is on record.');
    return 0;
  });
}
