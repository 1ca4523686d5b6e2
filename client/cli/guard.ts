import { userInfo } from 'node:os';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { liftHold, listHolds } from '../operator/holds.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { loadConfig, withClient } from './session.ts';

/** `autoheal guard list` and `lift`: leases, cooldowns, budgets, storm and flapping marks, pauses. */
export function addGuard(program: Command, cli: Cli): void {
  const guard = program
    .command('guard')
    .description('active leases, cooldowns, restart budgets and pauses, and lifting them');

  const listing = addCommand(guard, 'list', 'what is active now, until when, and whose it is');
  listing.option('--kind <kind>', 'only these: lease, cooldown, budget, storm, flapping, pause, told');
  onCall<{ kind?: string }>(listing, cli, async ({ options, out }) => {
    const config = await loadConfig();
    const open = await withClient(config, ({ client }) => listHolds(client));
    const holds = open.filter(({ kind }) => options.kind === undefined || kind === options.kind);
    const table = new Table({ head: ['hold', 'until', 'owner', 'why'], wordWrap: true });
    for (const { id, until, owner, reason } of holds) table.push([id, until ?? 'lifted', owner, reason]);
    out.result(
      holds,
      holds.length === 0 ? 'No lease, cooldown, budget or pause is active.' : table.toString(),
    );
    return 0;
  });

  const lifting = addCommand(guard, 'lift <hold>', 'end one of them, by its id in the list');
  lifting
    .option('--owner <name>', 'who answers for it; default: you')
    .option('--reason <text>', 'why', 'by the command line');
  onCall<{ owner?: string; reason: string }>(lifting, cli, async ({ options, args, out }) => {
    const [id = ''] = args;
    const by = options.owner ?? userInfo().username;
    const config = await loadConfig();
    const lifted = await withClient(config, ({ client }) =>
      liftHold(client, id, { by, reason: options.reason }),
    );
    out.result({ ok: true, lifted, id }, lifted ? `Lifted: ${id}.` : `No hold ${id} is open.`);
    return 0;
  });
}
