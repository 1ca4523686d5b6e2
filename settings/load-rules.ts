import { compileRules, type CompiledRules } from '../domain/report/classify.ts';
import { estateSchema, type Estate } from '../domain/estate.ts';
import { readAddresses } from './addresses.ts';
import { readEstate } from './read-estate.ts';
import { readPlaybooks, shippedPlaybooks } from './read-playbooks.ts';
import type { Settings } from './caller-settings.ts';

/** What failures are told apart by. */
export interface Ground {
  estate: Estate;
  rules: CompiledRules;
}

/** The estate file in force: the configured one, else that of the embedded lab. */
export const estateFileOf = (settings: Pick<Settings, 'home' | 'estateFile'>): string | null =>
  settings.estateFile ?? readAddresses(settings.home)?.estateFile ?? null;

/**
 * Reads the estate and the playbook files.
 * @throws FileProblem | RuleError naming file, line and field
 */
export function readGround(settings: Pick<Settings, 'home' | 'estateFile' | 'AUTOHEAL_PLAYBOOKS'>): Ground {
  const file = estateFileOf(settings);
  const estate = file === null ? estateSchema.parse({}) : readEstate(file);
  return { estate, rules: readPlaybooks(playbookFolders(settings)).rules };
}

/** The folders of playbook files, the shipped one first. */
export const playbookFolders = ({
  AUTOHEAL_PLAYBOOKS: own,
}: Pick<Settings, 'AUTOHEAL_PLAYBOOKS'>): string[] =>
  own === undefined ? [shippedPlaybooks] : [shippedPlaybooks, own];

/**
 * The same for a caller whose report matters more than its files: what can't be read counts as empty. The worker,
 * which has its own files, then finds the incident that the report belongs to.
 */
export function readGroundOr(
  settings: Parameters<typeof readGround>[0],
  onProblem: (line: string) => void,
): Ground {
  try {
    return readGround(settings);
  } catch (error) {
    onProblem(
      `the estate or playbook files are left out: ${error instanceof Error ? error.message : String(error)}`,
    );
    return { estate: estateSchema.parse({}), rules: compileRules([]) };
  }
}
