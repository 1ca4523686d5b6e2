import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileRuleFiles, type CompiledRules } from '../domain/report/classify.ts';
import {
  playbookFileSchema,
  playbookSchema,
  type Playbook,
  type PlaybookFile,
} from '../domain/playbook/playbook.ts';
import { FileProblem, readYamlFile } from './yaml-file.ts';

/** The playbook files that ship with the program. */
export const shippedPlaybooks = join(import.meta.dirname, '..', 'playbooks');

export interface PlaybookFiles {
  files: { file: string; content: PlaybookFile }[];
  rules: CompiledRules;
  playbooks: Playbook[];
}

/**
 * Reads the YAML files of the given folders, in the order of the folders and of the names in each.
 * @throws FileProblem | RuleError naming file, line or rule, and field
 */
export function readPlaybooks(folders: readonly string[] = [shippedPlaybooks]): PlaybookFiles {
  const files = folders.flatMap((folder) =>
    yamlFilesOf(folder).map((file) => ({ file, content: readYamlFile(file, playbookFileSchema) })),
  );
  const seen = new Map<string, string>();
  const playbooks = files.flatMap(({ file, content }) =>
    (content.playbooks ?? []).map(({ samples: _, ...fields }) => {
      const first = seen.get(fields.name);
      if (first !== undefined)
        throw new FileProblem([`${file}: playbook ${fields.name} is in ${first} already`]);
      seen.set(fields.name, file);
      return playbookSchema.parse(fields);
    }),
  );
  const rules = compileRuleFiles(files.map(({ file, content }) => ({ file: basename(file), content })));
  return { files, rules, playbooks };
}

function yamlFilesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new FileProblem([
      `${folder}: can't be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    ]);
  }
}
