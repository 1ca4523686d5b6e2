import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { lintRules } from '../../domain/playbook/lint-rules.ts';
import { countRules } from '../../domain/report/classify.ts';
import { describePlaybookChange, planPlaybooks } from '../../domain/playbook/change.ts';
import { playbookFileSchema } from '../../domain/playbook/playbook.ts';
import { playbooksToYaml } from '../../settings/playbook-yaml.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { foldersOf, lineOf, lintFolders } from './playbook-files.ts';
import { addBacktest, addSuggest, addTest } from './playbook-trials.ts';
import { loadConfig, withRecords } from './session.ts';

/** `autoheal playbooks …`: playbooks as files, and the database as where they are in force. */
export function addPlaybooks(program: Command, cli: Cli): void {
  const playbooks = program
    .command('playbooks')
    .description('playbooks as files: lint, plan, apply, export, test, backtest');
  addLint(playbooks, cli);
  addApply(playbooks, cli, {
    name: 'plan',
    description: 'what apply would change in the database',
    write: false,
  });
  addApply(playbooks, cli, {
    name: 'apply',
    description: 'put the playbooks of the files into the database',
    write: true,
  });
  addExport(playbooks, cli);
  addTest(playbooks, cli);
  addBacktest(playbooks, cli);
  addSuggest(playbooks, cli);
  onCall(
    addCommand(playbooks, 'schema', 'the JSON Schema of playbook files, for editors'),
    cli,
    async ({ out }) => {
      const schema = z.toJSONSchema(playbookFileSchema, { io: 'input' });
      out.result(schema, JSON.stringify(schema, null, 2));
      return 0;
    },
  );
}

function addLint(playbooks: Command, cli: Cli): void {
  const command = addCommand(
    playbooks,
    'lint [folder...]',
    'find what could never run, or what policy would refuse',
  );
  onCall(command, cli, async ({ args, out }) => {
    const config = await loadConfig();
    const { read, problems } = lintFolders(foldersOf(args, config), config);
    problems.forEach((problem) => out.say(lineOf(problem)));
    const notes = read.files.flatMap(({ file, content }) => lintRules(file, content.rules ?? []));
    notes.forEach(({ file, rule, errorType, note }) =>
      out.say(`${file}, rule ${rule} (${errorType}), a note: ${note}`),
    );
    const { rules, codes } = countRules(read.rules);
    const what = `${read.playbooks.length} playbooks, ${rules} rules and ${codes} codes`;
    out.result(
      { ok: problems.length === 0, playbooks: read.playbooks.length, problems, notes },
      problems.length === 0
        ? `${what}: nothing to complain about.`
        : `${what}: ${problems.length} problem(s).`,
    );
    return problems.length === 0 ? 0 : 1;
  });
}

function addApply(
  playbooks: Command,
  cli: Cli,
  { name, description, write }: { name: string; description: string; write: boolean },
): void {
  onCall(addCommand(playbooks, `${name} [folder...]`, description), cli, async ({ args, out }) => {
    const config = await loadConfig();
    const { read, problems } = lintFolders(foldersOf(args, config), config);
    if (problems.length > 0) return out.fail(new Error(problems.map(lineOf).join('\n')));
    return withRecords(config, async (records) => {
      const there = await records.playbooks();
      there.problems.forEach((problem) => out.say(problem));
      const changes = planPlaybooks(read.playbooks, there.playbooks);
      const real = changes.filter((change) => change.kind === 'add' || change.kind === 'change');
      changes
        .filter(({ kind }) => kind !== 'same')
        .forEach((change) => out.say(describePlaybookChange(change)));
      if (write && real.length > 0) await records.savePlaybooks(real.map(({ playbook }) => playbook));
      const summary =
        real.length === 0
          ? 'Nothing to change.'
          : write
            ? `Applied ${real.length} change(s).`
            : `${real.length} change(s); put them in force with \`autoheal playbooks apply\`.`;
      out.result(
        { ok: true, applied: write, changes: changes.filter(({ kind }) => kind !== 'same') },
        summary,
      );
      return 0;
    });
  });
}

function addExport(playbooks: Command, cli: Cli): void {
  const command = addCommand(playbooks, 'export', 'the playbooks of the database as a file').option(
    '--out <file>',
    'write it there instead of standard output',
  );
  onCall<{ out?: string }>(command, cli, async ({ options, out }) => {
    const there = await withRecords(await loadConfig(), (records) => records.playbooks());
    there.problems.forEach((problem) => out.say(`# ${problem}`));
    const yaml = playbooksToYaml(there.playbooks);
    if (options.out !== undefined) writeFileSync(options.out, yaml);
    out.result(
      there.playbooks,
      options.out === undefined
        ? yaml.trimEnd()
        : `${there.playbooks.length} playbooks are in ${options.out} now.`,
    );
    return 0;
  });
}
