import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';

/** How many playbooks ship, by the files themselves. */
export const shippedCount = readPlaybooks([shippedPlaybooks]).playbooks.length;
