import type { Command } from 'commander';
import { schedulesCommand } from './schedules.ts';

/** A command that was made apart takes over how this program ends and where it writes. */
export function addSchedules(program: Command): void {
  const schedules = schedulesCommand().copyInheritedSettings(program);
  for (const command of schedules.commands) command.copyInheritedSettings(schedules);
  program.addCommand(schedules);
}
