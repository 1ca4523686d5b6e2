import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { isZone } from '../../domain/message/local-time.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { UsageProblem } from './output.ts';
import { parseDuration } from './parse.ts';
import { loadConfig, withRecords } from './session.ts';

const severities = ['P1', 'P2', 'P3', 'P4'] as const;
const locales = ['en', 'zh-TW'] as const;

interface AddOptions {
  admin?: boolean;
  minSeverity: string;
  locale?: string;
  level: string;
  timeZone?: string;
  validFor: string;
}

/** `autoheal recipients …`: who is told of incidents on Telegram, and who may decide. */
export function addRecipients(program: Command, cli: Cli): void {
  const recipients = program.command('recipients').description('who is told on Telegram: list, add, remove');

  onCall(addCommand(recipients, 'list', 'who is told, and of what'), cli, async ({ out }) => {
    const { recipients: all } = await withRecords(await loadConfig(), (records) => records.recipients());
    const lines = all.map(({ telegramId, name, isAdmin, minSeverity, level, locale, timeZone }) =>
      [
        telegramId.padEnd(15),
        (name ?? '').padEnd(16),
        isAdmin ? (telegramId.startsWith('-') ? 'sent what admins are sent' : 'admin') : '',
        `${minSeverity} and worse, level ${level}`,
        [locale, timeZone].filter(Boolean).join(' '),
      ].join('  '),
    );
    out.result(all, lines.join('\n') || 'Nobody is told. Add somebody: autoheal recipients add NAME --admin');
    return 0;
  });

  const adding = addCommand(recipients, 'add <name>', 'make a one-time code by which a person joins')
    .option('--admin', 'may decide, pause and take incidents over')
    .option('--min-severity <severity>', 'the least severe that they want to hear of', 'P4')
    .option('--locale <locale>', `their language: ${locales.join(' or ')}`)
    .option('--level <level>', '2: told only of what the first level did not take in time', '1')
    .option('--time-zone <zone>', 'whose clock they read, for example Asia/Taipei')
    .option('--valid-for <duration>', 'how long the code may be used', '1d');
  onCall<AddOptions>(adding, cli, async ({ options, args: [name = ''], out }) => {
    const invited = readInvitation(name, options);
    const code = await withRecords(await loadConfig(), (records) => records.invite(invited));
    out.result(
      { ok: true, name, code, validForMin: invited.forMin },
      `${name} writes this to the bot, in a private chat, within ${options.validFor}:\n\n/start ${code}\n\nThe code works once, and is shown only here.`,
    );
    return 0;
  });

  const removing = addCommand(
    recipients,
    'remove <telegramId>',
    'tell this person or group nothing any more',
  );
  onCall(removing, cli, async ({ args: [id = ''], out }) => {
    if (!/^-?\d{1,18}$/.test(id))
      throw new UsageProblem(`telegramId: a number, not "${id}"; see autoheal recipients list`);
    const done = await withRecords(await loadConfig(), (records) => records.removeRecipient(id));
    if (!done) return out.fail(new Error(`There is no active recipient ${id}.`));
    out.result({ ok: true, telegramId: id }, `${id} is told nothing any more.`);
    return 0;
  });
}

function readInvitation(name: string, options: AddOptions) {
  const minSeverity = severities.find((each) => each === options.minSeverity);
  if (minSeverity === undefined)
    throw new UsageProblem(`--min-severity: one of ${severities.join(', ')}, not "${options.minSeverity}"`);
  const locale = locales.find((each) => each === options.locale) ?? null;
  if (options.locale !== undefined && locale === null)
    throw new UsageProblem(`--locale: ${locales.join(' or ')}, not "${options.locale}"`);
  const { level: told } = options;
  if (!['1', '2'].includes(told)) throw new UsageProblem(`--level: 1 or 2, not "${told}"`);
  const timeZone = options.timeZone ?? null;
  if (timeZone !== null && !isZone(timeZone))
    throw new UsageProblem(`--time-zone: an IANA name as Asia/Taipei, not "${String(timeZone)}"`);
  const level = told === '2' ? (2 as const) : (1 as const);
  return {
    ...{ name: name.slice(0, 100), isAdmin: options.admin === true, minSeverity, locale, level, timeZone },
    madeBy: userInfo().username,
    forMin: parseDuration('--valid-for', options.validFor) / 60_000,
  };
}
